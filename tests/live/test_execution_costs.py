"""What a rehearsed day's executions were measured to cost: what mock assumes, because the exchange fills as mock does."""

import json
import os
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
import support  # noqa: E402

REAL = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
CENT = 0.01


class ExecutionCosts(support.CliTest):
    def lived(self, date, data_dir, warmup, *flags):
        for verb, more in (("mock", ()), ("rehearse", flags)):
            self.expect_success(support.run(verb, "--date", date, "--data-dir", data_dir, "--log-dir", self.logs, "-q",
                                            "--warmup-days", warmup, *more))
        return [json.loads((self.logs / (mode + "_trading") / ("summary_%s.json" % date)).read_text())
                for mode in ("mock", "live")]

    def expect_equal_costs(self, mock, live):
        self.assertGreater(mock["money"]["costs"]["spread_usd"], 100)
        for groups, name in (("symbols", "symbol"), ("hours", "hour"), ("exit_reasons", "reason"), ("holding_times", "held")):
            costs = {g[name]: g["costs"] for g in mock[groups]}
            for group in live[groups]:
                for key, want in costs[group[name]].items():
                    self.assertAlmostEqual(group["costs"][key], want, delta=CENT, msg="%s %s" % (group[name], key))
        for key in ("net_usd", "gross_usd"):
            self.assertAlmostEqual(live["money"][key], mock["money"][key], delta=CENT)
        execution = live["execution"]
        self.assertAlmostEqual(execution["all"]["trading"]["usd"], mock["money"]["costs"]["spread_usd"], delta=CENT)
        self.assertEqual(execution["all"]["trading"]["executions"], execution["all"]["executions"])
        self.assertNotIn("execution", mock)

    def test_made_up_bars_with_quotes(self):
        date = support.DAY
        mock, live = self.lived(date, self.bars, 2, "--quotes")
        self.expect_equal_costs(mock, live)
        part = live["execution"]["all"]
        self.assertAlmostEqual(part["shortfall"]["usd"],
                               part["delay"]["usd"] + part["waiting"]["usd"] + part["trading"]["usd"], places=6)
        self.assertGreater(part["quote"]["executions"], part["executions"] // 2)
        self.assertIsNotNone(part["trading"]["interval_95_low_bps"])
        # The exchange's quotes stand around the close that was decided on.
        lines = support.json_lines(self.logs / "live_trading" / ("executions_%s.jsonl" % date))
        fresh = [e for e in lines if e["quote_age_s"] == 0 and e["ts"][11:16] == e["order_id"][13:15] + ":" + e["order_id"][15:17]]
        self.assertGreater(len(fresh), 10)
        for e in fresh:
            self.assertAlmostEqual((e["bid"] + e["ask"]) / 2, e["decision_close"], delta=2e-4)
        # Nothing that was decided saw them.
        for kind in ("decisions", "signals", "positions"):
            name = "%s_%s.jsonl" % (kind, date)
            self.assertTrue((self.logs / "mock_trading" / name).read_bytes()
                            == (self.logs / "live_trading" / name).read_bytes(), name)
        self.expect_read_back(date, live)
        self.expect_comparison(date, mock)

    def expect_read_back(self, date, live):
        """report says of the day what it said when it ended."""
        outcome = self.expect_success(support.run("report", "--date", date, "--mode", "live", "--log-dir", self.logs, "--json"))
        got = json.loads(outcome.out)["execution"]
        want = live["execution"]
        self.assertEqual(got["all"], want["all"])
        self.assertEqual(got["symbols"], want["symbols"])
        text = self.expect_success(support.run("analyze-mrd", "--date", date, "--mode", "live", "--log-dir", self.logs)).out
        for part in ("Execution (measured; plus is money lost):", "USD before trading and fees", "Gross = net + fees + Trading."):
            self.assertIn(part, text)
        page = self.folder / "day.html"
        self.expect_success(support.run("report", "--date", date, "--mode", "live", "--log-dir", self.logs, "--html", page))
        self.assertIn("Spread is what trading was measured to cost", page.read_text())

    def expect_comparison(self, date, mock):
        both = support.run("analyze-mrd", "--date", date, "--mode", "both", "--log-dir", self.logs, "--json")
        day = json.loads(self.expect_success(both).out)["comparison"][0]
        self.assertIsNone(day["signals"]["first_difference"])
        self.assertEqual(day["fills"]["differing"], [])
        self.assertAlmostEqual(day["money"]["difference_usd"], 0, delta=CENT)
        execution = day["execution"]
        self.assertAlmostEqual(execution["mock_assumed_usd"], mock["money"]["costs"]["spread_usd"], delta=CENT)
        self.assertAlmostEqual(execution["difference_usd"], 0, delta=CENT)
        self.assertEqual(execution["live_not_measured"], 0)
        self.assertEqual(execution["live_executions"], execution["mock_executions"])
        self.assertEqual(sorted(execution["symbols"]), sorted({s for s in execution["symbols"]} & set(support.SIX)))

    def test_without_quotes_none_was_heard(self):
        _, live = self.lived(support.DAY, self.bars, 2)
        self.assertEqual(live["execution"]["all"]["quote"]["executions"], 0)
        report = (self.logs / "live_trading" / "analysis_report.txt").read_text()
        self.assertIn("No quote was heard before an execution.", report)

    def test_a_damaged_file_is_named(self):
        self.lived(support.DAY, self.bars, 2)
        file = self.logs / "live_trading" / ("executions_%s.jsonl" % support.DAY)
        lines = file.read_text().splitlines(keepends=True)
        file.write_text("".join(lines[1:]))
        outcome = support.run("report", "--date", support.DAY, "--mode", "live", "--log-dir", self.logs)
        self.expect_refusal(outcome, 3, "executions where", files_left=True)
        file.unlink()  # as a day of before it was written
        text = self.expect_success(support.run("report", "--date", support.DAY, "--mode", "live", "--log-dir", self.logs)).out
        self.assertIn("Not measured: the files say nothing of it.", text)

    @unittest.skipUnless((REAL / "six").is_dir(), "needs real bars: set SENTIO_TEST_MARKET_DATA")
    def test_real_six(self):
        mock, live = self.lived("2025-09-26", REAL / "six", 9)
        self.expect_equal_costs(mock, live)


if __name__ == "__main__":
    unittest.main()
