"""A whole made-up day compared with reviewed files under tests/data/golden/cli/.

SENTIO_UPDATE_GOLDEN=1 rewrites them; read `git diff` before believing the new ones. The instruction set is pinned, because
bytes are the same per instruction set only; a build for one processor (SENTIO_NATIVE) rounds differently and is skipped.
"""

import os
import unittest

from support import DAY, ROOT, CliTest, environment

GOLDEN = ROOT / "tests" / "data" / "golden" / "cli"


@unittest.skipIf(os.environ.get("SENTIO_NATIVE") == "1", "built for this processor only")
class GoldenRun(CliTest):
    def test_decisions_and_trades_of_a_day_are_the_reviewed_ones(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "TQQQ,SQQQ",
                                      env=environment(SENTIO_DISPATCH="baseline")))
        for kind in ("decisions", "trades"):
            name = "%s_%s.jsonl" % (kind, DAY)
            got = (self.results / name).read_text()
            self.assertGreater(len(got.splitlines()), 20)
            if os.environ.get("SENTIO_UPDATE_GOLDEN"):
                GOLDEN.mkdir(parents=True, exist_ok=True)
                (GOLDEN / name).write_text(got)
                continue
            with self.subTest(name):
                want = (GOLDEN / name).read_text()
                for number, (ours, theirs) in enumerate(zip(got.splitlines(), want.splitlines()), start=1):
                    self.assertEqual(ours, theirs, "line %d; set SENTIO_UPDATE_GOLDEN=1 if the change is intended" % number)
                self.assertEqual(len(got.splitlines()), len(want.splitlines()))


if __name__ == "__main__":
    unittest.main()
