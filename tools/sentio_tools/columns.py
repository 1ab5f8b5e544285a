"""Columns of the frames: name, dtype, unit; and frames built from rows that keep to them."""

import re
from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np
import pandas as pd

from .days import NEW_YORK
from .errors import DataError
from .json_lines import Row

# Kind -> (dtype, dtype where a value may be absent, JSON types). JSON writes 2.0 as 2, so numbers may come as int.
KINDS = {
    "time": (f"datetime64[ns, {NEW_YORK}]", None, (str,)),
    "text": ("string", "string", (str,)),
    "integer": ("int64", "Int64", (int,)),
    "number": ("float64", "float64", (int, float, type(None))),
    "flag": ("bool", None, (bool,)),
}

REQUIRED = ...


class Column(NamedTuple):
    name: str
    kind: str  # a key of KINDS
    meaning: str  # with the unit
    absent: object = REQUIRED  # the value of rows without this key; REQUIRED: such a row is damaged

    @property
    def dtype(self) -> str:
        plain, nullable, _ = KINDS[self.kind]
        return nullable if self.absent is pd.NA else plain


class Table(NamedTuple):
    """`horizons`: columns that exist once per prediction horizon h, in minutes, with "<h>" in the name."""

    columns: tuple[Column, ...]
    horizons: tuple[Column, ...] = ()
    horizons_after: str = ""  # the column they follow

    def with_horizons(self, minutes: Iterable[int]) -> tuple[Column, ...]:
        """All columns in order, horizons ascending. Days of other configurations lack theirs: those may be absent."""
        found = [c._replace(name=c.name.replace("<h>", str(h)), absent=pd.NA) for h in minutes for c in self.horizons]
        cut = [c.name for c in self.columns].index(self.horizons_after) + 1 if found else 0
        return self.columns[:cut] + tuple(found) + self.columns[cut:]

    def horizons_in(self, rows: Iterable[Row]) -> list[int]:
        """The horizons that any of the rows has."""
        keys = set().union(*{tuple(row.values) for row in rows})
        patterns = [re.compile(c.name.replace("<h>", r"(\d+)")) for c in self.horizons]
        return sorted({int(m[1]) for key in keys for p in patterns if (m := p.fullmatch(key))})


def build(table: Table, rows: list[Row]) -> pd.DataFrame:
    """A frame of the table's columns; raises DataError naming file and line where a row does not fit.

    Keys that the table does not know are ignored: a newer sentio_cli may write more.
    """
    columns = table.with_horizons(table.horizons_in(rows)) if table.horizons else table.columns
    return pd.DataFrame({c.name: column_values(c, rows) for c in columns}, columns=[c.name for c in columns])


def column_values(column: Column, rows: list[Row]):
    values = [row.values.get(column.name, column.absent) for row in rows]
    allowed = KINDS[column.kind][2] + ((type(pd.NA),) if column.absent is pd.NA else ())
    if not set(map(type, values)) <= set(allowed):
        refuse(rows, values, lambda v: type(v) in allowed, column)
    if column.kind == "time":
        return times(column, rows, values)
    if column.kind == "number":
        return np.array([np.nan if v is pd.NA else v for v in values], dtype="float64")  # null becomes NaN
    try:
        return pd.array(values, dtype=column.dtype)
    except OverflowError:
        refuse(rows, values, lambda v: v is pd.NA or abs(v) < 2**63, column)


def refuse(rows: list[Row], values: list, fits: Callable[[object], bool], column: Column):
    """Names the first row whose value does not fit."""
    row, value = next((r, v) for r, v in zip(rows, values) if not fits(v))
    problem = f"lacks {column.name}" if value is REQUIRED else f"{column.name} {str(value)[:60]!r} is not a {column.kind}"
    raise DataError(row.where, problem)


TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)")


def parse_times(texts: list[str]) -> pd.DatetimeIndex | None:
    """ISO-8601 with offset -> New York time; None where any is something else."""
    if not all(map(TIME.fullmatch, texts)):
        return None
    try:
        moments = pd.to_datetime(texts, utc=True, format="ISO8601")
    except ValueError:
        return None
    return pd.DatetimeIndex(moments, tz="UTC").as_unit("ns").tz_convert(NEW_YORK)


def times(column: Column, rows: list[Row], texts: list[str]) -> pd.DatetimeIndex:
    moments = parse_times(texts)
    if moments is None:
        refuse(rows, texts, lambda text: parse_times([text]) is not None, column)
    return moments
