"""Fault matrix: orders that are taken, refused, halved, or filled while they are cancelled."""

import unittest

from matrix import MatrixTest, phases, shifted


class TakenWithoutAnAnswer(MatrixTest):
    @phases()
    def test_accepted_but_not_acknowledged(self, phase):
        """Holding: the fault waits for the next order."""
        for fault in ("accept-then-500", "accept-then-cut"):
            with self.subTest(fault=fault):
                day = self.cell(phase, "%s %s" % (phase.before(), fault))
                self.logged(day, phase, "order of unknown outcome, looking it up")
                self.same_decisions(day, phase)
                if phase.name != "holding":
                    self.filled_in_its_minute(day, phase)


class Rejected(MatrixTest):
    @phases("entering")
    def test_entering(self, phase):
        day = self.cell(phase, "%s reject" % phase.before())
        cancels = day.decided("cancel", phase.symbol, phase.minute, phase.minute + ":59")
        self.assertEqual([d["reason"] for d in cancels], ["broker_rejected"])
        self.assertEqual(day.fills_of(phase.symbol, "buy", phase.minute, phase.minute + ":59"), [])
        self.logged(day, phase, "the entry was refused by the broker")

    @phases("exiting", "eod")
    def test_exiting(self, phase):
        day = self.cell(phase, "%s reject" % phase.before())
        cancels = day.decided("cancel", phase.symbol, phase.minute, phase.minute + ":59")
        self.assertEqual([d["reason"] for d in cancels], ["broker_rejected"])
        self.assertIn("the exit was refused by the broker", day.alerts)
        again = shifted(phase.minute, 60 if phase.name == "exiting" else 5)
        retry = [o for o in day.orders if o.symbol == phase.symbol and o.side == "sell" and o.created[14:19] == again[3:]]
        self.assertEqual([o.filled for o in retry], [o.qty for o in retry][:1], "ordered again at %s: %s" % (again, day.orders))

    @phases("holding")
    def test_holding(self, phase):
        """Nothing at work: the next order meets it."""
        day = self.cell(phase, "%s reject" % phase.before())
        self.assertEqual(len([o for o in day.orders if o.status == "rejected"]), 1)


class Partial(MatrixTest):
    @phases("entering", "exiting", "holding")
    def test_two_executions(self, phase):
        day = self.cell(phase, "%s partial" % phase.before())
        per_order = {}
        for trade in day.lines("trades"):
            per_order.setdefault(trade["order_id"], []).append(trade["qty"])
        halves = [(name, parts) for name, parts in per_order.items() if len(parts) == 2]
        self.assertEqual(len(halves), 1, per_order)
        if phase.name != "holding":
            self.assertIn("-%s-%s-" % (phase.minute.replace(":", ""), phase.symbol), halves[0][0])

    @phases("eod")
    def test_eod(self, phase):
        """The second half meets the open of 15:59, a minute after the exit: late, and said so."""
        day = self.cell(phase, "%s partial" % phase.before(), codes=(7,))
        self.assertIn("shares are still held a minute after the exit", day.alerts)
        self.assertEqual(day.positions, {})


class CancelRace(MatrixTest):
    @phases("entering")
    def test_entry_fills_while_it_is_cancelled(self, phase):
        """Halted, the entry expires after five sets; its cancel is accepted, and then it fills."""
        window = (phase.window[0], shifted(phase.window[1], 300)[:5])
        day = self.cell(phase, "%s halt %s 330s" % (phase.after(), phase.symbol), phase.before() + " cancel-race",
                        window=window)
        self.assertEqual([d["reason"] for d in day.decided("cancel", phase.symbol, phase.minute)][:1], ["entry_expired"])
        orders = [o for o in day.orders if o.symbol == phase.symbol and o.minute == phase.minute]
        self.assertEqual([o.filled for o in orders], [orders[0].qty], "filled all the same, and booked")

    @phases("eod")
    def test_exit_fills_while_the_broker_takes_over(self, phase):
        """The last rung cancels the exit, which fills instead: the broker's close must not sell it twice."""
        day = self.cell(phase, "15:57:01 halt %s 150s" % phase.symbol, phase.before() + " cancel-race", codes=(7,))
        self.logged(day, phase, "closing positions at the broker")
        self.assertEqual(day.positions, {})


if __name__ == "__main__":
    unittest.main()
