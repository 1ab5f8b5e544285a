#!/usr/bin/env python3
"""Bar files out of what alpaca-py, Polygon, Databento, yfinance and others wrote (docs/user-guide.md)."""

import sys

import tool_environment

tool_environment.use_packages()

from sentio_tools import command  # noqa: E402
from sentio_tools.importing.command import main  # noqa: E402

if __name__ == "__main__":
    sys.exit(command.run(main))
