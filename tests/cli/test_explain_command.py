"""`explain`: the numbers of a mock of the same day, and the reason of every decision that can be had cheaply."""

import json
import math
import unittest

from support import DAY, HALF_DAY, SIX, CliTest, json_lines, run

# Changes of the configuration, and the reasons each of them is to bring about. Everything else is the default.
CASES = {
    "as shipped": ({}, {"entered", "weak_signal", "rotated_out", "eod", "cooling_down", "no_free_slot", "after_cutoff",
                        "no_real_bar"}),
    "costs": ({"rotation_manager_config": {"cost_gate": 1.0}}, {"cost_gate"}),
    "net edge": ({"rotation_manager_config": {"rank_by": "net_edge"}}, {"entered"}),
    "sides": ({"rotation_manager_config": {"forbid_opposites": True}}, {"opposite_side"}),
    "strong only": ({"rotation_manager_config": {"min_strength_to_enter": 0.5, "min_strength_to_exit": 0.0}},
                    {"below_entry_strength"}),
    "tight": ({"rotation_manager_config": {"stop_loss_pct": 0.001, "profit_target_pct": 0.001}},
              {"stop_loss", "profit_target"}),
    "breaker": ({"risk_config": {"max_session_drawdown": 0.001}}, {"circuit_breaker", "breaker_open"}),
    "small orders": ({"risk_config": {"max_order_fraction": 0.32}}, {"risk_order_size"}),
    "few orders": ({"risk_config": {"max_orders_per_minute": 1}}, {"risk_order_rate"}),
    "impatient": ({"fill_config": {"participation": 0.001, "entry_working_sets": 1}}, {"entry_expired"}),
    "strict": ({"health_config": {"max_rmse_ratio": 0.01}}, {"learner_unhealthy"}),
    "patient": ({"rotation_manager_config": {"minimum_hold_bars": 100}}, {"eod"}),
}
TOLERANCE = 1e-12  # of contributions, relative to what was added


class Explain(CliTest):
    """One mock per configuration, compared with explanations of its decisions."""

    def arguments(self, config):
        path = self.write("change.json", json.dumps(config))
        return ["--config", "config/rotation_strategy.json", "--config", path] if config else []

    def explain(self, time, symbol, *more, day=DAY, bars=None):
        return run("explain", "--date", day, "--time", time, "--symbol", symbol, "--warmup-days", 2, "--data-dir",
                   bars or self.bars, *more)

    def explained(self, time, symbol, *more, **where):
        outcome = self.explain(time, symbol, "--json", *more, **where)
        self.assertEqual(outcome.code, 0, outcome.err)
        return json.loads(outcome.out)

    def lines(self, kind, day=DAY):
        return json_lines(self.results / ("%s_%s.jsonl" % (kind, day)))

    def check(self, found, signals, decisions):
        """That an explanation says what the files say."""
        ts, symbol = found["ts"], found["symbol"]
        (line,) = [s for s in signals if s["ts"] == ts and s["symbol"] == symbol]
        self.assertEqual(found["signal_record"], line)
        self.assertEqual(found["decision_records"],
                         [d for d in decisions if d["ts"] == ts and d["symbol"] in (symbol, "*")])
        signal = found["signal"]
        for key, decimals in (("probability", 6), ("confidence", 6), ("strength", 6), ("move_bps", 4), ("cost_bps", 4)):
            self.assertAlmostEqual(signal[key], line[key], delta=0.51 * 10**-decimals)
        for horizon in found["horizons"]:
            self.assertAlmostEqual(horizon["prediction"], line["pred_%d" % horizon["minutes"]], delta=5.1e-7)
            parts = [share["contribution"] for share in horizon["contributions"]]
            self.assertEqual(len(parts), 126)
            self.assertEqual(parts, sorted(parts, key=abs, reverse=True))
            size = 1 + sum(map(abs, parts))
            self.assertAlmostEqual(math.fsum(parts), horizon["prediction"], delta=TOLERANCE * size)
            self.assertAlmostEqual(math.fsum(horizon["groups"].values()), horizon["prediction"], delta=TOLERANCE * size)
        product = signal["probability"] * signal["confidence"] * signal["boost"] * signal["staleness"]
        self.assertAlmostEqual(signal["strength"], product if line["valid"] and signal["probability"] >= 0.5 else 0,
                               delta=1e-12)
        best = max(h["slope"] * h["prediction"] * h["sigma_bps"] for h in found["horizons"])
        self.assertAlmostEqual(signal["move_bps"], best, delta=1e-9)
        for row in found["ranking"]:
            (other,) = [s for s in signals if s["ts"] == ts and s["symbol"] == row["symbol"]]
            self.assertEqual((row["rank"], row["passes"]), (other["rank"], other["passes"]))

    def test_every_reason_is_explained_with_the_numbers_of_the_run(self):
        for name, (config, reasons) in CASES.items():
            with self.subTest(name):
                flags = self.arguments(config)
                self.assertEqual(self.mock("--date", DAY, "-q", *flags).code, 0)
                signals, decisions = self.lines("signals"), self.lines("decisions")
                for reason in sorted(reasons):
                    line = next((d for d in decisions if d["reason"] == reason and d["symbol"] != "*"), None)
                    self.assertIsNotNone(line, "no decision says " + reason)
                    found = self.explained(line["ts"][11:16], line["symbol"], *flags)
                    self.check(found, signals, decisions)
                    self.assertEqual((found["action"], found["reason"]), (line["action"], reason))
                    decided = [g["gate"] for g in found["gates"] if g["state"] == "decided"]
                    self.assertEqual(decided, [] if reason == "entered" else [reason])
                    self.assertEqual(found["flips"] == [], reason == "entered", found["flips"])
                    self.assertNotEqual(found["words"], reason)

    def test_what_it_would_have_taken_is_enough(self):
        """Where the page names a number or a time, a run with it goes otherwise."""
        self.expect_success(self.mock("--date", DAY, "-q"))
        decisions = self.lines("decisions")
        cooling = next(d for d in decisions if d["reason"] == "cooling_down")
        flip = self.explained(cooling["ts"][11:16], cooling["symbol"])["flips"][0]
        until = flip[-5:]
        self.assertRegex(flip, r"^the cooldown ends with the set at \d\d:\d\d$")
        of_symbol = [d for d in decisions if d["symbol"] == cooling["symbol"] and d["ts"] >= cooling["ts"]]
        last_cooling = next(d for d in reversed(of_symbol) if d["reason"] == "cooling_down" and d["ts"][11:16] < until)
        self.assertLess(last_cooling["ts"][11:16], until)
        self.assertFalse([d for d in of_symbol if d["ts"][11:16] == until and d["reason"] == "cooling_down"])

        strong = {"rotation_manager_config": {"min_strength_to_enter": 0.5, "min_strength_to_exit": 0.0}}
        flags = self.arguments(strong)
        self.expect_success(self.mock("--date", DAY, "-q", *flags))
        weak = next(d for d in self.lines("decisions") if d["reason"] == "below_entry_strength")
        found = self.explained(weak["ts"][11:16], weak["symbol"], *flags)
        self.assertIn("a strength of at least 0.5000 (%.4f now)" % found["signal"]["strength"], found["flips"][0])
        needed = 0.5 / (found["signal"]["confidence"] * found["signal"]["boost"] * found["signal"]["staleness"])
        self.assertIn("a probability of %.4f" % needed if needed <= 1 else "no probability reaches it", found["flips"][0])

    def test_a_held_position_shows_its_exit_rules_the_nearest_first(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        for line in self.lines("positions")[30:]:
            held = [p for p in line["positions"] if p["sets_held"] == 2]
            if held:
                break
        found = self.explained(line["ts"][11:16], held[0]["symbol"])
        self.assertEqual((found["action"], found["reason"], found["gates_of"]), ("hold", "minimum_hold", "position"))
        self.assertEqual(found["position"]["sets_held"], 2)
        self.assertEqual(found["position"]["qty"], held[0]["qty"])
        self.assertRegex(found["flips"][0], r"^before the set at \d\d:\d\d only eod, breaker, stop and target may sell$")
        rules = [flip.split(":")[0] for flip in found["flips"][1:]]
        self.assertLessEqual({"eod", "stop_loss", "profit_target"}, set(rules))
        close, entry = found["close"], found["position"]["avg_entry"]
        (stop,) = [flip for flip in found["flips"] if flip.startswith("stop_loss")]
        self.assertIn("a close at or below %.4f" % (entry * 0.985), stop)
        self.assertIn("%+.2f%% from here" % (100 * (entry * 0.985 / close - 1)), stop)

    def test_a_symbol_that_is_not_asked_for_says_which_filter(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        signals, decisions = self.lines("signals"), self.lines("decisions")
        held = {(p["ts"], h["symbol"]) for p in self.lines("positions") for h in p["positions"]}
        line = next(s for s in signals if s["valid"] and s["probability"] < 0.45 and (s["ts"], s["symbol"]) not in held)
        found = self.explained(line["ts"][11:16], line["symbol"])
        self.check(found, signals, decisions)
        self.assertEqual((found["action"], found["reason"]), ("none", "buy_threshold"))
        self.assertRegex(found["flips"][0], r"^a probability of at least 0\.5000 \(0\.\d{4} now\)$")

    def test_the_page_shows_it_at_a_glance(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        line = next(d for d in self.lines("decisions") if d["reason"] == "cooling_down")
        time, symbol = line["ts"][11:16], line["symbol"]
        outcome = self.expect_success(self.explain(time, symbol, "--features", 3))
        page = outcome.out.splitlines()
        self.assertRegex(page[0], r"^%s  %s %s New York, minute \d+ of 390$" % (symbol, DAY, time))
        self.assertIn("BLOCKED (cooling_down): it was sold a moment ago and is cooling down.", page)
        for text in ("Signal", "Why the prediction", "The 3 largest of 126 features", "Ranking by strength",
                     "Conditions of an entry", "sum = prediction"):
            self.assertEqual(sum(text in row for row in page), 1, text)
        (stop,) = [row for row in page if row.startswith("  STOP")]
        self.assertRegex(stop, r"^  STOP +cooling_down +\d sets since its exit, needs 10$")
        self.assertIn("blocked cooling_down", next(row for row in page if row.startswith("  >")))
        self.assertEqual([row for row in page if row != row.rstrip()], [])

    def test_the_flags_of_the_run_are_the_flags_of_the_explanation(self):
        """Positions, costs and ranks follow capital, fills, warm-up state and instruments."""
        state = self.folder / "state.bin"
        done = run("warmup-multi", "--end-date", "2025-07-01", "--days", 2, "--data", self.bars, "--output", state, "-q", "--symbols", "TQQQ,SQQQ,UVXY")
        self.assertEqual(done.code, 0, done.err)
        flags = ["--symbols", "TQQQ,SQQQ,UVXY", "--capital", 2000, "--warmup-state", state, "--fill", "close"]
        self.expect_success(self.mock("--date", DAY, "-q", *flags))
        signals, decisions = self.lines("signals"), self.lines("decisions")
        entered = [d for d in decisions if d["action"] == "enter"][7]
        found = self.explained(entered["ts"][11:16], entered["symbol"], *flags)
        self.check(found, signals, decisions)
        self.assertEqual(found["action"], "enter")

    def test_too_little_cash_is_said_in_money(self):
        flags = ["--capital", 40]
        self.expect_success(self.mock("--date", DAY, "-q", *flags))
        line = next(d for d in self.lines("decisions") if d["reason"] == "insufficient_cash")
        found = self.explained(line["ts"][11:16], line["symbol"], *flags)
        self.assertEqual(found["reason"], "insufficient_cash")
        self.assertRegex(found["flips"][0], r"^free cash of at least [\d.]+ USD a share \([\d.]+ after this set's orders\)$")

    def test_a_skipped_set_and_the_last_of_a_half_day(self):
        flags = self.arguments({"data_config": {"max_missing_symbols": 0}})
        self.expect_success(self.mock("--date", HALF_DAY, "-q", *flags))
        signals, decisions = self.lines("signals", HALF_DAY), self.lines("decisions", HALF_DAY)
        skipped = [p for p in self.lines("positions", HALF_DAY) if p.get("skipped_set")]
        for line in skipped:
            free = [s for s in SIX if s not in [p["symbol"] for p in line["positions"]]]
            found = self.explained(line["ts"][11:16], free[0], *flags, day=HALF_DAY)
            self.check(found, signals, decisions)
            if found["reason"] == "skipped_set":
                break
        self.assertEqual((found["action"], found["reason"]), ("none", "skipped_set"))
        found = self.explained("13:00", "TQQQ", *flags, day=HALF_DAY)
        self.check(found, signals, decisions)
        self.assertEqual((found["minutes_after_open"], found["session_minutes"]), (210, 210))


class Refusals(CliTest):
    def explain(self, *arguments):
        return run("explain", *arguments, "--warmup-days", 2, "--data-dir", self.bars)

    def test_what_cannot_be_explained_is_refused_in_one_line(self):
        day = ("--date", DAY)
        for arguments, code, problem in (
            ((*day, "--time", "09:30", "--symbol", "TQQQ"), 2,
             "--time: 09:30 is the end of no minute of %s; they are 09:31 to 16:00" % DAY),
            ((*day, "--time", "16:01", "--symbol", "TQQQ"), 2, "they are 09:31 to 16:00"),
            ((*day, "--time", "10:75", "--symbol", "TQQQ"), 2, "10:75 is the end of no minute"),
            (("--date", HALF_DAY, "--time", "13:01", "--symbol", "TQQQ"), 2, "they are 09:31 to 13:00"),
            ((*day, "--time", "9:45", "--symbol", "TQQQ"), 2, "'9:45' is not HH:MM, e.g. 10:05"),
            ((*day, "--time", "10:05:00", "--symbol", "TQQQ"), 2, "is not HH:MM"),
            ((*day, "--time", "1é:05", "--symbol", "TQQQ"), 2, "is not HH:MM"),
            ((*day, "--time", "10:05", "--symbol", "SPY"), 2,
             "--symbol: 'SPY' is not traded in this run; it has TQQQ, SQQQ, SPXL, SDS, UVXY, SVXY"),
            (("--date", "2025-07-04", "--time", "10:05", "--symbol", "TQQQ"), 8, "2025-07-04: no session"),
            (("--date", "2025-07-05", "--time", "10:05", "--symbol", "TQQQ"), 8, "2025-07-05: no session"),
            (("--date", "2025-09-26", "--time", "10:05", "--symbol", "TQQQ"), 3, "no instrument has a bar"),
        ):
            with self.subTest(arguments):
                self.expect_refusal(self.explain(*arguments), code, problem)


if __name__ == "__main__":
    unittest.main()
