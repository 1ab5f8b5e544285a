"""`status`: health from status.json, and our book beside that of an exchange-sim in lock step."""

import fcntl
import json
import os
import subprocess
import threading
import time
import unittest

from support import CLI, DAY, ROOT, CliTest, environment, run, tree

KEY, SECRET = "exchange-key", "exchange-secret"
KEYS = {"ALPACA_PAPER_API_KEY": KEY, "ALPACA_PAPER_SECRET_KEY": SECRET}
NOW = DAY + "T13:25:00Z"  # the exchange-sim's time before its first bar: 09:25 in New York


def without_keys(**more):
    kept = {k: v for k, v in environment().items() if not k.startswith(("ALPACA_", "POLYGON_", "MASSIVE_"))}
    return {**kept, **more}


class StatusTest(CliTest):
    def setUp(self):
        super().setUp()
        self.live = self.logs / "live_trading"

    def exchange(self, *faults, cash=100_000):
        """A lock-step exchange-sim; returns its process and address."""
        command = [CLI, "exchange-sim", "--date", DAY, "--port", "0", "--data-dir", str(self.bars), "--history-days", "2",
                   "--cash", str(cash), "--json"]
        for fault in faults:
            command += ["--fault", fault]
        process = subprocess.Popen(command, cwd=ROOT, env=without_keys(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

        def stop():
            process.terminate()
            process.wait(20)
            process.stdout.close()

        self.addCleanup(stop)
        return process, json.loads(process.stdout.readline())["url"]

    def status(self, *arguments, keys=KEYS, env_file="none.env"):
        outcome = run("status", *arguments, "--log-dir", self.logs, "--env-file", self.folder / env_file,
                      env=without_keys(**keys))
        for secret in (KEY, SECRET, "S3CR3T"):
            self.assertNotIn(secret, outcome.out + outcome.err)
        return outcome

    def hold_lock(self, pid):
        """As the live process `pid` does while it runs."""
        self.live.mkdir(parents=True, exist_ok=True)
        lock = (self.live / "live.lock").open("a+")
        self.addCleanup(lock.close)
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        lock.write("%d\n" % pid)
        lock.flush()

    def say(self, pid, **changes):
        """Writes status.json as a live process would: well at 09:25, flat."""
        status = {"pid": pid, "account": "paper", "date": DAY, "state": "waiting", "written_at": NOW,
                  "started_at": DAY + "T13:20:00Z", "pace": 1, "last_bar": None, "minute": -1, "session_minutes": 390, "feed_up": True,
                  "stream_up": True, "entries_suspended": False, "maintenance": False, "breaker": False,
                  "cash": 100000.0, "cash_explained": 0, "cash_allowance": 0,
                  "equity": 100000.0, "capital": 100000.0, "positions": [], "orders_open": 0, "clock_skew_seconds": 0.0,
                  "unhealthy_symbols": [], "exit_note": "", **changes}
        self.live.mkdir(parents=True, exist_ok=True)
        staging = self.live / "staging"
        staging.write_text(json.dumps(status))
        os.replace(staging, self.live / "status.json")

    @staticmethod
    def hundred(symbol):
        return [{"symbol": symbol, "qty": 100, "avg_entry": 50.0, "mark": 51.0}]

    @staticmethod
    def bad_lines(outcome):
        return [line["name"] for line in json.loads(outcome.out)["health"] if not line["ok"]]


class Health(StatusTest):
    def test_a_process_that_runs_and_is_well(self):
        process, url = self.exchange()
        self.say(process.pid)
        self.hold_lock(process.pid)
        outcome = self.expect_success(self.status("--exchange", url))
        self.assertIn("✅ process       pid %d, paper, waiting, since 09:20\n" % process.pid, outcome.out)
        self.assertIn("✅ no positions", outcome.out)
        self.assertNotIn("❌", outcome.out)

    def test_what_is_unhealthy_is_marked_and_is_exit_3(self):
        process, url = self.exchange()
        self.say(process.pid, breaker=True, clock_skew_seconds=9.0, unhealthy_symbols=["UVXY"])
        self.hold_lock(process.pid)
        outcome = self.status("--health", "--exchange", url)
        self.assertEqual(outcome.code, 3)
        self.assertIn("❌ entries       STOPPED: circuit breaker\n", outcome.out)
        self.assertNotIn("own", outcome.out)
        outcome = self.status("--health", "--exchange", url, "--json")
        self.assertEqual((outcome.code, json.loads(outcome.out)["exit_code"]), (3, 3))
        self.assertEqual(self.bad_lines(outcome), ["entries", "clock", "learners"])

    def test_a_process_that_is_due_and_does_not_run(self):
        process, url = self.exchange()
        self.assertEqual(self.bad_lines(self.status("--health", "--json", "--exchange", url)), ["process"])
        self.say(process.pid, state="ended", exit_note="stopped by hand")
        outcome = self.status("--health", "--exchange", url)
        self.assertEqual(outcome.code, 3)
        self.assertIn("ended %s 09:25 (stopped by hand)" % DAY, outcome.out)

    def test_a_process_that_was_killed_does_not_run(self):
        process, url = self.exchange()
        self.say(process.pid)  # that number is taken, by a process without the lock
        outcome = self.status("--health", "--exchange", url)
        self.assertEqual(outcome.code, 3)
        self.assertIn("❌ process       does not run although the session needs it; the last one was killed", outcome.out)

    def test_a_process_that_has_written_nothing_yet(self):
        process, url = self.exchange()
        self.say(1, state="ended", breaker=True)
        self.hold_lock(process.pid)
        outcome = self.expect_success(self.status("--health", "--exchange", url))
        self.assertIn("✅ process       pid %d, no status yet\n" % process.pid, outcome.out)

    def test_it_needs_no_keys_and_writes_nothing(self):
        outcome = self.status("--health", "--json", keys={})
        self.assertIn(outcome.code, (0, 3))  # by the clock on the wall
        self.assertEqual(set(json.loads(outcome.out)), {"account", "now", "health", "exit_code"})
        self.assertEqual(tree(self.folder), {})

    def test_a_damaged_status_is_exit_3(self):
        self.live.mkdir(parents=True)
        (self.live / "status.json").write_text('{"pid":')
        self.expect_refusal(self.status("--health", keys={}), 3, "status.json: is not JSON", files_left=True)


class Positions(StatusTest):
    def test_a_foreign_position_is_a_difference(self):
        _, url = self.exchange("foreign position TQQQ 100")
        outcome = self.status("--positions", "--exchange", url)
        self.assertEqual((outcome.code, outcome.err), (5, ""))
        self.assertRegex(outcome.out, r"❌ TQQQ +0 +100  DIFFERS\n")
        self.assertNotIn("process", outcome.out)
        outcome = self.status("--exchange", url, "--json")
        told = json.loads(outcome.out)
        self.assertEqual((outcome.code, told["exit_code"]), (5, 5))
        self.assertEqual(told["positions"], [{"symbol": "TQQQ", "own": 0, "broker": 100, "instrument": True, "ok": False}])
        self.assertEqual(told["cash"], {"own": None, "broker": 100000, "explained": 0, "allowance": 0})

    def test_a_position_that_both_know_is_fine(self):
        process, url = self.exchange("foreign position TQQQ 100")
        self.say(process.pid, positions=self.hundred("TQQQ"), cash=99000.5)
        self.hold_lock(process.pid)
        outcome = self.expect_success(self.status("--exchange", url))
        self.assertRegex(outcome.out, r"✅ TQQQ +100 +100\n +cash +99000.50 +100000.00  own less broker's: -999.50; the account's activities say why\n")
        self.assertIn("own book: status.json of pid %d" % process.pid, outcome.out)

    def test_a_fill_while_looking_is_no_difference(self):
        process, url = self.exchange("foreign position TQQQ 100")
        self.say(process.pid)
        self.hold_lock(process.pid)
        later = threading.Timer(1, lambda: self.say(process.pid, positions=self.hundred("TQQQ")))
        later.start()
        self.addCleanup(later.join)
        self.expect_success(self.status("--positions", "--exchange", url))

    def test_a_difference_that_stays_is_one(self):
        process, url = self.exchange()
        self.say(process.pid, positions=self.hundred("SQQQ"))
        self.hold_lock(process.pid)
        started = time.monotonic()
        outcome = self.status("--positions", "--exchange", url)
        self.assertEqual(outcome.code, 5)
        self.assertGreater(time.monotonic() - started, 5)
        self.assertRegex(outcome.out, r"❌ SQQQ +100 +0  DIFFERS\n")

    def test_without_a_process_the_days_journal_counts(self):
        rehearsed = run("rehearse", "--date", DAY, "--to", "10:00", "--warmup-days", 2, "--data-dir", self.bars, "--log-dir",
                        self.logs, "-q", env=without_keys())
        self.assertEqual(rehearsed.code, 0, rehearsed.err)
        last = json.loads((self.live / ("positions_%s.jsonl" % DAY)).read_text().splitlines()[-1])
        held = {p["symbol"]: p["qty"] for p in last["positions"]}
        self.assertTrue(held, "the made-up bars make it buy something by 10:00")
        _, url = self.exchange(*("foreign position %s %d" % (s, q) for s, q in held.items()))
        outcome = self.expect_success(self.status("--positions", "--json", "--exchange", url))
        told = json.loads(outcome.out)
        self.assertEqual(told["own_source"], "journal_%s.jsonl" % DAY)
        self.assertEqual({p["symbol"]: p["own"] for p in told["positions"]}, held)
        self.assertAlmostEqual(told["cash"]["own"], last["cash"], places=2)

    def test_another_accounts_status_is_left_aside(self):
        process, url = self.exchange()
        self.say(process.pid, account="real", positions=self.hundred("TQQQ"))
        self.hold_lock(process.pid)
        outcome = self.status("--positions", "--exchange", url)
        self.assertEqual(outcome.code, 0)
        self.assertEqual(len(outcome.warnings), 1)
        self.assertIn("is of the real account, not of paper", outcome.warnings[0])
        self.assertIn("nothing recorded today", outcome.out)


class Broker(StatusTest):
    def test_missing_keys_are_exit_4_only_where_positions_were_asked_for(self):
        outcome = self.status("--positions", keys={})
        self.assertEqual(outcome.code, 4)
        self.assertEqual(len(outcome.problems), 1)
        self.assertIn("ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY: are not set; cp config.env.example", outcome.err)
        outcome = self.status(keys={})
        self.assertIn(outcome.code, (0, 3))  # by the clock on the wall
        self.assertIn("not asked: ALPACA_PAPER_API_KEY", outcome.out)

    def test_refused_keys_are_exit_4(self):
        _, url = self.exchange()
        outcome = self.status("--exchange", url, keys={**KEYS, "ALPACA_PAPER_SECRET_KEY": "S3CR3T"})
        self.assertEqual(outcome.code, 4)
        self.assertIn("❌ broker        cannot be asked\n", outcome.out)
        self.assertIn("are these the keys of the paper account?", outcome.err)

    def test_a_broker_that_is_not_there_is_exit_4(self):
        process, url = self.exchange()
        process.terminate()
        process.wait(20)
        outcome = self.status("--positions", "--exchange", url, "--json")
        self.assertEqual(outcome.code, 4)
        told = json.loads(outcome.out)
        self.assertEqual(told["cash"], {"own": None, "broker": None, "explained": 0, "allowance": 0})
        self.assertIn("cannot be reached", told["broker_problem"])

    def test_keys_from_a_file_that_others_can_read(self):
        _, url = self.exchange()
        file = self.write("keys.env", "ALPACA_PAPER_API_KEY=%s\nALPACA_PAPER_SECRET_KEY=%s\nALPACA_API_KEY=%s\n"
                          "ALPACA_SECRET_KEY=%s\n" % (KEY, SECRET, KEY, SECRET))
        file.chmod(0o644)
        outcome = self.status("--positions", "--exchange", url, keys={}, env_file="keys.env")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(len(outcome.warnings), 1)
        self.assertIn("chmod 600", outcome.err)
        outcome = self.status("--real", "--positions", "--exchange", url, keys={}, env_file="keys.env")
        self.expect_refusal(outcome, 2, "chmod 600")
        file.chmod(0o600)
        self.expect_success(self.status("--real", "--positions", "--exchange", url, keys={}, env_file="keys.env"))

    def test_keys_go_to_no_other_machine(self):
        self.expect_refusal(self.status("--positions", "--exchange", "http://192.0.2.1:80"), 2, "--exchange: must be on this machine")
        outcome = self.status("--paper", "--real")
        self.assertEqual((outcome.code, outcome.out), (2, ""))


if __name__ == "__main__":
    unittest.main()
