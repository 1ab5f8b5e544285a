"""launch_trading.sh with sentio_cli replaced: what is checked first, what is passed on, and what ends a start."""

import os
import pty
import signal
import subprocess
import time
import unittest

from script_support import SCRIPTS, ScriptTest

# Says its words one a line; "config show" answers as the binary does.
FAKE_CLI = r"""#!/bin/bash
{ printf '%s' "$1"; for word in "${@:2}"; do printf ' [%s]' "$word"; done; echo; } >>"$CALLS"
case "$1 $2" in
  "config show") echo '{"active_symbols": ["TQQQ", "SQQQ"]}' ;;
  "config check") echo "ok: all" ;;
esac
case " $FAILS " in *" $1 "*) echo "$1 says no" >&2; exit "$CODE" ;; esac
[ "$1" != live ] || eval "$LIVE"
"""
OLD_S = 40 * 86400


class Launch(ScriptTest):
    def setUp(self):
        super().setUp()
        self.logs = self.folder / "lo gs"
        self.cli = self.put("cli", FAKE_CLI)
        self.common = ("--log-dir", self.logs, "--backup-dir", self.folder / "backups")

    def environment(self, **more):
        return {"SENTIO_CLI": str(self.cli), "CALLS": str(self.calls), **more}

    def launch(self, *arguments, **environment):
        return self.script("launch_trading.sh", *arguments, *self.common, **self.environment(**environment))

    def verbs(self):
        return [call.split()[0] for call in self.called()]

    def old_log(self, name):
        file = self.logs / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(name)
        os.utime(file, (time.time() - OLD_S,) * 2)
        return file

    # ---- mock

    def bars(self, last):
        folder = self.folder / "bars"
        folder.mkdir()
        for symbol in ("TQQQ", "SQQQ"):
            (folder / (symbol + "_RTH_NH.csv")).write_text("timestamp,open\n%sT15:59:00-04:00,1\n" % last)
        return folder

    def test_mock_takes_the_last_day_of_the_bars(self):
        result = self.launch("mock", "--config", "a b.json", "--data-dir", self.bars("2025-10-14"))
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(self.called()[:2], ["config [check] [--config] [a b.json]", "config [show] [--config] [a b.json]"])
        self.assertEqual(self.called()[2], "mock [--date] [2025-10-14] [--config] [a b.json] [--data-dir] [%s/bars] [--log-dir] [%s]"
                         % (self.folder, self.logs))
        self.assertEqual(result.stdout, "", "standard output is the binary's")
        self.assertIn("sentio_cli mock --date 2025-10-14", result.stderr)

    def test_mock_of_a_named_day_needs_no_look_at_the_bars(self):
        for day in (("--date", "2025-10-13"), ("--date=2025-10-13",), ("--start-date", "2025-10-01", "--end-date", "2025-10-13")):
            self.assertEqual(self.launch("mock", *day, "--speed", "39").returncode, 0)
            self.assertTrue(self.called()[-1].startswith("mock " + " ".join("[%s]" % word for word in day)), self.called()[-1])
        self.assertNotIn("config [show]", " ".join(self.called()))

    def test_mock_stops_where_the_configuration_or_the_bars_are_not_there(self):
        self.assertEqual(self.launch("mock", "--data-dir", self.folder / "none").returncode, 3)
        result = self.launch("mock", "--date", "2025-10-14", FAILS="config", CODE="2")
        self.assertEqual((result.returncode, result.stderr), (2, "config says no\n"))
        self.assertNotIn("mock", self.verbs())

    # ---- paper

    def test_paper_asks_doctor_with_the_flags_they_share(self):
        result = self.launch("paper", "--symbols", "A", "B", "--feed", "polygon", "--env-file=k.env", "--adopt", "--warmup-days", "5",
                             "--alert-cmd", "tell me")
        self.assertEqual(result.returncode, 0, result.stderr)
        doctor, live = self.called()
        logs = "[--log-dir] [%s]" % self.logs
        self.assertEqual(doctor, "doctor [--paper] [--symbols] [A] [B] [--env-file=k.env] [--warmup-days] [5] " + logs)
        self.assertEqual(live, "live [--paper] [--symbols] [A] [B] [--feed] [polygon] [--env-file=k.env] [--adopt] [--warmup-days] [5] "
                         "[--alert-cmd] [tell me] " + logs)

    def test_whatever_doctor_refuses_ends_the_start_with_its_code(self):
        for code in ("2", "3", "4", "5", "8", "9"):
            result = self.launch("paper", FAILS="doctor", CODE=code)
            self.assertEqual(result.returncode, int(code))
            self.assertIn("not started: doctor ended with exit code " + code, result.stderr)
        self.assertEqual(set(self.verbs()), {"doctor"})

    def test_adopt_is_for_exit_5_only(self):
        self.assertEqual(self.launch("paper", "--adopt", FAILS="doctor", CODE="5").returncode, 0)
        self.assertEqual(self.verbs(), ["doctor", "live"])
        self.assertEqual(self.launch("paper", "--adopt", FAILS="doctor", CODE="4").returncode, 4)
        self.assertEqual(self.verbs(), ["doctor", "live", "doctor"])

    def test_the_days_exit_code_is_the_scripts(self):
        for code in ("6", "7"):
            self.assertEqual(self.launch("paper", FAILS="live", CODE=code).returncode, int(code))

    def test_signals_reach_the_binary(self):
        said = self.folder / "said"
        live = "trap 'echo stopped >>\"%s\"; exit 7' TERM; echo $$ >>\"%s\"; while :; do sleep 0.05; done" % (said, said)
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SENTIO_")}
        process = subprocess.Popen([str(SCRIPTS / "launch_trading.sh"), "paper", *map(str, self.common)], stderr=subprocess.DEVNULL,
                                   env={**inherited, **self.environment(LIVE=live)}, stdin=subprocess.DEVNULL)
        try:
            while not (said.exists() and said.read_text().endswith("\n")):
                self.assertIsNone(process.poll())
                time.sleep(0.02)
            self.assertEqual(int(said.read_text()), process.pid, "the binary took the script's place")
            process.send_signal(signal.SIGTERM)
            self.assertEqual(process.wait(60), 7)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        self.assertTrue(said.read_text().endswith("stopped\n"))

    # ---- real

    def test_real_without_a_terminal_needs_both_words(self):
        for arguments, environment in (((), {}), ((), {"SENTIO_REAL_TRADING": "yes"}), (("--yes-real-money",), {}),
                                       (("--yes-real-money",), {"SENTIO_REAL_TRADING": "no"})):
            result = self.launch("real", *arguments, **environment)
            self.assertEqual(result.returncode, 2)
            self.assertIn("SENTIO_REAL_TRADING=yes", result.stderr)
        self.assertEqual(self.called(), [], "nobody was asked")
        self.assertEqual(self.launch("real", "--yes-real-money", SENTIO_REAL_TRADING="yes").returncode, 0)
        doctor, live = self.called()
        self.assertTrue(doctor.startswith("doctor [--real] [--log-dir]"), doctor)
        self.assertTrue(live.startswith("live [--real] [--yes] [--log-dir]"), live)

    def test_a_dry_run_needs_neither(self):
        self.assertEqual(self.launch("real", "--dry-run").returncode, 0)
        self.assertTrue(self.called()[-1].startswith("live [--real] [--dry-run]"), self.called()[-1])

    def test_doctor_stands_before_real_money(self):
        result = self.launch("real", "--yes-real-money", SENTIO_REAL_TRADING="yes", FAILS="doctor", CODE="4")
        self.assertEqual((result.returncode, self.verbs()), (4, ["doctor"]))

    def test_on_a_terminal_the_binary_itself_asks(self):
        ours, theirs = pty.openpty()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("SENTIO_")}
        try:
            done = subprocess.run([str(SCRIPTS / "launch_trading.sh"), "real", *map(str, self.common)], stdin=theirs, capture_output=True,
                                  env={**inherited, **self.environment(LIVE='[ -t 0 ] && echo "a terminal"')}, text=True)
        finally:
            os.close(ours)
            os.close(theirs)
        self.assertEqual((done.returncode, done.stdout), (0, "a terminal\n"), done.stderr)
        self.assertNotIn("--yes", self.called()[-1])

    # ---- logs

    def test_old_logs_are_packed_and_go_but_never_state_latch_or_journal(self):
        names = ("warmup_state_2025-01-02.bin", "breaker_2025-01-02.json", "journal_2025-01-02.jsonl", "journal_2025-01-03.jsonl",
                 "runs.jsonl", "live.lock", ".maintenance_mode")
        for name in (*names, "signals_2025-01-02.jsonl"):
            self.old_log(name)
        (self.logs / "signals_new.jsonl").write_text("new")
        result = self.launch("paper")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual({p.name for p in self.logs.iterdir()}, {*names, "signals_new.jsonl"})
        self.assertIn("launch_trading.sh: logs: packed 1 files", result.stderr)
        self.assertIn("logs: nothing new to pack; deleted 0 files", self.launch("paper").stderr)
        self.assertEqual(len(list((self.folder / "backups").iterdir())), 1)

    def test_logs_that_cannot_be_packed_stop_nothing(self):
        self.old_log("signals_2025-01-02.jsonl")
        (self.folder / "backups").write_text("a file where the folder should be")
        result = self.launch("paper")
        self.assertEqual((result.returncode, self.verbs()), (0, ["doctor", "live"]))
        self.assertIn("(logs stay as they are)", result.stderr)
        self.assertTrue((self.logs / "signals_2025-01-02.jsonl").exists())

    def test_a_start_that_is_refused_moves_nothing(self):
        file = self.old_log("signals_2025-01-02.jsonl")
        self.launch("paper", FAILS="doctor", CODE="9")
        self.assertTrue(file.exists())

    # ---- usage

    def test_usage(self):
        for arguments in ((), ("live",), ("--paper",)):
            result = self.script("launch_trading.sh", *arguments)
            self.assertEqual((result.returncode, result.stdout), (2, ""))
            self.assertIn("mock|paper|real", result.stderr)
        for arguments, text in ((("paper", "--yes-real-money"), "is for real"), (("paper", "--backup-dir"), "needs a value"),
                                (("paper", "--log-dir"), "needs a value")):
            result = self.script("launch_trading.sh", *arguments, **self.environment())
            self.assertEqual(result.returncode, 2)
            self.assertIn(text, result.stderr)
        self.assertIn("there is no /no/such", self.script("launch_trading.sh", "paper", SENTIO_CLI="/no/such").stderr)
        shown = self.script("launch_trading.sh", "--help")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("SENTIO_CLI names another binary.", shown.stdout)


if __name__ == "__main__":
    unittest.main()
