#!/usr/bin/env python3
"""Bar files out of what alpaca-py, Polygon, Databento, yfinance and others wrote (docs/user-guide.md)."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))

from sentio_tools import command  # noqa: E402
from sentio_tools.importing.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(command.run(main))
