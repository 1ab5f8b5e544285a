"""The skill card of a run against labels from `features`, predictions from the signal files, and scipy."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import sentio_tools as st
from conftest import read_csv, sentio_features
from tools_support import ROOT, sentio

DAYS = ("2025-06-24", "2025-07-03")  # eight sessions, the last a half day
WARM_UP = 5
SLOW_LEARNER = {"oes_config": {"ewrls_lambda": 0.9998, "regularization": 1000}}  # the handbook's forgets what is planted
SYMBOLS = ("SQQQ", "TQQQ", "UVXY")
HORIZONS = (1, 5, 10)
PREDICTION_ERROR = 5e-7  # signals_D.jsonl rounds predictions to six decimals


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """(folder of the run, its summary, the rows with a label by (symbol, horizon))."""
    folder = tmp_path_factory.mktemp("skill")
    generator = [sys.executable, "-B", ROOT / "tools" / "generate_multi_symbol_data.py", "--quiet", "--symbols", ",".join(SYMBOLS)]
    subprocess.run([*generator, "--days", "13", "--end-date", DAYS[1], "--alpha", "0.5", "--output", folder / "bars"], check=True)
    (folder / "slow.json").write_text(json.dumps(SLOW_LEARNER))
    sentio("mock", "--config", folder / "slow.json", "--start-date", DAYS[0], "--end-date", DAYS[1], "--warmup-days", WARM_UP, "--symbols", ",".join(SYMBOLS), "-q",
           "--data-dir", folder / "bars", "--log-dir", folder, "--summary-json", folder / "summary.json")
    rows = {}
    signals = st.RunFolder(folder / "mock_trading").signals()
    for symbol in SYMBOLS:
        labels = read_csv(sentio_features(folder / "bars", symbol, DAYS, "--warmup-days", str(WARM_UP)))
        start = pd.to_datetime(labels.timestamp, utc=True).dt.tz_convert("America/New_York")
        labels["ts"] = (start + pd.Timedelta(minutes=1)).astype(signals.ts.dtype)
        joined = labels.merge(signals[signals.symbol == symbol], on="ts")
        assert len(joined) == len(labels)
        for h in HORIZONS:
            known = joined[joined[f"y_{h}"].notna()]
            rows[symbol, h] = pd.DataFrame({"day": known.ts.dt.date, "p": known[f"pred_{h}"], "y": known[f"y_{h}"]})
    return folder / "mock_trading", json.loads((folder / "summary.json").read_text()), rows


def skill_of(summary):
    return {(s["symbol"], h["horizon_bars"]): h for s in summary["skill"] for h in s["horizons"]}


def test_the_card_is_what_labels_and_predictions_say(run):
    _, summary, rows = run
    card = skill_of(summary)
    assert set(card) == set(rows)
    for key, r in rows.items():
        ours, p, y = card[key], r.p.to_numpy(), r.y.to_numpy()
        assert ours["labels"] == len(r) > 2000 and ours["sessions"] == r.day.nunique() == 8
        assert ours["ic"] == pytest.approx(np.corrcoef(p, y)[0, 1], abs=1e-5), key
        assert ours["hit_rate_pct"] == pytest.approx(np.where(p * y > 0, 1, np.where(p * y == 0, 0.5, 0)).mean(), abs=1e-3)
        assert ours["slope"] == pytest.approx((p * y).sum() / (p * p).sum(), abs=1e-5)
        assert ours["error_vs_zero"] == pytest.approx(((y - p) ** 2).sum() / (y * y).sum(), abs=1e-5)
        ranks = [stats.spearmanr(day.p, day.y).statistic for _, day in r.groupby("day")]
        assert ours["rank_ic"] == pytest.approx(np.mean(ranks), abs=1e-4)


def test_every_days_file_has_its_sums(run):
    folder, _, rows = run
    health = st.RunFolder(folder).health()
    for (symbol, h), r in rows.items():
        for day, of_day in r.groupby("day"):
            (line,) = health[(health.symbol == symbol) & (health.minutes == h) & (health.ts.dt.date == day)].itertuples()
            p, y = of_day.p, of_day.y
            assert line.labels == len(of_day)
            # A prediction that rounds to zero counts a half.
            assert line.hits == pytest.approx(np.where(p * y > 0, 1, np.where(p * y == 0, 0.5, 0)).sum(), abs=1)
            for name, sums in (("sum_p", p), ("sum_y", y), ("sum_pp", p * p), ("sum_yy", y * y), ("sum_py", p * y)):
                size = 2 * PREDICTION_ERROR * (1 + p.abs() + y.abs()).sum()
                assert getattr(line, name) == pytest.approx(sums.sum(), abs=size), (symbol, h, day, name)
            assert line.rank_ic == pytest.approx(stats.spearmanr(p, y).statistic, abs=2e-3)


def test_intervals_hold_the_figure_and_are_those_of_sessions(run):
    """Half-widths against the scatter of leaving one session out, which knows nothing of the binary's method."""
    _, summary, rows = run
    ratios = []
    for key, ours in skill_of(summary).items():
        r = rows[key]
        low, high = ours["ic_interval_95_low"], ours["ic_interval_95_high"]
        assert -1 <= low < ours["ic"] < high <= 1
        assert ours["rank_ic_interval_95_low"] < ours["rank_ic"] < ours["rank_ic_interval_95_high"]
        days = r.day.unique()
        without = [np.corrcoef(r.p[r.day != d], r.y[r.day != d])[0, 1] for d in days]
        deviation = np.sqrt((len(days) - 1) / len(days) * ((without - np.mean(without)) ** 2).sum())
        ratios.append((high - low) / 2 / deviation)
    # Student's t has 2.4 at eight independent sessions; the bootstrap also sees streaks, or their opposite.
    assert 0.6 < min(ratios) and max(ratios) < 6 and 1.5 < np.mean(ratios) < 3.5, ratios


def test_flags_follow_money_and_intervals(run):
    _, summary, _ = run
    for s in summary["skill"]:
        skill = any(h["ic_interval_95_low"] > 0 for h in s["horizons"])
        expected = {(True, False): "PROFIT WITHOUT SKILL", (False, True): "SKILL WITHOUT PROFIT"}
        assert s["flag"] == expected.get((s["pnl_usd"] > 0, skill)), s["symbol"]


def test_planted_momentum_is_found(run):
    _, summary, _ = run
    assert max(h["ic_interval_95_low"] for h in skill_of(summary).values()) > 0


def test_the_report_shows_the_card_and_a_day_alone_has_no_interval(run):
    folder, summary, _ = run
    report = (folder / "analysis_report.txt").read_text()
    section = report[report.index("Skill (") :].split("\n\n")[0].splitlines()
    table = [line.split() for line in section if line.split()[0] in SYMBOLS and "bars" in line]
    assert [(line[0], int(line[2])) for line in table] == [
        (s["symbol"], h["horizon_bars"]) for s in summary["skill"] for h in s["horizons"]]
    day = json.loads((folder / f"summary_{DAYS[1]}.json").read_text())
    assert all(h["ic"] is not None and h["ic_interval_95_low"] is None for h in skill_of(day).values())
    assert all(s["flag"] is None for s in day["skill"])
