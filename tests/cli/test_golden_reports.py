"""What a person reads after three days and a month, compared with reviewed files under tests/data/golden/reports/.

The month is made-up: three sessions of July 2025, one of them a half day, and a month of which they are all there is.
SENTIO_UPDATE_GOLDEN=1 rewrites the files; read `git diff` before believing the new ones. The instruction set is pinned,
because bytes are the same per instruction set only; a build for one processor (SENTIO_NATIVE) is skipped.
"""

import html
import os
import re
import unittest

from support import DAYS, ROOT, CliTest, environment, run

GOLDEN = ROOT / "tests" / "data" / "golden" / "reports"
PINNED = environment(SENTIO_DISPATCH="baseline")


def words_of(page: str) -> str:
    """What the page says without its style, scripts and numbers of charts: a line per element that holds text."""
    body = re.sub(r"<(style|script|pre)\b.*?</\1>", "", page, flags=re.S)
    lines = (html.unescape(line).strip() for line in re.split(r"<[^>]*>", body))
    return "\n".join(line for line in lines if line) + "\n"


@unittest.skipIf(os.environ.get("SENTIO_NATIVE") == "1", "built for this processor only")
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
        got = self.steady(text)
        if os.environ.get("SENTIO_UPDATE_GOLDEN"):
            GOLDEN.mkdir(parents=True, exist_ok=True)
            (GOLDEN / name).write_text(got)
            return
        want = (GOLDEN / name).read_text()
        for number, (ours, theirs) in enumerate(zip(got.splitlines(), want.splitlines()), start=1):
            self.assertEqual(ours, theirs, "%s:%d; SENTIO_UPDATE_GOLDEN=1 if the change is intended" % (name, number))
        self.assertEqual(len(got.splitlines()), len(want.splitlines()), name)

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
