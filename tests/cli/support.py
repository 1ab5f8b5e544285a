"""Shared by the end-to-end tests of sentio_cli (the environment variable SENTIO_CLI names the binary)."""

import json
import os
import pathlib
import re
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest
from typing import Dict, List, NamedTuple, Optional

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
CLI = os.environ.get("SENTIO_CLI", str(ROOT / "build" / "src" / "cli" / "sentio_cli"))
SIX = ("SDS", "SPXL", "SQQQ", "SVXY", "TQQQ", "UVXY")  # of config/rotation_strategy.json
DAYS = ("2025-06-30", "2025-07-01", "2025-07-02", "2025-07-03")  # of the made-up bars; the last is a half day
DAY, HALF_DAY = DAYS[2], DAYS[3]
KINDS = ("signals", "decisions", "trades", "positions")


class Outcome(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def problems(self) -> List[str]:
        return [line for line in self.err.splitlines() if line.startswith("sentio_cli: error: ")]

    @property
    def warnings(self) -> List[str]:
        return [line for line in self.err.splitlines() if line.startswith("sentio_cli: warning: ")]


def environment(**more: str) -> Dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SENTIO_")}
    return {**kept, **more}


def run(*arguments, cwd=None, env: Optional[Dict[str, str]] = None, **popen) -> Outcome:
    done = subprocess.run([CLI, *map(str, arguments)], cwd=cwd or ROOT, env=env or environment(),
                          stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **popen)
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())


def commands(*of) -> List[str]:
    """The names of the commands that the help of `of` lists; none below a command that has no others."""
    _, heading, rest = run(*of, "--help").out.partition("Subcommands:\n")
    return [line.split()[0] for line in rest.split("\n\n")[0].splitlines() if line[2] != " "] if heading else []


def make_bars(folder, *more: str) -> pathlib.Path:
    """Six symbols over DAYS, unless `more` says otherwise."""
    command = [sys.executable, "-B", str(ROOT / "tools" / "generate_multi_symbol_data.py"), "--output", str(folder), "-q"]
    if "--end-date" not in more:
        command += ["--days", str(len(DAYS)), "--end-date", DAYS[-1]]
    subprocess.run([*command, *more], check=True)
    return pathlib.Path(folder)


def tree(folder) -> Dict[str, bytes]:
    """Every file below `folder`, hidden ones too, by relative path; but the operational log, which tells wall times."""
    folder = pathlib.Path(folder)
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*"))
            if p.is_file() and not p.match("sentio*.log")}


def json_lines(path) -> List[dict]:
    return [json.loads(line) for line in pathlib.Path(path).read_text().splitlines()]


NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:e-?\d+)?")


def numbers_of(text: str) -> List[float]:
    return [float(number.replace(",", "")) for number in NUMBER.findall(text)]


def expect_golden(test: unittest.TestCase, file: pathlib.Path, got: str) -> None:
    """`got` is the reviewed text of `file`, line by line. SENTIO_UPDATE_GOLDEN=1 rewrites it; read `git diff` then.

    Bytes are the same per instruction set only, so callers pin SENTIO_DISPATCH=baseline. A build for one processor
    (SENTIO_NATIVE=1) still rounds elsewhere: there words are the same, and numbers to a thousandth.
    """
    if os.environ.get("SENTIO_UPDATE_GOLDEN"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(got)
        return
    ours, theirs = got.splitlines(), file.read_text().splitlines()
    for number, (line, reviewed) in enumerate(zip(ours, theirs), start=1):
        where = "%s:%d; SENTIO_UPDATE_GOLDEN=1 if the change is intended" % (file.name, number)
        if os.environ.get("SENTIO_NATIVE") == "1" and line != reviewed:
            test.assertEqual(NUMBER.sub("#", line), NUMBER.sub("#", reviewed), where)
            for a, b in zip(numbers_of(line), numbers_of(reviewed)):
                test.assertLessEqual(abs(a - b), 1e-3 * max(1.0, abs(b)), where)
        else:
            test.assertEqual(line, reviewed, where)
    test.assertEqual(len(ours), len(theirs), file.name)


def limit_file_size(bytes_max: int):
    """For preexec_fn: writing beyond that fails as on a full disk."""

    def before_exec():
        # Python ignores SIGXFSZ and children inherit that; from a shell they get the default, death.
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
        resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_max, bytes_max))

    return before_exec


class CliTest(unittest.TestCase):
    """Bars once per class in self.bars (never changed), a folder of its own per test in self.folder."""

    bars: pathlib.Path

    @classmethod
    def setUpClass(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.bars = make_bars(pathlib.Path(shared.name) / "bars")

    def setUp(self):
        own = tempfile.TemporaryDirectory()
        self.addCleanup(own.cleanup)
        self.folder = pathlib.Path(own.name)
        self.logs = self.folder / "logs"
        self.results = self.logs / "mock_trading"

    def copy_bars(self) -> pathlib.Path:
        return pathlib.Path(shutil.copytree(self.bars, pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "bars"))

    def write(self, name: str, text: str) -> pathlib.Path:
        path = self.folder / name
        path.write_text(text)
        return path

    def mock(self, *arguments, bars=None, verb="mock", **more) -> Outcome:
        """A quick run: two days of warm-up unless the arguments say otherwise."""
        common = ["--data-dir", bars or self.bars, "--log-dir", self.logs]
        if "--warmup-days" not in arguments:
            common += ["--warmup-days", 2]
        return run(verb, *arguments, *common, **more)

    def expect_success(self, outcome: Outcome) -> Outcome:
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(outcome.err, "")
        return outcome

    def expect_refusal(self, outcome: Outcome, code: int, *problems: str, files_left: bool = False) -> None:
        """Exactly these problems, in any order, one line each; nothing on standard output; no file left behind.

        Each of `problems` is text that one line, and no other, must hold; alternatives cannot hide a second message.
        """
        self.assertEqual(outcome.code, code, outcome.err)
        self.assertEqual(outcome.out, "")
        self.assertEqual(outcome.err.splitlines(), outcome.problems, "a line that is not a problem")
        self.assertEqual(len(outcome.problems), len(problems), outcome.err)
        for text in problems:
            self.assertEqual(sum(text in line for line in outcome.problems), 1, "%r in\n%s" % (text, outcome.err))
        if not files_left:
            self.assertEqual(tree(self.logs) if self.logs.exists() else {}, {})
