"""tools/examples as a person runs them, without a network."""

import io
import re
import shutil
import subprocess
import sys

import pandas as pd
import pytest

import sentio_tools as st
from tools_support import DAYS, ROOT

EXAMPLES = ROOT / "tools" / "examples"
NO_NETWORK = """
import socket
def refuse(*arguments, **more):
    raise SystemExit("a tool opened a connection")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
"""


@pytest.fixture
def tool(tmp_path):
    """Runs an example in an empty folder with an empty home."""
    (tmp_path / "offline").mkdir()
    (tmp_path / "offline" / "sitecustomize.py").write_text(NO_NETWORK)
    environment = {"PYTHONPATH": str(tmp_path / "offline"), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin",
                   "PYTHONPYCACHEPREFIX": sys.pycache_prefix or ""}

    def run(name, *arguments):
        return subprocess.run([sys.executable, EXAMPLES / name, *map(str, arguments)], cwd=tmp_path, env=environment,
                              capture_output=True, text=True)

    return run


@pytest.fixture
def mock_copy(run_folders, tmp_path):
    return shutil.copytree(run_folders["mock"], tmp_path / "logs" / "mock_trading")


def test_the_tear_sheet_shows_the_runs_return_and_says_synthetic(tool, mock_copy, tmp_path):
    done = tool("tear_sheet.py", "--output", "sheet.html")  # logs/mock_trading by default
    assert (done.returncode, done.stdout) == (0, "sheet.html\n"), done.stderr
    assert done.stderr == "3 days are few: read the ratios as noise\n"
    page = (tmp_path / "sheet.html").read_text()
    daily = st.RunFolder(mock_copy).daily_returns()
    (shown,) = re.findall(r"Cumulative Return[^<]*</td><td>(-?[\d.]+)%", page)
    assert float(shown) == pytest.approx(100 * ((1 + daily.return_pct).prod() - 1), abs=0.0051)
    assert re.search(r"<h1>SYNTHETIC BARS\. sentio.*1 Jul, 2025 - +3 Jul, 2025", page)


def costs_by_symbol(run):
    costs = run.trades().groupby("symbol").agg(
        orders=("order_id", "nunique"), fees_usd=("fees", "sum"), spread_usd=("spread_cost", "sum"))
    return costs.loc[(costs.fees_usd + costs.spread_usd).sort_values(ascending=False).index].reset_index()


def strength_by_hour(run):
    signals = run.signals().query("valid")
    hour = (signals.ts - pd.Timedelta(minutes=1)).dt.hour.rename("hour")
    return signals.groupby(hour).agg(
        strength_mean=("strength", "mean"), signals=("strength", "size"), pass_share=("passes", "mean")).reset_index()


def profit_by_reason(run):
    return run.trades().query("side == 'sell'").groupby("reason").agg(
        sales=("pnl", "size"), pnl_usd=("pnl", "sum"), pnl_pct_mean=("pnl_pct", "mean")).sort_values("pnl_usd").reset_index()


def losing_trades(run):
    losses = run.trades().query("side == 'sell' and pnl < 0").sort_values(["reason", "pnl", "ts", "symbol"])
    worst = losses.groupby("reason").head(3)[["reason", "symbol", "ts", "qty", "price", "pnl", "pnl_pct"]]
    return worst.assign(ts=worst.ts.dt.tz_localize(None).astype(str))


def blocked_entries(run):
    blocked = run.decisions().query("action == 'blocked'")
    times = blocked.groupby([blocked.ts.dt.date.astype(str).rename("day"), "reason"]).size().rename("times")
    return times.reset_index().sort_values(["day", "times", "reason"], ascending=[True, False, True])


@pytest.mark.parametrize("expected", (costs_by_symbol, strength_by_hour, profit_by_reason, losing_trades, blocked_entries))
def test_a_question_to_duckdb_is_answered_as_pandas_does(tool, run_folders, expected):
    done = tool("query_with_duckdb.py", expected.__name__.replace("_", "-"), "--run", run_folders["mock"], "--csv")
    assert (done.returncode, done.stderr) == (0, "")
    ours, theirs = pd.read_csv(io.StringIO(done.stdout)), expected(st.RunFolder(run_folders["mock"]))
    assert len(ours) > 0
    pd.testing.assert_frame_equal(ours, theirs.reset_index(drop=True), check_dtype=False)


def test_sql_of_ones_own_sees_every_table_and_the_range(tool, run_folders):
    sql = "SELECT (SELECT count(*) FROM signals), (SELECT count(*) FROM decisions), (SELECT count(*) FROM trades), " \
          "(SELECT sum(len(positions)) FROM positions), (SELECT count(pred_5) FROM signals)"
    day, run = ["--start-date", DAYS[1], "--end-date", DAYS[1]], st.RunFolder(run_folders["mock"])
    done = tool("query_with_duckdb.py", "--sql", sql, "--csv", "--run", run.folder, *day)
    frames = ("signals", "decisions", "trades", "positions", "signals")
    expected = [len(getattr(run, name)(DAYS[1], DAYS[1])) for name in frames]
    assert [float(v) for v in done.stdout.splitlines()[1].split(",")] == expected, done.stderr


def test_a_growing_file_is_read_up_to_its_last_whole_line(tool, mock_copy):
    file = mock_copy / f"trades_{DAYS[1]}.jsonl"
    file.write_bytes(file.read_bytes()[:-9])
    done = tool("query_with_duckdb.py", "--sql", "SELECT count(*) FROM trades", "--csv")
    with pytest.warns(st.DataWarning):
        assert done.stdout.split()[1] == str(len(st.RunFolder(mock_copy).trades()))
    warned = rf"query_with_duckdb.py: warning: .*trades_{DAYS[1]}.jsonl:\d+: half-written last line left out .*\n"
    assert re.fullmatch(warned, done.stderr)


def test_what_cannot_be_is_one_line_and_an_exit_code(tool, mock_copy):
    def refused(code, text, *arguments):
        done = tool(*arguments)
        assert (done.returncode, done.stdout) == (code, ""), done.stderr
        assert text in done.stderr and done.stderr.count("\n") == 1, done.stderr

    query, sheet = "query_with_duckdb.py", "tear_sheet.py"
    for name, arguments in ((query, ["losing-trades"]), (sheet, [])):
        refused(3, "error: absent: no such folder; `sentio_cli mock", name, *arguments, "--run", "absent")
        refused(3, "file from 2026-01-02; those there:", name, *arguments, "--start-date", "2026-01-02")
        refused(2, "error: 'June' is not a date", name, *arguments, "--start-date", "June")
    refused(2, "error: SQL: Binder Error", query, "--sql", "SELECT nothing FROM trades")
    refused(2, "cannot write: No such file", sheet, "--output", "absent/sheet.html")
    file = mock_copy / f"trades_{DAYS[1]}.jsonl"
    lines = file.read_text().splitlines()
    file.write_text("\n".join([*lines[:3], lines[3][:40], *lines[4:]]) + "\n")
    refused(3, f"trades_{DAYS[1]}.jsonl:4: damaged line", query, "losing-trades")


def test_usage_is_explained(tool):
    for name in ("tear_sheet.py", "query_with_duckdb.py"):
        done = tool(name, "--help")
        assert done.returncode == 0 and "examples:\n  " + name in done.stdout and "exit codes: 0 done" in done.stdout
    done = tool("query_with_duckdb.py")
    assert done.returncode == 2 and "name a question, or give --sql" in done.stderr
