#!/usr/bin/env python3
"""Brings downloaded bar files up to the last session that is over, each from the source it came from.

Asks for the last sessions again and tells what the vendor revised. A day that the vendor lacks ends the file: days after
it stay out until it is there, so that a file never gets a hole. scripts/update_data.sh also verifies the files."""

import sys

import tool_environment

tool_environment.use_packages()

from sentio_tools import command, update_command  # noqa: E402

EXAMPLES = """\
  update_data.py
  update_data.py --data-dir data/equities --symbols TQQQ,SQQQ --overlap 10"""


def main(arguments: list[str]) -> int:
    return update_command.update_main(arguments, __doc__, EXAMPLES)


if __name__ == "__main__":
    sys.exit(command.run(main))
