"""`dashboard` without a browser: who is served, what is shown of replayed, rehearsed and restarted days, how it ends."""

import json
import pathlib
import re
import signal
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "live"))
from served import Dashboard  # noqa: E402
from day import KEY, SECRET, Exchange  # noqa: E402
from support import CLI, DAY, HALF_DAY, ROOT, CliTest, environment, json_lines, run, tree  # noqa: E402


class DashboardTest(CliTest):
    def dashboard(self, *more, **others):
        made = Dashboard(self.logs, *more, **others)
        self.addCleanup(lambda: made.process.poll() is None and made.stop())
        return made


class Process(DashboardTest):
    def test_one_line_then_it_serves_until_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number):
                dashboard = self.dashboard()
                self.assertEqual(dashboard.line, "dashboard of %s on %s\n" % (self.logs / "live_trading", dashboard.url))
                self.assertEqual(dashboard.answer("/")[0], 200)
                self.assertEqual(dashboard.stop(number), 0)
                self.assertEqual(dashboard.rest, ("", ""))

    def test_a_port_in_use_is_said(self):
        port = self.dashboard().port
        self.expect_refusal(run("dashboard", "--port", port, "--log-dir", self.logs), 2, "the port is in use")

    def test_flags_are_checked(self):
        for flags in (("--port", "70000"), ("--mode", "demo")):
            outcome = run("dashboard", *flags)
            self.assertEqual((outcome.code, len(outcome.problems)), (2, 1), outcome.err)
            self.assertIn(flags[0], outcome.problems[0])

    def test_only_this_machine_is_served(self):
        dashboard = self.dashboard()
        sockets = [line.split() for table in ("tcp", "tcp6") if pathlib.Path("/proc/net", table).exists()
                   for line in pathlib.Path("/proc/net", table).read_text().splitlines()[1:]]
        listening = [s[1] for s in sockets if s[3] == "0A" and s[1].endswith(":%04X" % dashboard.port)]
        self.assertEqual(listening, ["0100007F:%04X" % dashboard.port])
        for path in ("/", "/snapshot.json", "/events"):
            self.assertEqual(dashboard.answer(path, Host="rebound.example:%d" % dashboard.port)[0], 403)
            self.assertEqual(dashboard.answer(path, method="POST")[0], 405)
        for host in ("localhost:9999", "127.0.0.1:1", "localhost"):
            self.assertEqual(dashboard.answer(Host=host)[0], 200, "an ssh tunnel may begin at any port")
        for path in ("/status.json", "/../status.json", "/%2e%2e/%2e%2e/etc/passwd", "//etc/passwd"):
            self.assertEqual(dashboard.answer(path)[0], 404)

    def test_a_missing_folder_is_waited_for_and_not_made(self):
        self.assertEqual(self.dashboard().snapshot()["day"]["waiting"], "the folder is not there yet")
        self.assertFalse(self.logs.exists())


def documented(section):
    """The names in the user guide's row of a section."""
    for line in (ROOT / "docs" / "user-guide.md").read_text().splitlines():
        if line.startswith("| `%s` |" % section) or line.startswith("| `%s[]` |" % section):
            return set(re.findall(r"`(\w+)(?:\[\])?`", line))
    return set()


def names(value):
    """Of all members, at any depth."""
    if isinstance(value, list):
        return set().union(*map(names, value))
    return set(value).union(*map(names, value.values())) if isinstance(value, dict) else set()


class Days(DashboardTest):
    def test_a_replayed_day(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        before = tree(self.logs)
        dashboard = self.dashboard("--mode", "mock")
        seen = dashboard.wait(lambda s: s["day"]["date"] == DAY)
        book = json_lines(self.results / ("positions_%s.jsonl" % DAY))
        self.assertEqual(seen["equity"]["values"], [line["equity"] for line in book])
        self.assertEqual(seen["equity"]["minutes"], list(range(1, 391)))
        self.assertEqual(seen["equity"]["mrd"], book[-1]["mrd"])
        trades = json_lines(self.results / ("trades_%s.jsonl" % DAY))
        self.assertEqual(seen["trades"]["executions"], len(trades))
        self.assertAlmostEqual(seen["trades"]["pnl_usd"], sum(t["pnl"] for t in trades), 6)
        decisions = json_lines(self.results / ("decisions_%s.jsonl" % DAY))
        self.assertEqual(sum(seen["decisions"]["blocked"].values()), sum(d["action"] == "blocked" for d in decisions))
        self.assertEqual([r["symbol"] for r in seen["learners"]["rows"]], sorted(r["symbol"] for r in seen["signals"]["rows"]))
        self.assertEqual((seen["state"], seen["day"]["synthetic"], seen["learners"]["judged"]), (None, True, "close"))
        self.assertEqual(dashboard.stop(), 0)
        self.assertEqual(tree(self.logs), before, "the dashboard has written")

    def test_a_rehearsed_day_decides_the_same_and_shows_its_end(self):
        dashboard = self.dashboard()
        outcome = run("rehearse", "--date", HALF_DAY, "--warmup-days", 1, "--data-dir", self.bars, "--log-dir", self.logs, "-q")
        self.assertEqual(outcome.code, 0, outcome.err)
        # The last alert follows the state by a moment, and may be read one look later.
        seen = dashboard.wait(lambda s: s["state"] and s["state"]["state"] == "ended" and s["learners"]["judged"] == "close"
                              and s["alerts"][0]["text"].startswith("stopped: "))
        self.expect_success(run("mock", "--date", HALF_DAY, "--warmup-days", 1, "--data-dir", self.bars, "--log-dir", self.logs, "-q"))
        for kind in ("decisions", "positions"):
            name = "%s_%s.jsonl" % (kind, HALF_DAY)
            self.assertEqual((self.logs / "live_trading" / name).read_bytes(), (self.results / name).read_bytes())
        for section in sorted(set(seen) - {"version"}):
            shown = {key: value for key, value in seen[section].items() if key not in ("last", "blocked")} if isinstance(seen[section], dict) else seen[section]
            self.assertTrue(documented(section), section)
            self.assertEqual(names(shown) - documented(section), set(), "members of %s that the user guide does not name" % section)
        self.assertEqual(len(seen["equity"]["values"]), 210)
        self.assertEqual(seen["positions"]["rows"], [])
        self.assertEqual(seen["positions"]["stop_loss_pct"], 0.015)
        self.assertGreater(seen["latency"]["orders"]["sent"], 0)
        self.assertEqual(seen["latency"]["sets"]["count"], 210)
        self.assertEqual(seen["alerts"][0]["level"], "info", seen["alerts"])
        self.assertIn("stopped: %s ends: flat" % HALF_DAY, seen["alerts"][0]["text"])

    def test_a_day_that_is_killed_and_started_again(self):
        exchange = Exchange(self.bars, DAY, ("10:00", "11:00"), (), speed=60)
        self.addCleanup(exchange.close)
        command = [CLI, "live", "--paper", "--exchange", exchange.url, "--env-file", "/dev/null", "--data-dir", str(self.bars),
                   "--warmup-days", "2", "--log-dir", str(self.logs), "-q"]
        environ = environment(ALPACA_PAPER_API_KEY=KEY, ALPACA_PAPER_SECRET_KEY=SECRET)

        def live():
            process = subprocess.Popen(command, cwd=ROOT, env=environ, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL)
            self.addCleanup(process.wait, 60)
            self.addCleanup(process.kill)
            return process

        dashboard = self.dashboard(ALPACA_PAPER_API_KEY=KEY, ALPACA_PAPER_SECRET_KEY=SECRET)
        first = live()
        seen = dashboard.wait(lambda s: s["positions"] and s["positions"]["rows"] and s["state"])
        self.assertEqual((seen["state"]["pid"], seen["state"]["account"], seen["state"]["pace"]), (first.pid, "paper", 60))
        row = seen["positions"]["rows"][0]
        self.assertTrue(row["stop"] < row["avg_entry"] < row["target"], row)
        self.assertTrue(all(r["gate"] for r in seen["signals"]["rows"] if not r["passes"]), seen["signals"])
        first.kill()
        first.wait(60)
        points = len(dashboard.snapshot()["equity"]["values"])
        second = live()
        seen = dashboard.wait(lambda s: s["state"] and s["state"]["pid"] == second.pid and len(s["equity"]["values"]) > points)
        self.assertEqual(seen["equity"]["minutes"], list(range(1, len(seen["equity"]["minutes"]) + 1)), "each minute once")
        self.assertTrue([m for m in seen["alerts"] if m["text"].startswith("resumed after minute")], seen["alerts"])
        for secret in (KEY, SECRET):
            self.assertNotIn(secret.encode(), dashboard.answer()[1] + dashboard.answer("/")[1])


class Events(DashboardTest):
    def test_a_reader_is_sent_what_changes(self):
        folder = self.logs / "live_trading"
        folder.mkdir(parents=True)
        dashboard = self.dashboard()
        reader = subprocess.Popen([sys.executable, "-c", "import urllib.request, shutil, sys\n"
                                   "r = urllib.request.urlopen(sys.argv[1])\n"
                                   "for line in r: sys.stdout.buffer.write(line); sys.stdout.flush()", dashboard.url + "/events"],
                                  stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(reader.stdout.close)
        self.addCleanup(reader.wait, 60)
        self.addCleanup(reader.kill)

        def event():
            fields = {}
            for line in iter(reader.stdout.readline, b""):
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "event" in fields:
                    return fields["event"], json.loads(fields["data"])

        name, snapshot = event()
        self.assertEqual((name, snapshot["day"]["date"], snapshot["equity"]), ("snapshot", None, None))
        (folder / ("positions_%s.jsonl" % DAY)).write_text('{"ts":"%sT09:31:00-04:00","equity":5,"positions":[]}\n' % DAY)
        name, changes = event()
        self.assertEqual((name, changes["day"]["date"], changes["equity"]["values"]), ("changes", DAY, [5]))
        with open(folder / ("trades_%s.jsonl" % DAY), "w") as trades:
            trades.write('{"symbol":"A","side":"buy","pnl":0}\n')
        name, changes = event()
        self.assertEqual((name, sorted(changes), changes["trades"]["executions"]), ("changes", ["trades", "version"], 1))


if __name__ == "__main__":
    unittest.main()
