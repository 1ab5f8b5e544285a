"""Bars to export features of, and what `sentio_cli features` says about them.

SENTIO_CLI names the binary (ctest sets it), SENTIO_TEST_MARKET_DATA the folder of real bars.
"""

import io
import os
import pathlib
import re
import subprocess
import sys
from typing import NamedTuple

import numpy as np
import pandas as pd
import pytest
import talib

from tools_support import bar_folder, run_folders  # noqa: F401  (fixtures)

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))  # sentio_tools
PRICES = ["open", "high", "low", "close"]
FIRST_FEATURE, FEATURES = 8, 126

SYNTHETIC_DAYS = ("2025-06-02", "2025-07-16")  # with Juneteenth, the half day 3 July and Independence Day
REAL_DAYS = ("2025-06-02", "2025-08-29")

# What the generator does not make: taken out of ERX, which already misses a third of its minutes.
HOLES = (
    ("2025-06-11", 0, 249),  # a session with a handful of bars
    ("2025-06-11", 260, 389),
    ("2025-06-18", 0, 44),  # the first bar comes after the opening range
    ("2025-06-24", 370, 389),  # labels without an exit bar, one without an entry bar
    ("2025-06-26", 100, 339),  # four flat hours
    ("2025-07-03", 190, 209),  # the end of the half day
)


class Export(NamedTuple):
    """One symbol's export, and its bars as docs/features.md wants them for the recipe."""

    folder: pathlib.Path
    symbol: str
    days: tuple
    csv: pd.DataFrame
    bars: pd.DataFrame
    path: pd.DataFrame

    @property
    def features(self):
        return self.csv.iloc[:, FIRST_FEATURE : FIRST_FEATURE + FEATURES]

    def __repr__(self):  # pytest prints it with every failure
        return f"Export({self.symbol}, {self.days[0]} to {self.days[1]}, {len(self.csv)} rows)"


def sentio_features(folder, symbol, days, *flags):
    """The CSV's text."""
    binary = os.environ.get("SENTIO_CLI")
    assert binary, "set SENTIO_CLI to the binary, for example build/check/src/cli/sentio_cli"
    command = [binary, "features", "--symbol", symbol, "--start-date", days[0], "--end-date", days[1],
               # The bars have holes on purpose.
               "--accept-data", "early_end,late_open,short_day"]
    command += ["--data-dir", str(folder), *flags]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def read_csv(text):
    csv = pd.read_csv(io.StringIO(text))
    assert list(csv.columns[:FIRST_FEATURE]) == ["timestamp", "minute", "real", *PRICES, "volume"]
    return csv


def run_document_recipe(bars):
    """The names that the Python code in docs/features.md, taken literally, makes from `bars`."""
    text = (ROOT / "docs" / "features.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    names = {"np": np, "pd": pd, "talib": talib, "bars": bars.copy()}
    exec(compile(code, "docs/features.md", "exec"), names)
    return names


def export(folder, symbol, days):
    # No warm-up: the first bar fed is the first row, so the rows hold all that the binary knew.
    csv = read_csv(sentio_features(folder, symbol, days, "--warmup-days", "0"))
    bars = csv[["minute", *PRICES, "volume"]].mask(csv.real == 0)
    bars["minute"], bars["session"] = csv.minute, csv.timestamp.str[:10]
    return Export(folder, symbol, days, csv, bars, run_document_recipe(bars)["path"])


def cut_holes(file):
    lines = file.read_text(encoding="ascii").splitlines(keepends=True)

    def missing(line):
        minute = int(line[11:13]) * 60 + int(line[14:16]) - 570 if line[:2] == "20" else -1
        return any(line[:10] == day and first <= minute <= last for day, first, last in HOLES)

    file.write_text("".join(line for line in lines if not missing(line)), encoding="ascii")


@pytest.fixture(scope="session")
def synthetic_folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bars")
    generator = [sys.executable, "-B", ROOT / "tools" / "generate_multi_symbol_data.py", "--quiet"]
    days = ["--start-date", SYNTHETIC_DAYS[0], "--end-date", SYNTHETIC_DAYS[1]]
    subprocess.run([*generator, *days, "--symbols", "TQQQ,ERX", "--output", folder], check=True)
    cut_holes(folder / "ERX_RTH_NH.csv")
    return folder


SOURCES = ("TQQQ", "ERX", "ERY real", "UVXY real")


@pytest.fixture(scope="session", params=SOURCES)
def exported(request, synthetic_folder):
    symbol, _, real = request.param.partition(" ")
    if not real:
        return export(synthetic_folder, symbol, SYNTHETIC_DAYS)
    folder = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
    if not (folder / "twelve").is_dir():
        pytest.skip("needs real bars: set SENTIO_TEST_MARKET_DATA to the market-data folder")
    return export(folder / "twelve", symbol, REAL_DAYS)


@pytest.fixture(scope="session")
def thin(synthetic_folder):
    """The synthetic fund with holes."""
    return export(synthetic_folder, "ERX", SYNTHETIC_DAYS)
