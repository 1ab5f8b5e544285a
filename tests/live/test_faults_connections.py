"""Connections that are refused, crowded, half served or silent: during the day nothing is given up, at the start it says why."""

import pathlib
import tempfile
import unittest

from checks import duplicate_problems, ledger_problems, replay_problems, secret_problems
from matrix import MatrixTest

WINDOW = ("10:00", "10:15")


class Connections(MatrixTest):
    @classmethod
    def find_phases(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.phases, cls.sound = [], {WINDOW: cls.trade(pathlib.Path(shared.name), WINDOW)}

    def run_day(self, *faults, codes=(0,)):
        day = self.trade(pathlib.Path(tempfile.mkdtemp(dir=self.folder)), WINDOW, faults)
        self.assertIn(day.code, codes, day.err)
        if day.code == 0:
            problems = replay_problems(day) + secret_problems(day) + duplicate_problems(day) + ledger_problems(day)
            self.assertEqual(problems, [], "%s\n%s" % (faults, day.err))
        return day

    def assert_entries_are_free(self, day):
        told = day.events("entries_suspended", "10:00")
        self.assertTrue(told, day.log)
        self.assertFalse(told[-1][1]["on"], told)

    def test_refused_market_data_is_tried_on(self):
        for refusal, said in (("refuse-upgrade data 403 x3", "HTTP 403"), ("auth-failed data x2", "402 auth failed")):
            with self.subTest(refusal=refusal):
                day = self.run_day("at 10:03:20 " + refusal, "at 10:03:20 drop data")
                self.assertIn("market data is refused, trying until the close", day.alerts)
                self.assertIn(said, day.alerts)
                self.assertTrue(day.logged("market data is up", "10:03:21"), day.log)
                self.assert_entries_are_free(day)

    def test_a_refused_order_stream_is_tried_on(self):
        for refusal in ("refuse-upgrade stream 401 x3", "auth-failed stream x2"):
            with self.subTest(refusal=refusal):
                day = self.run_day("at 10:03:20 " + refusal, "at 10:03:20 drop stream")
                self.assertIn("the broker refuses our keys, no entries until the account can be read", day.alerts)
                self.assertIn("the broker takes our keys again", day.alerts)
                self.assertNotIn("TRADING HALTED", day.alerts)
                self.assertTrue(day.logged("trade_updates: listening", "10:03:21"), day.log)
                self.assert_entries_are_free(day)

    def test_one_forbidden_call_is_no_end(self):
        day = self.run_day("at 10:03:20 forbidden /v2/account")
        self.assertIn("403 forbidden.", day.alerts)
        self.assertIn("the broker takes our keys again", day.alerts)
        self.assert_entries_are_free(day)

    def test_refused_at_the_start_is_final_and_says_what_to_do(self):
        for fault, *words in (
                ("auth-failed stream", "trade_updates", "refused the keys", "check the API keys", "paper or real"),
                ("auth-failed data", "402 auth failed", "check the API keys"),
                ("refuse-upgrade data 403", "HTTP 403", "check the API keys"),
                ("forbidden /v2/account", "403 forbidden.", "paper or real"),
                ("portal /v2/account", "an HTML page, not the broker: a captive portal or proxy?")):
            with self.subTest(fault=fault):
                day = self.run_day(fault, codes=(4,))
                for word in words:
                    self.assertIn(word, day.err)
                self.assertLess(day.seconds, 25, "at once, not after half a minute")

    def test_bars_alone_where_the_rest_is_refused(self):
        for fault, code in (("symbol-limit 8", "405"), ("no-channel statuses", "410")):
            with self.subTest(fault=fault):
                day = self.run_day(fault)
                self.assertIn("halts are not seen, the server gives bars alone: alpaca data: " + code, day.alerts)
                self.assertTrue(day.logged("halts are not seen", "09"), day.log)
                self.assertEqual(day.lines("decisions"), self.sound[WINDOW].lines("decisions"))

    def test_one_silent_symbol_is_told(self):
        symbol = self.sound[WINDOW].lines("signals")[0]["symbol"]
        day = self.run_day("at 10:02:30 mute %s 7m" % symbol)
        self.assertIn(symbol + ": no bar for 5 minutes, while ", day.alerts)
        self.assertIn(symbol + ": bars again after 7 minutes", day.alerts)
        self.assertFalse(day.logged("market data is down", "10:01"), "asked, not connected again")

    def test_trailers_are_no_trouble(self):
        day = self.run_day("trailers for 390m")
        self.assertEqual(day.lines("decisions"), self.sound[WINDOW].lines("decisions"))


if __name__ == "__main__":
    unittest.main()
