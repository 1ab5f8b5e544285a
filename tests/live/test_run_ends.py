"""runs.jsonl: exactly one run_end per trading day, however `live` ended."""

import json
import unittest

from startup_support import DAY, KEYS, LiveTest, WRONG, json_lines, run, wait_until, without_keys


class RunEnds(LiveTest):
    def the_end(self):
        ends = json_lines(self.live_logs / "runs.jsonl")
        self.assertEqual(len(ends), 1, ends)
        return ends[0]

    def no_end(self):
        self.assertFalse((self.live_logs / "runs.jsonl").exists())

    def test_a_whole_day(self):
        exchange = self.exchange(to=None)
        self.expect_traded(self.live(exchange=exchange), exchange)
        end = self.the_end()
        self.assertEqual((end["record"], end["date"], end["mode"], end["outcome"]), ("run_end", DAY, "paper", "ended"))
        self.assertEqual((end["exit_code"], end["flat"], end["simulated"]), (0, True, True))
        self.assertRegex(end["reason"], r"^flat, \d+ orders filled$")
        self.assertEqual(end["started"], DAY + "T09:25:00-04:00", "on the exchange's clock")
        self.assertGreaterEqual(end["ended"], DAY + "T16:00:00-04:00")
        performance = self.summary()["performance"]
        self.assertAlmostEqual(end["mrd"], performance["mrd_pct"], places=9)

        again = self.live(exchange=exchange)
        self.assertEqual(again.code, 0, again.err)
        self.assertEqual(self.the_end(), end, "a start that finds the day done leaves its line alone")

        (self.live_logs / "runs.jsonl").unlink()  # as if killed between the day's last file and its line
        self.assertEqual(self.live(exchange=exchange).code, 0)
        made_up = self.the_end()
        self.assertEqual((made_up["outcome"], made_up["exit_code"], made_up["flat"]), ("ended", 0, None))
        self.assertIn("left no line", made_up["reason"])

    def test_a_start_that_failed_and_one_that_worked_are_one_line(self):
        refused = self.exchange(faults=["account blocked"])
        self.assertEqual(self.live(exchange=refused).code, 4)
        end = self.the_end()
        self.assertEqual((end["outcome"], end["exit_code"], end["flat"], end["mrd"]), ("refused", 4, None, None))
        self.assertIn("account_blocked is set", end["reason"])
        exchange = self.exchange()
        self.expect_traded(self.live(exchange=exchange), exchange)
        self.assertEqual((self.the_end()["outcome"], self.the_end()["exit_code"]), ("ended", 0))

    def test_a_refused_restart_does_not_hide_the_day(self):
        exchange = self.exchange()
        self.expect_traded(self.live(exchange=exchange), exchange)
        end = self.the_end()
        self.assertEqual(self.live(exchange=self.exchange(), keys={**KEYS, "ALPACA_PAPER_API_KEY": WRONG}).code, 4)
        self.assertEqual(self.the_end(), end)

    def test_a_day_that_was_not_flat_in_time(self):
        outcome = self.live(exchange=self.exchange(to=None, faults=["at 15:57 500 orders for 240s"]))
        self.assertEqual(outcome.code, 7, outcome.err)
        self.assertEqual((self.the_end()["outcome"], self.the_end()["exit_code"]), ("ended", 7))

    def test_a_signal_is_the_reason(self):
        exchange = self.exchange("--speed", 60, to=None)
        process = self.start_live(exchange=exchange)
        self.assertTrue(wait_until((self.live_logs / "status.json").exists))
        second = self.live(exchange=self.exchange())
        self.assertEqual(second.code, 9, second.err)
        self.no_end()  # the second start left the day to the first
        process.terminate()
        self.assertEqual(self.end_of(process).code, 0)
        self.assertIn("stopped by a signal", self.the_end()["reason"])

    def test_a_kill_leaves_no_line(self):
        exchange = self.exchange("--speed", 60, to=None)
        process = self.start_live(exchange=exchange)
        self.assertTrue(wait_until((self.live_logs / "status.json").exists))
        process.kill()
        process.wait(20)
        self.no_end()

    def test_what_fails_before_the_broker_is_asked(self):
        for arguments, keys, code, text in (((), {}, 4, "ALPACA_PAPER_API_KEY"),
                                            (("--config", "/no/such/file"), KEYS, 2, "/no/such/file")):
            outcome = self.live(*arguments, keys=keys)
            self.assertEqual(outcome.code, code, outcome.err)
            end = self.the_end()
            self.assertEqual((end["outcome"], end["exit_code"], end["started"], end["simulated"]), ("refused", code, None, False))
            self.assertIn(text, end["reason"])

    def test_an_exchange_that_is_not_there_has_no_date(self):
        exchange = self.exchange()
        exchange.process.terminate()
        exchange.process.wait(20)
        self.assertEqual(self.live(exchange=exchange).code, 4)
        self.no_end()

    def test_a_rehearsal_is_no_trading_day(self):
        done = run("rehearse", "--date", DAY, "--to", "09:45", "--warmup-days", 2, "--data-dir", self.bars, "--log-dir", self.logs, "-q",
                   env=without_keys())
        self.assertEqual(done.code, 0, done.err)
        self.no_end()


if __name__ == "__main__":
    unittest.main()
