"""Dates: closed days (exit 8), and dates that are none (exit 2)."""

import unittest

from support import CliTest, run


class ClosedDays(CliTest):
    def test_closed_days_exit_8_and_say_why(self):
        for verb in ("mock", "features"):
            for day, why in (("2025-07-04", "Independence Day"), ("2025-07-05", "Saturday"), ("2025-07-06", "Sunday"),
                             ("2025-01-09", "National Day of Mourning")):
                with self.subTest(verb=verb, day=day):
                    more = ("--symbol", "TQQQ") if verb == "features" else ("--log-dir", self.logs)
                    outcome = run(verb, "--date", day, "--data-dir", self.bars, *more)
                    self.expect_refusal(outcome, 8, "%s: no session: %s" % (day, why))

    def test_a_range_of_closed_days_only_exits_8(self):
        dates = ("--start-date", "2025-07-04", "--end-date", "2025-07-06")
        self.expect_refusal(self.mock(*dates), 8, "2025-07-04 to 2025-07-06: the range holds no trading day")
        outcome = run("features", "--symbol", "TQQQ", *dates, "--data-dir", self.bars)
        self.expect_refusal(outcome, 8, "2025-07-04 to 2025-07-06: the range holds no trading day")

    def test_a_closed_day_wins_over_missing_data(self):
        self.expect_refusal(self.mock("--date", "2025-07-04", bars=self.folder / "nowhere"), 8, "Independence Day")


class BadDates(CliTest):
    def test_texts_that_are_no_dates(self):
        for text in ("2025-02-30", "2025-7-2", "today", "02.07.2025", "2025-07-02T09:30", " 2025-07-02"):
            with self.subTest(text):
                self.expect_refusal(self.mock("--date", text), 2, "--date: '%s' is not a date such as 2025-09-26" % text)

    def test_years_the_calendar_does_not_know(self):
        for text in ("2205-07-02", "2017-12-29", "2031-01-02"):
            with self.subTest(text):
                self.expect_refusal(self.mock("--date", text), 2, text + " is outside the calendar of this version, 2018-2030")

    def test_combinations_that_say_nothing_clear(self):
        for dates, text in (
            ((), "give either --date D or both --start-date and --end-date"),
            (("--date", ""), "give either --date D or both"),
            (("--date", "2025-07-02", "--start-date", "2025-07-01"), "give either --date D or both"),
            (("--date", "2025-07-02", "--start-date", "2025-07-01", "--end-date", "2025-07-02"), "give either --date D"),
            (("--date", "2025-07-02", "--end-date", "2025-07-02"), "give either --date D or both"),
            (("--start-date", "2025-07-02"), "both --start-date and --end-date"),
            (("--end-date", "2025-07-02"), "both --start-date and --end-date"),
            (("--start-date", "2025-07-02", "--end-date", "2025-07-01"), "--end-date: is before --start-date"),
            (("--start-date", "2025-07-02", "--end-date", "soon"), "--end-date: 'soon' is not a date"),
        ):
            with self.subTest(dates=dates):
                self.expect_refusal(self.mock(*dates), 2, text)
                outcome = run("features", "--symbol", "TQQQ", *dates, "--data-dir", self.bars)
                self.expect_refusal(outcome, 2, text)


if __name__ == "__main__":
    unittest.main()
