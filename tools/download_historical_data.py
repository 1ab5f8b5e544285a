#!/usr/bin/env python3
"""Downloads minute bars of days in the past into <SYMBOL>_RTH_NH.csv files, from Polygon or Alpaca."""

import sys

import tool_environment

tool_environment.use_packages()

from sentio_tools import command, download_command  # noqa: E402

EXAMPLES = """\
  download_historical_data.py --symbols TQQQ,SQQQ,SPXL,SDS,UVXY,SVXY --start-date 2025-09-15 --end-date 2025-10-14 \\
                              --output data/equities
  download_historical_data.py --symbols six --start-date 2025-09-15 --source alpaca
  download_historical_data.py --symbols TQQQ SQQQ --start-date 2025-09-15 --days 20 --flat-files /mnt/minute_aggs_v1"""


def main(arguments: list[str]) -> int:
    return download_command.download_main(arguments, __doc__, EXAMPLES)


if __name__ == "__main__":
    sys.exit(command.run(main))
