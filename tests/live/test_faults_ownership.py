"""Fault matrix: what becomes of our orders and our shares at the broker: replaced, resting, held, refused again and again."""

import unittest

from matrix import MatrixTest, phases, shifted


class Replaced(MatrixTest):
    @phases("exiting", "entering")
    def test_the_successor_is_ours(self, phase):
        """At once after it came: the day goes on as if nothing had been."""
        day = self.cell(phase, "%s replace-order %s %s" % (phase.before(), phase.symbol, phase.side), closed_by_broker=True)
        self.logged(day, phase, "order was replaced at the broker by")
        self.assertIn("which is ours now", day.alerts)
        self.assertEqual(sorted(o.status for o in day.orders if o.symbol == phase.symbol and o.minute == phase.minute),
                         ["replaced"], "and no second order of ours: %s" % day.orders)
        self.same_decisions(day, phase)

    @phases("eod")
    def test_eod(self, phase):
        day = self.cell(phase, "%s replace-order %s sell" % (phase.before(), phase.symbol), closed_by_broker=True)
        self.assertEqual(day.positions, {})


class Resting(MatrixTest):
    @phases("exiting")
    def test_an_exit_is_cancelled_and_ordered_again(self, phase):
        day = self.cell(phase, "%s rest-market %s sell accepted x1" % (phase.before(), phase.symbol))
        self.assertIn("the sale has rested at the broker for two minutes", day.alerts)
        renewed = day.decided("cancel", phase.symbol, shifted(phase.minute, 120)[:5])
        self.assertEqual(renewed[0]["reason"], "exit_resting")
        self.assertEqual(len(day.fills_of(phase.symbol, "sell", shifted(phase.minute, 120))), 1, day.fills)

    @phases("exiting")
    def test_a_cancel_without_an_end_is_told(self, phase):
        window = (phase.window[0], shifted(phase.window[1], 300)[:5])
        day = self.cell(phase, "%s rest-market %s sell accepted x1" % (phase.before(), phase.symbol),
                        "%s stuck-cancel 5m %s sell x1" % (phase.before(), phase.symbol), window=window)
        self.assertIn("the cancel of our order has had no end for minutes", day.alerts)
        asked = [o for o in day.orders if o.symbol == phase.symbol and o.side == "sell" and o.minute == phase.minute]
        self.assertEqual(len(asked), 1, "no second sale beside the first")


class Held(MatrixTest):
    @phases("eod")
    def test_shares_held_by_somebody_elses_sale_are_freed_at_the_last_rung(self, phase):
        day = self.cell(phase, "15:56:30 foreign order %s sell all stop 1" % phase.symbol, codes=(7,), foreign=True)
        self.assertIn("the exit was refused by the broker", day.alerts)
        self.assertTrue(day.logged("which holds shares of ours", "15:59"), day.log)
        self.assertEqual(day.positions, {})


class RefusedAgain(MatrixTest):
    @phases("entering")
    def test_purchases_pause_and_one_alert_says_so(self, phase):
        day = self.cell(phase, "%s reject x2" % phase.before())
        self.assertTrue(any(d["reason"] == "refusal_pause" for d in day.lines("decisions")), day.lines("decisions"))
        self.assertIn("purchases pause, longer each time", day.alerts)


if __name__ == "__main__":
    unittest.main()
