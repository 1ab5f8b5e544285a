"""What a person reads after three days and a month, compared with reviewed files under tests/data/golden/reports/.

The month is made-up: three sessions of July 2025, one of them a half day, and a month of which they are all there is.
"""

import html
import re
import unittest

from support import DAYS, ROOT, CliTest, environment, expect_golden, run

GOLDEN = ROOT / "tests" / "data" / "golden" / "reports"
PINNED = environment(SENTIO_DISPATCH="baseline")


def words_of(page: str) -> str:
    """What the page says without its style, scripts and numbers of charts: a line per element that holds text."""
    body = re.sub(r"<(style|script|pre)\b.*?</\1>", "", page, flags=re.S)
    lines = (html.unescape(line).strip() for line in re.split(r"<[^>]*>", body))
    return "\n".join(line for line in lines if line) + "\n"


class GoldenReports(CliTest):
    """One run of DAYS[1:] after one session of warm-up; every report of it."""

    def setUp(self):
        super().setUp()
        self.expect_success(self.mock("--start-date", DAYS[1], "--end-date", DAYS[3], "--warmup-days", 1, "-q", env=PINNED))

    def steady(self, text: str) -> str:
        """Without what differs between two checkouts or versions: folders, and the binary's and the files' names of themselves."""
        for folder, name in ((self.bars, "BARS"), (self.logs, "LOGS"), (self.folder, "FOLDER"), (ROOT, "ROOT")):
            text = text.replace(str(folder), name)
        return re.sub(r'("(?:binary|version|sha256|configuration|config_sha256|data)": )"[^"]*"', r'\1"…"', text)

    def compare(self, name: str, text: str):
        expect_golden(self, GOLDEN / name, self.steady(text))

    def report(self, *arguments) -> str:
        return self.expect_success(run("report", *arguments, "--log-dir", self.logs, "--data-dir", self.bars, env=PINNED)).out

    def test_days(self):
        for day in DAYS[1:]:
            with self.subTest(day):
                self.compare(day + ".txt", self.report("--date", day))

    def test_a_month_as_text_as_json_and_as_a_page(self):
        month = ("--month", "2025-07")
        self.compare("2025-07.txt", self.report(*month))
        self.compare("2025-07.json", self.report(*month, "--json"))
        page = self.folder / "page.html"
        self.report(*month, "--html", page)
        self.compare("2025-07.page.txt", words_of(page.read_text()))


if __name__ == "__main__":
    unittest.main()
