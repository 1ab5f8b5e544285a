"""Every command with a standard output that takes nothing: exit code 2 and one line on standard error."""

import json
import os
import subprocess
import unittest
import urllib.request

from support import CLI, DAY, ROOT, CliTest, Outcome, commands, environment, run

FULL = "/dev/full"
LINE = "sentio_cli: error: standard output: cannot be written: No space left on device"
KEYS = {"ALPACA_PAPER_API_KEY": "exchange-key", "ALPACA_PAPER_SECRET_KEY": "exchange-secret"}

# A new command gets a row: arguments with which it runs on this machine alone and prints something. `t` is the test:
# t.bars, t.logs, t.broker(), t.journal() and t.mocked() are there to be used.
COMMANDS = {
    "mock": lambda t: ("--date", DAY, "--warmup-days", 1, "--data-dir", t.bars, "--log-dir", t.logs),
    "live": lambda t: ("--paper", "--warmup-days", 1, "--data-dir", t.bars, "--log-dir", t.logs, *t.broker("--to", "09:33")),
    "live-trade": lambda t: ("--mock", "--mock-date", DAY, "--warmup-days", 1, "--data-dir", t.bars, "--log-dir", t.logs),
    "flatten": lambda t: ("--paper", "--log-dir", t.logs, *t.broker(*SHARES)),
    "warmup-multi": lambda t: ("--data", t.bars, "--days", 1, "--output", t.folder / "state.bin"),
    "features": lambda t: ("--symbol", "TQQQ", "--date", DAY, "--data-dir", t.bars),
    "learners": lambda t: ("--date", DAY, "--warmup-days", 1, "--data-dir", t.bars),
    "explain": lambda t: ("--date", DAY, "--time", "10:05", "--symbol", "TQQQ", "--warmup-days", 1, "--data-dir", t.bars),
    "config show": lambda t: (),
    "config check": lambda t: (),
    "replay": lambda t: ("--journal", t.journal()),
    "report": lambda t: ("--date", DAY, "--html", t.folder / "page.html", "--data-dir", t.bars, "--log-dir", t.mocked()),
    "analyze-mrd": lambda t: ("--date", DAY, "--log-dir", t.mocked()),
    "rehearse": lambda t: ("--date", DAY, "--to", "09:33", "--warmup-days", 1, "--data-dir", t.bars, "--log-dir", t.logs),
    "exchange-sim": lambda t: ("--date", DAY, "--port", 0, "--data-dir", t.bars),
    "doctor": lambda t: ("--paper", "--offline", "--data-dir", t.bars, "--log-dir", t.logs, "--env-file", "/dev/null"),
    "verify-data": lambda t: ("--all", "--data-dir", t.bars),
    "dashboard": lambda t: ("--port", 0, "--log-dir", t.logs),
    "status": lambda t: ("--positions", "--log-dir", t.logs, *t.broker()),
}
# A command that cannot be run here: its name and why.
EXCUSED = {}
# An exchange-sim in which time goes by and shares are held.
SHARES = ("--from", "10:00", "--speed", 60, "--fault", "foreign position TQQQ 10")


def verbs():
    """All that --help lists, "config show" for a command of commands."""
    for verb in commands():
        below = commands(verb)
        yield from (verb + " " + sub for sub in below) if below else (verb,)


class OutputTest(CliTest):
    def broker(self, *more):
        """Flags that name an exchange-sim of DAY; lock step unless told otherwise."""
        process = subprocess.Popen([CLI, "exchange-sim", "--date", DAY, "--port", "0", "--data-dir", str(self.bars), "--json",
                                    *map(str, more)], cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.wait, 60)
        self.addCleanup(process.terminate)
        self.url = json.loads(process.stdout.readline())["url"]
        return "--exchange", self.url, "--env-file", "/dev/null"

    def journal(self):
        outcome = run("rehearse", *COMMANDS["rehearse"](self), "-q")
        self.assertEqual(outcome.problems, [], outcome.err)
        return self.logs / "live_trading" / ("journal_%s.jsonl" % DAY)

    def mocked(self):
        outcome = run("mock", *COMMANDS["mock"](self), "-q")
        self.assertEqual(outcome.problems, [], outcome.err)
        return self.logs

    def held(self):
        request = urllib.request.Request(self.url + "/v2/positions", headers={"APCA-API-KEY-ID": "exchange-key",
                                                                              "APCA-API-SECRET-KEY": "exchange-secret"})
        with urllib.request.urlopen(request, timeout=60) as reply:
            return {p["symbol"]: p["qty"] for p in json.load(reply)}

    def run_on(self, out, *arguments) -> Outcome:
        done = subprocess.run([CLI, *map(str, arguments)], cwd=ROOT, env=environment(**KEYS), stdin=subprocess.DEVNULL,
                              stdout=out, stderr=subprocess.PIPE, timeout=300)
        return Outcome(done.returncode, "", done.stderr.decode())

    def run_on_full(self, *arguments) -> Outcome:
        with open(FULL, "wb") as out:
            return self.run_on(out, *arguments)

    def expect_told(self, outcome):
        self.assertEqual((outcome.code, outcome.problems), (2, [LINE]), outcome.err)


class EveryCommand(OutputTest):
    def test_each_has_a_row(self):
        listed = set(verbs())
        self.assertGreater(len(listed), 10)
        known = set(COMMANDS) | set(EXCUSED)
        self.assertEqual(listed - known, set(), "commands that no row of this file runs on a full device")
        self.assertEqual(known - listed, set(), "rows of commands that --help does not list")

    def test_each_notices(self):
        for verb, arguments in COMMANDS.items():
            with self.subTest(verb=verb):
                self.expect_told(self.run_on_full(*verb.split(), *arguments(self)))

    def test_json_too(self):
        for verb in ("mock", "learners", "explain", "replay", "rehearse", "exchange-sim", "status"):
            with self.subTest(verb=verb):
                self.expect_told(self.run_on_full(verb, *COMMANDS[verb](self), "--json"))

    def test_help_and_version(self):
        for words in (["--help"], ["--version"], *(verb.split() + ["--help"] for verb in verbs())):
            with self.subTest(words=words):
                outcome = self.run_on_full(*words)
                self.expect_told(outcome)
                self.assertEqual(outcome.err, LINE + "\n")


class MoreThanWords(OutputTest):
    def test_flatten_sells_all_the_same(self):
        self.expect_told(self.run_on_full("flatten", *COMMANDS["flatten"](self)))
        self.assertEqual(self.held(), {})

    def test_flatten_sells_although_its_reader_is_gone(self):
        arguments = COMMANDS["flatten"](self)
        self.assertEqual(self.held(), {"TQQQ": "10"})
        reader, writer = os.pipe()
        os.close(reader)
        self.addCleanup(os.close, writer)
        outcome = self.run_on(writer, "flatten", *arguments)
        self.assertEqual((outcome.code, outcome.err), (2, ""), "whoever hangs up needs no explanation")
        self.assertEqual(self.held(), {})

    def test_a_code_that_says_more_stays(self):
        outcome = self.run_on_full("status", "--positions", "--log-dir", self.logs, *self.broker(*SHARES[4:]))
        self.assertEqual((outcome.code, outcome.problems), (5, [LINE]), outcome.err)


if __name__ == "__main__":
    unittest.main()
