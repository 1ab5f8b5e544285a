"""A live day against a local exchange with faults: two processes, and everything that can be known afterwards.

The exchange goes on serving when its day is over; its own account of what happened (orders, executions,
positions, cash) is asked over REST and set against the files of the live path.
"""

import json
import pathlib
import subprocess
import sys
import time
import urllib.error
import urllib.request
from typing import Dict, List, NamedTuple, Optional, Sequence, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from support import CLI, DAY, ROOT, environment, json_lines  # noqa: E402

KEY, SECRET = "exchange-key", "exchange-secret"
CASH = 100_000
ENDED = ("filled", "canceled", "expired", "rejected", "replaced")


class Exchange:
    """An exchange-sim of its own process, on a port that the kernel chose."""

    def __init__(self, bars, date: str, window: Tuple[str, str], faults: Sequence[str], speed: float = 0):
        command = [CLI, "exchange-sim", "--date", date, "--port", "0", "--data-dir", str(bars), "--json",
                   "--speed", str(speed), "--from", window[0], "--to", window[1]]
        for fault in faults:
            command += ["--fault", fault]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment(), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise AssertionError(self.process.stderr.read().decode())
        self.url = json.loads(line)["url"]

    def ask(self, path: str, tries: int = 80):
        """The answer, whatever faults are still on: those that are counted run out."""
        request = urllib.request.Request(self.url + path, headers={"APCA-API-KEY-ID": KEY, "APCA-API-SECRET-KEY": SECRET})
        for left in range(tries, -1, -1):
            try:
                with urllib.request.urlopen(request, timeout=60) as reply:
                    return json.load(reply)
            except urllib.error.HTTPError as problem:
                problem.close()
                if left == 0:
                    raise

    def close(self):
        if self.process.poll() is None:
            self.process.terminate()
        try:
            self.process.wait(60)
        finally:
            self.process.stdout.close()
            self.process.stderr.close()


class Order(NamedTuple):
    client_id: str
    symbol: str
    side: str
    qty: float
    filled: float
    status: str
    created: str  # UTC without the Z, so that texts compare as times do
    ended: str    # the same; empty while it works

    @property
    def own(self) -> bool:
        return self.client_id.startswith("sen-")

    @property
    def minute(self) -> str:
        """New York wall time of the decision, HH:MM."""
        return self.client_id[13:15] + ":" + self.client_id[15:17]


class Day(NamedTuple):
    """All that is known of a day afterwards."""

    date: str
    code: int
    out: str
    err: str
    seconds: float
    folder: pathlib.Path
    alerts: str
    orders: List[Order]
    fills: List[dict]           # in time order
    positions: Dict[str, float]
    cash: Optional[float]
    answers: Dict[str, object]  # of the exchange to further questions, by path

    def lines(self, kind: str) -> List[dict]:
        return json_lines(self.folder / ("%s_%s.jsonl" % (kind, self.date)))

    @property
    def log(self) -> str:
        return (self.folder / ("session_%s.log" % self.date)).read_text()

    @property
    def journal(self) -> str:
        return (self.folder / ("journal_%s.jsonl" % self.date)).read_text()

    def decided(self, action: str, symbol: str = "", since: str = "", until: str = "99") -> List[dict]:
        return [d for d in self.lines("decisions")
                if d["action"] == action and symbol in ("", d.get("symbol")) and since <= d["ts"][11:19] <= until]


    def events(self, kind: str, since: str, until: str = "99") -> List[Tuple[str, dict]]:
        """Journal records of that event (or note), with New York wall times HH:MM:SS."""
        found = []
        for j in json_lines(self.folder / ("journal_%s.jsonl" % self.date)):
            if kind in (j.get("event"), j.get("note")) and since <= new_york(j["now"]) <= until:
                found.append((new_york(j["now"]), j))
        return found

    def logged(self, text: str, since: str, until: str = "99") -> bool:
        return any(text in j["text"] for _, j in self.events("log", since, until))

    def fills_of(self, symbol: str, side: str, since: str = "", until: str = "99") -> List[dict]:
        return [f for f in self.fills if f["symbol"] == symbol and f["side"] == side
                and since <= new_york(f["transaction_time"]) <= until]


def new_york(utc: str) -> str:
    """HH:MM:SS of a UTC time stamp in summer, as the test days are."""
    return "%02d%s" % (int(utc[11:13]) - 4, utc[13:19])


def order_of(j: dict) -> Order:
    ended = ""
    if j["status"] in ENDED:
        ended = max(filter(None, (j["filled_at"], j["canceled_at"], j["expired_at"], j["failed_at"], j["updated_at"])))
    return Order(j["client_order_id"], j["symbol"], j["side"], float(j["qty"]), float(j["filled_qty"]), j["status"],
                 j["created_at"].rstrip("Z"), ended.rstrip("Z"))


def alert_script(folder: pathlib.Path) -> pathlib.Path:
    """A program that appends what it is given to alerts.txt beside it."""
    script = folder / "alert.sh"
    script.write_text("#!/bin/sh\n{ echo \"$SENTIO_ALERT_TITLE\"; cat; echo; } >> '%s/alerts.txt'\n" % folder)
    script.chmod(0o700)
    return script


def trade(bars, folder, window: Tuple[str, str], faults: Sequence[str] = (), date: str = DAY, speed: float = 0,
          warmup_days: int = 2, config: str = "", timeout: float = 300, questions: Sequence[str] = (), live_args: Sequence[str] = ()) -> Day:
    """One window through `live --paper`; ends both processes."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    configs: List[str] = []
    if config:
        (folder / "own.json").write_text(config)
        configs = ["--config", str(ROOT / "config" / "rotation_strategy.json"), "--config", str(folder / "own.json")]
    exchange = Exchange(bars, date, window, faults, speed)
    try:
        started = time.monotonic()
        done = subprocess.run(
            [CLI, "live", "--paper", "--exchange", exchange.url, "--env-file", "/dev/null", "--data-dir", str(bars),
             "--warmup-days", str(warmup_days), *live_args, "--log-dir", str(folder / "logs"),
             "--alert-cmd", str(alert_script(folder)), *configs],
            cwd=ROOT, env=environment(ALPACA_PAPER_API_KEY=KEY, ALPACA_PAPER_SECRET_KEY=SECRET),
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=timeout)
        seconds = time.monotonic() - started
        alerts = folder / "alerts.txt"
        day = Day(date, done.returncode, done.stdout.decode(), done.stderr.decode(), seconds,
                  folder / "logs" / "live_trading", alerts.read_text() if alerts.exists() else "", [], [], {}, None, {})
        return day._replace(
            orders=[order_of(j) for j in exchange.ask("/v2/orders?status=all&limit=500&direction=asc")],
            fills=exchange.ask("/v2/account/activities/FILL?direction=asc&date=" + date),
            positions={p["symbol"]: float(p["qty"]) for p in exchange.ask("/v2/positions")},
            cash=float(exchange.ask("/v2/account")["cash"]),
            answers={path: exchange.ask(path) for path in questions})
    finally:
        exchange.close()
