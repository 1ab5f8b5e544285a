import gzip
import os
import pathlib
import tempfile
import unittest

import support

FIRST_BAR = "2025-10-14T09:30:00-04:00,95.03,95.03,94.75,95.01,589588,5973492084225162"
SMALL = ("--symbols", "TQQQ,ERX", "--days", "2", "--end-date", "2025-07-03", "-q")


class GenerateCommand(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def path(self, name):
        return os.path.join(self.folder, name)

    def run_small(self, *more):
        result = support.run_generator(*SMALL, "--output", self.folder, *more)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result

    def test_writes_the_marker_the_header_and_sessions_up_to_the_end_date(self):
        self.run_small("--seed", "9", "--alpha", "0.1")
        lines = support.read_lines(self.path("TQQQ_RTH_NH.csv"))
        self.assertTrue(lines[0].startswith("# SYNTHETIC "))
        for part in ("seed=9", "symbol=TQQQ", "alpha=0.1", "first=2025-07-02", "last=2025-07-03"):
            self.assertIn(part, lines[0])
        self.assertEqual(lines[1], "timestamp,open,high,low,close,volume,bar_id")
        self.assertEqual(len(lines), 2 + 390 + 210)
        self.assertTrue(lines[-1].startswith("2025-07-03T12:59:00-04:00,"))
        self.assertEqual(sorted(os.listdir(self.folder)), ["ERX_RTH_NH.csv", "TQQQ_RTH_NH.csv"])

    def test_the_same_seed_gives_the_same_bytes_plain_and_gzip(self):
        def contents(*more):
            self.run_small(*more)
            return {name: pathlib.Path(self.path(name)).read_bytes() for name in os.listdir(self.folder)}

        plain = contents("--seed", "4")
        self.assertEqual(plain, contents("--seed", "4"))
        self.assertNotEqual(plain, contents("--seed", "5"))
        packed = contents("--seed", "4", "--gzip")
        self.assertEqual(sorted(packed), ["ERX_RTH_NH.csv.gz", "TQQQ_RTH_NH.csv.gz"])  # the plain ones are gone
        self.assertEqual(packed, contents("--seed", "4", "--gzip"))
        self.assertEqual({name + ".gz": data for name, data in plain.items()},
                         {name: gzip.decompress(data) for name, data in packed.items()})

    def test_the_default_seed_keeps_its_first_bar(self):
        # Changing the world changes every file made with a given seed; that must be on purpose.
        result = support.run_generator("--output", self.folder, "--days", "1", "-q")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(support.read_lines(self.path("TQQQ_RTH_NH.csv"))[2], FIRST_BAR)

    def test_real_bars_are_never_overwritten(self):
        for name, data in (("TQQQ_RTH_NH.csv", b"timestamp,open\n"), ("ERX_RTH_NH.csv.gz", gzip.compress(b"ts_utc\n")),
                           ("SPY_RTH_NH.csv", b"timestamp,open\n")):  # nor joined by made-up ones of other symbols
            with self.subTest(name=name):
                with open(self.path(name), "wb") as stream:
                    stream.write(data)
                result = support.run_generator(*SMALL, "--output", self.folder)
                self.assertEqual(result.returncode, 2)
                self.assertIn("not synthetic", result.stderr)
                self.assertEqual(os.listdir(self.folder), [name])
                os.remove(self.path(name))

    def test_bad_usage_exits_2_and_says_why(self):
        for arguments, reason in (
            (("--symbols", "TQQQ,NOPE"), "NOPE"),
            (("--symbols", ","), "no symbol"),
            (("--days", "0"), "outside"),
            (("--days", "many"), "not a number"),
            (("--start-date", "2025-02-30"), "not a date"),
            (("--end-date", "2031-01-02"), "calendar"),
            (("--start-date", "2025-07-04", "--end-date", "2025-07-06"), "no session"),
            (("--start-date", "2025-07-01", "--end-date", "2025-07-09", "--days", "3"), "two of the three"),
            (("--start-date", "2030-12-30", "--days", "9"), "calendar"),
            (("--alpha", "nan"), "outside"),
            (("--alpha", "0.4", "--alpha-bars", "1"), "out of reach"),
            (("--nonsense",), "unrecognized"),
        ):
            with self.subTest(arguments=arguments):
                result = support.run_generator("--output", self.folder, *arguments)
                self.assertEqual(result.returncode, 2)
                self.assertIn(reason, result.stderr)
                self.assertNotIn("Traceback", result.stderr)
        self.assertEqual(os.listdir(self.folder), [])

    def test_a_folder_that_cannot_be_made_exits_1(self):
        with open(self.path("file"), "w"):
            pass
        result = support.run_generator(*SMALL, "--output", self.path("file/inside"))
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot write", result.stderr)

    def test_help_shows_examples_and_what_alpha_means(self):
        text = support.run_generator("--help").stdout
        self.assertIn("examples:", text)
        self.assertIn("what --alpha means", text)

if __name__ == "__main__":
    unittest.main()
