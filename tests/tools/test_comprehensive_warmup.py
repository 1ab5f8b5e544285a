"""comprehensive_warmup_multi.sh with its tools and sentio_cli replaced: the order of its steps, and what each failure ends it with."""

import os
import sys
import unittest

from script_support import ScriptTest

# sentio_cli and Python in one; what it is called with is noted without the folder for things in between.
FAKE = r"""#!{python}
import os, pathlib, re, sys
if sys.argv[1] == "-c":
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
arguments = sys.argv[2:] if sys.argv[1] == "-B" else sys.argv[1:]
name = arguments[0].removeprefix("tools/")
with open(os.environ["CALLS"], "a") as calls:
    print(re.sub(r"/\S*/warmup.csv", "TMP/warmup.csv", " ".join(arguments)).removeprefix("tools/"), file=calls)
if name in os.environ.get("FAILS", "").split():
    print(name, "says no", file=sys.stderr)
    sys.exit(int(os.environ["CODE"]))
if name == "config":
    print('{{"active_symbols": ["TQQQ", "SQQQ"]}}')
elif "--list" in arguments:
    print("2025-10-09", "2025-10-10", "2025-10-13", sep="\n")
elif name == "warmup-multi":
    pathlib.Path(arguments[arguments.index("--output") + 1]).write_text("learned")
"""


class Comprehensive(ScriptTest):
    def setUp(self):
        super().setUp()
        self.fake = str(self.put("bin/python3", FAKE.format(python=sys.executable)))
        self.state = self.folder / "new folder" / "state.bin"

    def prepare(self, *arguments, **environment):
        return self.script("comprehensive_warmup_multi.sh", "--output", self.state, *arguments, SENTIO_CLI=self.fake,
                           CALLS=str(self.calls), PATH="%s:%s" % (self.folder / "bin", os.environ["PATH"]), **environment)

    def steps(self):
        return [call.split()[0] for call in self.called()]

    def test_the_steps_in_their_order(self):
        result = self.prepare("--data-dir", "my bars", "--days", "40", "--blocks", "3", "--source", "alpaca", "--env-file", "k.env",
                              "--exchange", "http://127.0.0.1:1", "--config", "a.json", "--config", "b.json")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.called(), [
            "config show --config a.json --config b.json",
            "data_downloader.py --symbols TQQQ,SQQQ --days 40 --output my bars --source alpaca --env-file k.env "
            "--exchange http://127.0.0.1:1",
            "extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 3 --data-dir my bars --list",
            "verify-data --symbols TQQQ,SQQQ --data-dir my bars --start-date 2025-10-09 --end-date 2025-10-13",
            "extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 3 --data-dir my bars --output TMP/warmup.csv",
            "warmup-multi --data TMP/warmup.csv --days 3 --end-date 2025-10-13 --output %s -q --config a.json --config b.json" % self.state])
        self.assertEqual(self.state.read_text(), "learned")
        self.assertIn("%s is for the session after 2025-10-13" % self.state, result.stdout)

    def test_a_date_ends_the_download_with_it(self):
        self.assertEqual(self.prepare("--date", "2025-10-14").returncode, 0)
        self.assertEqual(self.called()[1], "data_downloader.py --symbols TQQQ,SQQQ --days 30 --end-date 2025-10-14 --output data/equities")

    def test_a_date_and_no_download(self):
        self.assertEqual(self.prepare("--no-download", "--date", "2025-10-14").returncode, 0)
        self.assertEqual(self.steps(), ["config", "extract_warmup_multi.py", "verify-data", "extract_warmup_multi.py", "warmup-multi"])
        self.assertIn("--data-dir data/equities --date 2025-10-14 --output", self.called()[3])

    def test_each_failure_ends_it_with_its_code(self):
        steps = ["config", "data_downloader.py", "extract_warmup_multi.py", "verify-data", "extract_warmup_multi.py", "warmup-multi"]
        for step, code in (("config", 2), ("data_downloader.py", 4), ("extract_warmup_multi.py", 3), ("verify-data", 3), ("warmup-multi", 3)):
            with self.subTest(step):
                self.calls.unlink(missing_ok=True)
                result = self.prepare(FAILS=step, CODE=str(code))
                self.assertEqual(result.returncode, code)
                self.assertEqual(self.steps(), steps[:steps.index(step) + 1])
                self.assertIn(step + " says no\n", result.stderr)
                self.assertIn("failed with exit code %d; %s was not written\n" % (code, self.state), result.stderr)
                self.assertFalse(self.state.exists())

    def test_usage(self):
        for arguments, text in ((("--no-such", "x"), "unknown argument --no-such"), (("--date",), "--date needs a value"),
                                (("--blocks", "x"), "--blocks x is not a number")):
            result = self.prepare(*arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn(text, result.stderr)
        result = self.script("comprehensive_warmup_multi.sh", SENTIO_CLI="/no/such")
        self.assertEqual(result.returncode, 2)
        self.assertIn("build it with scripts/quickstart.sh", result.stderr)
        shown = self.script("comprehensive_warmup_multi.sh", "--help")
        self.assertEqual((shown.returncode, shown.stderr, self.called()), (0, "", []))
        self.assertTrue(shown.stdout.rstrip().endswith("SENTIO_CLI names another binary."), shown.stdout)


if __name__ == "__main__":
    unittest.main()
