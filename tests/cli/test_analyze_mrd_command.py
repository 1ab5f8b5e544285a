"""`analyze-mrd` and the text of `report`: figures of the range that was run, refusals, live beside mock, golden JSON."""

import json
import os
import pathlib
import shutil
import tempfile
import unittest

from support import DAY, DAYS, HALF_DAY, ROOT, SIX, CliTest, environment, expect_golden, run

GOLDEN = ROOT / "tests" / "data" / "golden" / "cli"
REAL = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
BASELINE = environment(SENTIO_DISPATCH="baseline")
FUTURE = "2030-12-30"  # a session; within the calendar


def rounded(value):
    """Six digits: what no machine's mathematics disagrees about."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    if isinstance(value, list):
        return [rounded(v) for v in value]
    return float("%.6g" % value) if isinstance(value, float) else value


class MrdTest(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.ran = pathlib.Path(shared.name) / "logs"
        outcome = run("mock", "--start-date", DAYS[1], "--end-date", HALF_DAY, "--warmup-days", 1, "-q", "--data-dir",
                      cls.bars, "--log-dir", cls.ran, "--summary-json", pathlib.Path(shared.name) / "whole.json",
                      env=BASELINE)
        assert outcome.code == 0, outcome.err
        cls.whole = json.loads((pathlib.Path(shared.name) / "whole.json").read_text())

    def setUp(self):
        super().setUp()
        shutil.copytree(self.ran, self.logs)

    def analyze(self, *arguments):
        return run("analyze-mrd", *arguments, "--log-dir", self.logs)

    def json_of(self, *arguments):
        return json.loads(self.expect_success(self.analyze(*arguments, "--json")).out)

    def report(self, *arguments):
        return run("report", *arguments, "--log-dir", self.logs)

    def edit_summary(self, day, change, mode="mock"):
        path = self.logs / (mode + "_trading") / ("summary_%s.json" % day)
        summary = json.loads(path.read_text())
        change(summary)
        path.write_text(json.dumps(summary))

    def make_live(self):
        """The mock's files as a live run's."""
        shutil.copytree(self.results, self.logs / "live_trading")
        for day in (DAYS[1], DAY, HALF_DAY):
            self.edit_summary(day, lambda s: s.update(mode="live"), "live")
        return self.logs / "live_trading"

    def refused(self, outcome, code, problem):
        self.expect_refusal(outcome, code, problem, files_left=True)


class Figures(MrdTest):
    def test_a_week_is_the_range_that_was_run(self):
        for arguments in (("--week", "2025-07-02"), ("--week", "2025-07-05"), (),
                          ("--start-date", DAYS[1], "--end-date", HALF_DAY)):
            with self.subTest(arguments):
                got = self.json_of(*arguments)
                for section in ("performance", "evidence", "money", "cost_curve", "fill_band"):
                    for key, want in self.whole[section].items():
                        if isinstance(want, float):
                            self.assertAlmostEqual(got[section][key], want, places=4, msg=key)
                        elif not isinstance(want, (dict, list)):
                            self.assertEqual(got[section][key], want, key)
                self.assertEqual([d["date"] for d in got["days"]], [DAYS[1], DAY, HALF_DAY])

    def test_mrd_is_what_the_design_says(self):
        got = self.json_of()
        start, end = got["days"][0]["equity_start_usd"], got["days"][-1]["equity_end_usd"]
        self.assertAlmostEqual(got["performance"]["mrd_pct"], (end - start) / start / 3, places=12)

    def test_tables_are_sums_of_the_trades(self):
        got = self.json_of()
        trades = [json.loads(line) for day in (DAYS[1], DAY, HALF_DAY)
                  for line in (self.results / ("trades_%s.jsonl" % day)).read_text().splitlines()]
        traded = sum(t["qty"] * t["price"] for t in trades)
        gross = got["money"]["gross_usd"]
        self.assertAlmostEqual(got["cost_curve"]["break_even_side_bps"], 1e4 * gross / traded, places=6)
        start = got["money"]["capital_start_usd"]
        for point in got["cost_curve"]["points"]:
            want = (gross - 1e-4 * point["cost_side_bps"] * traded) / start / 3
            self.assertAlmostEqual(point["mrd_pct"], want, places=9)
        trips = sum(row["round_trips"] for row in got["holding_times"])
        self.assertEqual(trips, got["performance"]["round_trips"])
        books = [json.loads(line) for day in (DAYS[1], DAY, HALF_DAY)
                 for line in (self.results / ("positions_%s.jsonl" % day)).read_text().splitlines()]
        self.assertAlmostEqual(got["performance"]["exposure_minutes_pct"],
                               sum(bool(b["positions"]) for b in books) / len(books), places=12)

    def test_the_page_says_mrd_evidence_and_days(self):
        text = self.expect_success(self.analyze()).out
        for part in ("SYNTHETIC", "  MRD: ", "Evidence:", "Day by Day:", DAY, HALF_DAY, "Breaks Even at", "Fill Band",
                     "VERDICT: ", "Sessions without a run, in no figure: 2025-06-30\n"):
            self.assertIn(part, text)
        one = self.expect_success(self.analyze("--date", DAY)).out
        self.assertIn("one day is one day", one)
        self.assertNotIn("Sessions without a run", one)

    def test_a_missing_session_is_explained_where_its_end_is_written(self):
        line = {"record": "run_end", "date": DAYS[0], "mode": "paper", "outcome": "refused", "exit_code": 4,
                "reason": "no keys", "started": None, "ended": DAYS[0] + "T09:20:00-04:00", "flat": None, "mrd": None,
                "simulated": False}
        file = self.results / "runs.jsonl"
        file.write_text(json.dumps(line) + "\n")
        self.assertEqual(self.json_of()["sessions_without_run"], [{"date": DAYS[0], "why": "refused: no keys"}])
        file.write_text("{\n")
        outcome = self.analyze()
        self.assertEqual((outcome.code, len(outcome.warnings)), (0, 1), outcome.err)
        self.assertIn("Sessions without a run, in no figure: %s\n" % DAYS[0], outcome.out)

    def test_targets_are_those_asked_for(self):
        self.assertEqual(self.json_of()["verdict"]["targets"], "handbook")
        self.assertEqual(self.json_of("--targets", "design-production")["verdict"]["targets"], "design-production")

    def test_a_report_of_a_month_has_the_layout_of_analysis_report(self):
        text = self.expect_success(self.report("--month", "2025-07")).out
        headings = [line for line in (self.results / "analysis_report.txt").read_text().splitlines()
                    if line.endswith(":") and line[0] != " "]
        self.assertGreater(len(headings), 10)
        self.assertEqual([line for line in text.splitlines() if line.endswith(":") and line[0] != " "], headings)
        self.assertIn("Day by Day:", headings)

    def test_signals_are_not_read(self):
        for day in (DAYS[1], DAY, HALF_DAY):
            (self.results / ("signals_%s.jsonl" % day)).unlink()
            (self.results / ("decisions_%s.jsonl" % day)).unlink()
        self.json_of()
        self.expect_success(self.report("--month", "2025-07"))


class Refusals(MrdTest):
    def test_what_is_refused(self):
        nowhere = self.folder / "nowhere"
        for arguments, code, problem in (
                (("--date", DAY, "--week", DAY), 2, "give one of --date, --week"),
                (("--start-date", DAY), 2, "a range needs both"),
                (("--start-date", DAY, "--end-date", DAYS[1]), 2, "is before --start-date"),
                (("--date", "2025-07-04"), 8, "no session: Independence Day"),
                (("--date", "2025-07-07"), 3, "holds no files of 2025-07-07; run that day first"),
                (("--mode", "live"), 3, "live_trading: holds no files of a run; run a day first, or name another --log-dir"),
                (("--mode", "both"), 3, "holds no day that was both run live and replayed"),
                (("--targets", "none"), 2, "--targets"),
                (("--log-dir", nowhere), 3, "nowhere/mock_trading: holds no files of a run"),
                (("--date", FUTURE), 3, "%s: is later than today" % FUTURE),
        ):
            with self.subTest(arguments):
                outcome = run("analyze-mrd", *(() if "--log-dir" in arguments else ("--log-dir", self.logs)), *arguments)
                self.refused(outcome, code, problem)

    def test_a_day_of_the_future_is_refused_by_both(self):
        (self.results / ("positions_%s.jsonl" % FUTURE)).write_text("")
        self.refused(self.analyze(), 3, "a clock is wrong")
        self.refused(self.report("--month", FUTURE[:7]), 3, "%s: is later than today" % FUTURE)
        self.refused(self.report("--date", FUTURE), 3, "%s: is later than today" % FUTURE)
        self.json_of("--week", DAY)

    def test_days_of_other_rules_have_no_common_mean(self):
        for key, change, problem in (
                ("configuration", lambda s: s["manifest"].update(configuration="00000000deadbeef"),
                 "configuration: %s has " % DAYS[1]),
                ("symbols", lambda s: s.update(instruments=["TQQQ"]), "symbols: %s has " % DAYS[1]),
                ("mode", lambda s: s.update(mode="live"), "mode: %s has mock, %s has live" % (DAYS[1], DAY)),
        ):
            with self.subTest(key):
                text = (self.results / ("summary_%s.json" % DAY)).read_text()
                self.edit_summary(DAY, change)
                self.refused(self.analyze(), 3, problem)
                self.refused(self.report("--month", "2025-07"), 3, problem)
                self.expect_success(self.analyze("--date", DAY))
                (self.results / ("summary_%s.json" % DAY)).write_text(text)

    def test_really_another_configuration(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--fill", "close"))
        self.refused(self.analyze(), 3, "configuration: ")

    def test_data_files_may_differ(self):
        self.edit_summary(DAY, lambda s: s["manifest"]["data_files"].update(TQQQ="0" * 16))
        self.assertEqual(self.json_of()["manifest"]["data_files"]["TQQQ"], "differs between days")

    def test_older_summaries_are_accepted_with_a_note(self):
        self.edit_summary(DAY, lambda s: s.pop("manifest"))
        self.assertEqual(len(self.json_of()["notes"]), 1)
        self.assertIn("Note: 1 day is of an older version", self.expect_success(self.analyze()).out)

    def test_a_half_written_line_is_tolerated_and_a_damaged_one_named(self):
        book = self.results / ("positions_%s.jsonl" % DAY)
        text = book.read_text()
        book.write_text(text + '{"ts":"2025-07')
        self.expect_success(self.analyze())
        book.write_text("{\n" + text)
        self.refused(self.analyze(), 3, "%s:1: is no JSON object" % book)


class Manifest(MrdTest):
    def test_every_summary_says_what_made_it(self):
        first, second = (json.loads((self.results / ("summary_%s.json" % d)).read_text())["manifest"] for d in (DAYS[1], DAY))
        self.assertEqual(first, second)
        self.assertEqual(list(first), ["binary", "configuration", "learning", "calendar", "data_files", "trials"])
        self.assertRegex(first["binary"], r"^1\.0\.0(\+[0-9a-f]{12})?$")
        self.assertEqual(sorted(first["data_files"]), sorted(SIX))

    def test_a_changed_bar_file_is_another_and_its_place_is_not(self):
        want = json.loads((self.results / ("summary_%s.json" % DAY)).read_text())["manifest"]["data_files"]
        bars = self.copy_bars()
        file = next(bars.glob("TQQQ*"))
        self.expect_success(self.mock("--date", DAY, "-q", bars=bars))
        read = lambda: json.loads((self.results / ("summary_%s.json" % DAY)).read_text())["manifest"]["data_files"]
        self.assertEqual(read(), want)
        file.write_text(file.read_text() + "\n")
        self.expect_success(self.mock("--date", DAY, "-q", bars=bars))
        self.assertEqual({s for s in SIX if read()[s] != want[s]}, {"TQQQ"})


class Both(MrdTest):
    def test_equal_runs_are_equal(self):
        self.make_live()
        got = self.json_of("--mode", "both")
        self.assertEqual([d["date"] for d in got["comparison"]], [DAYS[1], DAY, HALF_DAY])
        for day in got["comparison"]:
            self.assertGreater(day["signals"]["equal"], 1000)
            self.assertIsNone(day["signals"]["first_difference"])
            self.assertEqual(day["fills"]["differing"], [])
            self.assertEqual(day["money"]["difference_usd"], 0)
        self.assertEqual((got["live"]["mode"], got["mock"]["mode"]), ("live", "mock"))

    def test_the_first_other_signal_is_named_and_ends_with_5(self):
        file = self.make_live() / ("signals_%s.jsonl" % DAY)
        lines = file.read_text().splitlines(keepends=True)
        lines[99] = lines[99].replace('"strength":', '"strength":9')
        file.write_text("".join(lines))
        outcome = self.analyze("--mode", "both", "--date", DAY)
        self.assertEqual(outcome.code, 5, outcome.err)
        self.assertIn("%s:100: {" % file, outcome.out)
        self.assertIn("%s:100: {" % (self.results / file.name), outcome.out)

    def test_another_price_is_money_of_the_price(self):
        file = self.make_live() / ("trades_%s.jsonl" % DAY)
        trades = [json.loads(line) for line in file.read_text().splitlines()]
        sale = next(t for t in trades if t["side"] == "sell")
        sale["price"] += 0.5
        file.write_text("".join(json.dumps(t) + "\n" for t in trades))
        gain = 0.5 * sale["qty"]

        def richer(s):
            s["days"][0]["equity_end_usd"] += gain

        self.edit_summary(DAY, richer, "live")
        day = self.json_of("--mode", "both", "--date", DAY)["comparison"][0]
        self.assertEqual((day["fills"]["differ"], day["fills"]["only_live"], day["fills"]["only_mock"]), (1, 0, 0))
        self.assertAlmostEqual(day["money"]["price_usd"], gain, places=6)
        self.assertAlmostEqual(day["money"]["difference_usd"], gain, places=6)
        self.assertAlmostEqual(day["money"]["rest_usd"], 0, places=6)
        text = self.expect_success(self.analyze("--mode", "both", "--date", DAY)).out
        self.assertIn("1 with another price or size", text)

    def test_another_configuration_is_not_compared(self):
        self.make_live()
        for day in (DAYS[1], DAY, HALF_DAY):
            self.edit_summary(day, lambda s: s["manifest"].update(configuration="00000000deadbeef"), "live")
        self.refused(self.analyze("--mode", "both"), 3, "configuration: %s live has 00000000deadbeef" % DAYS[1])

    def test_the_newest_week_is_that_of_a_day_both_have(self):
        live = self.make_live()
        for day in (DAY, HALF_DAY):
            for file in live.glob("*%s*" % day):
                file.unlink()
        self.assertEqual([d["date"] for d in self.json_of("--mode", "both")["comparison"]], [DAYS[1]])


class Golden(MrdTest):
    def expect_reviewed(self, name, got):
        self.assertRegex(got["manifest"].pop("binary"), r"^1\.0\.0")
        expect_golden(self, GOLDEN / name, json.dumps(rounded(got), indent=1) + "\n")

    def test_a_day(self):
        self.expect_reviewed("analyze_mrd_%s.json" % DAY, self.json_of("--date", DAY))

    def test_a_month(self):
        self.expect_reviewed("report_2025-07.json",
                             json.loads(self.expect_success(self.report("--month", "2025-07", "--json")).out))


@unittest.skipUnless((REAL / "six").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
class RealBars(CliTest):
    def test_a_week_of_real_bars_is_the_range_that_was_run(self):
        whole = self.folder / "whole.json"
        self.expect_success(self.mock("--start-date", "2025-09-22", "--end-date", "2025-09-26", "-q", "--summary-json",
                                      whole, bars=REAL / "six"))
        outcome = self.expect_success(run("analyze-mrd", "--week", "2025-09-24", "--json", "--log-dir", self.logs))
        got, want = json.loads(outcome.out), json.loads(whole.read_text())
        self.assertEqual(got["trading_days"], 5)
        for section, key in (("performance", "mrd_pct"), ("performance", "drawdown_max_pct"), ("evidence", "t"),
                             ("cost_curve", "break_even_side_bps")):
            self.assertAlmostEqual(got[section][key], want[section][key], places=5)
        self.assertEqual(got["sessions_without_run"], [])


if __name__ == "__main__":
    unittest.main()
