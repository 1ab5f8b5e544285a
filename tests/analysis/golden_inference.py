"""Golden numbers for the tests of inference, from packages that share no code with the program.

    .venv/bin/python tests/analysis/golden_inference.py        # rewrites tests/data/golden/inference.json

arch: block length and the bootstrap's resamples; statsmodels: HAC errors and power; scipy: moments and the
normal distribution, in the formulas of Bailey & López de Prado as their papers print them.
"""

import json
import math
import pathlib

import numpy as np
import statsmodels.api as sm
from arch.bootstrap import StationaryBootstrap, optimal_block_length
from scipy import stats
from statsmodels.stats.power import NormalIndPower

FILE = pathlib.Path(__file__).resolve().parents[1] / "data" / "golden" / "inference.json"
DRAWS, SEED = 40_000, 20_250_714
TRIALS, TRIALS_VARIANCE = (1, 2, 10, 1000), 0.004
BENCHMARK = 0.05


def autoregressive(random, n, rho):
    x = [random.standard_normal()]
    for _ in range(n - 1):
        x.append(rho * x[-1] + random.standard_normal())
    return np.array(x)


def series():
    """Daily returns by name, rounded so that the file holds what every reader reads."""
    random = np.random.default_rng(SEED)
    made = {
        "normal_60": 0.001 + 0.01 * random.standard_normal(60),
        "fat_tails_120": 0.0005 + 0.008 * random.standard_t(4, 120),
        "autoregressive_60": 0.01 * autoregressive(random, 60, 0.2),
        "persistent_250": -0.002 + 0.01 * autoregressive(random, 250, 0.7),
        "alternating_100": 0.001 + 0.01 * autoregressive(random, 100, -0.6),
        "skewed_losing_40": 0.006 - 0.01 * random.exponential(1, 40),
        "winning_25": 0.01 + 0.012 * random.standard_normal(25),
    }
    return {name: np.round(values, 6) for name, values in made.items()}


def lags_of(n):
    return int(np.floor(4 * (n / 100) ** (2 / 9)))


def hac_error(x, lags=None):
    fit = sm.OLS(x, np.ones_like(x)).fit()
    wanted = {"maxlags": lags_of(len(x)) if lags is None else lags, "use_correction": True}
    return float(fit.get_robustcov_results("HAC", **wanted).bse[0])


def hac_errors_of_rows(rows, lags):
    """hac_error() of every row, written out because statsmodels takes one series at a time."""
    n = rows.shape[1]
    e = rows - rows.mean(axis=1, keepdims=True)
    total = (e * e).sum(axis=1)
    for j in range(1, lags + 1):
        total += 2 * (1 - j / (lags + 1)) * (e[:, j:] * e[:, :-j]).sum(axis=1)
    return np.sqrt(total / (n * (n - 1)))


def block_length(x):
    return max(1.0, float(optimal_block_length(x).stationary.iloc[0]))


def bootstrap(x):
    drawn = StationaryBootstrap(block_length(x), x, seed=SEED)
    rows = np.array([data[0] for data, _ in drawn.bootstrap(DRAWS)])
    t = (rows.mean(axis=1) - x.mean()) / hac_errors_of_rows(rows, lags_of(len(x)))
    error = hac_error(x)
    critical = np.quantile(np.abs(t), 0.95)
    reached = np.abs(t) >= abs(x.mean()) / error
    return {
        "interval_low": float(x.mean() - critical * error),
        "interval_high": float(x.mean() + critical * error),
        "p_two_sided": float(reached.mean()),
        "p_one_sided": float((reached & (np.sign(t) == np.sign(x.mean()))).mean()),
    }


def sharpe_parts(x):
    return x.mean() / x.std(ddof=1), stats.skew(x), stats.kurtosis(x, fisher=False), len(x)


def psr(x, benchmark):
    s, skew, kurtosis, n = sharpe_parts(x)
    return float(stats.norm.cdf((s - benchmark) * math.sqrt(n - 1) / math.sqrt(1 - skew * s + (kurtosis - 1) / 4 * s**2)))


def min_track_record(x, benchmark):
    s, skew, kurtosis, _ = sharpe_parts(x)
    if s <= benchmark:
        return None
    return float(1 + (1 - skew * s + (kurtosis - 1) / 4 * s**2) * (stats.norm.ppf(0.95) / (s - benchmark)) ** 2)


def expected_maximum(trials, variance):
    if trials == 1:
        return 0.0
    high, higher = stats.norm.isf(1 / trials), stats.norm.isf(1 / (trials * math.e))
    return float(math.sqrt(variance) * ((1 - np.euler_gamma) * high + np.euler_gamma * higher))


def power_days(mean, deviation):
    solve = NormalIndPower().solve_power
    return float(solve(effect_size=abs(mean) / deviation, alpha=0.05, power=0.8, ratio=0, alternative="two-sided"))


def golden_of(x):
    s, skew, kurtosis, n = sharpe_parts(x)
    error = hac_error(x)
    return {
        "days": x.tolist(),
        "block_length": block_length(x),
        "hac_lags": lags_of(n),
        "hac_error": error,
        "hac_error_7_lags": hac_error(x, 7),
        **bootstrap(x),
        "days_needed": power_days(x.mean(), max(x.std(ddof=1), error * math.sqrt(n))),
        "sharpe_day": float(s),
        "skewness": float(skew),
        "raw_kurtosis": float(kurtosis),
        "psr": psr(x, 0),
        "psr_benchmark": psr(x, BENCHMARK),
        "dsr": [psr(x, expected_maximum(trials, 1 / (n - 1))) for trials in TRIALS],
        "dsr_variance": [psr(x, expected_maximum(trials, TRIALS_VARIANCE)) for trials in TRIALS],
        "min_track_record": min_track_record(x, 0),
        "min_track_record_benchmark": min_track_record(x, BENCHMARK),
    }


def golden():
    points = [1e-12, 1e-5, 0.001, 0.02425, 0.1, 0.2, 0.5, 0.8, 0.975, 0.99999]
    return {
        "trials": list(TRIALS),
        "trials_variance": TRIALS_VARIANCE,
        "benchmark": BENCHMARK,
        "normal_quantiles": [[p, float(stats.norm.ppf(p))] for p in points],
        "expected_maximum_of_a_million": expected_maximum(1_000_000, 1.0),
        "series": {name: golden_of(x) for name, x in series().items()},
    }


def file_text(numbers):
    """Lines that a diff can show: one for the days of a series, one for the rest of its numbers."""
    return json.dumps(numbers).replace('], "', '],\n"').replace('}, "', '},\n"') + "\n"


if __name__ == "__main__":
    FILE.write_text(file_text(golden()), encoding="ascii")
    print(f"wrote {FILE.name}")
