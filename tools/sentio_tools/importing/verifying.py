"""The checks at the end: `sentio_cli verify-data` where the binary is found, else the reader of this package."""

import json
import os
import pathlib
import shutil
import subprocess
import warnings
from typing import NamedTuple

from ..bar_files import bars
from ..errors import DataError, DataWarning, UsageError

ROOT = pathlib.Path(__file__).resolve().parents[3]
BUILT = ("build/release/src/cli/sentio_cli", "build/check/src/cli/sentio_cli")


class Verdict(NamedTuple):
    by: str  # what checked
    exit_code: int
    text: str
    report: dict | None  # the object of verify-data --json


def find_binary() -> str | None:
    """SENTIO_CLI, else what was built here, else on the PATH. Raises UsageError where SENTIO_CLI names none."""
    named = os.environ.get("SENTIO_CLI")
    if named:
        if not os.access(named, os.X_OK):
            raise UsageError(f"SENTIO_CLI={named} is no program")
        return named
    built = [str(ROOT / path) for path in BUILT if os.access(ROOT / path, os.X_OK)]
    return built[0] if built else shutil.which("sentio_cli")


def verify(folder: pathlib.Path, symbols: list[str], last: str, binary: str | None, as_json: bool) -> Verdict:
    """`last`: the last day imported; that files end there is no finding."""
    if binary is None:
        return by_reading(folder, symbols)
    command = [binary, "verify-data", "--data-dir", str(folder), "--symbols", ",".join(symbols), "--end-date", last]
    config = pathlib.Path("config", "symbols.json")
    if not config.exists():  # asked from another folder than the repository
        command += ["--symbols-config", str(ROOT / config)]
    done = subprocess.run(command + ["--json"] * as_json, capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout) if as_json else None
    except ValueError:
        report = None
    return Verdict(f"{binary} verify-data", done.returncode, (done.stdout if not as_json else "") + done.stderr, report)


def by_reading(folder: pathlib.Path, symbols: list[str]) -> Verdict:
    name = "the Python reader (sentio_cli is not built here; SENTIO_CLI names one)"
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", DataWarning)
        try:
            found = bars(folder, symbols)
        except DataError as problem:
            return Verdict(name, problem.exit_code, f"refused: {problem}\n", None)
    lines = [f"warned: {w.message}" for w in caught if issubclass(w.category, DataWarning)]
    lines.append(f"{len(found)} rows read back; run `sentio_cli verify-data` before you trust them")
    return Verdict(name, 0, "\n".join(lines) + "\n", None)
