#!/usr/bin/env python3
"""Takes the sessions that the learners warm up on out of a folder of bar files.

A block is one session. Without --date: the last N that are there and over; with it: the N before that day. An output
that ends in .csv is one file of many symbols, for `sentio_cli warmup-multi --data FILE`; anything else, with --date, is
a folder of one <SYMBOL>_RTH_NH.csv per symbol. A session that is missing for a symbol is named, and nothing is written."""

import argparse
import pathlib
import sys

import tool_environment

tool_environment.use_packages()

from sentio_tools import command  # noqa: E402
from sentio_tools import warm_up_blocks as blocks  # noqa: E402
from sentio_tools.days import parse_day  # noqa: E402
from sentio_tools.download_command import now, symbols_of  # noqa: E402
from sentio_tools.errors import UsageError  # noqa: E402

EXAMPLES = """\
  extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 20 --output data/warmup.csv
  extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 20 --date 2025-10-14 --output data/warmup.csv
  extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 20 --date 2025-10-14 --output data/before_2025-10-14
  extract_warmup_multi.py --symbols TQQQ,SQQQ --blocks 20 --date 2025-10-14 --list"""

BLOCKS_MAX = 1000  # of warmup-multi


def block_count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= BLOCKS_MAX:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {BLOCKS_MAX}")
    return int(text)


def main(arguments: list[str]) -> int:
    parser = command.make_parser(__doc__, EXAMPLES)
    add = parser.add_argument
    add("--symbols", nargs="+", required=True, metavar="LIST", help="A,B,C or A B C, six, twelve")
    add("--blocks", type=block_count, default=20, metavar="N", help="sessions (default: %(default)s)")
    add("--date", metavar="DATE", help="the session they are for, YYYY-MM-DD; it is not among them")
    add("--data-dir", default="data/equities", metavar="FOLDER", help="of bar files (default: %(default)s)")
    to = parser.add_mutually_exclusive_group(required=True)
    to.add_argument("--output", type=pathlib.Path, metavar="FILE.csv", help="or a folder, with --date")
    to.add_argument("--list", action="store_true", help="print the sessions, one a line; whether all bars are there is not asked")
    options = parser.parse_args(arguments)
    symbols, source, output = symbols_of(options.symbols), pathlib.Path(options.data_dir), options.output
    if output and output.suffix != ".csv" and (not options.date or output.suffix == ".gz"):
        raise UsageError(f"--output {output}: does not end in .csv; a folder of one file per symbol needs --date")
    if options.date:
        sessions = blocks.sessions_before(parse_day(options.date), options.blocks)
    else:
        sessions = blocks.last_sessions(source, symbols, options.blocks, now())
    if options.list:
        print(*sessions, sep="\n")
        return 0
    frame = blocks.read_blocks(source, symbols, sessions)
    if output.suffix == ".csv":
        blocks.write_file(output, frame, sessions)
    else:
        blocks.write_folder(output, source, frame, sessions)
    made_up = " of SYNTHETIC bars" if frame.attrs["synthetic"] else ""
    print(f"{output}: {blocks.span(sessions)}{made_up}, {len(symbols)} symbols, {len(frame)} rows")
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
