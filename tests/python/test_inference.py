"""The evidence of `sentio_cli mock` and its golden numbers against arch, statsmodels and scipy."""

import json
import os
import subprocess
import sys

import numpy as np
import pytest

from conftest import ROOT

sys.path.insert(0, str(ROOT / "tests" / "analysis"))
import golden_inference as reference

DAYS = ("2025-06-04", "2025-07-16")  # after one session of warm-up
TRIALS = 40


def test_the_committed_golden_numbers_are_what_the_packages_say():
    committed = json.loads(reference.FILE.read_text(encoding="ascii"))
    made = json.loads(reference.file_text(reference.golden()))
    assert committed["series"].keys() == made["series"].keys()
    assert len(committed["series"]) >= 5
    assert_same(committed, made, "golden")


def assert_same(committed, made, where):
    """Numbers to nine digits: the last ones differ between processors."""
    assert type(committed) is type(made), where
    if isinstance(made, dict):
        assert committed.keys() == made.keys(), where
        for key in made:
            assert_same(committed[key], made[key], f"{where}.{key}")
    elif isinstance(made, list):
        assert len(committed) == len(made), where
        for i, (one, other) in enumerate(zip(committed, made)):
            assert_same(one, other, f"{where}[{i}]")
    else:
        assert committed == (pytest.approx(made, rel=1e-9, abs=1e-12) if isinstance(made, float) else made), where


@pytest.fixture(scope="module")
def summary(synthetic_folder, tmp_path_factory):
    """What a run of 29 days writes about itself."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "tried.json").write_text(json.dumps({"_evidence": {"trials": TRIALS}}), encoding="ascii")
    command = [os.environ["SENTIO_CLI"], "mock", "--start-date", DAYS[0], "--end-date", DAYS[1], "-q"]
    command += ["--accept-data", "early_end,late_open,short_day"]  # the bars have holes on purpose
    command += ["--symbols", "TQQQ,ERX", "--warmup-days", "1", "--data-dir", str(synthetic_folder)]
    command += ["--config", str(folder / "tried.json"), "--log-dir", str(folder), "--summary-json", str(folder / "s.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads((folder / "s.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def returns(summary):
    return np.array([day["return_pct"] for day in summary["days"]])


def test_moments_block_length_and_errors_of_a_run(summary, returns):
    e, n = summary["evidence"], len(returns)
    assert n == e["days"] >= 25
    assert e["mean_day_pct"] == pytest.approx(returns.mean(), rel=1e-9)
    assert e["block_length_days"] == pytest.approx(reference.block_length(returns), rel=1e-9)
    assert e["hac_lags"] == reference.lags_of(n)
    assert e["se_hac_pct"] == pytest.approx(reference.hac_error(returns), rel=1e-9)
    deviation = max(returns.std(ddof=1), e["se_hac_pct"] * np.sqrt(n))
    assert e["days_needed"] == pytest.approx((2.8015852 * deviation / returns.mean()) ** 2, rel=1e-6)


def test_interval_and_p_of_a_run(summary, returns):
    e, theirs = summary["evidence"], reference.bootstrap(returns)
    width = theirs["interval_high"] - theirs["interval_low"]
    assert e["interval_95_low_pct"] == pytest.approx(theirs["interval_low"], abs=0.03 * width)
    assert e["interval_95_high_pct"] == pytest.approx(theirs["interval_high"], abs=0.03 * width)
    for key in ("p_two_sided", "p_one_sided"):
        p = theirs[key]
        assert e[key] == pytest.approx(p, abs=4.5 * np.sqrt(p * (1 - p) / 9999) + 2e-4)
    outside = e["interval_95_low_pct"] > 0 or e["interval_95_high_pct"] < 0
    assert outside == (e["p_two_sided"] <= 0.05) == (e["word"] != "NOT DISTINGUISHABLE FROM ZERO")


def test_sharpe_of_a_run(summary, returns):
    e = summary["evidence"]
    sharpe, skew, kurtosis, n = reference.sharpe_parts(returns)
    assert (e["sharpe_day"], e["skewness"], e["raw_kurtosis"]) == pytest.approx((sharpe, skew, kurtosis), rel=1e-9)
    assert e["probabilistic_sharpe"] == pytest.approx(reference.psr(returns, 0), rel=1e-9, abs=1e-15)
    assert e["trials"] == TRIALS
    luckiest = reference.expected_maximum(TRIALS, 1 / (n - 1))
    assert e["deflated_sharpe"] == pytest.approx(reference.psr(returns, luckiest), rel=1e-9, abs=1e-15)
    needed = reference.min_track_record(returns, 0)
    assert e["min_track_record_days"] == (None if needed is None else pytest.approx(needed, rel=1e-9))
    assert summary["performance"]["sharpe"] == pytest.approx(sharpe * np.sqrt(252), rel=1e-9)
