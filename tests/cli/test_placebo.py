"""mock --placebo K: the same run with labels that carry no information."""

import json
import re
import unittest

from support import DAYS, CliTest, make_bars, run, tree

DAY = DAYS[-2]
REPORT = "mock_trading/analysis_report.txt"


class Placebo(CliTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        make_bars(cls.bars, "--days", "8", "--end-date", DAY)  # enough days to take labels from

    def replay(self, name, *more, warmup=5):
        logs = self.folder / name
        outcome = run("mock", "--date", DAY, "--warmup-days", warmup, "--data-dir", self.bars, "--log-dir", logs, *more)
        self.assertEqual(outcome.code, 0, outcome.err)
        return outcome, tree(logs)

    def refused(self, *arguments):
        outcome = run(*arguments, "--data-dir", self.bars, "--log-dir", self.folder / "no")
        self.assertEqual(outcome.code, 2, outcome.err)
        self.assertEqual(tree(self.folder), {})
        return " ".join(outcome.problems)

    def test_the_run_itself_stays_and_the_report_gains_a_section(self):
        _, plain = self.replay("alone")
        outcome, files = self.replay("beside", "--placebo", 3)
        section = re.search(r"\nPlacebo \(.*; seeds 1 to 3\):\n(?:  .*\n)+", files[REPORT].decode())
        self.assertIsNotNone(section, outcome.out)
        self.assertRegex(section.group(), r"\n  Gross bps a day .* [1-4] of 4 +(0\.\d{3}|1\.000)\n")
        self.assertRegex(section.group(), r"\n  MRD .* [1-4] of 4 +(0\.\d{3}|1\.000)\n")
        self.assertIn("too few to tell", section.group())
        self.assertIn(section.group(), outcome.out)
        self.assertEqual(files.pop(REPORT).decode().replace(section.group(), ""), plain.pop(REPORT).decode())
        self.assertEqual(files, plain)

    def test_the_same_for_any_number_of_jobs(self):
        one, _ = self.replay("one", "--json", "--placebo", 4, "--jobs", 1)
        two, _ = self.replay("two", "--json", "--placebo", 4, "--jobs", 2)
        self.assertEqual(one.out, two.out)

    def test_the_summary_gains_a_section_that_agrees_with_itself(self):
        plain = json.loads(self.replay("plain", "--json")[0].out)
        with_placebos = json.loads(self.replay("with", "--json", "--placebo", 4)[0].out)
        section = with_placebos.pop("placebo")
        self.assertEqual(with_placebos, plain)
        self.assertEqual(section["placebos"], 4)
        self.assertEqual(section["ranked"], 4)
        for part, unit, own in (("mrd", "_pct", plain["performance"]["mrd_pct"]),
                                ("gross_per_day", "_bps", plain["money"]["gross_per_day_bps"])):
            ranks = section[part]
            others = ranks["placebos" + unit]
            self.assertEqual(ranks["run" + unit], own)
            self.assertGreater(len(set(others)), 1)  # seeds matter
            self.assertEqual(ranks["rank"], 1 + sum(m >= own for m in others))
            self.assertAlmostEqual(ranks["p"], ranks["rank"] / 5)

    def test_what_makes_no_sense_is_refused_before_anything_is_written(self):
        day = ("mock", "--date", DAY)
        self.assertIn("--placebo", self.refused(*day, "--placebo", 0))
        self.assertIn("--placebo", self.refused(*day, "--placebo", "many"))
        self.assertIn("--warmup-state", self.refused(*day, "--placebo", 2, "--warmup-state", "any.state"))
        self.assertIn("--warmup-days 5", self.refused(*day, "--placebo", 2, "--warmup-days", 4))
        self.assertIn("--mock", self.refused("live-trade", "--placebo", 2))

    def test_too_few_earlier_days_are_warned_of(self):
        bars = make_bars(self.folder / "short", "--days", "4", "--end-date", DAY)
        outcome = run("mock", "--date", DAY, "--data-dir", bars, "--log-dir", self.logs, "--placebo", 2)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertIn("only 3 earlier days", " ".join(outcome.warnings))


if __name__ == "__main__":
    unittest.main()
