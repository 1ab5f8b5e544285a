"""The texts of times as moments in New York.

A time is epoch seconds, milliseconds, microseconds or nanoseconds, or a written date and clock: ISO-8601, MM/DD/YYYY or
YYYYMMDD, with an offset, the name of a zone, or nothing. What says nothing needs a zone from outside: none is assumed.
"""

import re
from typing import NamedTuple
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np
import pandas as pd

from ..days import NEW_YORK
from ..errors import DataError, UsageError
from .reading import Table

EPOCH = re.compile(r"\d{9,19}(\.0)?")
WRITTEN = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d|\d{8}|\d\d?/\d\d?/\d{4})(?:T| {1,2}|-)(?P<clock>\d\d?:\d\d(?::\d\d(?:\.\d{1,9})?)?)"
    r" ?(?P<zone>Z|[+-]\d\d(?::?\d\d)?|[A-Za-z]+(?:/[A-Za-z_]+)*)?")
UNITS = ((10**9, 1), (10**12, 10**3), (10**15, 10**6), (10**18, 10**9))  # from this number on: units of 1/n second
EARLIEST, LATEST = (pd.Timestamp(day, tz="UTC") for day in ("1990-01-01", "2100-01-01"))  # else it was read wrongly


class Times(NamedTuple):
    """Of one table. `moments` are of New York; `naive` marks rows that say no zone, whose wall times `walls` holds."""

    moments: pd.DatetimeIndex  # NaT where naive
    walls: pd.DatetimeIndex  # without a zone; NaT where not naive
    said: str  # how the file says its zone: "epoch", "offset", "zone names"; "" where no row does

    @property
    def naive(self) -> np.ndarray:
        return self.moments.isna()


def zone_named(name: str) -> ZoneInfo:
    """Raises UsageError where there is no such zone."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(f"{name!r} is not a time zone like America/New_York, UTC or America/Chicago") from None


def times_of(table: Table, texts: pd.Series) -> Times:
    """`texts`: the time of every row. Raises DataError for the first that is none."""
    texts = texts.str.strip()
    epoch = texts.str.fullmatch(EPOCH).to_numpy(dtype=bool)
    parts = texts.where(~epoch).str.extract("^" + WRITTEN.pattern + "$")
    written = parts["date"].notna().to_numpy(dtype=bool)
    table.refuse(~epoch & ~written, "'{}': the time is neither a date with a clock nor an epoch")
    if (epoch & written).any() or epoch.any() and written.any():
        raise DataError(table.where, "times are partly written, partly epochs")
    if epoch.all() and len(texts):
        return Times(from_epoch(table, texts), nothing(len(texts)), "epoch")
    walls = pd.DatetimeIndex(pd.to_datetime(iso(parts["date"]) + " " + parts["clock"], format="ISO8601", errors="coerce"))
    table.refuse(walls.isna(), "'{}': no such time")
    return with_zones(table, walls.as_unit("ns"), parts["zone"].fillna("").to_numpy())


def nothing(count: int) -> pd.DatetimeIndex:
    return pd.DatetimeIndex(np.full(count, np.datetime64("NaT", "ns")))


def from_epoch(table: Table, texts: pd.Series) -> pd.DatetimeIndex:
    numbers = texts.str.removesuffix(".0").astype("int64").to_numpy()
    ns = np.zeros(len(numbers), dtype="int64")
    for least, per_second in UNITS:
        here = (numbers >= least * 6 // 10) & (numbers < least * 600)
        ns[here] = numbers[here] * (10**9 // per_second)
    moments = pd.DatetimeIndex(ns).tz_localize("UTC")
    table.refuse(np.asarray((moments < EARLIEST) | (moments > LATEST)), "'{}': the time is no epoch in s, ms, us or ns")
    return moments.tz_convert(NEW_YORK)


def iso(dates: pd.Series) -> pd.Series:
    """MM/DD/YYYY and YYYYMMDD as YYYY-MM-DD."""
    slashed = dates.str.replace(r"^(\d)/", r"0\1/", regex=True).str.replace(r"/(\d)/", r"/0\1/", regex=True)
    turned = slashed.str.replace(r"^(\d\d)/(\d\d)/(\d{4})$", r"\3-\1-\2", regex=True)
    return turned.str.replace(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", regex=True)


def with_zones(table: Table, walls: pd.DatetimeIndex, zones: np.ndarray) -> Times:
    ns, naive = np.full(len(walls), np.iinfo("int64").min), zones == ""
    said = set()
    for zone in sorted(set(zones) - {""}):
        here = zones == zone
        if zone == "Z" or zone[0] in "+-":
            ns[here] = walls[here].asi8 - offset_ns(zone)
            said.add("offset")
        else:
            ns[here] = in_zone(table, walls, here, zone_named(zone)).asi8
            said.add("zone names")
    moments = pd.DatetimeIndex(ns.view("datetime64[ns]")).tz_localize("UTC").tz_convert(NEW_YORK)
    return Times(moments, walls.where(naive), " and ".join(sorted(said)))


def offset_ns(offset: str) -> int:
    if offset == "Z":
        return 0
    digits = offset[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return (1 if offset[0] == "+" else -1) * minutes * 60 * 10**9


def in_zone(table: Table, walls: pd.DatetimeIndex, rows: np.ndarray, zone: ZoneInfo) -> pd.DatetimeIndex:
    """The moments of these rows. No session lies in the hour that a change of summer time repeats or leaves out."""
    moments = walls[rows].tz_localize(zone, ambiguous="NaT", nonexistent="NaT")
    bad = np.zeros(len(walls), dtype=bool)
    bad[rows] = moments.isna()
    table.refuse(bad, f"'{{}}': in {zone.key} this hour is repeated or left out, the summer time changes")
    return moments.tz_convert("UTC").as_unit("ns")


def completed(table: Table, times: Times, zone: ZoneInfo) -> pd.DatetimeIndex:
    """The moments of all rows; those that say no zone are of `zone`."""
    if not times.naive.any():
        return times.moments
    ns = times.moments.asi8.copy()
    ns[times.naive] = in_zone(table, times.walls, times.naive, zone).asi8
    return pd.DatetimeIndex(ns.view("datetime64[ns]")).tz_localize("UTC").tz_convert(NEW_YORK)
