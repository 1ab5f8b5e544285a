"""Fault matrix: REST answers. What cannot be known is looked up before anything is sent again."""

import unittest

from matrix import MatrixTest, phases, shifted

PASSING = (429, 500, 503)  # worth another try; 401 is not


class PassingStatus(MatrixTest):
    def one_order_of_the_decision(self, day, phase):
        orders = [o for o in day.orders if (o.symbol, o.side, o.minute) == (phase.symbol, phase.side, phase.minute)]
        self.assertEqual([o.filled for o in orders], [orders[0].qty] if orders else "an order")

    @phases("entering", "exiting", "eod")
    def test_one_call(self, phase):
        for status in PASSING:
            for target in ("orders", "rest"):
                with self.subTest(status=status, target=target):
                    day = self.cell(phase, "%s %d %s" % (phase.before(), status, target))
                    if target == "orders" and status != 429:
                        self.logged(day, phase, "order of unknown outcome, looking it up: %d" % status)
                    self.one_order_of_the_decision(day, phase)
                    # An entry waits for the quota's reset with the next minute; an exit knocks again.
                    if status != 429 or phase.name != "entering":
                        self.filled_in_its_minute(day, phase)

    @phases("entering", "exiting")
    def test_a_minute_and_a_half(self, phase):
        for status in PASSING:
            with self.subTest(status=status):
                day = self.cell(phase, "%s %d rest for 90s" % (phase.before(), status))
                self.assertEqual(day.fills_of(phase.symbol, phase.side, phase.minute, shifted(phase.minute, 59)), [])
                if status == 429 and phase.name == "exiting":  # given up, and decided again on the next set
                    sold = day.fills_of(phase.symbol, "sell", shifted(phase.minute, 60), shifted(phase.minute, 179))
                    self.assertEqual(len(sold), 1, day.orders)
                else:
                    self.one_order_of_the_decision(day, phase)

    @phases("holding")
    def test_while_holding(self, phase):
        for status in PASSING:
            with self.subTest(status=status):
                day = self.cell(phase, "%s %d rest for 75s" % (phase.before(), status))
                if status != 429:  # that is waited out
                    self.logged(day, phase, "the broker's book cannot be read: /v2/account: %d" % status)
                self.same_decisions(day, phase)

    @phases("eod")
    def test_past_the_deadline(self, phase):
        for status in PASSING:
            with self.subTest(status=status):
                day = self.cell(phase, "15:57:01 %d rest for 130s" % status, codes=(7,))
                self.assertIn("shares are still held a minute after the exit", day.alerts)
                self.assertEqual(day.positions, {}, "sold as soon as the broker answers")

    @phases("eod")
    def test_orders_never_work(self, phase):
        """The last rung: the broker closes the positions, and nothing of ours sells them again afterwards."""
        for status in (500, 401):
            with self.subTest(status=status):
                day = self.cell(phase, "15:57:01 %d orders for 141s" % status, codes=(7,), closed_by_broker=True)
                self.assertEqual(day.positions, {}, "neither long nor short")
                closes = [o for o in day.orders if not o.own and o.filled]
                self.assertEqual({o.symbol for o in closes}, {o.symbol for o in day.orders if o.side == "buy" and o.filled})
                self.assertEqual([o for o in day.orders if o.own and o.side == "sell" and o.filled], [])
                # The journal says so, and nothing is pretended: no timer, no decision for it.
                sales = day.events("closed_by_broker", "15:59:20")
                self.assertEqual({j["symbol"] for _, j in sales}, {o.symbol for o in closes})
                self.assertEqual(day.events("eod_timer", "15:59:20"), [])
                told = {t["symbol"] for t in day.lines("trades") if t["order_id"].startswith("broker-")}
                self.assertEqual(told, {o.symbol for o in closes})
                self.assertIn("sold by the broker: ", day.log)


if __name__ == "__main__":
    unittest.main()
