#!/usr/bin/env python3
"""Downloads minute bars of the last sessions into <SYMBOL>_RTH_NH.csv files, from Polygon or Alpaca.

The same as download_historical_data.py, but that without dates it takes the last 30 sessions."""

import sys

import tool_environment

tool_environment.use_packages()

from sentio_tools import command, download_command  # noqa: E402

EXAMPLES = """\
  data_downloader.py --symbols TQQQ,SQQQ,SPXL,SDS,UVXY,SVXY --days 30 --source polygon --output data/equities
  data_downloader.py --symbols twelve --days 60 --source alpaca"""
DAYS = 30


def main(arguments: list[str]) -> int:
    return download_command.download_main(arguments, __doc__, EXAMPLES, DAYS)


if __name__ == "__main__":
    sys.exit(command.run(main))
