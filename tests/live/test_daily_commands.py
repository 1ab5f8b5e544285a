"""The operator's day, week and month over what `mock` and `rehearse` left behind: every command, every form, no complaint.

On made-up bars always, on recorded ones where SENTIO_TEST_MARKET_DATA names their folder.
"""

import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
import support  # noqa: E402

REAL = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
TWELVE = "ERX,ERY,FAS,FAZ,SDS,SQQQ,SSO,SVIX,TNA,TQQQ,TZA,UVXY"


class DailyCommands(support.CliTest):
    def ask(self, *arguments, code=0) -> str:
        outcome = support.run(*arguments)
        self.assertEqual(outcome.code, code, "%s\n%s" % (arguments, outcome.err))
        self.assertEqual(outcome.err, "", arguments)
        self.assertNotIn("\x1b", outcome.out)
        return outcome.out

    def ask_json(self, *arguments) -> dict:
        return json.loads(self.ask(*arguments, "--json"))

    def everything(self, days, data_dir, warmup, *flags):
        """`days`: sessions without a gap, all of one month; the last is rehearsed, all are mocked from the same start."""
        last, logs, bars = days[-1], ("--log-dir", self.logs), ("--data-dir", data_dir)
        start = (*bars, "--warmup-days", warmup, *flags)
        self.ask("rehearse", "--date", last, *start, *logs, "-q")
        self.ask("mock", "--date", last, *start, *logs, "-q")
        self.one_day(last, logs, bars, start)
        self.ask("mock", "--start-date", days[0], "--end-date", last, *start, *logs, "-q")
        self.many_days(days, logs, bars)

    def one_day(self, day, logs, bars, start):
        mocked = self.ask_json("analyze-mrd", "--date", day, *logs)
        for mode in ("mock", "live"):
            with self.subTest(mode):
                got = self.ask_json("report", "--date", day, "--mode", mode, *logs)
                self.assertEqual(got["performance"]["round_trips"], mocked["performance"]["round_trips"])
                self.assertIn("VERDICT: ", self.ask("report", "--date", day, "--mode", mode, *logs))
                self.assertIn("one day", self.ask("analyze-mrd", "--date", day, "--mode", mode, *logs))
                page = self.folder / (mode + ".html")
                self.ask("report", "--date", day, "--mode", mode, *logs, *bars, "--html", page)
                self.assertIn("id=\"skill\"", page.read_text())
        both = self.ask_json("analyze-mrd", "--date", day, "--mode", "both", *logs)
        self.assertTrue(json.dumps(both).count(day))
        self.assertIn(day, self.ask("analyze-mrd", "--date", day, "--mode", "both", *logs))
        self.explained(day, logs, start)
        self.ask("verify-data", "--end-date", day, *bars, "--symbols", ",".join(mocked["instruments"]))

    def explained(self, day, logs, start):
        """The first trade of the day: its minute's explanation names what the run decided."""
        first = next(d for d in support.json_lines(self.logs / "mock_trading" / ("decisions_%s.jsonl" % day))
                     if d["action"] == "enter")
        got = self.ask_json("explain", "--date", day, "--time", first["ts"][11:16], "--symbol", first["symbol"], *start)
        self.assertEqual(got["action"], "enter")
        self.assertEqual(got["decision_records"], [first])

    def many_days(self, days, logs, bars):
        span = ("--start-date", days[0], "--end-date", days[-1])
        month = self.ask_json("report", "--month", days[0][:7], *logs)
        for arguments in (span, ("--week", days[-1]), ()):
            got = self.ask_json("analyze-mrd", *arguments, *logs)
            if arguments == span:
                self.assertEqual(got["evidence"], month["evidence"])
            self.assertLessEqual(got["evidence"]["days"], len(days))
        self.assertEqual(month["evidence"]["days"], len(days))
        self.assertIn("Day by Day:", self.ask("report", "--month", days[0][:7], *logs))
        page = self.folder / "month.html"
        self.ask("report", "--month", days[0][:7], *logs, *bars, "--html", page)
        self.assertLess(page.stat().st_size, 2_000_000)

    def test_the_verdict_is_held_to_the_targets_asked_for(self):
        flags = ("--date", support.DAY, "--from", "15:30", "--warmup-days", 2, "--data-dir", self.bars, "--log-dir", self.logs)
        self.ask("rehearse", *flags, "-q", "--targets", "design-backtest")
        self.assertIn("(targets: design-backtest)", (self.logs / "live_trading" / "analysis_report.txt").read_text())
        self.assertIn("(targets: design-backtest)", self.ask("report", "--date", support.DAY, "--mode", "live", "--log-dir", self.logs))
        for verb in (("rehearse", *flags), ("live", "--paper", "--log-dir", self.logs)):
            refused = support.run(*verb, "--targets", "none")
            self.assertEqual(refused.code, 2)
            self.assertIn("unknown targets 'none'; known: handbook, design-backtest, design-production", refused.err)

    def test_made_up_bars(self):
        self.everything(support.DAYS[2:], self.bars, 2)

    @unittest.skipUnless((REAL / "six").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_six(self):
        self.everything(["2025-09-24", "2025-09-25", "2025-09-26"], REAL / "six", 7)

    @unittest.skipUnless((REAL / "twelve").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_twelve(self):
        self.everything(["2025-07-01", "2025-07-02", "2025-07-03"], REAL / "twelve", 20, "--symbols", TWELVE)


if __name__ == "__main__":
    unittest.main()
