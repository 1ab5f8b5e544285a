"""A fault-free live day decides as `mock` does, byte for byte, and its journal replays."""

import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
import support  # noqa: E402

REAL = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
TWELVE = "ERX,ERY,FAS,FAZ,SDS,SQQQ,SSO,SVIX,TNA,TQQQ,TZA,UVXY"
KINDS = ("decisions", "signals", "positions", "health")


class Parity(support.CliTest):
    def expect_parity(self, date, data_dir, *flags, orders_min=10):
        for verb in ("mock", "rehearse"):
            outcome = support.run(verb, "--date", date, "--data-dir", data_dir, "--log-dir", self.logs, "-q", *flags)
            self.assertEqual(outcome.code, 0, outcome.err)
        for kind in KINDS:
            name = "%s_%s.jsonl" % (kind, date)
            mocked = (self.logs / "mock_trading" / name).read_bytes()
            lived = (self.logs / "live_trading" / name).read_bytes()
            self.assertTrue(mocked == lived, "%s differ" % name)
            self.assertGreater(len(mocked), 500, name)
        decided = support.json_lines(self.logs / "live_trading" / ("decisions_%s.jsonl" % date))
        self.assertGreaterEqual(sum(d["action"] == "enter" for d in decided), orders_min)
        replayed = support.run("replay", "--journal", self.logs / "live_trading" / ("journal_%s.jsonl" % date))
        self.assertEqual(replayed.code, 0, replayed.err)
        self.assertIn("identical", replayed.out)

    def test_made_up_bars(self):
        self.expect_parity(support.DAY, self.bars, "--warmup-days", "2")

    def test_made_up_half_day(self):
        self.expect_parity(support.HALF_DAY, self.bars, "--warmup-days", "3")

    @unittest.skipUnless((REAL / "six").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_six(self):
        for date, warmup in (("2025-09-25", "8"), ("2025-09-26", "9")):
            with self.subTest(date):
                self.expect_parity(date, REAL / "six", "--warmup-days", warmup, orders_min=50)

    @unittest.skipUnless((REAL / "twelve").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_twelve(self):
        for date in ("2025-06-20", "2025-07-03", "2025-08-01"):  # the second is a half day
            with self.subTest(date):
                self.expect_parity(date, REAL / "twelve", "--symbols", TWELVE, orders_min=30)

    @unittest.skipUnless((REAL / "twelve").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_cost_aware(self):
        config = support.ROOT / "config" / "cost_aware.json"
        self.expect_parity("2025-08-05", REAL / "twelve", "--config", config, orders_min=1)


if __name__ == "__main__":
    unittest.main()
