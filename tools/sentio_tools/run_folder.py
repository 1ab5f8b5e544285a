"""The files of a run, logs/mock_trading or logs/live_trading, as pandas frames."""

import pathlib
import re
from datetime import date

import pandas as pd

from . import tables
from .columns import Table, build
from .days import NEW_YORK, Day, DayRange, listed, parse_day, warn_of_missing
from .errors import DataError, UsageError
from .json_lines import Row, read_document, read_rows

SUFFIXES = {"signals": ".jsonl", "decisions": ".jsonl", "trades": ".jsonl", "executions": ".jsonl", "positions": ".jsonl", "health": ".jsonl",
            "summary": ".json"}
MAKE_ONE = "`sentio_cli mock --date D` makes one (docs/user-guide.md)"


class RunFolder:
    """One run's folder.

    Every frame takes `first` and `last`, dates or "YYYY-MM-DD", both included; without them all days that are there.
    Rows are in the order of the files, day after day; columns and dtypes are those of `sentio_tools.TABLES`.

    Raises DataError where the folder, all days asked for, or the soundness of a line is missing; the message names
    folder, file or file:line. Warns (DataWarning) of sessions in the range without a file, and of a half-written last
    line, which is left out: a live day's files grow. `frame.attrs["missing_days"]` lists those sessions.
    """

    def __init__(self, folder: str | pathlib.Path = "logs/mock_trading"):
        self.folder = pathlib.Path(folder)
        if not self.folder.is_dir():
            raise DataError(self.folder, f"no such folder; {MAKE_ONE}")

    def days(self, kind: str = "signals") -> list[date]:
        """The days with a file of this kind ("signals", …, "summary"), in order."""
        if kind not in SUFFIXES:
            raise UsageError(f"no files of kind {kind!r}; there are {', '.join(SUFFIXES)}")
        name = re.compile(rf"{kind}_(\d{{4}}-\d\d-\d\d){re.escape(SUFFIXES[kind])}")
        found = filter(None, (name.fullmatch(path.name) for path in self.folder.iterdir()))
        return sorted(parse_day(match[1]) for match in found)

    def file(self, kind: str, day: Day) -> pathlib.Path:
        return self.folder / f"{kind}_{parse_day(day)}{SUFFIXES[kind]}"

    def files(self, kind: str, first: Day | None = None, last: Day | None = None) -> dict[date, pathlib.Path]:
        """The files of the days in the range. Warns of sessions without one; raises DataError where all are."""
        chosen, _ = self._choose(kind, first, last)
        return {day: self.file(kind, day) for day in chosen}

    def signals(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per instrument and minute."""
        return self._frame(tables.SIGNALS, "signals", first, last)

    def decisions(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per entry, exit, cancel, blocked entry and halt."""
        return self._frame(tables.DECISIONS, "decisions", first, last)

    def trades(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per execution; an order, `order_id`, may have several."""
        return self._frame(tables.TRADES, "trades", first, last)

    def executions(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per execution of a live or rehearsed day, with the prices that its cost is measured against."""
        return self._frame(tables.EXECUTIONS, "executions", first, last)

    def positions(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per minute and symbol held; none for minutes in cash (see `equity`)."""
        return self._frame(tables.POSITIONS, "positions", first, last, nested="positions")

    def equity(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per minute: the book's cash, equity and running MRD."""
        return self._frame(tables.EQUITY, "positions", first, last)

    def health(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per learner and horizon, at each day's end."""
        return self._frame(tables.HEALTH, "health", first, last, nested="horizons")

    def daily_returns(self, first: Day | None = None, last: Day | None = None) -> pd.DataFrame:
        """One row per finished day, from its summary. A running live day has no summary yet, and is missing."""
        chosen, missing = self._choose("summary", first, last)
        rows = [summary_row(self.file("summary", day), day) for day in chosen]
        return finished(build(tables.DAILY_RETURNS, rows), missing)

    def summary(self, day: Day) -> dict:
        """summary_D.json as it is."""
        return read_document(self.file("summary", day))

    def _choose(self, kind: str, first: Day | None, last: Day | None) -> tuple[list[date], list[date]]:
        """Days in the range with a file, at least one, and sessions without, which are warned of."""
        wanted, present = DayRange(first, last), self.days(kind)
        chosen = [day for day in present if day in wanted]
        if not chosen:
            raise DataError(self.folder, f"no {kind} file {wanted}; {self._next_step(kind, present)}")
        missing = wanted.missing(present)
        warn_of_missing(f"{self.folder}: no {kind} file", missing)
        return chosen, missing

    def _next_step(self, kind: str, present: list[date]) -> str:
        if present:
            return f"those there: {listed(present)}"
        inner = [name for name in ("mock_trading", "live_trading") if (self.folder / name).is_dir()]
        if inner:
            return "name a folder inside it: " + " or ".join(str(self.folder / name) for name in inner)
        return "a live day gets its summary at its end" if kind == "summary" and self.days() else MAKE_ONE

    def _frame(self, table: Table, kind: str, first: Day | None, last: Day | None, nested: str = "") -> pd.DataFrame:
        chosen, missing = self._choose(kind, first, last)
        rows: list[Row] = []
        for day in chosen:
            found = read_rows(self.file(kind, day))
            check_day(found, day)
            rows += found
        if nested:
            rows = unfolded(rows, nested)
        elif table is tables.EQUITY:
            rows = [Row(r.file, r.line, {**r.values, "held": len(parts(r, "positions"))}) for r in rows]
        return finished(build(table, rows), missing)


def finished(frame: pd.DataFrame, missing: list[date]) -> pd.DataFrame:
    frame.attrs["missing_days"] = missing
    return frame


def check_day(rows: list[Row], day: date) -> None:
    """A file renamed, or copied from another day, would count that day twice."""
    for row in rows:
        if not str(row.values.get("ts", "")).startswith(str(day)):
            raise DataError(row.where, f"ts {row.values.get('ts')!r} is not of {day}, the day in the file's name")


def parts(row: Row, key: str) -> list[dict]:
    found = row.values.get(key)
    if not isinstance(found, list) or not all(isinstance(part, dict) for part in found):
        raise DataError(row.where, f"{key} is not a list of objects")
    return found


def unfolded(rows: list[Row], key: str) -> list[Row]:
    """One row per object of the list `key`, with the values of the line around it."""
    out = []
    for row in rows:
        around = {name: value for name, value in row.values.items() if name != key}
        out += [Row(row.file, row.line, around | part) for part in parts(row, key)]
    return out


def summary_row(file: pathlib.Path, day: date) -> Row:
    """The line of `day` in a summary. Reported at line 1: the file is one object."""
    summary = read_document(file)
    days = parts(Row(file, 1, summary), "days")
    if [d.get("date") for d in days] != [str(day)]:
        raise DataError(file, f"is not the summary of {day} alone: its days are {[d.get('date') for d in days]}")
    costs = days[0].get("costs")
    if not isinstance(costs, dict):
        raise DataError(file, "lacks the day's costs")
    midnight = pd.Timestamp(day, tz=NEW_YORK).isoformat()
    run = {name: summary[name] for name in ("mode", "synthetic", "not_achievable") if name in summary}
    total = {"costs_usd": costs["total_usd"]} if "total_usd" in costs else {}
    return Row(file, 1, {**days[0], **run, **total, "date": midnight})
