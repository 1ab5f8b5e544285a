"""`report`: what it reads back is what was run, what it refuses, and where the page goes. The page itself: tests/page."""

import json
import unittest

from support import DAY, HALF_DAY, CliTest, run


def differences(got, want, where=""):
    """Paths where two summaries say different things; numbers to what the files' decimals allow."""
    if isinstance(want, dict) and isinstance(got, dict):
        for key in {**got, **want}:
            yield from differences(got.get(key, "absent"), want.get(key, "absent"), where + "/" + key)
    elif isinstance(want, list) and isinstance(got, list) and len(got) == len(want):
        for index, (ours, theirs) in enumerate(zip(got, want)):
            yield from differences(ours, theirs, "%s/%d" % (where, index))
    elif isinstance(want, float) and isinstance(got, (int, float)):
        if abs(got - want) > 1e-3 + 1e-6 * abs(want):
            yield where, got, want
    elif got != want:
        yield where, got, want


class Report(CliTest):
    def setUp(self):
        super().setUp()
        self.page = self.folder / "page.html"

    def report(self, *arguments):
        return run("report", *arguments, "--html", self.page, "--log-dir", self.logs, "--data-dir", self.bars)

    def test_a_month_read_back_is_the_range_that_was_run(self):
        whole = self.folder / "whole.json"
        self.expect_success(self.mock("--start-date", "2025-07-01", "--end-date", HALF_DAY, "--warmup-days", 1, "-q",
                                      "--summary-json", whole))
        got = json.loads(self.expect_success(self.report("--month", "2025-07", "--json")).out)
        self.assertEqual(got.pop("page"), str(self.page))
        self.assertEqual(len(got.pop("sessions_without_run")), 22 - 3)
        self.assertEqual(got.pop("notes"), [])
        self.assertEqual(list(differences(got, json.loads(whole.read_text()))), [])
        self.assertGreater(got["performance"]["round_trips"], 50)

    def test_a_day_says_where_its_page_is_and_twice_the_same_bytes(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        outcome = self.expect_success(self.report("--date", DAY))
        self.assertEqual(outcome.out, "Page: %s (1 day of %s)\n" % (self.page, self.results))
        first = self.page.read_bytes()
        self.expect_success(self.report("--date", DAY))
        self.assertEqual(self.page.read_bytes(), first)

    def test_what_is_refused(self):
        for arguments, code, problem in (
                ((), 2, "give either --date D or --month YYYY-MM"),
                (("--date", DAY, "--month", "2025-07"), 2, "give either"),
                (("--month", "2025-7"), 2, "is not a month such as 2025-10"),
                (("--month", "2025-13"), 2, "is not a date"),
                (("--date", "2025-07-04"), 8, "no session: Independence Day"),
                (("--date", DAY), 3, "holds no files of " + DAY),
                (("--date", DAY, "--targets", "none"), 2, "--targets"),
        ):
            with self.subTest(arguments):
                self.expect_refusal(self.report(*arguments), code, problem)
                self.assertFalse(self.page.exists())

    def test_a_damaged_line_is_named_and_a_torn_last_one_is_not_damage(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        book = self.results / ("positions_%s.jsonl" % DAY)
        text = book.read_text()
        book.write_text(text + '{"ts":"2025-07-02T16:0')
        self.expect_success(self.report("--date", DAY))
        lines = text.splitlines(keepends=True)
        book.write_text("".join([lines[0], '{"ts":\n', *lines[1:]]))
        self.expect_refusal(self.report("--date", DAY), 3, "%s:2: is no JSON object" % book, files_left=True)

    def test_a_page_that_cannot_be_written(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        self.page = self.folder / "nowhere" / "page.html"
        self.expect_refusal(self.report("--date", DAY), 2, str(self.page.parent), files_left=True)

    def test_symbols_without_bars_are_warned_about_where_a_folder_was_named(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "TQQQ,SQQQ"))
        empty = self.folder / "empty"
        empty.mkdir()
        outcome = run("report", "--date", DAY, "--html", self.page, "--log-dir", self.logs, "--data-dir", empty)
        self.assertEqual((outcome.code, len(outcome.warnings)), (0, 2), outcome.err)
        self.assertIn("only what the run noted", self.page.read_text())


if __name__ == "__main__":
    unittest.main()
