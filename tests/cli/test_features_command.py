"""`features`: the CSV that outside checks and research read."""

import csv
import io
import math
import re
import unittest

from support import DAY, DAYS, HALF_DAY, ROOT, CliTest, run

FRONT = ["timestamp", "minute", "real", "open", "high", "low", "close", "volume"]
HORIZONS = (1, 5, 10)
EOD = 388


class Features(CliTest):
    def export(self, *arguments, symbol="TQQQ", dates=("--date", DAY)):
        return self.expect_success(run("features", "--symbol", symbol, *dates, "--data-dir", self.bars, *arguments)).out

    def rows(self, *arguments, **more):
        return list(csv.DictReader(io.StringIO(self.export(*arguments, **more))))

    def test_the_columns_are_those_of_the_documentation(self):
        table = (ROOT / "docs" / "features.md").read_text()
        names = re.findall(r"^\| *\d+ *\| *`(\w+)`", table, re.MULTILINE)
        self.assertEqual(len(names), 126)
        labels = ["%s_%d" % (kind, h) for kind in "ry" for h in HORIZONS]
        self.assertEqual(self.export().splitlines()[0].split(","), FRONT + names + labels)

    def test_a_row_for_every_minute_of_the_session(self):
        for day, minutes, last in ((DAY, 390, "T15:59:00-04:00"), (HALF_DAY, 210, "T12:59:00-04:00")):
            with self.subTest(day):
                rows = self.rows(dates=("--date", day))
                self.assertEqual([int(row["minute"]) for row in rows], list(range(minutes)))
                self.assertEqual(rows[0]["timestamp"], day + "T09:30:00-04:00")
                self.assertEqual(rows[-1]["timestamp"], day + last)

    def test_every_feature_of_every_row_is_a_finite_number(self):
        for row in self.rows(symbol="SVXY"):  # a thin fund: some minutes are forward-filled
            for name, value in row.items():
                if name != "timestamp" and not re.match(r"[ry]_\d", name):
                    self.assertTrue(math.isfinite(float(value)), "%s at %s" % (name, row["timestamp"]))

    def test_returns_are_those_of_orders_filled_at_the_next_open(self):
        rows = self.rows()
        opens = [float(row["open"]) if row["real"] == "1" else None for row in rows]

        def first_open(minute):  # of the first real bar from `minute` on
            return next((p for p in opens[minute:] if p is not None), None)

        checked = 0
        for i, row in enumerate(rows):
            for h in HORIZONS:
                text = row["r_%d" % h]
                if row["real"] != "1" or i + 1 >= EOD:
                    self.assertEqual(text, "")
                    continue
                expected = math.log(first_open(min(i + 1 + h, EOD)) / first_open(i + 1))
                self.assertAlmostEqual(float(text), expected, delta=1e-12)
                self.assertLessEqual(abs(float(row["y_%d" % h] or 0)), 5)
                checked += 1
        self.assertGreater(checked, 1000)

    def test_a_file_holds_the_same_bytes_as_standard_output(self):
        path = self.folder / "tqqq.csv"
        self.assertEqual(self.export("--output", path), "")
        self.assertEqual(path.read_text(), self.export())

    def test_a_range_is_its_days_one_after_the_other(self):
        rows = self.rows(dates=("--start-date", DAYS[1], "--end-date", HALF_DAY))
        self.assertEqual([row["timestamp"][:10] for row in rows], [DAYS[1]] * 390 + [DAYS[2]] * 390 + [DAYS[3]] * 210)

    def test_z_scores_are_clipped_and_missing_where_nothing_traded(self):
        rows = self.rows("--standardized")
        values = [float(row["momentum_10"]) for row in rows if row["real"] == "1"]
        self.assertTrue(all(-4 <= v <= 4 for v in values))
        self.assertGreater(len(set(values)), 300)

    def test_a_day_without_a_bar_is_refused(self):
        outcome = run("features", "--symbol", "TQQQ", "--date", "2025-07-08", "--data-dir", self.bars)
        self.expect_refusal(outcome, 3, "TQQQ_RTH_NH.csv: no bar of TQQQ on 2025-07-08")
        outcome = run("features", "--symbol", "TQQQ", "--date", "2026-07-08", "--data-dir", self.bars)
        self.expect_refusal(outcome, 3, "the file has 2025-06-30 to 2025-07-03")

    def test_a_missing_file_is_named(self):
        outcome = run("features", "--symbol", "QQQ", "--date", DAY, "--data-dir", self.bars)
        self.expect_refusal(outcome, 3, "neither QQQ_RTH_NH.csv nor QQQ_RTH_NH.csv.gz is there")


if __name__ == "__main__":
    unittest.main()
