"""Fault matrix: market data. Entries stop while blind, orders on their way are not touched, EOD needs no bars."""

import unittest

from day import new_york
from matrix import MatrixTest, phases, shifted


class DataFaults(MatrixTest):
    def suspended_from(self, day, phase, until):
        """When entries were suspended first after the fault; they must be free again at `until`."""
        told = day.events("entries_suspended", phase.before())
        self.assertTrue(told and told[0][1]["on"], told)
        if phase.name != "eod":
            self.assertFalse([j for at, j in told if at <= until][-1]["on"], told)
        return told[0][0]

    @phases()
    def test_mute(self, phase):
        start = phase.before() if phase.name == "eod" else phase.after()
        day = self.cell(phase, start + " mute data 150s")
        self.assertLessEqual(self.suspended_from(day, phase, shifted(start, 160)), shifted(start, 75))
        self.assertIn("market data is silent", day.alerts)
        self.logged(day, phase, "market data speaks again")
        self.assertEqual(day.decided("enter", since=shifted(start, 1), until=shifted(start, 149)), [])
        if phase.name != "holding":
            self.filled_in_its_minute(day, phase)
        if phase.name != "eod":
            last = day.lines("positions")[-1]
            self.assertFalse(last.get("skipped_set", False), "bars are back: %s" % last)

    @phases()
    def test_drop(self, phase):
        day = self.cell(phase, phase.before() + " drop data")
        self.logged(day, phase, "market data is down: 127.0.0.1: the connection dropped")
        self.logged(day, phase, "market data is up")
        self.same_decisions(day, phase)  # what was missed is back-filled in time

    @phases()
    def test_delay_within_the_deadline(self, phase):
        day = self.cell(phase, phase.before() + " delay data 3s for 100s")
        first = shifted(phase.minute, 60 if phase.name == "holding" else 0)
        sets = [at for at, _ in day.events("bars", first)]
        self.assertTrue(shifted(first, 3) <= sets[0] <= shifted(first, 5), sets)
        self.same_decisions(day, phase)

    @phases()
    def test_delay_beyond_it(self, phase):
        day = self.cell(phase, phase.before() + " delay data 90s for 120s")
        first = shifted(phase.minute, 60 if phase.name == "holding" else 0)[:5]
        self.assertEqual([d for d in day.decided("enter") + day.decided("exit", since=first, until=first + ":59")
                          if d["ts"][11:16] == first and d["reason"] != "eod"], [], "decided without bars")
        self.assertTrue(day.events("late_bar", phase.minute), "late bars are noted, and change nothing")
        if phase.name == "eod":
            self.filled_in_its_minute(day, phase)

    @phases()
    def test_duplicate(self, phase):
        self.same_decisions(self.cell(phase, phase.before() + " duplicate data for 5m"), phase)

    @phases()
    def test_reorder(self, phase):
        self.same_decisions(self.cell(phase, phase.before() + " reorder data for 5m"), phase)

    @phases()
    def test_revise(self, phase):
        day = self.cell(phase, "%s revise bar %s" % (phase.after(), phase.symbol))
        notes = [j["text"] for _, j in day.events("late_bar", phase.minute)]
        self.assertTrue(any(n.startswith(phase.symbol) and " revised " in n for n in notes), notes)
        self.same_decisions(day, phase)

    @phases()
    def test_connection_limit(self, phase):
        start = phase.after()
        day = self.cell(phase, start + " connection-limit data 70s", start + " drop data")
        self.logged(day, phase, "406 connection limit exceeded")
        self.logged(day, phase, "market data is up")
        self.suspended_from(day, phase, shifted(start, 130))
        self.assertEqual([o for o in day.orders if shifted(start, 1) <= new_york(o.created) <= shifted(start, 69)
                          and o.side == "buy"], [], "nothing is bought blindly")
        if phase.name != "holding":
            self.filled_in_its_minute(day, phase)

    @phases()
    def test_history_fails_while_connecting_again(self, phase):
        for status in (429, 500, 503, 401):
            with self.subTest(status=status):
                # Dropped before the bars of the minute: they must come from history.
                day = self.cell(phase, "%s %d data for 30s" % (phase.before(), status),
                                phase.before() + " drop data")
                self.logged(day, phase, "market data is down")
                self.logged(day, phase, "market data is up")
                if phase.name == "eod":
                    self.filled_in_its_minute(day, phase)


if __name__ == "__main__":
    unittest.main()
