"""Fault matrix: trade_updates. REST tells the same, so an execution is booked once, however it is told."""

import unittest

from matrix import MatrixTest, phases, shifted


class StreamFaults(MatrixTest):
    @phases()
    def test_drop(self, phase):
        # Connecting again takes a second: the executions of second ten are missed.
        day = self.cell(phase, "%s drop stream" % phase.after(9))
        self.assertTrue(any("the connection dropped" in j["text"] for _, j in day.events("log", phase.minute)), day.log)
        self.assertTrue([j for _, j in day.events("entries_suspended", phase.minute) if j["on"]], "no entries meanwhile")
        self.same_decisions(day, phase)
        if phase.name != "holding":
            self.filled_in_its_minute(day, phase)

    @phases()
    def test_duplicate(self, phase):
        self.same_decisions(self.cell(phase, "%s duplicate stream for 5m" % phase.before()), phase)

    @phases("entering", "exiting", "eod")
    def test_lose(self, phase):
        day = self.cell(phase, "%s lose stream 20" % phase.before())
        told = [at for at, j in day.events("fill", phase.minute) if j["order"]["symbol"] == phase.symbol]
        self.assertTrue(shifted(phase.minute, 10) < told[0] <= shifted(phase.minute, 20), "told by a poll: %s" % told)
        self.filled_in_its_minute(day, phase)
        self.same_decisions(day, phase)


if __name__ == "__main__":
    unittest.main()
