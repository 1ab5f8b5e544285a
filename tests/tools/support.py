"""Shared by the tests of tools/ and scripts/."""

import os
import subprocess
import sys
from typing import List, NamedTuple

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
GENERATOR = os.path.join(ROOT, "tools", "generate_multi_symbol_data.py")
sys.path.insert(0, os.path.join(ROOT, "tools"))
sys.path.insert(0, os.path.join(ROOT, "scripts"))


class Row(NamedTuple):
    day: str
    minute: int  # since 09:30
    stamp: str
    open: float
    high: float
    low: float
    close: float
    volume: int
    bar_id: int


def parse_row(text: str) -> Row:
    stamp, first, high, low, last, volume, identity = text.split(",")
    minute = int(stamp[11:13]) * 60 + int(stamp[14:16]) - 570
    return Row(stamp[:10], minute, stamp, float(first), float(high), float(low), float(last), int(volume), int(identity))


def run_generator(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, "-B", GENERATOR, *arguments], capture_output=True, text=True)


def read_lines(path: str) -> List[str]:
    with open(path, encoding="ascii") as stream:
        return stream.read().splitlines()
