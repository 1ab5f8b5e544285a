"""A run that works: its files, what the handbook does with them, and what the flags change."""

import json
import re
import subprocess
import unittest
from datetime import datetime, timedelta

from support import DAY, DAYS, HALF_DAY, KINDS, SIX, CliTest, json_lines, make_bars, run, tree

STAMP = re.compile(r"^2025-0[67]-\d\dT\d\d:\d\d:00-04:00$")


def shell(command, folder):
    return subprocess.run(["bash", "-o", "pipefail", "-c", command], cwd=folder, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, check=True).stdout.decode()


class OneDay(CliTest):
    """One run, read by every test."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.run_logs = cls.bars.parent / "logs"
        cls.outcome = run("mock", "--date", DAY, "--warmup-days", 2, "--data-dir", cls.bars, "--log-dir", cls.run_logs)
        cls.files = cls.run_logs / "mock_trading"

    def lines(self, kind):
        return json_lines(self.files / ("%s_%s.jsonl" % (kind, DAY)))

    def test_the_report_is_shown_and_kept_and_nothing_else_is_said(self):
        self.expect_success(self.outcome)
        report = (self.files / "analysis_report.txt").read_text()
        self.assertEqual(self.outcome.out, report + "\nFiles: %s\n" % self.files)

    def test_a_day_has_its_seven_files_and_the_run_a_report(self):
        names = ["session_%s.log" % DAY, "summary_%s.json" % DAY, "analysis_report.txt"]
        names += ["%s_%s.jsonl" % (kind, DAY) for kind in (*KINDS, "health")]
        self.assertEqual(sorted(tree(self.run_logs)), sorted("mock_trading/" + name for name in names))

    def test_made_up_bars_say_so_on_every_page(self):
        report = (self.files / "analysis_report.txt").read_text()
        self.assertIn("SYNTHETIC", "\n".join(report.splitlines()[:6]))
        self.assertRegex(report, r"VERDICT: .*SYNTHETIC")
        self.assertIn("SYNTHETIC", (self.files / ("session_%s.log" % DAY)).read_text())
        self.assertIs(json.loads((self.files / ("summary_%s.json" % DAY)).read_text())["synthetic"], True)

    def test_the_report_has_the_handbooks_sections(self):
        report = (self.files / "analysis_report.txt").read_text()
        for text in (" TRADING SESSION ANALYSIS REPORT", "Date: " + DAY, "Strategy: Rotation Strategy v2.0",
                     "Instruments: TQQQ, SQQQ, SPXL, SDS, UVXY, SVXY", "Performance Metrics:", "  MRD: ", "  Win Rate: ",
                     "  Trades Executed: ", "  Max Drawdown: ", "Top Performing Instrument:", "Confidence Evolution:",
                     "Signal Strength:", "VERDICT: ", "one day is one day", "Cost Drag:", "Buy-and-Hold:"):
            self.assertIn(text, report)

    def test_every_line_parses_and_begins_with_time_and_identity(self):
        for kind in KINDS:
            first = ["ts", "bar_id"] + ([] if kind == "positions" else ["symbol"])
            lines = self.lines(kind)
            self.assertGreater(len(lines), 20, kind)
            for line in lines:
                self.assertEqual(list(line)[:len(first)], first)
                self.assertRegex(line["ts"], STAMP)
                self.assertIsInstance(line["bar_id"], int)
                self.assertTrue(0 < line["bar_id"] < 2**53)

    def test_a_bar_id_is_that_of_the_bar_file(self):
        # Signals and decisions belong to the bar that ends at `ts`, a trade to the bar at whose open it filled.
        of_file, seconds_before_ts = {}, {"signals": 60, "decisions": 60, "trades": 0}
        for symbol in SIX:
            for row in (self.bars / (symbol + "_RTH_NH.csv")).read_text().splitlines()[2:]:
                cells = row.split(",")
                of_file[symbol, datetime.fromisoformat(cells[0])] = int(cells[6])
        for kind, before in seconds_before_ts.items():
            checked = 0
            for line in self.lines(kind):
                key = line["symbol"], datetime.fromisoformat(line["ts"]) - timedelta(seconds=before)
                checked += key in of_file
                self.assertEqual(of_file.get(key, line["bar_id"]), line["bar_id"], "%s: %s" % (kind, line))
            self.assertGreater(checked, 50, kind)

    def test_a_line_of_positions_for_every_minute_and_flat_at_the_end(self):
        lines = self.lines("positions")
        self.assertEqual(len(lines), 390)
        self.assertEqual(lines[0]["ts"], DAY + "T09:31:00-04:00")
        self.assertEqual(lines[-1]["ts"], DAY + "T16:00:00-04:00")
        self.assertEqual([line["bar_id"] - lines[0]["bar_id"] for line in lines], list(range(390)))
        for line in lines:
            held = sum(p["qty"] * p["mark"] for p in line["positions"])
            self.assertAlmostEqual(line["cash"] + held, line["equity"], delta=0.01)
            self.assertLessEqual(len(line["positions"]), 3)
            if line["ts"] >= DAY + "T15:59:00":
                self.assertEqual(line["positions"], [])

    def test_trades_add_up_to_the_days_result(self):
        trades, last = self.lines("trades"), self.lines("positions")[-1]
        gain = sum(t["pnl"] if t["side"] == "sell" else -t["fees"] for t in trades)  # a sale's P&L leaves out the buy's fees
        self.assertAlmostEqual(gain, last["equity"] - 100_000, delta=0.01)
        for symbol in {t["symbol"] for t in trades}:
            signed = sum(t["qty"] if t["side"] == "buy" else -t["qty"] for t in trades if t["symbol"] == symbol)
            self.assertEqual(signed, 0, symbol)
        summary = json.loads((self.files / ("summary_%s.json" % DAY)).read_text())
        self.assertAlmostEqual(summary["performance"]["mrd_pct"], last["equity"] / 100_000 - 1, delta=1e-7)

    def test_an_order_fills_at_a_price_of_the_minute_after_its_decision(self):
        bars = {}
        for row in (self.bars / "UVXY_RTH_NH.csv").read_text().splitlines()[2:]:
            cells = row.split(",")
            bars[cells[0]] = float(cells[1])
        checked = 0
        for trade in self.lines("trades"):
            if trade["symbol"] != "UVXY" or trade["ts"] not in bars:
                continue
            checked += 1
            spread = trade["price"] - bars[trade["ts"]]  # the set that ends at T fills at the open of the bar from T
            self.assertGreater(spread if trade["side"] == "buy" else -spread, 0)
            self.assertLess(abs(spread) / trade["price"], 0.003)
        self.assertGreater(checked, 5)

    def test_the_handbooks_commands_work(self):
        last = shell("tail -1 positions_%s.jsonl | jq ." % DAY, self.files)
        self.assertEqual(json.loads(last)["ts"], DAY + "T16:00:00-04:00")
        found = shell("jq 'select(.pnl_pct < -0.01) | {symbol, pnl_pct, reason}' trades_%s.jsonl" % DAY, self.files)
        wanted = [{k: t[k] for k in ("symbol", "pnl_pct", "reason")} for t in self.lines("trades") if t["pnl_pct"] < -0.01]
        self.assertGreater(len(wanted), 0)
        self.assertEqual(json.loads("[" + found.strip().replace("}\n{", "},{") + "]"), wanted)

    def test_grep_mrd_follows_the_day(self):
        lines = shell("grep MRD session_%s.log" % DAY, self.files).splitlines()
        self.assertEqual(len(lines), 390)
        self.assertRegex(lines[-1], r"^%sT16:00:00-04:00 MRD [+-]\d+\.\d{4}%% equity [\d.]+ cash [\d.]+ flat$" % DAY)


class Flags(CliTest):
    def report(self):
        return (self.results / "analysis_report.txt").read_text()

    def last_equity(self, day):
        return json_lines(self.results / ("positions_%s.jsonl" % day))[-1]["equity"]

    def test_quiet_is_silent(self):
        outcome = self.mock("--date", DAY, "-q")
        self.assertEqual(outcome, (0, "", ""))

    def test_json_is_pure_json(self):
        for more in ((), ("-q",)):
            outcome = self.expect_success(self.mock("--date", DAY, "--json", *more))
            summary = json.loads(outcome.out)
            self.assertEqual(summary["date_first"], DAY)
            self.assertIs(summary["synthetic"], True)
            self.assertIsInstance(summary["performance"]["mrd_pct"], float)

    def test_the_jq_example_of_the_help_works(self):
        path = re.search(r"--json -q \| jq (\S+)", run("mock", "--help").out).group(1)
        outcome = self.mock("--date", DAY, "--json", "-q")
        found = subprocess.run(["jq", path], input=outcome.out.encode(), stdout=subprocess.PIPE, check=True).stdout
        self.assertEqual(float(found), json.loads(outcome.out)["performance"]["mrd_pct"])

    def test_the_summary_goes_to_a_file_too(self):
        path = self.folder / "summary.json"
        outcome = self.expect_success(self.mock("--date", DAY, "--json", "--summary-json", path))
        self.assertEqual(path.read_text(), outcome.out)

    def test_verbose_says_what_was_read(self):
        outcome = self.mock("--date", DAY, "-v", "-q", "--symbols", "TQQQ,SQQQ")
        self.assertEqual(outcome.code, 0)
        self.assertEqual(outcome.out, "")
        lines = outcome.err.splitlines()
        self.assertEqual(len(lines), 2)
        self.assertRegex(lines[1], r"^read .*/TQQQ_RTH_NH\.csv: \d+ bars, 2025-06-30T09:3\d.* to 2025-07-02T15:5\d.*, SYNTHETIC$")

    def test_fills_at_the_close_are_not_achievable_and_said_to_be(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--fill", "close"))
        self.assertIn("NOT ACHIEVABLE", self.report())
        self.assertIn("NOT ACHIEVABLE", (self.results / ("session_%s.log" % DAY)).read_text())
        self.expect_success(self.mock("--date", DAY, "-q"))
        self.assertNotIn("NOT ACHIEVABLE", self.report())

    def test_the_gate_exits_10_and_the_files_are_there(self):
        outcome = self.mock("--date", DAY, "--gate", "--targets", "design-production")
        self.assertEqual(outcome.code, 10, outcome.err)
        self.assertEqual(outcome.err, "")
        self.assertIn("DO NOT GO LIVE", outcome.out)
        self.assertEqual(len(tree(self.results)), 8)

    def test_the_gate_passes_exactly_when_the_criteria_hold_and_never_on_fills_at_the_close(self):
        for seed in (4, 2, 1, 3, 5, 6, 7, 8, 9, 10):  # planted momentum; 4 and 2 are known to pass
            bars = make_bars(self.folder / "planted", "--symbols", "TQQQ,SQQQ", "--alpha", "0.5", "--seed", str(seed))
            arguments = ("--date", DAY, "--symbols", "TQQQ,SQQQ", "--gate", "--json")
            outcome = self.mock(*arguments, bars=bars)
            met = all(criterion["met"] for criterion in json.loads(outcome.out)["verdict"]["criteria"])
            self.assertEqual(outcome.code, 0 if met else 10)
            self.assertEqual(self.mock(*arguments, "--fill", "close", bars=bars).code, 10)
            if met:
                return
        self.fail("no seed met the criteria: choose others")

    def test_the_start_capital_is_what_the_flag_says(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--capital", 25_000))
        first = json_lines(self.results / ("positions_%s.jsonl" % DAY))[0]
        self.assertEqual((first["cash"], first["equity"]), (25_000, 25_000))
        self.assertIn("Capital: 25,000.00 -> ", self.report())

    def test_a_half_day_ends_at_one(self):
        self.expect_success(self.mock("--date", HALF_DAY, "-q"))
        lines = json_lines(self.results / ("positions_%s.jsonl" % HALF_DAY))
        self.assertEqual(len(lines), 210)
        self.assertEqual(lines[-1]["ts"], HALF_DAY + "T13:00:00-04:00")
        self.assertTrue(any(line["positions"] for line in lines))
        self.assertTrue(all(not line["positions"] for line in lines if line["ts"] >= HALF_DAY + "T12:59"))
        self.assertIn("half day: closes 13:00", (self.results / ("session_%s.log" % HALF_DAY)).read_text())

    def test_a_range_has_files_for_every_day_and_carries_its_capital(self):
        self.expect_success(self.mock("--start-date", DAYS[1], "--end-date", "2025-07-06", "--warmup-days", 1, "-q"))
        names = {"analysis_report.txt"}
        for day in DAYS[1:]:
            names |= {"session_%s.log" % day, "summary_%s.json" % day} | {
                "%s_%s.jsonl" % (kind, day) for kind in (*KINDS, "health")}
        self.assertEqual(set(tree(self.results)), names)
        for before, after in zip(DAYS[1:], DAYS[2:]):
            first = json_lines(self.results / ("positions_%s.jsonl" % after))[0]
            self.assertEqual(first["cash"], self.last_equity(before))
        self.assertIn("Trading Days:       3", self.report())
        mean = (self.last_equity(DAYS[3]) / 100_000 - 1) / 3
        self.assertIn("  MRD:                %+.2f%%" % (100 * mean), self.report())

    def test_symbols_of_the_flag_are_the_ones_traded(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "SQQQ,TQQQ"))
        self.assertIn("Instruments: SQQQ, TQQQ", self.report())
        signals = json_lines(self.results / ("signals_%s.jsonl" % DAY))
        self.assertEqual({line["symbol"] for line in signals}, {"SQQQ", "TQQQ"})

    def test_a_single_instrument_is_enough(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "TQQQ"))
        self.assertIn("Instruments: TQQQ\n", self.report())

    def test_every_shipped_configuration_runs(self):
        for config in ("rotation_strategy", "cost_aware"):
            with self.subTest(config):
                symbols = ("--symbols", "TQQQ,SQQQ,UVXY")
                self.expect_success(self.mock("--date", DAY, "-q", "--config", "config/%s.json" % config, *symbols))
                self.assertIn("Configuration: config/%s.json" % config, self.report())


if __name__ == "__main__":
    unittest.main()
