import unittest
from datetime import date

import support  # noqa: F401
from synthetic import calendar

# NYSE "Holidays & Trading Hours" pages.
CLOSED = {
    2018: "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25",
    2020: "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25",
    2021: "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24",
    2022: "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26",
    2025: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
    2026: "01-01 01-19 02-16 04-03 05-25 06-19 07-03 09-07 11-26 12-25",
    2027: "01-01 01-18 02-15 03-26 05-31 06-18 07-05 09-06 11-25 12-24",
}
HALF = {
    2018: "07-03 11-23 12-24",
    2020: "11-27 12-24",
    2021: "11-26",
    2022: "11-25",
    2023: "07-03 11-24",
    2025: "07-03 11-28 12-24",
    2026: "11-27 12-24",
    2028: "07-03 11-24",
}


def dates(year, text):
    return {date(year, *map(int, entry.split("-"))) for entry in text.split()}


class Calendar(unittest.TestCase):
    def test_closes_on_the_days_the_exchange_published(self):
        for year, text in CLOSED.items():
            with self.subTest(year=year):
                every = {s.day for s in calendar.sessions_between(date(year, 1, 1), date(year, 12, 31))}
                weekdays = {
                    date.fromordinal(n)
                    for n in range(date(year, 1, 1).toordinal(), date(year, 12, 31).toordinal() + 1)
                    if date.fromordinal(n).weekday() < 5
                }
                self.assertEqual(weekdays - every, dates(year, text))

    def test_closes_at_one_on_the_published_half_days(self):
        for year, text in HALF.items():
            with self.subTest(year=year):
                sessions = calendar.sessions_between(date(year, 1, 1), date(year, 12, 31))
                self.assertEqual({s.day for s in sessions if s.minutes == 210}, dates(year, text))

    def test_opens_at_the_epoch_minute_of_half_past_nine_in_new_york(self):
        for day, epoch_seconds in (
            (date(2025, 9, 15), 1757943000),  # summer time
            (date(2018, 1, 2), 1514903400),  # winter time
            (date(2025, 3, 7), 1741357800),  # Friday before the change
            (date(2025, 3, 10), 1741613400),  # Monday after it
            (date(2025, 10, 31), 1761917400),
            (date(2025, 11, 3), 1762180200),
        ):
            with self.subTest(day=day):
                self.assertEqual(calendar.session_of(day).open_epoch_minutes * 60, epoch_seconds)

    def test_counts_sessions_over_weekends_and_stops_at_its_edge(self):
        back = calendar.sessions_counted(date(2025, 9, 2), 3, -1)
        self.assertEqual([str(s.day) for s in back], ["2025-08-28", "2025-08-29", "2025-09-02"])
        forward = calendar.sessions_counted(date(2025, 8, 29), 2, 1)
        self.assertEqual([str(s.day) for s in forward], ["2025-08-29", "2025-09-02"])
        with self.assertRaises(ValueError):
            calendar.sessions_counted(date(2030, 12, 31), 2, 1)


if __name__ == "__main__":
    unittest.main()
