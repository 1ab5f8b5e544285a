"""The layouts of bar files that are known, as a table. Recognised by their header line; without one, by the first row.

Sources of the facts: the vendors' own descriptions of their files, named where a fact is not plain from a header.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from ..bar_files import NUMBERS as BARS
from ..bar_files import recognise as recognise_own
from ..days import NEW_YORK

PRICES_AND_VOLUME = {name: (name,) for name in BARS}
LETTERS = {name: (name[0],) for name in BARS}
LEAN_UNITS = 10_000  # deci-cents
DATABENTO_UNITS = 1_000_000_000


class Layout(NamedTuple):
    """Names are in lower case; a column may have several names, of which the first that is there counts."""

    name: str
    what: str
    columns: dict[str, tuple[str, ...]]  # "start", the five numbers; also "clock" (time of day), "symbol"
    marks: tuple[str, ...] = ()  # further columns without which it is another layout
    exact: tuple[str, ...] = ()  # cells of the header without which it is another layout, in upper and lower case
    zone: str | None = None  # of times that do not say, by the vendor's documents; None: it must be asked
    stamp: str | None = "start"  # by the vendor's documents; None: it must be seen or asked
    adjusted: bool | None = None  # for splits, by the vendor's documents; None: not known
    units: int = 1  # prices are written in 1/units USD
    shape: re.Pattern | None = None  # of the first row, where there is no header
    header: bool = True


def headerless(name: str, what: str, first_cells: str, columns: Sequence[str], **more) -> Layout:
    """`columns`: ours, in the order of the file; written numbers follow the cells of the time."""
    number = r"\d+(\.\d+)?"
    shape = re.compile(rf"{first_cells}({number},){{4}}{number}(,.*)?")
    return Layout(name, what, {c: (c,) for c in columns}, shape=shape, header=False, **more)


DATE, CLOCK = r"\d{4}-\d\d-\d\d", r"\d\d:\d\d(:\d\d)?"

LAYOUTS = (
    Layout("sentio", "our own files, also that of many symbols",
           {"symbol": ("symbol",), "start": ("ts_nyt_epoch", "ts_utc", "timestamp"), **PRICES_AND_VOLUME}),
    Layout("alpaca", "alpaca-py, bars.df.to_csv()",
           {"symbol": ("symbol",), "start": ("timestamp",), **PRICES_AND_VOLUME}, ("trade_count", "vwap")),
    Layout("polygon", "Polygon (Massive) flat files",
           {"symbol": ("ticker",), "start": ("window_start",), **PRICES_AND_VOLUME}, ("transactions",), adjusted=False),
    Layout("databento", "Databento ohlcv-1m",
           {"symbol": ("symbol", "raw_symbol"), "start": ("ts_event",), **PRICES_AND_VOLUME},
           ("rtype", "publisher_id"), adjusted=False),
    Layout("yfinance", "yfinance, one header line or three",
           {"symbol": ("ticker", "symbol"), "start": ("datetime",), **PRICES_AND_VOLUME}, exact=("Datetime",),
           adjusted=True),
    Layout("interactive-brokers", "Interactive Brokers, util.df of ib_insync and ib_async, or the API's own bars",
           {"symbol": ("symbol",), "start": ("date", "time"), "average": ("average", "wap"),
            "trades": ("barcount", "count"), **PRICES_AND_VOLUME}, adjusted=True),
    Layout("tradingview", "TradingView, Export chart data",
           {"start": ("time",), **PRICES_AND_VOLUME}, exact=("time", "open", "Volume"), adjusted=True),
    Layout("polygon-rest", "Polygon (Massive) aggregates, as JSON",
           {"symbol": ("symbol",), "start": ("t",), **LETTERS}, ("polygon-rest",)),
    Layout("alpaca-rest", "Alpaca bars, as JSON",
           {"symbol": ("symbol",), "start": ("t",), **LETTERS}, ("alpaca-rest",)),
    # QuantConnect, Data/equity/readme.md: milliseconds since midnight in New York, deci-cents. The reader adds the day.
    Layout("lean", "LEAN equity minute trades, one zip a day",
           {"symbol": ("symbol",), "start": ("lean-start",), **PRICES_AND_VOLUME}, zone=NEW_YORK, adjusted=False,
           units=LEAN_UNITS),
    headerless("firstrate", "FirstRate Data, no header", rf"{DATE}[ T]{CLOCK},", ("start", *BARS), zone=NEW_YORK),
    # Kibot, Data_format.aspx: US Eastern, stamped with the opening of the bar, adjusted for splits and dividends.
    headerless("kibot", "Kibot, no header", rf"\d\d/\d\d/\d{{4}},{CLOCK},", ("start", "clock", *BARS), zone=NEW_YORK,
               adjusted=True),
    Layout("plain", "any other header with a time, four prices and volume",
           {"symbol": ("symbol", "ticker"), "start": ("datetime", "timestamp", "date", "time", "__index_level_0__"),
            "clock": ("time",), **PRICES_AND_VOLUME}, stamp=None),
)
OPTIONAL = ("symbol", "clock")  # columns that a file may lack
NAMES = tuple(layout.name for layout in LAYOUTS)


class Match(NamedTuple):
    """A layout found in a file."""

    layout: Layout
    at: dict[str, int]  # our column -> its index
    certain: bool  # the header, or the operator, names the layout; False: only the shape of the rows does


def by_name(name: str) -> Layout:
    return next(layout for layout in LAYOUTS if layout.name == name)


def recognise(header: Sequence[str] | None, first_row: str, named: str | None) -> Match | None:
    """The layout of a file. `header`: its cells, None where there is none. `named`: what the operator says it is."""
    candidates = [by_name(named)] if named else LAYOUTS
    for layout in candidates:
        if header is None and not layout.header and layout.shape.fullmatch(first_row):
            return Match(layout, {name: i for i, name in enumerate(layout.columns)}, certain=named is not None)
        if header is not None and layout.header:
            at = places(layout, [cell.strip().strip("<>") for cell in header])
            if at is not None:
                return Match(layout, at, certain=True)
    return None


def places(layout: Layout, written: list[str]) -> dict[str, int] | None:
    cells = [cell.lower() for cell in written]
    if not (set(layout.marks) <= set(cells) and set(layout.exact) <= set(written)):
        return None
    at = {}
    for ours, names in layout.columns.items():
        there = [name for name in names if name in cells]
        if there:
            at[ours] = cells.index(there[0])
        elif ours not in OPTIONAL:
            return None
    if at.get("clock") == at["start"]:
        del at["clock"]
    if layout.name == "sentio" and recognise_own(",".join(cells)) is None:
        return None
    return at
