"""Lets `python3 tools/NAME.py` find the packages of tools/requirements.txt. Standard library only."""

import importlib.util
import os
import pathlib
import sys

PACKAGES = ("pandas", "httpx", "tenacity", "rich")
PYTHON = pathlib.Path(__file__).resolve().parents[1] / ".venv-tools" / "bin" / "python"


def use_packages() -> None:
    """Goes on in .venv-tools where this Python lacks a package; ends with exit code 2 where that cannot be."""
    absent = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    if not absent:
        return
    if PYTHON.exists() and pathlib.Path(sys.prefix) != PYTHON.parents[1]:
        os.execv(PYTHON, [str(PYTHON), *sys.argv])
    name = os.path.basename(sys.argv[0])
    print(f"{name}: needs {', '.join(absent)}: run scripts/setup_tools.sh, then this again", file=sys.stderr)
    sys.exit(2)
