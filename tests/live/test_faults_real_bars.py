"""A few cells of the fault matrix on recorded bars, where SENTIO_TEST_MARKET_DATA names their folder."""

import os
import pathlib
import unittest

from matrix import MatrixTest, phases

BARS = os.environ.get("SENTIO_TEST_MARKET_DATA", "")


@unittest.skipUnless(BARS, "SENTIO_TEST_MARKET_DATA is not set")
class RealBars(MatrixTest):
    date, warmup_days = "2025-09-26", 9

    @classmethod
    def find_phases(cls):
        cls.bars = pathlib.Path(BARS) / "six"
        super().find_phases()

    @phases()
    def test_drop_data(self, phase):
        self.same_decisions(self.cell(phase, phase.before() + " drop data"), phase)

    @phases()
    def test_drop_stream(self, phase):
        self.same_decisions(self.cell(phase, phase.after(9) + " drop stream"), phase)

    @phases()
    def test_accepted_but_not_acknowledged(self, phase):
        day = self.cell(phase, phase.before() + " accept-then-cut")
        self.logged(day, phase, "order of unknown outcome, looking it up")

    @phases("entering", "exiting", "eod")
    def test_500(self, phase):
        day = self.cell(phase, phase.before() + " 500 orders")
        self.logged(day, phase, "order of unknown outcome, looking it up: 500")


if __name__ == "__main__":
    unittest.main()
