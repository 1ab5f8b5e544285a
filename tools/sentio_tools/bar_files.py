"""Bar files, <SYMBOL>_RTH_NH.csv[.gz], as a pandas frame, by the rules of sentio_cli (docs/user-guide.md, Bars)."""

import gzip
import pathlib
import zlib
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from synthetic import calendar

from .columns import TIME
from .days import NEW_YORK, Day, DayRange, warn_of_missing
from .errors import DataError, UsageError
from .tables import BARS

SUFFIXES = ("_RTH_NH.csv", "_RTH_NH.csv.gz")  # in order of preference
NUMBERS = ("open", "high", "low", "close", "volume")
OPENING_MINUTE = 9 * 60 + 30  # of the New York day
MINUTE_NS = 60 * 10**9
SECONDS_MAX, MILLISECONDS_MIN = 9_000_000_000, 100_000_000_000  # no number is both


class Layout(NamedTuple):
    columns: str  # what the header line begins with
    time: int  # index of the column that counts
    further: tuple[str, ...] | None  # optional last columns; None: any
    symbol: bool = False

    @property
    def first_number(self) -> int:
        return self.columns.split(",").index("open")


LAYOUTS = (
    Layout("timestamp,open,high,low,close,volume", 0, ("bar_id",)),
    Layout("ts_utc,ts_nyt_epoch,open,high,low,close,volume", 1, ()),
    Layout("ts_utc,open,high,low,close,volume", 0, None),
    Layout("symbol,timestamp,open,high,low,close,volume", 1, ("bar_id",), symbol=True),
)


class Rows(NamedTuple):
    """The rows of one file: split fields, and each one's line number (from 1)."""

    file: pathlib.Path
    layout: Layout
    synthetic: bool
    fields: list[list[str]]
    lines: list[int]

    def refuse(self, bad: np.ndarray, problem: str) -> None:
        """Raises DataError for the first row marked in `bad`, if any. "{}" in `problem` shows the row."""
        if bad.any():
            at = int(bad.argmax())
            raise DataError(f"{self.file}:{self.lines[at]}", problem.format(",".join(self.fields[at])[:100]))

    def keep(self, kept: np.ndarray) -> "Rows":
        at = np.flatnonzero(kept).tolist()
        return self._replace(fields=[self.fields[i] for i in at], lines=[self.lines[i] for i in at])


def bars(folder: str | pathlib.Path, symbols: Iterable[str] | None = None, first: Day | None = None,
         last: Day | None = None) -> pd.DataFrame:
    """Real bars of the regular sessions from `first` to `last`, both included, ordered by symbol and time.

    `symbols` None: all that the folder has. Minutes without a trade have no row. Columns: `sentio_tools.TABLES["bars"]`.
    `frame.attrs`: "synthetic", whether any file carries the SYNTHETIC mark; "outside_session", rows left out per symbol
    (before the open, from the close on, closed days); "missing_days", sessions without a bar per symbol, also warned of.
    """
    folder = pathlib.Path(folder)
    if isinstance(symbols, str):
        raise UsageError(f"symbols is a list of tickers, not the text {symbols!r}")
    wanted = DayRange(first, last)
    found = [bar_file(find_bar_file(folder, s), first, last) for s in dict.fromkeys(symbols or symbols_in(folder))]
    frame = pd.concat(found, ignore_index=True)
    if frame.empty:
        holds = [f"{f.attrs['file'].name} holds {f.attrs['holds']}" for f in found]
        raise DataError(folder, f"no bar {wanted}; {'; '.join(holds)}")
    frame.attrs = {
        "synthetic": any(f.attrs["synthetic"] for f in found),
        "outside_session": {s: n for f in found for s, n in f.attrs["outside_session"].items()},
        "missing_days": {},
    }
    everyone = set(frame["start"].dt.date)
    for f in found:
        there = set(f["start"].dt.date)
        missing = [day for day in wanted.missing(everyone) + sorted(everyone) if day not in there]
        warn_of_missing(f"{f.attrs['file']}: no bar", sorted(missing))
        frame.attrs["missing_days"][f.attrs["symbol"]] = sorted(missing)
    return frame


def symbols_in(folder: pathlib.Path) -> list[str]:
    """Raises DataError where the folder has no bar files."""
    if not folder.is_dir():
        raise DataError(folder, "no such folder; name the one with the bar files (docs/user-guide.md, Bars)")
    files = [path.name for suffix in SUFFIXES for path in folder.glob("?*" + suffix)]
    names = {name.removesuffix(".gz").removesuffix(SUFFIXES[0]) for name in files}
    if not names:
        raise DataError(folder, f"no {SUFFIXES[0]} file; tools/generate_multi_symbol_data.py makes synthetic ones")
    return sorted(names)


def find_bar_file(folder: pathlib.Path, symbol: str) -> pathlib.Path:
    """The plain file wins where both exist. Raises DataError where neither does."""
    there = symbols_in(folder)
    for suffix in SUFFIXES:
        if symbol in there and (folder / (symbol + suffix)).is_file():
            return folder / (symbol + suffix)
    wanted = f"neither {symbol}{SUFFIXES[0]} nor {symbol}{SUFFIXES[1]} is there"
    raise DataError(folder, f"{wanted}; symbols there: {' '.join(there)}")


def bar_file(file: str | pathlib.Path, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
    """One file of any layout, also that of many symbols (ordered as the file). Same columns as `bars`.

    Raises DataError with file:line where a row is not a sound bar. Numbers of days outside the range are not judged.
    """
    rows = read_rows(pathlib.Path(file))
    symbol = rows.file.name.partition("_RTH_NH.")[0]
    symbols = np.array([f[0] for f in rows.fields] if rows.layout.symbol else [symbol] * len(rows.fields), dtype=object)
    starts = start_times(rows)
    check_order(rows, starts, symbols)
    wall = pd.to_datetime(starts, utc=True).tz_convert(NEW_YORK)
    holds = f"{wall[0].date()} to {wall[-1].date()}" if len(wall) else "no row"
    kept = in_range(wall, DayRange(first, last))
    rows, symbols, wall = rows.keep(kept), symbols[kept], wall[kept]
    numbers = {name: number_column(rows, rows.layout.first_number + i, name) for i, name in enumerate(NUMBERS)}
    check_bars(rows, numbers)
    head = {"symbol": pd.array(symbols, dtype="string"), "start": wall, "ts": wall + pd.Timedelta(minutes=1)}
    frame = pd.DataFrame(head | numbers, columns=[c.name for c in BARS.columns])
    inside = in_session(wall)
    outside = frame.loc[~inside, "symbol"].value_counts()
    frame = frame[inside].reset_index(drop=True)
    names = dict.fromkeys(symbols) if rows.layout.symbol else [symbol]
    frame.attrs = {"file": rows.file, "symbol": symbol, "holds": holds, "synthetic": rows.synthetic,
                   "outside_session": {s: int(outside.get(s, 0)) for s in names}}
    return frame


def read_text(file: pathlib.Path) -> str:
    try:
        data = file.read_bytes()
        return (gzip.decompress(data) if file.suffix == ".gz" else data).decode("utf-8-sig", errors="replace")
    except OSError as problem:
        raise DataError(file, problem.strerror or f"damaged: {problem}") from None
    except (EOFError, zlib.error) as problem:
        raise DataError(file, f"damaged: {problem}") from None


def read_rows(file: pathlib.Path) -> Rows:
    """The file's rows, with as many fields as the header has."""
    lines = read_text(file).split("\n")
    synthetic, layout, header = False, None, 0
    for header, line in enumerate(lines):
        synthetic = synthetic or line.startswith("#") and line.lstrip("# \t").startswith("SYNTHETIC")
        if line.strip("\r") and not line.startswith("#"):
            layout = recognise(line.rstrip("\r"))
            break
    if layout is None:
        known = " | ".join(layout.columns for layout in LAYOUTS)
        raise DataError(f"{file}:{header + 1}", f"unknown header {lines[header][:60]!r}; known: {known}")
    width = lines[header].count(",") + 1
    numbers = [n for n in range(header + 1, len(lines)) if lines[n].strip("\r")]
    rows = Rows(file, layout, synthetic, [lines[n].rstrip("\r").split(",") for n in numbers], [n + 1 for n in numbers])
    widths = np.fromiter(map(len, rows.fields), dtype=int, count=len(rows.fields))
    rows.refuse(widths != width, f"'{{}}' has not the header's {width} columns")
    return rows


def recognise(header: str) -> Layout | None:
    for layout in LAYOUTS:
        if header == layout.columns or header.startswith(layout.columns + ","):
            rest = tuple(header[len(layout.columns) + 1:].split(",")) if header != layout.columns else ()
            if layout.further is None or rest in ((), layout.further):
                return layout
    return None


def start_times(rows: Rows) -> np.ndarray:
    """Nanoseconds since 1970 of every row: ISO-8601 with offset, epoch seconds or milliseconds, on full minutes."""
    texts = [fields[rows.layout.time] for fields in rows.fields]
    plain = np.fromiter((t.isascii() and t.isdigit() and len(t) < 18 for t in texts), dtype=bool, count=len(texts))
    written = np.fromiter((bool(TIME.fullmatch(t)) for t in texts), dtype=bool, count=len(texts))
    rows.refuse(~(plain | written), "'{}': the time is neither ISO-8601 with an offset nor epoch seconds or milliseconds")
    starts = np.zeros(len(texts), dtype="int64")
    epoch = np.array([int(t) for t, p in zip(texts, plain) if p], dtype="int64")
    starts[plain] = np.where(epoch <= SECONDS_MAX, epoch * 10**9, epoch * 10**6)
    wrong = np.zeros(len(texts), dtype=bool)
    wrong[plain] = (epoch > SECONDS_MAX) & ((epoch < MILLISECONDS_MIN) | (epoch > SECONDS_MAX * 1000))
    moments = pd.to_datetime([t for t, w in zip(texts, written) if w], utc=True, format="ISO8601", errors="coerce")
    wrong[written] = np.asarray(moments.isna())
    rows.refuse(wrong, "'{}': no such time")
    starts[written] = moments.as_unit("ns").asi8 if len(moments) else 0
    rows.refuse(starts % MINUTE_NS != 0, "'{}': the time is not on a full minute; bars are stamped with their start")
    return starts


def check_order(rows: Rows, starts: np.ndarray, symbols: np.ndarray) -> None:
    """Ascending in time; where the file holds many symbols, in time and then symbol."""
    later = starts[1:] > starts[:-1]
    if rows.layout.symbol:
        later |= (starts[1:] == starts[:-1]) & (symbols[1:] > symbols[:-1])
    rows.refuse(np.concatenate(([False], ~later)), "'{}' does not follow the row before it; sort the rows, each bar once")


def in_range(wall: pd.DatetimeIndex, wanted: DayRange) -> np.ndarray:
    kept = np.ones(len(wall), dtype=bool)
    if wanted.first:
        kept &= wall >= pd.Timestamp(wanted.first, tz=NEW_YORK)
    if wanted.last:
        kept &= wall < pd.Timestamp(wanted.last, tz=NEW_YORK) + pd.DateOffset(days=1)
    return kept


def number_column(rows: Rows, at: int, name: str) -> np.ndarray:
    """Finite numbers of one column."""
    texts = [fields[at] for fields in rows.fields]
    try:
        values = np.array(texts, dtype="float64") if texts else np.empty(0)
    except ValueError:
        values = np.array([number(text) for text in texts])
    rows.refuse(~np.isfinite(values), f"'{{}}': {name} is not a number")
    return values


def number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def check_bars(rows: Rows, bar: dict[str, np.ndarray]) -> None:
    rows.refuse(~(bar["low"] > 0), "'{}': low is not a positive price")
    rows.refuse(bar["high"] < bar["low"], "'{}': high is below low")
    for name in ("open", "close"):
        rows.refuse((bar[name] < bar["low"]) | (bar[name] > bar["high"]), f"'{{}}': {name} is outside low to high")
    rows.refuse(bar["volume"] < 0, "'{}': volume is negative")


def session_minutes(day: date) -> int:
    """390, on half days 210; 0 where the exchange is closed."""
    return calendar.session_of(day).minutes if calendar.is_open(day) else 0


def in_session(wall: Sequence) -> np.ndarray:
    minute = wall.hour * 60 + wall.minute - OPENING_MINUTE
    codes, days = pd.factorize(wall.date)
    lengths = np.array([session_minutes(day) for day in days], dtype=int)
    return np.asarray((minute >= 0) & (minute < lengths[codes])) if len(codes) else np.zeros(0, dtype=bool)
