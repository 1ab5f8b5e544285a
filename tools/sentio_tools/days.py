"""Days asked for against days that are there. The calendar is the one of the generator, NYSE 2018-2030."""

import warnings
from collections.abc import Iterable
from datetime import date

from synthetic import calendar

from .errors import DataWarning, UsageError

NEW_YORK = "America/New_York"
Day = date | str  # "YYYY-MM-DD"


def parse_day(day: Day) -> date:
    """Raises UsageError unless it is a date or the text of one."""
    if type(day) is date:
        return day
    try:
        return date.fromisoformat(day)
    except (TypeError, ValueError):
        raise UsageError(f"{day!r} is not a date YYYY-MM-DD") from None


class DayRange:
    """From `first` to `last`, both included; None leaves that side open."""

    def __init__(self, first: Day | None = None, last: Day | None = None):
        self.first = None if first is None else parse_day(first)
        self.last = None if last is None else parse_day(last)
        if self.first and self.last and self.first > self.last:
            raise UsageError(f"the range ends before it begins: {self.first} to {self.last}")

    def __contains__(self, day: date) -> bool:
        return (self.first is None or day >= self.first) and (self.last is None or day <= self.last)

    def __str__(self) -> str:
        if self.first and self.first == self.last:
            return f"of {self.first}"
        return " ".join([f"from {self.first}"] * bool(self.first) + [f"to {self.last}"] * bool(self.last)) or "of any day"

    def missing(self, present: Iterable[date]) -> list[date]:
        """Sessions of the exchange in the range that are not among `present`; an open side ends with these."""
        there = set(present)
        if not there:
            return []
        first = max(self.first or min(there), date(calendar.FIRST_YEAR, 1, 1))
        last = min(self.last or max(there), date(calendar.LAST_YEAR, 12, 31))
        return [s.day for s in calendar.sessions_between(first, last) if s.day not in there]


def warn_of_missing(what: str, days: list[date]) -> None:
    """`what` says of what, for example "logs/mock_trading: no trades file"."""
    if days:
        warnings.warn(f"{what} of {listed(days)}", DataWarning, stacklevel=4)


def listed(days: list[date]) -> str:
    """All of a few days; of many the first and the last, and how many."""
    if len(days) <= 10:
        return ", ".join(map(str, days))
    return f"{days[0]}, {days[1]} … {days[-1]} ({len(days)} sessions)"
