"""quickstart.sh in a repository of its own, with cmake, the download and sentio_cli replaced by scripts that record their calls."""

import os
import pathlib
import shutil
import subprocess
import sys
import unittest

import support
from script_support import ScriptTest

SIX = ("TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY")
CLI = "#!/bin/sh\necho \"sentio_cli $*\" >>\"$CALLS\"\necho ' TRADING SESSION ANALYSIS REPORT'\nexit \"${MOCK_CODE:-0}\"\n"
RECORD = '#!/bin/sh\necho "$(basename "$0") $*" >>"$CALLS"\n'
# Python, which writes what data_downloader.py and the generator would leave.
PYTHON = """#!{python}
import os, pathlib, sys
generator = sys.argv[1] == "tools/generate_multi_symbol_data.py"
if not generator and sys.argv[1:3] != ["-B", "tools/data_downloader.py"]:
    os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
if generator:
    for symbol in ("TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"):
        file = pathlib.Path(sys.argv[sys.argv.index("--output") + 1], symbol + "_RTH_NH.csv")
        file.write_text("# SYNTHETIC\\ntimestamp,open\\n2025-10-14T15:59:00-04:00,1\\n")
    sys.exit()
with open(os.environ["CALLS"], "a") as calls:
    print("download", *sys.argv[3:], file=calls)
if "DOWNLOAD_CODE" in os.environ:
    sys.exit(int(os.environ["DOWNLOAD_CODE"]))
folder = pathlib.Path(sys.argv[sys.argv.index("--output") + 1])
folder.mkdir(exist_ok=True)
(folder / "manifest.json").write_text("{{}}")
for symbol in sys.argv[sys.argv.index("--symbols") + 1].split(","):
    (folder / (symbol + "_RTH_NH.csv")).write_text("timestamp,open\\n2026-11-27T12:59:00-05:00,1\\n")
"""
POLYGON, ALPACA = "POLYGON_API_KEY=S3CR3T", "ALPACA_PAPER_API_KEY=S3CR3T\nALPACA_PAPER_SECRET_KEY='S3CR3T'"


class QuickStart(ScriptTest):
    def setUp(self):
        super().setUp()
        self.root = self.folder / "repo sitory"
        for name in ("scripts", "tools/synthetic"):
            shutil.copytree(pathlib.Path(support.ROOT, name), self.root / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(pathlib.Path(support.ROOT, "tools", "last_session.py"), self.root / "tools")
        self.bars = self.root / "data" / "equities"
        self.bars.mkdir(parents=True)
        self.put("bin/cmake", RECORD)
        self.put("bin/dpkg-query", "#!/bin/sh\nprintf installed\n")
        self.put("bin/python3", PYTHON.format(python=sys.executable))
        (self.root / "scripts/setup_tools.sh").write_text("#!/bin/sh\nexit \"${SETUP_CODE:-0}\"\n")
        cli = self.root / "build/release/src/cli/sentio_cli"
        cli.parent.mkdir(parents=True)
        cli.write_text(CLI)
        cli.chmod(0o755)

    def start(self, *arguments, keys=None, **environment):
        if keys is not None:
            (self.root / "config.env").write_text(keys + "\n")
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SENTIO_", "ALPACA_", "POLYGON_", "MASSIVE_"))}
        result = subprocess.run([str(self.root / "scripts/quickstart.sh"), *arguments], cwd="/", capture_output=True, text=True,
                                stdin=subprocess.DEVNULL, env={**inherited, "PATH": "%s:%s" % (self.folder / "bin", os.environ["PATH"]),
                                                               "CALLS": str(self.calls), **environment})
        self.assertNotIn("S3CR3T", result.stdout + result.stderr + "".join(self.called()), "no key is ever shown or passed on")
        return result

    def downloads(self):
        return [call for call in self.called() if call.startswith("download")]

    def expect(self, result, *calls):
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([call for call in self.called() if not call.startswith("cmake")], list(calls))

    # ---- real bars

    def test_real_bars_are_downloaded_and_the_last_day_replayed(self):
        for keys in (POLYGON, "# mine\nexport MASSIVE_API_KEY=\"S3CR3T\"", ALPACA, "ALPACA_API_KEY=S3CR3T\nALPACA_SECRET_KEY=S3CR3T"):
            with self.subTest(keys):
                self.calls.unlink(missing_ok=True)
                result = self.start("--real", "--capital", "5000", keys=keys)
                self.expect(result, "download --symbols %s --days 30 --output data/equities" % ",".join(SIX),
                            "sentio_cli mock --date 2026-11-27 --data-dir data/equities --capital 5000")
                self.assertNotIn("SYNTHETIC", result.stdout)

    def test_keys_of_the_environment(self):
        self.assertEqual(self.start("--real", POLYGON_API_KEY="S3CR3T").returncode, 0)
        self.assertEqual(len(self.downloads()), 1)

    def test_without_keys_nothing_is_done_and_the_next_step_is_named(self):
        example = ((None, "cp config.env.example config.env"), (ALPACA.replace("S3CR3T", ""), "fill in config.env"),
                   ("ALPACA_PAPER_API_KEY=S3CR3T", "fill in config.env"), ("#" + POLYGON, "fill in config.env"),
                   ("POLYGON_API_KEY= # none yet", "fill in config.env"), ("POLYGON_API_KEY=''", "fill in config.env"))
        for keys, text in example:
            with self.subTest(keys):
                result = self.start("--real", keys=keys)
                self.assertEqual((result.returncode, result.stdout, result.stderr.count("\n")), (4, "", 1))
                self.assertIn("--real needs POLYGON_API_KEY, or ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY: " + text, result.stderr)
        self.assertEqual(self.called(), [])

    def test_a_download_that_fails_ends_it_with_its_code(self):
        for code in ("3", "4", "9"):
            result = self.start("--real", keys=POLYGON, DOWNLOAD_CODE=code)
            self.assertEqual(result.returncode, int(code))
        self.assertEqual(set(self.called()), {self.called()[0]}, "nothing is built for it")
        self.assertEqual(list(self.bars.iterdir()), [], "no synthetic bars instead")

    def test_packages_that_cannot_be_had_end_it(self):
        self.assertEqual(self.start("--real", keys=POLYGON, SETUP_CODE="1").returncode, 1)
        self.assertEqual(self.called(), [])

    def test_real_bars_never_lie_beside_made_up_ones(self):
        self.assertEqual(self.start().returncode, 0)
        made_up = {p.name: p.read_bytes() for p in self.bars.iterdir()}
        self.assertEqual(len(made_up), 6)
        result = self.start("--real", keys=POLYGON)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("the real ones go to data/real (--data-dir data/real)", result.stdout)
        self.assertTrue(self.downloads()[0].endswith("--output data/real"))
        self.assertEqual(self.called()[-1], "sentio_cli mock --date 2026-11-27 --data-dir data/real")
        self.assertEqual({p.name: p.read_bytes() for p in self.bars.iterdir()}, made_up)

    def test_a_second_time_downloads_into_the_same_folder(self):
        self.start("--real", keys=POLYGON)
        self.start("--real", keys=POLYGON)
        self.assertEqual(self.downloads()[0], self.downloads()[1])

    # ---- without it

    def test_without_real_all_is_as_it_was_whatever_keys_there_are(self):
        result = self.start("--capital", "5000", keys=POLYGON)
        self.expect(result, "sentio_cli mock --date 2025-10-14 --data-dir data/equities --capital 5000")
        self.assertIn("Making SYNTHETIC bars in data/equities", result.stdout)

    def test_the_exit_code_is_the_replays(self):
        self.assertEqual(self.start("--real", keys=POLYGON, MOCK_CODE="10").returncode, 10)

    def test_help_tells_of_it(self):
        shown = self.start("--help")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("--real downloads 30 sessions", shown.stdout)


if __name__ == "__main__":
    unittest.main()
