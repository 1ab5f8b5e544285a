"""Live days in lock step: an exchange-sim as one process, `live --paper` as another that is killed and started again."""

import collections
import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from support import CLI, DAY, HALF_DAY, ROOT, SIX, CliTest, Outcome, environment, json_lines, run  # noqa: E402

KEYS = {"ALPACA_PAPER_API_KEY": "exchange-key", "ALPACA_PAPER_SECRET_KEY": "exchange-secret"}
CONFIG = ["--config", ROOT / "config" / "rotation_strategy.json", "--symbols-config", ROOT / "config" / "symbols.json"]
MINUTES = {DAY: 390, HALF_DAY: 210}
LONGEST = 120  # seconds that anything may take on a busy machine


def keys(**more):
    kept = {k: v for k, v in environment().items() if not k.startswith(("ALPACA_", "POLYGON_", "MASSIVE_"))}
    return {**kept, **KEYS, **more}


def wait_until(condition, what, seconds=LONGEST):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise AssertionError("still waiting for " + what)
        time.sleep(0.002)


class Exchange:
    """A running exchange-sim and its book."""

    def __init__(self, bars, date, *faults, speed=0, start=None, end=None, cash=100_000):
        self.date = date
        command = [CLI, "exchange-sim", "--date", date, "--port", "0", "--data-dir", bars, "--history-days", 2, "--json",
                   "--speed", speed, "--cash", cash, *CONFIG]
        command += ["--from", start] if start else []
        command += ["--to", end] if end else []
        for fault in faults:
            command += ["--fault", fault]
        self.process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE)
        self.url = json.loads(self.process.stdout.readline())["url"]

    def stop(self):
        self.process.terminate()
        self.process.wait(LONGEST)
        self.process.stdout.close()

    def get(self, path, method="GET", body=None, **query):
        if query:
            path += "?" + urllib.parse.urlencode(query)
        request = urllib.request.Request(self.url + path, method=method, data=json.dumps(body).encode() if body else None)
        request.add_header("APCA-API-KEY-ID", KEYS["ALPACA_PAPER_API_KEY"])
        request.add_header("APCA-API-SECRET-KEY", KEYS["ALPACA_PAPER_SECRET_KEY"])
        for _ in range(60):
            try:
                with urllib.request.urlopen(request, timeout=LONGEST) as reply:
                    return json.loads(reply.read() or b"null")
            except urllib.error.HTTPError as refused:  # the minute's quota: not what is tested
                if refused.code != 429:
                    raise
                time.sleep(0.25)
        raise AssertionError(path + ": the quota does not end")

    def orders(self, status="all"):
        found, after = [], self.date + "T00:00:00Z"
        while True:
            page = self.get("/v2/orders", status=status, limit=500, direction="asc", after=after)
            found += [o for o in page if o["id"] not in {f["id"] for f in found}]
            if len(page) < 500:
                return found
            after = page[-1]["submitted_at"]

    def fills(self):
        found, token = [], {}
        while True:
            page = self.get("/v2/account/activities/FILL", direction="asc", page_size=100, **token)
            found += page
            if len(page) < 100:
                return found
            token = {"page_token": page[-1]["id"]}

    def held(self):
        return {p["symbol"]: float(p["qty"]) for p in self.get("/v2/positions")}

    def cash(self):
        return float(self.get("/v2/account")["cash"])

    def time(self):
        """New York, "15:58:00"."""
        return self.get("/v2/clock")["timestamp"][11:19]

    def await_time(self, clock):
        wait_until(lambda: self.time() >= clock, clock)

    def buy_as_live(self, symbol, shares, **more):
        """An order as the live process would have named it."""
        day, at = self.date.replace("-", ""), self.time()[:5].replace(":", "")
        self.get("/v2/orders", "POST", {"symbol": symbol, "qty": str(shares), "side": "buy", "type": "market", "time_in_force": "day",
                                        "client_order_id": "sen-%s-%s-%s-B-0" % (day, at, symbol), **more})


class RestartTest(CliTest):
    def setUp(self):
        super().setUp()
        self.live = self.logs / "live_trading"
        self.alerts = self.folder / "alerts.txt"
        self.alert_command = self.write("alert.sh", '#!/bin/sh\n{ echo "[$SENTIO_ALERT_TITLE]"; cat; echo; } >> "%s"\n' % self.alerts)
        self.alert_command.chmod(0o755)
        self.date = DAY
        self.counted = 0, 0

    def exchange(self, *faults, **options):
        exchange = Exchange(self.bars, self.date, *faults, **options)
        self.addCleanup(exchange.stop)
        return exchange

    # ---- files ----------------------------------------------------------------------------------

    def file(self, stem, extension="jsonl"):
        return self.live / ("%s_%s.%s" % (stem, self.date, extension))

    @property
    def journal(self):
        return self.file("journal")

    def journal_lines(self):
        """Counts what is new since the last look: this is asked a thousand times a second."""
        try:
            with self.journal.open("rb") as file:
                size = os.fstat(file.fileno()).st_size
                counted, lines = self.counted if self.counted[0] <= size else (0, 0)
                file.seek(counted)
                new = file.read()
        except FileNotFoundError:
            return 0
        self.counted = counted + len(new), lines + new.count(b"\n")
        return self.counted[1]

    def log_text(self):
        return self.file("session", "log").read_text()

    def alert_text(self):
        return self.alerts.read_text() if self.alerts.exists() else ""

    def events(self, kind):
        return [e for e in json_lines(self.journal)[1:] if e.get("event") == kind]

    # ---- the live process -----------------------------------------------------------------------

    def command(self, exchange, *more, verb="live"):
        common = [CLI, verb, "--paper", "--exchange", exchange.url, "--env-file", self.folder / "none.env", "--log-dir", self.logs]
        if verb == "live":
            common += ["--data-dir", self.bars, "-q", "--alert-cmd", self.alert_command]
            common += [] if "--warmup-days" in more else ["--warmup-days", 2]
        if verb != "status" and "--config" not in more:
            common += CONFIG
        return [str(word) for word in [*common, *more]]

    def start(self, exchange, *more, verb="live", **popen):
        """Not waited for; ended with the test, whatever becomes of it."""
        process = subprocess.Popen(self.command(exchange, *more, verb=verb), cwd=self.folder, env=keys(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, **popen)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        if process.poll() is None:
            process.kill()
        process.communicate()

    @staticmethod
    def outcome(process):
        out, err = process.communicate(timeout=LONGEST)
        return Outcome(process.returncode, out.decode(), err.decode())

    def run_live(self, exchange, *more, **popen):
        return self.outcome(self.start(exchange, *more, **popen))

    # At many times real time a moment's delay makes the simulated clock look wrong, and the start is refused.

    @staticmethod
    def hurried(outcome):
        return outcome.code == 4 and "clock: this machine's clock is" in outcome.err

    def start_in_real_time(self, exchange, *more):
        """Returns once it trades."""
        status = self.live / "status.json"
        for _ in range(20):
            process = self.start(exchange, *more)
            wait_until(lambda: process.poll() is not None or status.exists() and '"pid":%d,' % process.pid in status.read_text(),
                       "the start")
            if process.poll() is None:
                return process
            outcome = self.outcome(process)
            self.assertTrue(self.hurried(outcome), outcome)
        raise AssertionError("the machine is too busy")

    def run_in_real_time(self, exchange, *more):
        outcome = self.run_live(exchange, *more)
        for _ in range(20):
            if not self.hurried(outcome):
                break
            outcome = self.run_live(exchange, *more)
        return outcome

    def kill_at(self, process, lines):
        """kill -9 once the journal has that many lines, and more than now; whether it came to that."""
        lines = max(lines, self.journal_lines() + 1)
        while process.poll() is None:
            if self.journal_lines() >= lines:
                process.kill()
                process.wait(LONGEST)
                return True
            time.sleep(0.001)
        return False

    def ended(self):
        """The journal says that nothing is left to be done: a restart then leaves the day alone."""
        return b'"note":"ended"' in self.journal.read_bytes()

    def has_minute(self, minute):
        """The journal holds that set."""
        return self.journal.exists() and b'"minute":%d,"observe_only"' % minute in self.journal.read_bytes()

    def kill_after_minute(self, process, minute):
        """kill -9 as soon as the journal holds that set, which it did not before; whether it came to that."""
        while process.poll() is None:
            if self.has_minute(minute):
                process.kill()
                process.wait(LONGEST)
                return True
            time.sleep(0.001)
        return False

    def await_lines(self, process, lines):
        wait_until(lambda: self.journal_lines() >= lines or process.poll() is not None, "%d journal lines" % lines)
        self.assertIsNone(process.poll(), "ended before journal line %d" % lines)

    # ---- what must hold afterwards ----------------------------------------------------------------

    def held_in_file(self):
        """By the last whole line of positions_D.jsonl."""
        if not self.file("positions").exists():
            return {}
        whole = [line for line in self.file("positions").read_text().splitlines(keepends=True) if line.endswith("\n")]
        return {p["symbol"]: p["qty"] for p in json.loads(whole[-1])["positions"]} if whole else {}

    def await_positions(self, process, lines=0):
        """Until shares are held, and the journal has that many lines."""
        wait_until(lambda: process.poll() is not None or self.journal_lines() >= lines and self.held_in_file(), "a position")
        self.assertIsNone(process.poll(), "the day was over first")

    def expect_replay(self):
        done = subprocess.run([CLI, "replay", "--journal", str(self.journal)], cwd=ROOT, env=environment(), capture_output=True)
        self.assertEqual(done.returncode, 0, done.stderr.decode())
        self.assertIn("identical", done.stdout.decode())
        return done.stdout.decode()

    def expect_books_agree(self, exchange):
        """Each order once; the exchange's executions are trades_D.jsonl; net zero; cash within fees and a cent."""
        orders = exchange.orders()
        ids = [o["client_order_id"] for o in orders]
        self.assertEqual(len(ids), len(set(ids)), "an order was sent twice")
        names = {o["id"]: o["client_order_id"] for o in orders}
        theirs, ours, net = collections.Counter(), collections.Counter(), collections.Counter()
        for fill in exchange.fills():
            theirs[names[fill["order_id"]]] += float(fill["qty"])
            net[fill["symbol"]] += float(fill["qty"]) * (1 if fill["side"] == "buy" else -1)
        trades = json_lines(self.file("trades"))
        for trade in trades:
            ours[trade["order_id"]] += trade["qty"]
        self.assertEqual(theirs, ours)
        self.assertEqual({s: q for s, q in net.items() if q}, {})
        self.assertEqual(exchange.held(), {})
        own = json.loads((self.live / "status.json").read_text())["cash"]
        self.assertLessEqual(abs(exchange.cash() - own), sum(t["fees"] for t in trades) + 0.011)
        return orders

    def expect_whole_files(self):
        """Every minute once in every file, and nothing decided twice."""
        minutes = MINUTES[self.date]
        positions = [p["ts"] for p in json_lines(self.file("positions"))]
        self.assertEqual(len(positions), minutes)
        self.assertEqual(positions, sorted(set(positions)))
        signals = [(s["ts"], s["symbol"]) for s in json_lines(self.file("signals"))]
        self.assertEqual(len(signals), minutes * len(SIX))
        self.assertEqual(len(set(signals)), len(signals))
        decisions = collections.Counter((d["ts"], d["symbol"], d["action"]) for d in json_lines(self.file("decisions")))
        self.assertEqual([key for key, times in decisions.items() if times > 1], [])

    def expect_good_day(self, exchange, outcome, restarts):
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertNotIn("ends early", self.expect_replay())
        self.expect_books_agree(exchange)
        self.expect_whole_files()
        self.assertEqual(self.log_text().count("resumed after minute"), restarts, self.log_text()[-600:])
        self.assertIn("the day ends: flat", self.log_text())
