"""A whole made-up day compared with reviewed files under tests/data/golden/cli/."""

import unittest

from support import DAY, ROOT, CliTest, environment, expect_golden

GOLDEN = ROOT / "tests" / "data" / "golden" / "cli"


class GoldenRun(CliTest):
    def test_decisions_and_trades_of_a_day_are_the_reviewed_ones(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "TQQQ,SQQQ",
                                      env=environment(SENTIO_DISPATCH="baseline")))
        for kind in ("decisions", "trades"):
            name = "%s_%s.jsonl" % (kind, DAY)
            got = (self.results / name).read_text()
            self.assertGreater(len(got.splitlines()), 20)
            with self.subTest(name):
                expect_golden(self, GOLDEN / name, got)


if __name__ == "__main__":
    unittest.main()
