"""Fault matrix: halted instruments. No entry, no fill; what cannot be sold in time is told."""

import unittest

from day import new_york
from matrix import MatrixTest, phases, shifted


class Halts(MatrixTest):
    @phases("entering")
    def test_entering(self, phase):
        day = self.cell(phase, "%s halt %s 3m" % (phase.sharp(), phase.symbol))
        until = shifted(phase.minute, 179)
        self.assertEqual(day.decided("enter", phase.symbol, phase.minute, until), [])
        blocked = day.decided("blocked", phase.symbol, phase.minute, phase.minute + ":59")
        self.assertEqual([d["reason"] for d in blocked], ["halted"])

    @phases("entering")
    def test_entry_on_its_way_waits_and_expires(self, phase):
        window = (phase.window[0], shifted(phase.window[1], 300)[:5])
        day = self.cell(phase, "%s halt %s 8m" % (phase.after(), phase.symbol), window=window)
        cancels = day.decided("cancel", phase.symbol, phase.minute)
        self.assertEqual([d["reason"] for d in cancels][:1], ["entry_expired"])
        self.assertEqual(day.fills_of(phase.symbol, "buy", phase.minute, shifted(phase.minute, 479)), [])

    @phases("holding")
    def test_held(self, phase):
        day = self.cell(phase, "%s halt %s 90s" % (phase.before(), phase.symbol))
        self.assertEqual(len(day.events("halt", phase.minute)), 2, "H and T")
        for action in ("enter", "exit"):
            self.assertEqual(day.decided(action, phase.symbol, shifted(phase.minute, 60), shifted(phase.minute, 109)), [])

    @phases("exiting")
    def test_exit_on_its_way_waits(self, phase):
        day = self.cell(phase, "%s halt %s 100s" % (phase.after(), phase.symbol))
        self.assertEqual(day.fills_of(phase.symbol, "sell", phase.minute, shifted(phase.minute, 99)), [])
        exits = [o for o in day.orders if o.symbol == phase.symbol and o.side == "sell" and o.minute == phase.minute]
        self.assertEqual([o.filled for o in exits], [exits[0].qty], "the same order waits, and fills after the halt")

    @phases("eod")
    def test_short_one_at_eod(self, phase):
        day = self.cell(phase, "15:57:01 halt %s 50s" % phase.symbol)
        self.assertEqual(day.code, 0)
        self.filled_in_its_minute(day, phase)

    @phases("eod")
    def test_long_one_at_eod(self, phase):
        day = self.cell(phase, "15:57:01 halt %s 10m" % phase.symbol, codes=(7,), closed_by_broker=True)
        sold = {f["symbol"] for f in day.fills if f["side"] == "sell" and new_york(f["transaction_time"]) <= "15:59:00"}
        self.assertEqual(sold, {o.symbol for o in day.orders if o.filled and o.side == "buy"} - {phase.symbol})
        self.assertIn("shares are still held a minute after the exit", day.alerts)
        self.logged(day, phase, "at the broker: closing %s " % phase.symbol)
        own = [o for o in day.orders if o.own and o.symbol == phase.symbol and o.side == "sell"]
        self.assertEqual(len(own), 1, "the broker's close is not crossed by new orders: %s" % own)


if __name__ == "__main__":
    unittest.main()
