"""`sentio_cli features` against TA-Lib and pandas."""

import numpy as np
import pandas as pd
import pytest
import talib

from conftest import HOLES, PRICES, SYNTHETIC_DAYS, run_document_recipe, sentio_features
from feature_reference import reference_features

# Differences are in units of the column's standard deviation. Both sides round prices times the path's
# factor (2e-16 of the price, 1e-12 of a usual minute's move): 8e-11 measured.
TOLERANCE = 1e-9
# Moments of a window that has just lost a move 1e3 times the rest's: running sums, here and in pandas and
# TA-Lib, keep 1e-16 of the square (1e-10) or cube (1e-7) of what they lost. 2e-7 measured, on real bars.
TOLERANCE_OF_MOMENTS = 1e-6
MOMENTS = ("return_std", "return_skew", "return_kurtosis", "volatility_ratio", "volume_zscore", "bollinger")


def difference(ours, theirs):
    """Largest difference over the rows, in standard deviations; infinite where one has no value."""
    both = (ours - theirs).abs()
    return np.inf if both.isna().any() else both.max() / ours.std()


def test_every_feature_is_what_talib_and_pandas_say(exported):
    theirs = reference_features(exported.bars, exported.path)
    ours = exported.features
    assert sorted(theirs.columns) == sorted(ours.columns)
    assert len(ours.columns) == 126
    wrong = {}
    for name in ours:
        found = difference(ours[name], theirs[name])
        if not found <= (TOLERANCE_OF_MOMENTS if name.startswith(MOMENTS) else TOLERANCE):
            row = (ours[name] - theirs[name]).abs().idxmax()
            wrong[name] = f"{found:.3g} sd; {exported.csv.timestamp[row]}: {ours[name][row]}, not {theirs[name][row]}"
    assert wrong == {}


def test_every_feature_moves(exported):
    """Else the comparison above would divide by nothing."""
    assert exported.features.nunique().min() >= 5  # the weekday's sine and cosine have the fewest values


def test_the_documents_recipe_agrees_once_its_start_has_faded(exported):
    recipe, csv = run_document_recipe(exported.bars), exported.csv
    assert difference(csv.momentum_1[1:], recipe["r"][1:]) < TOLERANCE
    assert difference(csv.return_std_20[20:], recipe["return_std_20"][20:]) < TOLERANCE_OF_MOMENTS
    compared = awake(exported) & (csv.index >= 25 * 14)
    assert compared.sum() > 5000
    assert difference(csv.rsi_14[compared], recipe["rsi_14"][compared]) < TOLERANCE


def awake(exported):
    """Where the price changed within 100 minutes: after longer silence an RSI of ours returns to 50."""
    return exported.path.close.diff().ne(0).rolling(100, min_periods=1).max() > 0


FADING = {
    "rsi_7": (7, lambda p: talib.RSI(p.close, 7)),
    "rsi_30": (30, lambda p: talib.RSI(p.close, 30)),
    "atr_14_ratio": (14, lambda p: talib.ATR(p.high, p.low, p.close, 14) / p.close),
    "ema_distance_10": (10, lambda p: p.close / talib.EMA(p.close, 10) - 1),
    "ema_distance_200": (200, lambda p: p.close / talib.EMA(p.close, 200) - 1),
    "macd_12_26_ratio": (26, lambda p: talib.MACD(p.close, 12, 26, 9)[0] / p.close),
    "macd_signal_9_ratio": (26, lambda p: talib.MACD(p.close, 12, 26, 9)[1] / p.close),
}


@pytest.mark.parametrize("name", FADING)
def test_talibs_own_starts_fade_within_25_k_minutes(exported, name):
    k, talib_value = FADING[name]
    compared = awake(exported) & (exported.csv.index >= 25 * k)
    assert difference(exported.csv[name][compared], talib_value(exported.path)[compared]) < TOLERANCE


def test_bars_are_those_of_the_file(thin):
    file = pd.read_csv(thin.folder / "ERX_RTH_NH.csv", comment="#", index_col="timestamp")
    csv = thin.csv.set_index("timestamp")
    real = csv[csv.real == 1]
    assert list(real.index) == list(file.index)
    pd.testing.assert_frame_equal(real[[*PRICES, "volume"]], file[[*PRICES, "volume"]], check_dtype=False)


def test_missing_minutes_are_flat_at_the_last_close_without_volume(thin):
    csv = thin.csv
    filled, last = csv.real == 0, csv.close.where(csv.real == 1).ffill()
    assert filled.mean() > 0.3
    assert (csv.volume[filled] == 0).all()
    for price in PRICES:
        assert (csv[price][filled] == last[filled]).all()


def test_rows_are_the_sessions_minutes(thin):
    minutes = thin.csv.groupby(thin.bars.session).minute.agg(list)
    assert minutes.pop("2025-07-03") == list(range(210))
    assert "2025-06-19" not in minutes and "2025-07-04" not in minutes  # holidays
    assert len(minutes) == 30
    for day, found in minutes.items():
        assert found == list(range(found[0], 390)), day
    for day, first, last in HOLES:
        hole = (thin.bars.session == day) & thin.csv.minute.between(first, last)
        assert hole.sum() == last - first + 1 and (thin.csv.real[hole] == 0).all()


def test_rows_know_nothing_of_later_days_and_a_warm_up_continues_them(thin):
    begin, end = SYNTHETIC_DAYS
    whole = sentio_features(thin.folder, "ERX", (begin, end)).splitlines()
    early = sentio_features(thin.folder, "ERX", (begin, "2025-06-25")).splitlines()
    late = sentio_features(thin.folder, "ERX", ("2025-06-26", end), "--warmup-days", "30").splitlines()
    assert whole == early + late[1:]
