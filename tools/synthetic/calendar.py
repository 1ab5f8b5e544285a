"""NYSE sessions 2018-2030 by rule, and New York time without a time-zone database.

A fresh machine may lack the tz database, and all that is needed here is the offset of one city at
09:30-16:00 under the rule of 2007 (second Sunday of March to first Sunday of November).
Source of the closing rules: NYSE Rule 7.2 and the exchange's "Holidays & Trading Hours" pages.
"""

from datetime import date, timedelta
from typing import List, NamedTuple

FIRST_YEAR, LAST_YEAR = 2018, 2030
FULL_SESSION_MINUTES, HALF_SESSION_MINUTES = 390, 210
OPEN_MINUTE_OF_DAY = 9 * 60 + 30

# Days of national mourning, which follow no rule.
MOURNING_DAYS = frozenset({date(2018, 12, 5), date(2025, 1, 9)})

MONDAY, THURSDAY, SATURDAY, SUNDAY = 0, 3, 5, 6


class Session(NamedTuple):
    """One trading day: date, number of minutes, hours New York is behind UTC."""

    day: date
    minutes: int
    utc_offset_hours: int

    @property
    def offset_text(self) -> str:
        return "-%02d:00" % self.utc_offset_hours

    @property
    def open_epoch_minutes(self) -> int:
        """Minutes from 1970-01-01 UTC to 09:30 New York time."""
        days = self.day.toordinal() - date(1970, 1, 1).toordinal()
        return days * 1440 + OPEN_MINUTE_OF_DAY + self.utc_offset_hours * 60


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def easter_sunday(year: int) -> date:
    """Gregorian Easter (Meeus, Jones, Butcher)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = b // 4, b % 4
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = c // 4, c % 4
    ell = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * ell) // 451
    month, day = divmod(h + ell - 7 * m + 114, 31)
    return date(year, month, day + 1)


def observed(holiday: date) -> date:
    """A Saturday holiday is kept on Friday, a Sunday one on Monday."""
    if holiday.weekday() == SATURDAY:
        return holiday - timedelta(days=1)
    if holiday.weekday() == SUNDAY:
        return holiday + timedelta(days=1)
    return holiday


def holidays(year: int) -> frozenset:
    last_of_may = date(year, 5, 31)
    days = {
        nth_weekday(year, 1, MONDAY, 3),  # Martin Luther King Jr. Day
        nth_weekday(year, 2, MONDAY, 3),  # Washington's Birthday
        easter_sunday(year) - timedelta(days=2),  # Good Friday
        last_of_may - timedelta(days=last_of_may.weekday()),  # Memorial Day
        observed(date(year, 7, 4)),
        nth_weekday(year, 9, MONDAY, 1),  # Labor Day
        nth_weekday(year, 11, THURSDAY, 4),  # Thanksgiving
        observed(date(year, 12, 25)),
    }
    new_year = date(year, 1, 1)
    if new_year.weekday() != SATURDAY:  # NYSE keeps 31 December open, it ends the accounting year
        days.add(observed(new_year))
    if year >= 2022:
        days.add(observed(date(year, 6, 19)))  # Juneteenth
    return frozenset(days) | {d for d in MOURNING_DAYS if d.year == year}


def is_open(day: date) -> bool:
    return day.weekday() < SATURDAY and day not in holidays(day.year)


def is_half_day(day: date) -> bool:
    """The eves of 4 July and Christmas when both fall on weekdays, and the day after Thanksgiving."""
    if not is_open(day):
        return False
    if (day.month, day.day) == (7, 3):
        return (day + timedelta(days=1)).weekday() < SATURDAY
    if (day.month, day.day) == (12, 24):
        return True
    return day == nth_weekday(day.year, 11, THURSDAY, 4) + timedelta(days=1)


def utc_offset_hours(day: date) -> int:
    """Hours New York is behind UTC during that day's session."""
    summer_starts = nth_weekday(day.year, 3, SUNDAY, 2)
    summer_ends = nth_weekday(day.year, 11, SUNDAY, 1)
    return 4 if summer_starts <= day < summer_ends else 5


def session_of(day: date) -> Session:
    minutes = HALF_SESSION_MINUTES if is_half_day(day) else FULL_SESSION_MINUTES
    return Session(day, minutes, utc_offset_hours(day))


def covers(day: date) -> bool:
    return FIRST_YEAR <= day.year <= LAST_YEAR


def sessions_between(first: date, last: date) -> List[Session]:
    """Sessions with first <= date <= last, in order; both inside the years covered."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [session_of(day) for day in days if is_open(day)]


def sessions_counted(anchor: date, count: int, step: int) -> List[Session]:
    """`count` sessions from `anchor` forward (step 1) or back (step -1), in order.

    Raises ValueError where the calendar ends before the count is reached.
    """
    found, day = [], anchor
    while len(found) < count:
        if not covers(day):
            raise ValueError("the calendar covers %d-%d only" % (FIRST_YEAR, LAST_YEAR))
        if is_open(day):
            found.append(session_of(day))
        day += timedelta(days=step)
    return found if step > 0 else found[::-1]
