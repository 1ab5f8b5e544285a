"""What moves the account's cash, and what must not stop a day: fees, cents, deposits; and what must."""

import unittest

from matrix import MatrixTest

WINDOW = ("10:00", "10:15")


class Money(MatrixTest):
    @classmethod
    def find_phases(cls):
        pass

    def day(self, *faults, code=0, window=WINDOW):
        day = self.trade(self.folder / "day", window, faults)
        self.assertEqual(day.code, code, day.err)
        return day

    def never_stopped(self, day):
        self.assertNotIn("BOOKS DISAGREE", day.alerts)
        self.assertEqual([at for at, _ in day.events("entries_suspended", "10:01")], [], day.log)

    def test_fees_and_whole_cents_stop_nothing(self):
        day = self.day("fees sec 0.0000206 taf 0.000195 cat 0.000053", "cent-booking")
        self.never_stopped(day)
        self.assertNotIn("not explain", day.log)
        self.assertGreater(len(day.fills), 10)

    def test_what_the_owner_moves_is_explained_once(self):
        day = self.day("at 10:02 cash-move deposit 1000", "at 10:04 foreign trade KO buy 100 62.5", "at 10:08 cash-move withdrawal -500")
        self.never_stopped(day)
        told = [j["text"] for _, j in day.events("log", "00") if "cash moved past our orders" in j["text"]]
        self.assertEqual([t.split(" USD:")[0][-8:].strip() for t in told], ["+1000.00", "-6250.00", "-500.00"], day.log)
        self.assertIn("bought 100 KO at 62.5, not by us", told[1])
        self.assertEqual(day.alerts.count("cash moved past our orders"), 3, day.alerts)

    def test_cash_that_is_gone_without_a_reason_stops_entries_and_is_a_warning_at_the_end(self):
        day = self.day("fees cat 0.5 hidden")
        self.assertIn("BOOKS DISAGREE", day.alerts)
        told = [(at, j["on"]) for at, j in day.events("entries_suspended", "10:01")]
        self.assertEqual([on for _, on in told], [True], day.log)
        since = told[0][0]
        self.assertLess(since, "10:05:00")
        self.assertEqual(day.decided("enter", since=since), [])
        self.assertIn("do not explain", day.err)
        self.assertIn("WARNING: cash: ours", (day.folder / "analysis_report.txt").read_text())

    def test_a_book_that_cannot_be_read_stops_entries_until_it_can(self):
        day = self.day("at 10:02 500 /v2/positions for 5m")
        told = [(at, j["on"]) for at, j in day.events("entries_suspended", "10:01")]
        self.assertEqual([on for _, on in told], [True, False], day.log)
        self.assertIn("the broker's book cannot be read", day.alerts)
        self.assertEqual(day.alerts.count("for three looks now; no entries meanwhile"), 1, day.alerts)
        self.assertTrue(day.logged("the broker's book can be read again", told[0][0]))

    def test_somebody_elses_order_in_our_instrument_is_told(self):
        day = self.day("at 10:03 foreign order SVXY buy 5")
        self.assertIn("SVXY buy 5, order", day.alerts)
        self.assertEqual(day.alerts.count("is not ours"), 1, day.alerts)


if __name__ == "__main__":
    unittest.main()
