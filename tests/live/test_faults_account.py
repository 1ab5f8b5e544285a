"""Fault matrix: the account changes in mid-session. (At the start each of these stops the run.)"""

import unittest

from matrix import MatrixTest, phases, shifted


class AccountFaults(MatrixTest):
    @phases()
    def test_clock_skew(self, phase):
        """Looked at before the day, never in it."""
        day = self.cell(phase, phase.before() + " clock skew 30s", questions=["/v2/clock"])
        told = day.answers["/v2/clock"]["timestamp"][14:19]
        true_end = 0 if phase.name == "eod" else 10
        self.assertEqual(told, shifted(phase.window[1], true_end + 30)[3:], "the exchange's clock is off")
        self.same_decisions(day, phase)

    @phases()
    def test_calendar(self, phase):
        path = "/v2/calendar?start=%s&end=%s" % (self.date, self.date)
        day = self.cell(phase, phase.before() + " calendar disagree", questions=[path])
        self.assertNotEqual(day.answers[path][0]["close"], "16:00")
        self.same_decisions(day, phase)

    @phases()
    def test_blocked(self, phase):
        eod = phase.name == "eod"
        day = self.cell(phase, phase.before() + " account blocked", codes=(7,) if eod else (0,))
        self.assertEqual(day.fills_of(phase.symbol, phase.side, phase.minute), [])
        if phase.side == "sell" and phase.name != "holding":
            self.assertIn("the exit was refused by the broker", day.alerts)
        if not eod:
            self.assertIn("the broker has blocked the account", day.alerts)
            self.logged(day, phase, "no more entries today: the account may not trade")
            self.assertEqual(day.decided("enter", since=shifted(phase.minute, 121)), [])

    @phases()
    def test_foreign_position(self, phase):
        """Somebody else's shares in one of our instruments: told, no entries, and never sold by us."""
        eod = phase.name == "eod"
        day = self.cell(phase, "%s foreign position %s 7" % (phase.before(), phase.symbol), foreign=True,
                        codes=(7,) if eod else (5,))
        ours = sum(t["qty"] * (1 if t["side"] == "buy" else -1) for t in day.lines("trades") if t["symbol"] == phase.symbol)
        self.assertEqual(day.positions[phase.symbol], ours + 7)
        self.assertIn("BOOKS DISAGREE", day.alerts)
        told = [at for at, j in day.events("log", phase.before()) if "the broker's book disagrees" in j["text"]]
        self.assertLessEqual(told[0], shifted(phase.before(), 150))
        self.assertEqual(day.decided("enter", since=told[0]), [])

    @phases("exiting")
    def test_shares_that_left_the_account_are_not_sold_short(self, phase):
        """Somebody sold ours by hand a second before we do: refused, not short."""
        before = shifted(phase.minute, -60)[:5]
        book = [p for p in self.sound[phase.window].lines("positions") if p["ts"][11:16] == before][0]["positions"]
        held = [p["qty"] for p in book if p["symbol"] == phase.symbol][0]
        day = self.cell(phase, "%s foreign position %s -%d" % (phase.before(), phase.symbol, held), foreign=True, codes=(5, 7))
        self.assertGreaterEqual(day.positions.get(phase.symbol, 0), 0)
        self.assertEqual([o for o in day.orders if o.symbol == phase.symbol and o.side == "sell" and o.minute == phase.minute], [])
        self.assertIn("the exit was refused by the broker", day.alerts)
        self.assertIn("BOOKS DISAGREE", day.alerts)


if __name__ == "__main__":
    unittest.main()
