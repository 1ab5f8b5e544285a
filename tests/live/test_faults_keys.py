"""Fault matrix: refused keys, slow answers, and outages that outlive an entry."""

import unittest

from matrix import MatrixTest, phases, shifted


class StaleEntry(MatrixTest):
    @phases("entering")
    def test_cancelled_entry_is_not_sent_later(self, phase):
        """Six minutes without an order route: the entry expires after five, and must not be bought then."""
        window = (phase.window[0], shifted(phase.window[1], 300)[:5])
        for status in (429, 500):
            with self.subTest(status=status):
                day = self.cell(phase, "%s %d orders for 6m" % (phase.before(), status), window=window)
                cancels = [d["reason"] for d in day.decided("cancel", phase.symbol, phase.minute)]
                # Six refusals for want of quota may be over before the five sets are.
                self.assertIn(cancels[0], ("entry_expired",) if status == 500 else ("entry_expired", "broker_rejected"))
                # In the very second in which it expires it may still leave, and is cancelled at once.
                sent = [o for o in day.orders if o.minute == phase.minute and o.symbol == phase.symbol]
                self.assertEqual(sum(o.filled for o in sent), 0)
                self.assertLessEqual(len(sent), 1 if status == 429 else 0)


class Unauthorized(MatrixTest):
    @phases()
    def test_one_call(self, phase):
        """Told, and lifted by the account, which is read at once; only the order itself is refused."""
        # Orders of one minute go out side by side: the fault must meet the one that is looked at.
        calls = "orders for 20s" if phase.name in ("entering", "exiting") else "rest"
        day = self.cell(phase, "%s 401 %s" % (phase.before(), calls))
        self.assertIn("401", day.alerts)
        self.assertIn("no entries until the account can be read", day.alerts)
        self.assertIn("the broker takes our keys again", day.alerts)
        self.assertNotIn("TRADING HALTED", day.alerts)
        self.assertFalse(day.events("entries_suspended", phase.before())[-1][1]["on"], "lifted")
        if phase.name == "exiting":
            self.assertEqual(len(day.fills_of(phase.symbol, "sell", shifted(phase.minute, 60))), 1, "sold a minute later")
        if phase.name == "eod":
            self.filled_in_its_minute(day, phase)

    @phases("entering", "exiting", "holding")
    def test_less_than_half_a_minute(self, phase):
        day = self.cell(phase, "%s 401 rest for 25s" % phase.before())
        self.assertNotIn("TRADING HALTED", day.alerts)
        told = day.events("entries_suspended", phase.before())
        self.assertEqual([j["on"] for _, j in told[:1] + told[-1:]], [True, False])

    @phases("entering", "exiting", "holding")
    def test_three_minutes(self, phase):
        day = self.cell(phase, "%s 401 rest for 150s" % phase.before())
        self.assertIn("TRADING HALTED", day.alerts)
        self.logged(day, phase, "no more entries today: the broker refuses our keys")
        self.assertEqual(day.decided("enter", since=shifted(phase.minute, 61)), [])

    @phases("eod")
    def test_past_the_deadline(self, phase):
        day = self.cell(phase, "15:57:01 401 rest for 130s", codes=(7,))
        self.assertEqual(day.positions, {}, "sold as soon as the broker answers")


class Slow(MatrixTest):
    @phases()
    def test_slow(self, phase):
        day = self.cell(phase, "%s slow rest 1s x2" % phase.before())
        self.assertGreater(day.seconds, 1.0)
        self.same_decisions(day, phase)


if __name__ == "__main__":
    unittest.main()
