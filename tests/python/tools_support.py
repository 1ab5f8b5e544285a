"""Runs made by the binary from synthetic bars, for the tests of tools/sentio_tools and tools/examples."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SYMBOLS = ("SDS", "SQQQ", "TQQQ")
DAYS = ("2025-07-01", "2025-07-02", "2025-07-03")  # the last is a half day
LIVE_DAY = DAYS[1]
BAR_DAYS = 5  # sessions in the bar files, the last is DAYS[-1]


def sentio(*arguments):
    binary = os.environ.get("SENTIO_CLI")
    assert binary, "set SENTIO_CLI to the binary, for example build/check/src/cli/sentio_cli"
    done = subprocess.run([binary, *map(str, arguments)], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def bar_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bars")
    generator = [sys.executable, "-B", ROOT / "tools" / "generate_multi_symbol_data.py", "-q", "--output", folder]
    days = ["--days", str(BAR_DAYS), "--end-date", DAYS[-1], "--closing-print"]
    subprocess.run([*generator, *days, "--symbols", ",".join(SYMBOLS)], check=True)
    return folder


@pytest.fixture(scope="session")
def run_folders(bar_folder, tmp_path_factory):
    """{"mock": …, "live": …}; a test that changes a file copies the folder first."""
    logs = tmp_path_factory.mktemp("logs")
    common = ["--data-dir", bar_folder, "--log-dir", logs, "--symbols", ",".join(SYMBOLS), "--warmup-days", 2, "-q"]
    sentio("mock", "--start-date", DAYS[0], "--end-date", DAYS[-1], *common)
    sentio("rehearse", "--date", LIVE_DAY, "--from", "15:00", *common)
    return {"mock": logs / "mock_trading", "live": logs / "live_trading"}


def lines_of(folder, kind):
    """What the files of a kind say, day after day, read without the package."""
    files = sorted(pathlib.Path(folder).glob(f"{kind}_*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def summaries(folder):
    return [json.loads(file.read_text()) for file in sorted(pathlib.Path(folder).glob("summary_*.json"))]
