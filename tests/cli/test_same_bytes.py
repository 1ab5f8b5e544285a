"""Same input, same bytes: whole folders compared."""

import time
import unittest

from support import DAY, DAYS, HALF_DAY, SIX, CliTest, make_bars, run, tree


class SameBytes(CliTest):
    def files_of(self, name, *arguments, verb="mock", dates=("--date", DAY), bars=None, warmup=2, **more):
        logs = self.folder / name
        self.expect_success(run(verb, *dates, "--data-dir", bars or self.bars, "--log-dir", logs, "--warmup-days", warmup,
                                "-q", *arguments, **more))
        files = tree(logs)
        self.assertGreater(len(files), 6)
        return files

    def test_threads_repetition_and_the_working_directory_change_nothing(self):
        one = self.files_of("one", "--jobs", 1)
        self.assertGreater(len(one["mock_trading/trades_%s.jsonl" % DAY].splitlines()), 20)
        for name, arguments, more in (("two", ("--jobs", 2), {}), ("many", ("--jobs", 16), {}), ("again", ("--jobs", 1), {}),
                                      ("elsewhere", (), {"cwd": self.folder})):
            with self.subTest(name):
                self.assertEqual(self.files_of(name, *arguments, **more), one)

    def test_a_second_run_into_the_same_folder_leaves_the_same_files(self):
        self.assertEqual(self.files_of("logs"), self.files_of("logs"))

    def test_a_range_does_not_depend_on_threads_either(self):
        dates = ("--start-date", DAYS[1], "--end-date", HALF_DAY)
        self.assertEqual(self.files_of("one", "--jobs", 1, dates=dates, warmup=1),
                         self.files_of("two", "--jobs", 2, dates=dates, warmup=1))

    def test_gzip_equals_plain(self):
        packed = make_bars(self.folder / "packed", "--gzip")
        self.assertEqual(sorted(p.name for p in packed.iterdir()), [s + "_RTH_NH.csv.gz" for s in SIX])
        self.assertEqual(self.files_of("gz", bars=packed), self.files_of("plain"))

    def test_a_different_day_gives_different_bytes(self):
        self.assertNotEqual(self.files_of("one"), self.files_of("other", dates=("--date", HALF_DAY)))

    def test_the_older_spelling_is_the_same_run(self):
        plain = self.files_of("plain")
        older = ("--mock", "--mock-date", DAY)
        self.assertEqual(self.files_of("older", verb="live-trade", dates=older), plain)
        self.assertEqual(self.files_of("flat out", "--mock-speed", 0, verb="live-trade", dates=older), plain)

    def test_speed_paces_the_day_and_changes_no_byte(self):
        plain = self.files_of("plain")
        speed = 390 * 60  # the session in one second
        for verb, dates, flag in (("mock", ("--date", DAY), "--speed"),
                                  ("live-trade", ("--mock", "--mock-date", DAY), "--mock-speed")):
            with self.subTest(verb):
                began = time.monotonic()
                paced = self.files_of(verb, flag, speed, verb=verb, dates=dates)
                self.assertGreaterEqual(time.monotonic() - began, 0.8)
                self.assertEqual(paced, plain)


if __name__ == "__main__":
    unittest.main()
