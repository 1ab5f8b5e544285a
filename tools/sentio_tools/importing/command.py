"""import_bars.py: what people have on disk becomes bar files.

It shows what it understood, writes, and ends in the checks of `sentio_cli verify-data`. A file is never overwritten
without --force. Nothing is guessed: a zone or stamp that neither file nor vendor says is asked for."""

import json
import pathlib
import sys
from collections.abc import Iterable

from .. import command
from ..bar_files import SUFFIXES
from ..bar_store import SourceNote, check_symbol, folder_lock, write_bars
from ..errors import DataError, ToolError, UsageError
from .instants import zone_named
from .layouts import LAYOUTS, NAMES
from .parts import Asked, Part, part_of
from .plan import Instrument, instruments_of
from .reading import tables_in
from .verifying import find_binary, verify

EXAMPLES = """\
  import_bars.py tqqq_and_sqqq.csv --output data/equities                       # alpaca-py, bars.df.to_csv()
  import_bars.py flat/2025-*.csv.gz --only TQQQ,SQQQ --output data/equities     # Polygon flat files
  import_bars.py TQQQ.txt --layout kibot --output data/equities
  import_bars.py TQQQ.csv --timezone America/Chicago --stamp end --output data/equities --dry-run

layouts:
""" + "\n".join(f"  {layout.name:20} {layout.what}" for layout in LAYOUTS)

EXIT_CODES = ("exit codes: 0 written and checked; 2 a flag is needed, the file is there already, or it cannot be written;\n"
              "3 data missing, damaged or refused by the checks; 9 another process writes to the folder")


def make_parser():
    parser = command.make_parser(__doc__, EXAMPLES, EXIT_CODES)
    parser.add_argument("files", nargs="+", metavar="FILE", help="CSV, JSON or Parquet; plain, gzip, zstd or zip; or a folder")
    parser.add_argument("--output", required=True, metavar="FOLDER", help="where <SYMBOL>_RTH_NH.csv goes")
    parser.add_argument("--layout", choices=NAMES, metavar="NAME", help="where the header does not tell (below)")
    parser.add_argument("--timezone", metavar="ZONE", help="of times that say none, e.g. America/New_York or UTC")
    parser.add_argument("--stamp", choices=("start", "end"), help="what a time names: the minute's start or its end")
    parser.add_argument("--symbol", help="the instrument of files that do not say it")
    parser.add_argument("--only", metavar="A,B", help="of files with many instruments, these")
    parser.add_argument("--adjusted", choices=("yes", "no"), help="whether prices are adjusted for splits, for the record")
    parser.add_argument("--gzip", action="store_true", help="write .csv.gz")
    parser.add_argument("--force", action="store_true", help="replace files that an earlier import wrote")
    parser.add_argument("--dry-run", action="store_true", help="show what is understood, write nothing")
    parser.add_argument("--json", action="store_true", help="print one object instead")
    return parser


def main(arguments: list[str]) -> int:
    options = make_parser().parse_args(arguments)
    asked = asked_in(options)
    binary = None if options.dry_run else find_binary()
    instruments = instruments_of(list(parts_of(options.files, asked)), asked)
    folder = pathlib.Path(options.output)
    targets = {i.symbol: folder / (i.symbol + SUFFIXES[options.gzip]) for i in instruments}
    if not options.json:
        show(instruments, targets)
    written = [] if options.dry_run else write(folder, instruments, options)
    verdict = None
    if written:
        last = max(i.bars["start"].iloc[-1] for i in instruments).date()
        verdict = verify(folder, [i.symbol for i in instruments], str(last), binary, options.json)
    if options.json:
        plan = [i.facts() | {"target": str(targets[i.symbol])} for i in instruments]
        checks = verdict and {"by": verdict.by, "exit_code": verdict.exit_code, "report": verdict.report}
        print(json.dumps({"output": str(folder), "written": [str(f) for f in written], "instruments": plan,
                          "checks": checks}, indent=1))
        print(verdict.text if verdict else "", end="", file=sys.stderr)
    else:
        print(f"checked by {verdict.by}:\n{verdict.text}" if verdict else "dry run: nothing is written\n", end="")
    return verdict.exit_code if verdict else 0


def asked_in(options) -> Asked:
    if options.timezone:
        zone_named(options.timezone)
    symbol = check_symbol(options.symbol.upper()) if options.symbol else None
    only = tuple(check_symbol(s.strip().upper()) for s in options.only.split(",")) if options.only else None
    if symbol and only:
        raise UsageError("--symbol names the one instrument of files that do not say it; leave --only out")
    adjusted = {None: None, "yes": True, "no": False}[options.adjusted]
    return Asked(options.layout, options.timezone, options.stamp, symbol, only, adjusted)


def parts_of(names: Iterable[str], asked: Asked) -> Iterable[Part]:
    for name in names:
        for file in files_in(pathlib.Path(name)):
            for table in tables_in(file, asked.only):
                part = part_of(table, asked)
                if part is not None:
                    yield part


def files_in(path: pathlib.Path) -> list[pathlib.Path]:
    """A folder's files, also of folders within it, but hidden ones and the manifest."""
    if not path.is_dir():
        return [path]
    found = sorted(f for f in path.rglob("*") if f.is_file() and f.name[0] != "." and f.name != "manifest.json")
    if not found:
        raise DataError(path, "has no file")
    return found


def write(folder: pathlib.Path, instruments: list[Instrument], options) -> list[pathlib.Path]:
    """All files, or none where one is there already. A failure between two of them says which are written."""
    written: list[pathlib.Path] = []
    with folder_lock(folder):
        there = [folder / (i.symbol + suffix) for i in instruments for suffix in SUFFIXES]
        there = [str(file) for file in there if file.exists()]
        if there and not options.force:
            raise UsageError(f"{', '.join(there)}: there already; --force replaces, another --output keeps both")
        try:
            for i in instruments:
                note = SourceNote(f"import:{i.layout}", None, i.adjusted, detail(i))
                written.append(write_bars(folder, i.symbol, i.bars, note, gzip=options.gzip))
        except ToolError as problem:
            if written:
                print(f"written before the problem: {', '.join(map(str, written))}", file=sys.stderr)
            raise problem
    return written


def detail(i: Instrument) -> str:
    names = [pathlib.PurePath(file).name for file in i.files]
    files = ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    return f"{files}; zone: {i.zone}; stamps: {i.stamp}"


def show(instruments: list[Instrument], targets: dict[str, pathlib.Path]) -> None:
    for i in instruments:
        facts = i.facts()
        print(f"{i.symbol}: {facts['layout']}, {counted(len(i.files), 'file')}")
        print(f"  {facts['first'][:16].replace('T', ' ')} to {facts['last'][:16].replace('T', ' ')} New York time, "
              f"{counted(facts['sessions'], 'session')}, {counted(facts['rows'], 'row')}, {facts['rows_a_day']:g} a day")
        print(f"  {facts['minute_first']} to {facts['minute_last']}, bars in {100 * facts['covered']:.1f} % of the sessions' "
              f"minutes; {facts['shares_a_day']:,.0f} shares a day; close {facts['price_first']:g} to {facts['price_last']:g}")
        print(f"  zone: {i.zone}; stamps are {i.stamp}s of minutes: {i.stamp_known}")
        known = {None: "not known", True: "yes", False: "no"}[i.adjusted]
        print(f"  adjusted for splits: {known}; splits suspected: {', '.join(i.splits) or 'none'}")
        print(f"  left out: {i.outside} outside sessions, {i.doubled} twice, {i.filled} filled without a trade")
        if i.missing:
            print(f"  missing sessions: {listed(i.missing)}")
        print(f"  -> {targets[i.symbol]}")


def counted(number: int, what: str) -> str:
    return f"{number} {what}" + "s" * (number != 1)


def listed(days: list) -> str:
    return ", ".join(map(str, days[:5])) + (f" … {days[-1]} ({len(days)})" if len(days) > 5 else "")
