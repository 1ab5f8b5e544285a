"""One instrument's bars out of all files, and what there is to know of them before they are written."""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..bar_files import in_session, session_minutes
from ..days import DayRange
from ..errors import DataError, UsageError
from . import clocks
from .layouts import BARS
from .parts import Asked, Part

MINUTE = pd.Timedelta(minutes=1)
LONG_STEP_SHARE = 0.9  # of steps within a day of two minutes or more: not bars of one minute
SPLIT_RATIO_MAX = 50
SPLIT_TOLERANCE, SMALL_SPLIT_TOLERANCE = 0.08, 0.025


class Instrument(NamedTuple):
    """What is written, and what is shown of it."""

    symbol: str
    bars: pd.DataFrame  # start (New York, start of the minute), the five numbers; sessions only, ascending
    files: list[str]
    layout: str
    zone: str
    stamp: str  # "start", "end": what the file's stamps name
    stamp_known: str
    adjusted: bool | None
    outside: int  # rows left out: not in a session
    doubled: int  # left out: the same row twice
    filled: int  # left out: flat and without volume
    missing: list[date]  # sessions between the first and the last without a bar
    splits: list[str]

    @property
    def days(self) -> pd.Index:
        return pd.Index(self.bars["start"].dt.date)

    def facts(self) -> dict:
        """For --json and for the page; times are starts."""
        starts, days = self.bars["start"], self.days
        minutes = starts.dt.hour * 60 + starts.dt.minute
        possible = sum(session_minutes(day) for day in days.unique())
        return {
            "symbol": self.symbol, "files": self.files, "layout": self.layout, "zone": self.zone, "stamp": self.stamp,
            "stamp_known": self.stamp_known, "adjusted": self.adjusted,
            "first": starts.iloc[0].isoformat(), "last": starts.iloc[-1].isoformat(),
            "sessions": int(days.nunique()), "rows": len(starts),
            "rows_a_day": float(np.median(days.value_counts())),
            "minute_first": clocks.clock(int(minutes.min())), "minute_last": clocks.clock(int(minutes.max())),
            "covered": round(len(starts) / possible, 6),
            "shares_a_day": float(np.median(self.bars["volume"].groupby(days.to_numpy()).sum())),
            "price_first": float(self.bars["close"].iloc[0]), "price_last": float(self.bars["close"].iloc[-1]),
            "left_out": {"outside_session": self.outside, "twice": self.doubled, "filled": self.filled},
            "missing_sessions": [str(day) for day in self.missing], "splits_suspected": self.splits,
        }


def instruments_of(parts: list[Part], asked: Asked) -> list[Instrument]:
    """In order of their names. Raises DataError where the rows contradict each other or the clock."""
    symbols = sorted(set().union(*(part.frame["symbol"].unique() for part in parts)))
    absent = [symbol for symbol in asked.only or () if symbol not in symbols]
    if absent:
        raise DataError("files", f"hold no bar of {', '.join(absent)}")
    if not symbols:
        raise DataError("files", "hold no bar")
    return [instrument(symbol, [p for p in parts if (p.frame["symbol"] == symbol).any()], asked) for symbol in symbols]


def instrument(symbol: str, parts: list[Part], asked: Asked) -> Instrument:
    layouts = {part.match.layout.name: part.match for part in parts}
    if len(layouts) > 1:
        raise DataError(parts[1].table.where, f"{symbol} comes in the layouts {' and '.join(layouts)}; import one source")
    match = next(iter(layouts.values()))
    rows, doubled = ordered(symbol, parts)
    check_length(symbol, parts[0], rows)
    minutes = clocks.minutes_of(pd.DatetimeIndex(rows["start"]), rows["volume"].to_numpy())
    refuse_displaced(symbol, parts[0], minutes, asked)
    stamp, known = stamp_of(parts[0], match.layout.stamp if match.certain else None, minutes, asked.stamp)
    if stamp == "end":
        rows["start"] -= MINUTE
    inside = in_session(pd.DatetimeIndex(rows["start"]))
    bars = rows.loc[inside, ["start", *BARS]].reset_index(drop=True)
    if bars.empty:
        raise DataError(parts[0].table.where, f"{symbol} has no row in a session (09:30 to 16:00 of New York)")
    files = list(dict.fromkeys(part.table.where for part in parts))
    zones = list(dict.fromkeys(part.zone for part in parts))
    return Instrument(symbol, bars, files, match.layout.name, " and ".join(zones), stamp, known,
                      adjusted(parts, asked), int((~inside).sum()), doubled, sum(p.filled.get(symbol, 0) for p in parts),
                      DayRange().missing(set(bars["start"].dt.date)), splits(bars))


def adjusted(parts: list[Part], asked: Asked) -> bool | None:
    """For splits: as the operator says, or every file, or the vendor's documents. None: not known."""
    if asked.adjusted is not None:
        return asked.adjusted
    said = {p.table.said.get("adjusted", p.match.layout.adjusted if p.match.certain else None) for p in parts}
    if len(said) > 1:
        raise DataError(parts[0].table.where, "some of the files are adjusted for splits and some are not; import one kind")
    return said.pop()


def ordered(symbol: str, parts: list[Part]) -> tuple[pd.DataFrame, int]:
    """Rows of all files by time, each minute once, and how many were there again. Raises DataError where they differ."""
    mine = [p.frame[p.frame["symbol"] == symbol].assign(part=n) for n, p in enumerate(parts)]
    rows = pd.concat(mine, ignore_index=True).sort_values(["start", "part", "row"], ignore_index=True)
    again = rows["start"].duplicated().to_numpy()
    numbers = rows[list(BARS)].to_numpy()
    differ = again.copy()
    differ[1:] &= (numbers[1:] != numbers[:-1]).any(axis=1)
    if differ.any():
        at = int(differ.argmax())
        second, first = (parts[rows["part"][i]].table.place(rows["row"][i]) for i in (at, at - 1))
        raise DataError(second, f"{symbol} {rows['start'][at]}: other numbers than in {first}; keep one of them")
    return rows[~again].reset_index(drop=True), int(again.sum())


def check_length(symbol: str, part: Part, rows: pd.DataFrame) -> None:
    """Bars of one minute follow each other by one minute mostly; thin funds still do now and then."""
    steps = rows["start"].diff()[rows["start"].dt.date == rows["start"].dt.date.shift()]
    if len(rows) > 1 and (len(steps) == 0 or (steps > MINUTE).mean() >= LONG_STEP_SHARE):
        usual = f"{steps.median() / MINUTE:.0f} minutes apart" if len(steps) else "a day apart"
        raise DataError(part.table.where, f"rows of {symbol} are {usual}; bars of one minute are needed")


def stamp_of(part: Part, documented: str | None, minutes: clocks.Minutes, asked: str | None) -> tuple[str, str]:
    """What stamps name, and how that is known. Raises UsageError where it is not, DataError where it is contradicted."""
    seen = clocks.stamp_of(minutes)
    if asked == "end" and seen.kind == "start":
        raise DataError(part.table.where, f"--stamp end, but stamps look like starts: {seen.why}")
    if asked:
        return asked, "as asked"
    if seen.kind == "end":
        raise UsageError(f"{part.table.where}: stamps look like ends of minutes: {seen.why}; add --stamp end, "
                         "or --stamp start if you know better")
    if seen.kind == "start":
        return "start", seen.why
    if documented:
        return documented, f"as {part.match.layout.name} documents"
    raise UsageError(f"{part.table.where}: does not say whether its stamps are starts or ends of minutes ({seen.why}); "
                     "add --stamp start or --stamp end")


def refuse_displaced(symbol: str, part: Part, minutes: clocks.Minutes, asked: Asked) -> None:
    found = clocks.displaced(minutes)
    if found is None:
        return
    days = f"{len(found.days)} of {found.of} days of {symbol}, the first {found.days[0]} ({found.first} to {found.last})"
    advice = "another --timezone" if asked.timezone else "correct its times" if part.match.layout.zone is None else \
        "say what they are with --timezone"
    raise DataError(part.table.where, f"its clock is not New York's: on {days}, the session seems to be "
                                      f"{abs(found.hours):g} hours {'early' if found.hours > 0 else 'late'}; {advice}")


def splits(bars: pd.DataFrame) -> list[str]:
    """Over night the price changed by what looks like a ratio of whole numbers. Shown, never acted on."""
    days = bars["start"].dt.date
    opens = bars.groupby(days)["open"].first()
    closes = bars.groupby(days)["close"].last()
    ratio = (opens / closes.shift()).dropna()
    found = []
    for day, value in ratio.items():
        up = max(value, 1 / value)
        whole = round(up)
        near = 2 <= whole <= SPLIT_RATIO_MAX and abs(up / whole - 1) <= SPLIT_TOLERANCE
        if near or abs(up / 1.5 - 1) <= SMALL_SPLIT_TOLERANCE:
            found.append(f"{day}: price {'x' if value > 1 else '/'}{up:.2f} over night")
    return found
