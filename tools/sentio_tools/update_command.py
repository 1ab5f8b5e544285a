"""The command line of tools/update_data.py: what downloads have written is brought up to the last session that is over."""

import argparse
import pathlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from synthetic import calendar
from synthetic.calendar import Session

from . import bar_store
from .bar_files import symbols_in
from .command import make_parser
from .days import parse_day
from .download_command import EXIT_CODES, NOTES, add_source_flags, carry_out, last_finished, now, open_vendor, symbols_of
from .download_screen import Screen
from .downloads import Options, file_there
from .errors import DataError, UsageError

OVERLAP = 5
SOURCES = ("polygon", "alpaca", "polygon-flat-file")


class Origin(NamedTuple):
    source: str
    feed: str | None
    detail: str


def update_main(arguments: Sequence[str], description: str, examples: str) -> int:
    """The exit code."""
    parser = make_parser(description, f"{examples}\n\n{NOTES}", EXIT_CODES)
    parser.add_argument("--data-dir", default="data/equities", metavar="FOLDER", help="default: %(default)s")
    parser.add_argument("--symbols", nargs="+", metavar="LIST", help="A,B,C (default: every file of the folder)")
    parser.add_argument("--overlap", type=int, default=OVERLAP, metavar="N",
                        help="sessions asked for again, to hear what was revised (default: %(default)s)")
    add_source_flags(parser)
    flags = parser.parse_args(arguments)
    if not 1 <= flags.overlap <= 250:
        raise UsageError("--overlap counts from 1 to 250")
    folder = pathlib.Path(flags.data_dir)
    symbols = symbols_of(flags.symbols) if flags.symbols else symbols_in(folder)
    newest = last_finished(now())
    with Screen(flags.quiet) as screen, bar_store.folder_lock(folder):
        groups, complete = origins(folder, symbols, flags.overlap, newest, screen)
        for origin, wanted in groups.items():
            complete &= update(folder, origin, wanted, flags, screen)
    return 0 if complete else DataError.exit_code


def origins(folder: pathlib.Path, symbols: Sequence[str], overlap: int, newest: Session,
            screen: Screen) -> tuple[dict[Origin, dict[str, list[Session]]], bool]:
    """Sessions to ask for of each symbol, by where they come from; and whether all symbols are among them."""
    groups: dict[Origin, dict[str, list[Session]]] = {}
    manifest, complete = bar_store.read_manifest(folder), True
    for symbol in symbols:
        file = file_there(folder, symbol)
        entry = manifest["files"].get(file.name, {}) if file else {}
        problem = why_not(entry) if file else "is not there; download it first"
        if problem:
            screen.warn(f"{file or folder / symbol}: {problem}")
            complete = False
            continue
        origin = Origin(entry["source"], entry["feed"], entry["detail"])
        groups.setdefault(origin, {})[symbol] = sessions_to_ask(entry, overlap, newest)
    return groups, complete


def why_not(entry: dict) -> str:
    if not entry:
        return "not updated: not from a download (the manifest does not list it)"
    if entry.get("source") not in SOURCES:
        return f"not updated: it is from {entry.get('source')}, which only its owner can continue"
    return "not updated: adjusted bars cannot be continued, only downloaded anew" if entry.get("adjusted") else ""


def sessions_to_ask(entry: dict, overlap: int, newest: Session) -> list[Session]:
    """The last ones that are there, and all since."""
    first, last = (parse_day(str(entry[name])[:10]) for name in ("first", "last"))
    again = [s for s in calendar.sessions_counted(last, overlap, -1) if s.day >= first]
    since = calendar.sessions_between(next_day(last), newest.day) if newest.day > last else []
    return again + since


def next_day(day: date) -> date:
    return day + timedelta(days=1)


def update(folder: pathlib.Path, origin: Origin, wanted: dict[str, list[Session]], flags: argparse.Namespace,
           screen: Screen) -> bool:
    """Whether nothing is missing."""
    if bool(flags.exchange) != (origin.detail == "exchange-sim"):
        raise UsageError(f"{', '.join(wanted)}: bars of an exchange-sim are continued with --exchange, others without it")
    source = "polygon-flat-files" if origin.source == "polygon-flat-file" else origin.source
    vendor = open_vendor(flags, source, origin.feed or "sip", False, screen)
    outcomes = carry_out(folder, vendor, wanted, Options(up_to_hole=True), screen)
    return all(outcome.complete for outcome in outcomes)
