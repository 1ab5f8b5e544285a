"""What the rows themselves say of their clock: is it New York's, and do stamps name the start or the end of a minute.

Volume tells: the session's minutes hold nearly all of it, and its first minute more than the one before.
"""

from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..bar_files import OPENING_MINUTE, session_minutes
from ..days import NEW_YORK

HALF_HOURS = 48  # of a day
OPENING_HALF_HOUR = OPENING_MINUTE // 30
BUSY = 0.9  # quantile of a day's minutes; no minute counts for more
MARGIN = 0.05  # of a day's volume that must lie better elsewhere
DAYS_SHARE = 0.2  # of days that make a wrong clock of it
END_SHARE, START_SHARE = 0.8, 0.5  # of sessions, for a stamp
OPENING_RATIO = 3  # of the open's volume to the minute before it, with extended hours
ZONES = (NEW_YORK, "UTC", "America/Chicago", "America/Denver", "America/Los_Angeles", "Etc/GMT+5", "Europe/London",
         "Europe/Berlin", "Europe/Helsinki", "Asia/Kolkata", "Asia/Singapore", "Asia/Tokyo", "Australia/Sydney")


class Minutes(NamedTuple):
    """Rows by their New York day and minute of the day."""

    days: list[date]
    day: np.ndarray  # index into days
    minute: np.ndarray
    volume: np.ndarray
    length: np.ndarray  # of each day's session, in minutes; 0 where closed

    @property
    def since_open(self) -> np.ndarray:
        return self.minute - OPENING_MINUTE

    @property
    def inside(self) -> np.ndarray:
        return (self.since_open >= 0) & (self.since_open < self.length[self.day])


def minutes_of(starts: pd.DatetimeIndex, volume: np.ndarray) -> Minutes:
    """`starts` are times of New York."""
    codes, midnights = pd.factorize(starts.tz_localize(None).normalize())
    days = list(midnights.date)
    length = np.array([session_minutes(day) for day in days], dtype=int)
    return Minutes(days, codes, np.asarray(starts.hour * 60 + starts.minute), np.maximum(volume, 1e-9), length)


def share_inside(minutes: Minutes) -> float:
    """Of the volume, that lies in sessions."""
    total = minutes.volume.sum()
    return float(minutes.volume[minutes.inside].sum() / total) if total > 0 else 0.0


def likely_zone(walls: pd.DatetimeIndex, volume: np.ndarray) -> tuple[str, float]:
    """The zone that puts most of the volume into sessions, and that share. The first of equals."""
    best = (NEW_YORK, -1.0)
    for zone in ZONES:
        moments = walls.tz_localize(zone, ambiguous="NaT", nonexistent="NaT").tz_convert(NEW_YORK)
        there = ~moments.isna()
        share = share_inside(minutes_of(moments[there], volume[there])) if there.any() else 0.0
        if share > best[1] + 0.005:
            best = (zone, share)
    return best


class Displaced(NamedTuple):
    """Days whose rows lie elsewhere than in the session."""

    days: list[date]
    of: int  # open days with rows
    hours: float  # to add, of most of these days
    first: str  # the first row of the first such day, HH:MM
    last: str


def displaced(minutes: Minutes) -> Displaced | None:
    """The days of which other hours hold more volume, where they are a fifth of all or more."""
    busy = pd.Series(minutes.volume).groupby(minutes.day).transform("quantile", BUSY)
    volume = np.minimum(minutes.volume, busy)  # else the closing auction alone would draw the session after the close
    table = np.zeros((len(minutes.days), HALF_HOURS))
    np.add.at(table, (minutes.day, minutes.minute // 30), volume)
    wrong, shifts = [], []
    for day, row in enumerate(table):
        wide = minutes.length[day] // 30
        if wide == 0 or row.sum() == 0:
            continue
        sums = np.convolve(row, np.ones(wide), mode="valid") / row.sum()  # of each window of session length
        best = int(sums.argmax())
        if sums[best] > sums[OPENING_HALF_HOUR] + MARGIN:
            wrong.append(day)
            shifts.append((OPENING_HALF_HOUR - best) / 2)
    open_days = int((minutes.length > 0).sum())
    if not wrong or len(wrong) < DAYS_SHARE * open_days:
        return None
    of_first = minutes.minute[minutes.day == wrong[0]]
    hours = max(set(shifts), key=shifts.count)
    return Displaced([minutes.days[d] for d in wrong], open_days, hours, clock(of_first.min()), clock(of_first.max()))


def clock(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


class Stamp(NamedTuple):
    kind: str | None  # "start", "end"; None: the rows do not say
    why: str


def stamp_of(minutes: Minutes) -> Stamp:
    """What stamps name, by the rows at the first and after the last minute of sessions."""
    open_days = np.flatnonzero(minutes.length > 0)
    count = len(open_days)
    if count == 0:
        return Stamp(None, "no row is of a day with a session")

    def days_with(minute: np.ndarray | int) -> np.ndarray:
        found = np.zeros(len(minutes.days), dtype=bool)
        found[minutes.day[minutes.since_open == (minute if np.isscalar(minute) else minute[minutes.day])]] = True
        return found[open_days]

    early = np.zeros(len(minutes.days), dtype=bool)
    early[minutes.day[minutes.since_open < 0]] = True
    if early[open_days].mean() >= START_SHARE:
        return by_volume(minutes)
    opens, closes = days_with(0), days_with(minutes.length)
    ends = int((closes & ~opens).sum())
    if ends >= END_SHARE * count:
        return Stamp("end", f"{ends} of {count} sessions have a row at the close and none at 09:30")
    if opens.mean() >= START_SHARE:
        return Stamp("start", f"{int(opens.sum())} of {count} sessions have a row at 09:30")
    return Stamp(None, f"{int(opens.sum())} of {count} sessions have a row at 09:30, {int(closes.sum())} one at the close")


def by_volume(minutes: Minutes) -> Stamp:
    """With extended hours: the session's first minute has far more volume than the one before it."""
    def median(minute: int) -> float:
        found = minutes.volume[(minutes.since_open == minute) & (minutes.length[minutes.day] > 0)]
        return float(np.median(found)) if len(found) else 0.0

    before, first, second = median(-1), median(0), median(1)
    if second > OPENING_RATIO * first:
        return Stamp("end", f"volume begins at 09:31 ({second:.0f} shares a minute, 09:30 {first:.0f})")
    if first > OPENING_RATIO * before:
        return Stamp("start", f"volume begins at 09:30 ({first:.0f} shares a minute, 09:29 {before:.0f})")
    return Stamp(None, f"volume at 09:29, 09:30 and 09:31 is alike ({before:.0f}, {first:.0f}, {second:.0f})")
