"""A `live` process against an exchange-sim process: real sockets, real TLS, keys that must never be seen again."""

import json
import os
import pathlib
import shutil
import ssl
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from typing import Dict, List, Optional

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from support import CLI, DAY, DAYS, ROOT, Outcome, environment, json_lines, make_bars, run  # noqa: E402

KEY, SECRET = "exchange-key", "exchange-secret"
WRONG = "S3CR3T-wrong"
KEYS = {"ALPACA_PAPER_API_KEY": KEY, "ALPACA_PAPER_SECRET_KEY": SECRET}
REAL_KEYS = {"ALPACA_API_KEY": KEY, "ALPACA_SECRET_KEY": SECRET}
WARM_UP = 2  # sessions; the made-up bars begin two before DAY
UNTIL = "09:45"  # of a short window
NOISE = ("terminate called", "what():", "Traceback", "std::", "boost", "asio", "curl", "(nil)", "errno", "nullptr", "{\"")


def without_keys(**more: str) -> Dict[str, str]:
    kept = {k: v for k, v in environment().items() if not k.startswith(("ALPACA_", "POLYGON_", "MASSIVE_"))}
    return {**kept, **more}


class Certificates:
    """An authority of our own, and what it signed."""

    def __init__(self, folder: pathlib.Path):
        self.folder = folder
        self.ca = self._authority("ca")
        self.stranger = self._authority("stranger")
        self.good = self._signed("good", "IP:127.0.0.1", 30)
        self.other_host = self._signed("other", "DNS:api.example.com", 30)
        self.expired = self._signed("expired", "IP:127.0.0.1", -1)

    def _openssl(self, *arguments) -> None:
        subprocess.run(["openssl", *map(str, arguments)], cwd=self.folder, check=True, stdout=subprocess.DEVNULL,
                       stderr=subprocess.PIPE)

    def _key(self, name: str) -> None:
        self._openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", name + ".key")

    def _authority(self, name: str) -> pathlib.Path:
        self._key(name)
        self._openssl("req", "-x509", "-new", "-key", name + ".key", "-subj", "/CN=sentio test authority " + name,
                      "-days", 30, "-out", name + ".pem")
        return self.folder / (name + ".pem")

    def _signed(self, name: str, alternative: str, days: int) -> List[str]:
        """`days` below 0: ran out yesterday. Returns the flags of exchange-sim."""
        self._key(name)
        self._openssl("req", "-new", "-key", name + ".key", "-subj", "/CN=" + name, "-out", name + ".csr")
        (self.folder / (name + ".ext")).write_text("subjectAltName=%s\n" % alternative)
        # OpenSSL 3.0 takes a negative number of days: the end lies before the beginning, and in the past.
        self._openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                      "-days", days, "-extfile", name + ".ext", "-out", name + ".pem")
        return ["--tls-cert", str(self.folder / (name + ".pem")), "--tls-key", str(self.folder / (name + ".key"))]


class Exchange:
    """An exchange-sim process; queried as a stranger would, over its REST."""

    def __init__(self, url: str, process: subprocess.Popen, ca: Optional[pathlib.Path]):
        self.url, self.process = url, process
        self._tls = None
        if url.startswith("https"):
            self._tls = ssl.create_default_context()
            self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE

    def ask(self, path: str, body: Optional[dict] = None, method: Optional[str] = None):
        request = urllib.request.Request(self.url + path, method=method, headers={
            "APCA-API-KEY-ID": KEY, "APCA-API-SECRET-KEY": SECRET, "Content-Type": "application/json"},
            data=None if body is None else json.dumps(body).encode())
        for _ in range(100):  # past a fault that fails the next calls
            try:
                with urllib.request.urlopen(request, timeout=20, context=self._tls) as answer:
                    text = answer.read()
                    return json.loads(text) if text else None
            except urllib.error.HTTPError as error:
                problem = error
                if error.code < 500:
                    break
        raise problem

    def orders(self) -> List[dict]:
        return self.ask("/v2/orders?status=all&limit=500")

    def positions(self) -> Dict[str, float]:
        return {p["symbol"]: float(p["qty"]) for p in self.ask("/v2/positions")}


class LiveTest(unittest.TestCase):
    """Bars and certificates once per class; a log folder, exchanges and live processes per test."""

    bars: pathlib.Path
    certificates: Certificates
    needs_certificates = False

    @classmethod
    def setUpClass(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.bars = make_bars(pathlib.Path(shared.name) / "bars")
        if cls.needs_certificates:
            folder = pathlib.Path(shared.name) / "certificates"
            folder.mkdir()
            cls.certificates = Certificates(folder)

    def setUp(self):
        own = tempfile.TemporaryDirectory()
        self.addCleanup(own.cleanup)
        self.folder = pathlib.Path(own.name)
        self.logs = self.folder / "logs"
        self.live_logs = self.logs / "live_trading"
        self.heard = self.folder / "alerts.txt"
        self.secrets = [KEY, SECRET, WRONG]
        self.outputs: List[str] = []
        self.addCleanup(self.expect_no_secrets)

    # ---- processes ------------------------------------------------------------------------------------

    def exchange(self, *arguments, to: Optional[str] = UNTIL, start: Optional[str] = None, faults=(), bars=None,
                 history=WARM_UP, cash=100_000, tls=()) -> Exchange:
        command = [CLI, "exchange-sim", "--date", DAY, "--port", "0", "--data-dir", bars or self.bars, "--history-days",
                   history, "--cash", cash, "--json", *tls, *arguments]
        command += ["--from", start] if start else []
        command += ["--to", to] if to else []
        for fault in faults:
            command += ["--fault", fault]
        process = subprocess.Popen(list(map(str, command)), cwd=ROOT, env=without_keys(), stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.addCleanup(self.stop, process)
        return Exchange(json.loads(process.stdout.readline())["url"], process, None)

    @staticmethod
    def stop(process: subprocess.Popen) -> None:
        if process.poll() is None:
            process.terminate()
        process.wait(30)
        process.stdout.close()
        if process.stderr:
            process.stderr.close()

    def arguments(self, *arguments, verb="live", account="--paper", exchange=None, env_file="none.env", bars=None,
                  warm_up=WARM_UP) -> List[str]:
        out = [verb, *([account] if account else []), "--log-dir", self.logs, "--env-file", self.folder / env_file,
               "--data-dir", bars or self.bars, "--warmup-days", warm_up, *arguments]
        if exchange is not None:
            out += ["--exchange", getattr(exchange, "url", exchange)]
        return list(map(str, out))

    def live(self, *arguments, keys=None, cwd=None, **more) -> Outcome:
        """Runs to the end. Every output is kept for expect_no_secrets()."""
        outcome = run(*self.arguments(*arguments, **more), env=without_keys(**(KEYS if keys is None else keys)), cwd=cwd,
                      timeout=120)
        self.outputs += [outcome.out, outcome.err]
        return outcome

    def start_live(self, *arguments, keys=None, **more) -> subprocess.Popen:
        process = subprocess.Popen([CLI, *self.arguments(*arguments, **more)], cwd=ROOT, stdin=subprocess.DEVNULL,
                                   env=without_keys(**(KEYS if keys is None else keys)), stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE)
        self.addCleanup(self.stop, process)
        return process

    def end_of(self, process: subprocess.Popen, timeout=120) -> Outcome:
        out, err = process.communicate(timeout=timeout)
        self.outputs += [out.decode(), err.decode()]
        return Outcome(process.returncode, out.decode(), err.decode())

    def mock(self, *arguments, logs="mock_logs", bars=None) -> pathlib.Path:
        """`mock` of the day; where its files are."""
        folder = self.folder / logs
        done = run("mock", "--date", DAY, "--data-dir", bars or self.bars, "--log-dir", folder, "--warmup-days", WARM_UP,
                   "-q", *arguments)
        self.assertEqual(done.code, 0, done.err)
        return folder / "mock_trading"

    # ---- alerts by a command --------------------------------------------------------------------------

    def alert_command(self) -> List[str]:
        """Flags: every alert becomes one line of self.heard, its text after its title."""
        script = self.folder / "alert.sh"
        script.write_text("#!/bin/sh\ntext=$(cat | tr '\\n' ' ')\necho \"$text\" >> '%s'\n" % self.heard)
        script.chmod(0o755)
        return ["--alert-cmd", str(script)]

    def alerts(self) -> str:
        return self.heard.read_text() if self.heard.exists() else ""

    # ---- expectations ---------------------------------------------------------------------------------

    def expect_refused(self, outcome: Outcome, code: int, *texts: str, exchange: Optional[Exchange] = None) -> str:
        """One clear line that holds all of `texts`, nothing on standard output, no order anywhere. Returns the line."""
        self.assertEqual(outcome.code, code, outcome.err)
        self.assertEqual(outcome.out, "")
        self.assertEqual(len(outcome.problems), 1, outcome.err)
        line = outcome.problems[0]
        for text in texts:
            self.assertIn(text, line)
        for noise in NOISE:
            self.assertNotIn(noise, outcome.err)
        self.assertLess(len(line), 400, "one line that can be read")
        self.expect_nothing_traded(exchange)
        return line

    def expect_nothing_traded(self, exchange: Optional[Exchange]) -> None:
        if exchange is not None:
            self.assertEqual(exchange.orders(), [])
        for name in ("trades_%s.jsonl", "decisions_%s.jsonl", "journal_%s.jsonl"):
            self.assertFalse((self.live_logs / (name % DAY)).exists(), name % DAY)

    def expect_traded(self, outcome: Outcome, exchange: Exchange, code=0) -> None:
        self.assertEqual(outcome.code, code, outcome.err)
        self.assertEqual(outcome.problems, [])
        self.assertGreater(len(exchange.orders()), 0)
        self.assertGreater(len(self.lines("trades")), 0)

    def expect_decisions_of_mock(self, *arguments) -> None:
        """As far as the window goes, what was seen and decided is `mock`'s, byte for byte."""
        mocked = self.mock(*arguments)
        for kind in ("signals", "decisions"):
            name = "%s_%s.jsonl" % (kind, DAY)
            ours, theirs = (self.live_logs / name).read_bytes(), (mocked / name).read_bytes()
            self.assertGreater(ours.count(b"\n"), 10)
            self.assertEqual(ours, theirs[:len(ours)], name)

    def summary(self) -> dict:
        return json.loads((self.live_logs / ("summary_%s.json" % DAY)).read_text())

    def report(self) -> str:
        return (self.live_logs / "analysis_report.txt").read_text()

    def lines(self, kind: str) -> List[dict]:
        return json_lines(self.live_logs / ("%s_%s.jsonl" % (kind, DAY)))

    def journal_header(self) -> dict:
        with (self.live_logs / ("journal_%s.jsonl" % DAY)).open() as file:
            return json.loads(file.readline())

    def session_log(self) -> str:
        return (self.live_logs / ("session_%s.log" % DAY)).read_text()

    def expect_no_secrets(self) -> None:
        """After every test: nothing that was printed, written or sent as an alert holds a secret."""
        texts = {"output %d" % i: text.encode() for i, text in enumerate(self.outputs)}
        texts["alerts"] = self.alerts().encode()
        for file in self.logs.rglob("*"):
            if file.is_file():
                texts[str(file)] = file.read_bytes()
        for name, text in texts.items():
            for secret in self.secrets:
                self.assertNotIn(secret.encode(), text, "a secret in " + name)


def wait_until(condition, seconds: float = 120) -> bool:
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True
