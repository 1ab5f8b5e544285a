"""Starts at odd times: while the exchange went on, after the exit, after the close, on a day that is done, on a full disk."""

import resource
import subprocess
import time
import unittest

from restart_support import HALF_DAY, RestartTest, json_lines, keys, wait_until


class WhileTheExchangeWentOn(RestartTest):
    def test_missed_minutes_are_filled_in(self):
        """Killed with an order at the exchange that fills before the restart, two minutes later."""
        exchange = self.exchange(speed=60, start="10:30")
        process = self.start_in_real_time(exchange)
        wait_until(lambda: process.poll() is not None or exchange.orders("open"), "a working order")
        process.kill()
        process.wait()
        killed_at, minutes = exchange.time(), len(json_lines(self.file("positions")))
        time.sleep(2.2)
        process = self.start_in_real_time(exchange)
        wait_until(lambda: process.poll() is not None or len(self.positions()) >= minutes + 5, "more minutes")
        process.terminate()
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertIn("resumed after minute", self.log_text())
        self.expect_replay()
        self.expect_books_agree(exchange)
        # Every minute once and in order; those that passed without it decide no entries.
        sets = self.events("bars")
        self.assertEqual([s["minute"] for s in sets], list(range(len(sets))))
        missed = [s for s in sets[minutes:] if s["observe_only"]]
        self.assertTrue(missed, killed_at)
        ends = {s["now"] for s in missed}
        self.assertEqual([d for d in json_lines(self.file("decisions")) if d["action"] == "enter" and d["ts"] in ends], [])

    def positions(self):
        return self.file("positions").read_text().splitlines()


class AfterTheExit(RestartTest):
    def test_own_positions_are_sold_at_once(self):
        exchange = self.exchange(speed=40, start="15:58")
        exchange.buy_as_live("TQQQ", 10)
        exchange.await_time("15:58:11")
        self.assertEqual(exchange.held(), {"TQQQ": 10})
        outcome = self.run_in_real_time(exchange, "--warmup-days", 0)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(exchange.held(), {})
        self.assertEqual([(t["symbol"], t["side"], t["qty"]) for t in json_lines(self.file("trades"))], [("TQQQ", "sell", 10)])
        self.assertEqual([o["side"] for o in exchange.orders()], ["buy", "sell"])
        self.expect_replay()

    def test_after_the_close_it_says_what_is_held(self):
        exchange = self.exchange(speed=240, start="15:59")
        exchange.buy_as_live("TQQQ", 10)
        exchange.await_time("16:00:30")
        outcome = self.run_in_real_time(exchange, "--warmup-days", 0)
        self.assertEqual(outcome.code, 7, outcome.err)
        self.assertIn("TQQQ 10", outcome.err)
        self.assertIn("NOT FLAT", self.alert_text())
        self.expect_replay()

    def test_after_the_close_with_nothing_held_there_is_no_session(self):
        exchange = self.exchange(speed=240, start="15:59")
        exchange.await_time("16:00:30")
        outcome = self.run_in_real_time(exchange, "--warmup-days", 0)
        self.assertEqual(outcome.code, 8, outcome.err)
        self.assertIn("the session ended at 16:00 New York", outcome.err)
        self.assertEqual(exchange.orders(), [])
        self.assertFalse(self.file("journal").exists())


class ADayThatIsDone(RestartTest):
    def setUp(self):
        super().setUp()
        self.date = HALF_DAY

    def whole_day(self):
        exchange = self.exchange()
        self.expect_good_day(exchange, self.run_live(exchange), 0)
        return exchange, {p.name: p.read_bytes() for p in self.live.iterdir() if p.name != "live.lock"}

    def test_has_ended(self):
        exchange, before = self.whole_day()
        sent = len(exchange.orders())
        command = [word for word in self.command(exchange) if word != "-q"]
        again = subprocess.run(command, cwd=self.folder, env=keys(), capture_output=True, text=True)
        self.assertEqual((again.returncode, again.stdout), (0, "The session of %s has ended already.\n" % self.date), again.stderr)
        self.assertEqual(len(exchange.orders()), sent)
        self.assertEqual({p.name: p.read_bytes() for p in self.live.iterdir() if p.name != "live.lock"}, before)

    def test_killed_between_the_end_of_the_session_and_of_its_files(self):
        exchange, before = self.whole_day()
        text = self.journal.read_text()
        end = text.index('"event":"session_closed"')
        self.journal.write_text(text[:text.index("\n", end) + 1])
        for stem in ("decisions", "trades", "positions", "signals"):
            whole = self.file(stem).read_bytes()
            self.file(stem).write_bytes(whole[:len(whole) * 9 // 10])
        for name in ("analysis_report.txt", "summary_%s.json" % self.date):
            (self.live / name).unlink()
        sent = len(exchange.orders())
        self.expect_good_day(exchange, self.run_live(exchange), 1)
        self.assertEqual(len(exchange.orders()), sent)
        for name in [self.file(s).name for s in ("decisions", "trades", "positions", "signals")] + ["analysis_report.txt"]:
            self.assertEqual((self.live / name).read_bytes(), before[name], name)

    def test_a_journal_is_there_with_its_beginning_or_not_at_all(self):
        exchange = self.exchange()
        process = self.start(exchange)
        while not self.journal.exists():
            self.assertIsNone(process.poll())
        text = self.journal.read_bytes()
        self.assertGreaterEqual(text.count(b"\n"), 2)
        self.assertIn(b'"event":"session_opened"', text)


class FullDisk(RestartTest):
    """From some moment on no file can grow: the day ends, loudly, and nothing is left to nobody."""

    def fill_disk(self, process):
        size = max(p.stat().st_size for p in self.live.glob("*.jsonl"))
        resource.prlimit(process.pid, resource.RLIMIT_FSIZE, (size, size))

    def test_everything_is_sold(self):
        exchange = self.exchange(speed=60, start="10:30")
        process = self.start_in_real_time(exchange)
        self.await_positions(process)
        self.fill_disk(process)
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 2, outcome.err)
        self.assertIn("cannot be written: File too large", outcome.err)
        self.assertIn("open orders are cancelled and nothing of ours is held", outcome.err)
        self.assertEqual((exchange.held(), exchange.orders("open")), ({}, []))
        self.assertIn("TRADING HALTED", self.alert_text())
        self.assertIn("nothing of ours is held", self.alert_text())

    def test_positions_are_kept_on_demand_and_the_day_goes_on_later(self):
        self.date = HALF_DAY
        exchange = self.exchange()
        process = self.start(exchange, "--on-exit", "hold")
        self.await_positions(process)
        self.fill_disk(process)
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 2, outcome.err)
        held = exchange.held()
        for symbol, shares in held.items():
            self.assertIn("%s %d" % (symbol, shares), outcome.err)
        self.assertIn("TRADING HALTED", self.alert_text())
        self.assertEqual([o for o in exchange.orders("open") if o["side"] == "buy"], [])
        self.expect_good_day(exchange, self.run_live(exchange), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
