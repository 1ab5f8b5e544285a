"""Shares are held before the open, and the operator wants out: they are sold at the open, and nothing is left to nobody."""

import json
import pathlib
import signal
import unittest

from restart_support import HALF_DAY, RestartTest, json_lines, wait_until

OPEN = "T13:30:00"  # summer time, UTC


class BeforeTheOpen(RestartTest):
    def setUp(self):
        super().setUp()
        self.date = HALF_DAY

    def asked_in_time(self):
        """The flatten is in the journal, from before the open."""
        return [e for e in self.events("flatten") if e["now"][10:] < OPEN]

    def signalled_early(self, exchange, number=signal.SIGINT):
        """A process that gets the signal while it makes ready: it is heard before time goes on."""
        process = self.start(exchange, "--adopt")
        wait_until(lambda: self.minds(process, number) or process.poll() is not None, "the start")
        process.send_signal(number)
        return process

    @staticmethod
    def minds(process, number):
        """It waits for the signal instead of dying of it: blocked, and not for the moment in which a thread is made."""
        tasks = pathlib.Path("/proc/%d/task" % process.pid).glob("*/comm")
        if not any(task.read_text().strip() == "signals" for task in tasks):
            return False
        with open("/proc/%d/status" % process.pid) as status:
            blocked = next(line for line in status if line.startswith("SigBlk"))
        return bool(int(blocked.split()[1], 16) >> (number - 1) & 1)

    def expect_sold(self, exchange, shares):
        sold = [o for o in exchange.orders() if o["side"] == "sell"]
        self.assertEqual([(o["symbol"], float(o["filled_qty"])) for o in sold], [("TQQQ", shares)])
        self.assertEqual([o for o in exchange.orders() if o["side"] == "buy"], [])
        self.assertEqual(exchange.held(), {})

    def test_a_signal_sells_at_the_open(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                self.logs = self.folder / number.name
                self.live = self.logs / "live_trading"
                exchange = self.exchange("foreign position TQQQ 10")
                outcome = self.outcome(self.signalled_early(exchange, number))
                self.assertEqual(outcome.code, 0, outcome.err)
                self.assertTrue(self.asked_in_time())
                self.expect_sold(exchange, 10)
                self.assertIn("selling everything at the open", self.alert_text())
                self.assertIn("the day ends: flat", self.log_text())
                self.expect_replay()
                self.assertLess(len(json_lines(self.file("positions"))), 5)

                again = self.run_live(exchange)
                self.assertEqual(again.code, 0, again.err)
                self.expect_sold(exchange, 10)
                self.expect_whole_files()
                self.expect_replay()
                status = self.outcome(self.start(exchange, "--positions", "--json", verb="status"))
                self.assertEqual(status.code, 0, status.err)

    def test_a_process_that_dies_over_it_is_replaced(self):
        exchange = self.exchange("foreign position TQQQ 10")
        process = self.signalled_early(exchange)
        wait_until(lambda: self.journal.exists() and self.events("flatten") or process.poll() is not None, "the flatten")
        process.kill()
        process.wait()
        self.assertTrue(self.asked_in_time())
        self.assertIn(self.outcome(self.start(exchange, "--json", verb="status")).code, (0, 3, 5))
        self.expect_replay()
        outcome = self.run_live(exchange)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.expect_sold(exchange, 10)
        self.expect_replay()

    def test_nothing_held_ends_at_once(self):
        exchange = self.exchange()
        outcome = self.outcome(self.signalled_early(exchange))
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(exchange.orders(), [])
        self.assertLess(exchange.time(), "09:30:00")

    def test_the_second_signal_leaves_and_names_the_shares(self):
        exchange = self.exchange("foreign position TQQQ 10", speed=1)  # five minutes before the open
        process = self.start_in_real_time(exchange, "--adopt")
        process.send_signal(signal.SIGINT)
        wait_until(lambda: self.events("flatten") or process.poll() is not None, "the flatten")
        self.assertIsNone(process.poll(), "it must wait for the open")
        process.send_signal(signal.SIGINT)
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 7, outcome.err)
        self.assertIn("NOT FLAT", outcome.err)
        self.assertIn("NOT FLAT (TQQQ 10)", self.alert_text())
        self.assertEqual(exchange.held(), {"TQQQ": 10})
        self.assertEqual(exchange.orders(), [])
        self.assertEqual(json.loads((self.live / "status.json").read_text())["state"], "ended")
        self.expect_replay()
        status = self.outcome(self.start(exchange, "--positions", "--json", verb="status"))
        self.assertEqual(status.code, 0, status.err)


if __name__ == "__main__":
    unittest.main(verbosity=2)
