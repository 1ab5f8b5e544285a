"""The bars that a live day starts from and runs on: warm-up over REST, states, and the choice between two feeds."""

import unittest

from startup_support import DAYS, KEY, KEYS, WRONG, LiveTest, run

POLYGON = {**KEYS, "POLYGON_API_KEY": KEY}


class WarmUp(LiveTest):
    def setUp(self):
        super().setUp()
        self.empty = self.folder / "empty"
        self.empty.mkdir()

    def test_bars_over_rest_decide_as_the_files_do(self):
        exchange = self.exchange(to="10:30")
        outcome = self.live(exchange=exchange, bars=self.empty)
        self.expect_traded(outcome, exchange)
        for symbol in ("SDS", "SPXL", "SQQQ", "SVXY", "TQQQ", "UVXY"):
            self.assertIn("%s: 2 of 2 warm-up sessions fetched over REST" % symbol, outcome.err)
        self.expect_decisions_of_mock()

    def test_missing_sessions(self):
        exchange = self.exchange(history=1)
        outcome = self.live(exchange=exchange, bars=self.empty)
        self.assertEqual((outcome.code, outcome.out), (3, ""), outcome.err)
        self.assertEqual(len(outcome.problems), 7, "six symbols and what to do")
        self.assertIn("SDS: no bars in 1 of 2 warm-up sessions, " + DAYS[0], outcome.problems[0])
        self.assertIn("--allow-short-warmup", outcome.problems[6])
        self.expect_nothing_traded(exchange)

        outcome = self.live("--allow-short-warmup", exchange=exchange, bars=self.empty)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        self.assertEqual(sum("no bars in 1 of 2 warm-up sessions" in w for w in outcome.warnings), 6)
        self.assertRegex(self.report(), r"Warm-[Uu]p:? .*1 of 2")

    def test_a_state_instead_of_bars(self):
        exchange = self.exchange()
        for name, last, days in (("good.bin", DAYS[1], 2), ("old.bin", DAYS[0], 1)):
            made = run("warmup-multi", "--data", self.bars, "--end-date", last, "--days", days, "--output", self.folder / name)
            self.assertEqual(made.code, 0, made.err)
        self.expect_refused(self.live("--warmup-state", self.folder / "old.bin", exchange=exchange, bars=self.empty), 3,
                            "ends with " + DAYS[0], DAYS[1], "warmup-multi", exchange=exchange)
        self.expect_traded(self.live("--warmup-state", self.folder / "good.bin", exchange=exchange, bars=self.empty), exchange)
        self.expect_decisions_of_mock()


class Feed(LiveTest):
    def test_polygon_decides_as_mock(self):
        exchange = self.exchange()
        outcome = self.live("--feed", "polygon", exchange=exchange, keys=POLYGON)
        self.expect_traded(outcome, exchange)
        self.assertIn("Orders: ", outcome.out, "no bar may come late: their orders are timed")
        self.expect_decisions_of_mock()

    def test_auto_takes_polygon_where_its_key_is(self):
        exchange = self.exchange()
        outcome = self.live(exchange=exchange, keys=POLYGON)
        self.expect_traded(outcome, exchange)
        self.assertEqual([w for w in outcome.warnings if "olygon" in w], [])

    def test_auto_falls_back_before_the_open(self):
        exchange = self.exchange()
        outcome = self.live(exchange=exchange, keys={**KEYS, "POLYGON_API_KEY": WRONG})
        self.expect_traded(outcome, exchange)
        self.assertEqual(sum("Polygon refuses" in w and "Alpaca's bars" in w for w in outcome.warnings), 1)
        self.expect_decisions_of_mock()

    def test_auto_never_falls_back_in_mid_session(self):
        exchange = self.exchange(start="10:00", to="10:15")
        self.expect_refused(self.live(exchange=exchange, keys={**KEYS, "POLYGON_API_KEY": WRONG}), 4, "authentication failed",
                            "POLYGON_API_KEY", exchange=exchange)

    def test_polygon_with_a_wrong_key(self):
        exchange = self.exchange()
        self.expect_refused(self.live("--feed", "polygon", exchange=exchange, keys={**KEYS, "POLYGON_API_KEY": WRONG}), 4,
                            "authentication failed", "POLYGON_API_KEY", exchange=exchange)


if __name__ == "__main__":
    unittest.main()
