"""One table of a file, understood: its layout, its instruments, its times, its numbers."""

import re
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..bar_files import check_bars, number
from ..bar_store import TICKER
from ..days import NEW_YORK
from ..errors import DataError, UsageError
from .clocks import likely_zone
from .instants import completed, times_of, zone_named
from .layouts import BARS, DATABENTO_UNITS, LAYOUTS, Match, recognise
from .reading import Table, shown

SYMBOLS_MAX = 50  # more are imported only by name
# TQQQ_1min.txt, BRK.B.csv; of TradingView: BATS_TQQQ, 1.csv
NAME = re.compile(r"(?:[A-Z]+_(?=[A-Z.]+, ))?([A-Z]{1,6}(?:\.[A-Z](?![A-Za-z]))?)(?![A-Za-z0-9])")
MINUTE_RTYPE = "33"  # of Databento: ohlcv-1m


class Asked(NamedTuple):
    """What the operator said."""

    layout: str | None = None
    timezone: str | None = None
    stamp: str | None = None  # "start", "end"
    symbol: str | None = None  # of files that do not say
    only: tuple[str, ...] | None = None
    adjusted: bool | None = None


class Part(NamedTuple):
    """The rows of one table. Frame: symbol, start (New York, as stamped), the five numbers, and `row` in the table."""

    table: Table
    match: Match
    frame: pd.DataFrame
    zone: str  # how the zone is known
    filled: dict[str, int]  # rows left out per symbol: no volume and one price, made up to fill a minute


def part_of(table: Table, asked: Asked) -> Part | None:
    """None: the table holds none of the instruments asked for. Raises DataError, and UsageError where a flag is needed."""
    match = layout_of(table, asked.layout)
    if table.cells.empty:
        if asked.only is None:
            raise DataError(table.where, "has no row below its header")
        return None
    refuse_synthetic(table)
    symbols = symbols_of(table, match, asked)
    if asked.only is not None:
        kept = symbols.isin(asked.only).to_numpy()
        table, symbols = table._replace(cells=table.cells[kept]), symbols[kept]
        if table.cells.empty:
            return None
    elif symbols.nunique() > SYMBOLS_MAX:
        raise UsageError(f"{table.where} holds {symbols.nunique()} instruments; name those you want: --only TQQQ,SQQQ")
    if match.layout.name == "databento":
        check_databento(table, symbols)
    bar = numbers_of(table, match)
    starts, zone = starts_of(table, match, bar["volume"], asked.timezone)
    frame = pd.DataFrame({"symbol": symbols.to_numpy(), "start": starts} | bar | {"row": np.arange(len(starts))})
    flat = (frame["volume"] == 0) & (frame["high"] == frame["low"])
    filled = frame.loc[flat, "symbol"].value_counts().to_dict()
    return Part(table, match, frame[~flat], zone, filled)


def layout_of(table: Table, named: str | None) -> Match:
    first = ",".join(table.cells.iloc[0]) if len(table.cells) else ""
    match = recognise(table.header, first, named)
    if match is None:
        top = shown(",".join(table.header) if table.header else first)
        if named:
            raise DataError(table.where, f"'{top}' is not of the layout {named}")
        absent = [column for column in BARS if table.header and column not in [c.strip().lower() for c in table.header]]
        hint = f"it has no column {', '.join(absent)}" if absent and len(absent) < 5 else "known: " + ", ".join(
            dict.fromkeys(layout.name for layout in LAYOUTS))
        raise DataError(table.where, f"unknown layout '{top}'; {hint}")
    return match


def refuse_synthetic(table: Table) -> None:
    if table.said.get("synthetic"):
        raise DataError(table.where, "is marked SYNTHETIC, and an import would take the mark off; copy the file instead")


def symbols_of(table: Table, match: Match, asked: Asked) -> pd.Series:
    """Of every row: its own, else the table's, else the operator's, else the file's name."""
    if "symbol" in match.at:
        own = table.cells[match.at["symbol"]].str.strip().str.upper()
    else:
        own = pd.Series(table.said.get("symbol", ""), index=table.cells.index)
    if (own == "").any():
        own = own.where(own != "", asked.symbol or name_of(table))
    elif asked.symbol and set(own) != {asked.symbol}:
        raise UsageError(f"{table.where} says that it holds {', '.join(sorted(set(own))[:5])}, not {asked.symbol}; "
                         "to keep some of many: --only")
    table.refuse(~own.isin([s for s in own.unique() if TICKER.fullmatch(s)]).to_numpy(), "'{}': no symbol like TQQQ")
    return own


def name_of(table: Table) -> str:
    found = NAME.match(table.name)
    if found is None:
        raise UsageError(f"{table.where}: neither its rows nor its name say the instrument; add --symbol TQQQ")
    return found[1]


def check_databento(table: Table, symbols: pd.Series) -> None:
    header = [cell.strip().lower() for cell in table.header]
    kinds = table.cells[header.index("rtype")]
    table.refuse((kinds != MINUTE_RTYPE).to_numpy(), "'{}': rtype is not 33, bars of one minute (ohlcv-1m)")
    venues = table.cells[header.index("publisher_id")].groupby(symbols).nunique()
    if (venues > 1).any():
        symbol = venues.idxmax()
        raise DataError(table.where, f"{symbol} has bars of {venues[symbol]} venues (publisher_id); keep those of one, or "
                                     "fetch a data set of all venues together")


def numbers_of(table: Table, match: Match) -> dict[str, np.ndarray]:
    """The five numbers, sound ones, prices in USD."""
    texts = {name: table.cells[match.at[name]].str.strip() for name in BARS}
    units = match.layout.units
    if match.layout.name == "databento" and all(texts[name].str.fullmatch(r"\d+").all() for name in BARS[:4]):
        units = DATABENTO_UNITS  # without a decimal point anywhere: not the pretty prices
    bar = {name: numbers(table, texts[name], name) for name in BARS}
    if units > 1:
        # Both are whole numbers below 2^53, so that the quotient is the double nearest to the decimal price.
        bar |= {name: bar[name] / units for name in BARS[:4]}
    check_bars(table, bar)
    return bar


def numbers(table: Table, texts: pd.Series, name: str) -> np.ndarray:
    try:
        values = texts.to_numpy(dtype="float64")
    except ValueError:
        values = np.array([number(text) for text in texts])
    table.refuse(~np.isfinite(values), f"'{{}}': {name} is not a number")
    return values


def starts_of(table: Table, match: Match, volume: np.ndarray, timezone: str | None) -> tuple[pd.DatetimeIndex, str]:
    """Every row's time in New York, as stamped, and how its zone is known."""
    texts = table.cells[match.at["start"]]
    if "clock" in match.at:
        texts = texts.str.strip() + " " + table.cells[match.at["clock"]].str.strip()
    refuse_days(table, texts)
    times = times_of(table, texts)
    if not times.naive.any():
        if timezone:
            raise UsageError(f"{table.where} says its time zone itself ({times.said}); leave --timezone out")
        return check_minutes(table, times.moments), {"epoch": "epoch"}.get(times.said, f"its own {times.said}")
    if timezone:
        zone, known = timezone, f"{timezone}, as asked"
    elif match.certain and match.layout.zone:
        zone, known = match.layout.zone, f"{match.layout.zone}, as {match.layout.name} documents"
    else:
        raise UsageError(ask_for_zone(table, match, times.walls, volume))
    return check_minutes(table, completed(table, times, zone_named(zone))), known


def refuse_days(table: Table, texts: pd.Series) -> None:
    days = texts.str.fullmatch(r"\s*(\d{4}-\d\d-\d\d|\d{8}|\d\d?/\d\d?/\d{4})\s*").to_numpy(dtype=bool)
    table.refuse(days, "'{}': a day without a clock; bars of one minute are needed")


def check_minutes(table: Table, starts: pd.DatetimeIndex) -> pd.DatetimeIndex:
    table.refuse(starts.as_unit("ns").asi8 % (60 * 10**9) != 0, "'{}': the time is not on a full minute")
    return starts


def ask_for_zone(table: Table, match: Match, walls: pd.DatetimeIndex, volume: np.ndarray) -> str:
    there = ~walls.isna()
    zone, share = likely_zone(walls[there], volume[there])
    inside = f"it puts {100 * share:.0f} % of the volume into sessions"
    text = f"{table.where}: its times say no zone; add --timezone {zone} ({inside}), or the one that is right"
    if match.layout.zone and not match.certain:
        text += f"; or --layout {match.layout.name}, if it is of {match.layout.what.partition(',')[0]}, whose times are " \
                f"of {NEW_YORK}"
    return text
