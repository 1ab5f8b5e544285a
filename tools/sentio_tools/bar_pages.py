"""One symbol's bars out of a vendor's pages, believing nothing: range, order, repetition and numbers are checked."""

import math
from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from synthetic.calendar import Session

from .bar_files import MINUTE_NS, NUMBERS, in_session
from .days import NEW_YORK
from .errors import DataError

EMPTY_PAGES_MAX = 20  # with more to come; some vendors send a few


class Fetched(NamedTuple):
    """Bars of regular sessions, and what was left out of the reply."""

    frame: pd.DataFrame  # start, open, high, low, close, volume
    outside: int = 0  # rows outside the regular sessions
    repeated: int = 0  # rows that came twice with the same values
    unsound: tuple[str, ...] = ()  # rows that are no bars, one text each


def first_minute_ns(session: Session) -> int:
    return session.open_epoch_minutes * MINUTE_NS


def last_minute_ns(session: Session) -> int:
    return (session.open_epoch_minutes + session.minutes - 1) * MINUTE_NS


def clock(ns: int) -> str:
    return pd.Timestamp(ns, tz="UTC").tz_convert(NEW_YORK).strftime("%Y-%m-%d %H:%M:%S")


class PagedBars:
    """`add` each page in turn, then `fetched`. `where` names vendor and symbol in errors."""

    def __init__(self, where: str, sessions: Sequence[Session]):
        self._where = where
        self._first, self._last = first_minute_ns(sessions[0]), last_minute_ns(sessions[-1])
        self._bars: dict[int, tuple[float, ...]] = {}
        self._newest = -1
        self._repeated, self._unsound = 0, []
        self._marks: set[str] = set()
        self._empty = 0
        self.rows = 0  # that came, whatever they were

    def add(self, rows: Iterable[tuple[object, tuple]], next_mark: str | None) -> None:
        """`rows`: (start in ns or the text that is none, (open, high, low, close, volume)). `next_mark` leads to the next
        page, None: this is the last. DataError where a page cannot belong to an honest answer.
        """
        rows_before, new_before = self.rows, len(self._bars) + len(self._unsound)
        for start, values in rows:
            self.rows += 1
            self._add(start, values)
        nothing_new = self.rows > rows_before and len(self._bars) + len(self._unsound) == new_before
        self._empty += self.rows == rows_before
        if next_mark is not None and (next_mark in self._marks or nothing_new or self._empty > EMPTY_PAGES_MAX):
            reached = clock(self._newest) if self._bars else "no bar"
            self.refuse(f"the vendor repeats a page ({reached} was reached); ask again later")
        self._marks.add(next_mark or "")

    def refuse(self, problem: str) -> None:
        raise DataError(self._where, problem)

    def fetched(self) -> Fetched:
        starts = np.fromiter(self._bars, dtype="int64", count=len(self._bars))
        numbers = np.array(list(self._bars.values()), dtype="float64").reshape(len(starts), len(NUMBERS))
        wall = pd.to_datetime(starts, utc=True).tz_convert(NEW_YORK)
        frame = pd.DataFrame({"start": wall} | {name: numbers[:, i] for i, name in enumerate(NUMBERS)})
        inside = in_session(wall)
        return Fetched(frame[inside].reset_index(drop=True), int((~inside).sum()), self._repeated, tuple(self._unsound))

    def _add(self, start: object, values: tuple) -> None:
        problem = "its time is none" if type(start) is not int else unsound(start, values)
        if problem:
            when = clock(start) if type(start) is int and 0 <= start < 2**62 else repr(start)[:40]
            self._unsound.append(f"{when}: {problem}")
            return
        if not self._first <= start <= self._last:
            self.refuse(f"the vendor sent a bar of {clock(start)}, outside {clock(self._first)} to {clock(self._last)}")
        if start <= self._newest:
            if start not in self._bars:
                self.refuse(f"the vendor's bars do not ascend: {clock(start)} after {clock(self._newest)}")
            if self._bars[start] != values:
                self.refuse(f"the vendor sent two different bars of {clock(start)}")
            self._repeated += 1
            return
        self._bars[start] = values
        self._newest = start

def unsound(start: int, values: tuple) -> str | None:
    """What keeps this from being a bar of one minute; the rules of the reader."""
    if not all(type(value) in (int, float) and math.isfinite(value) for value in values):
        return "a value is not a number"
    first, high, low, last, volume = values
    if start % MINUTE_NS != 0:
        return "not on a full minute"
    if low <= 0:
        return "low is not a positive price"
    if high < low:
        return "high is below low"
    if not low <= first <= high or not low <= last <= high:
        return "open or close is outside low to high"
    return "volume is negative" if volume < 0 else None
