"""The labels and the z-scores of `sentio_cli features` against pandas."""

import numpy as np
import pandas as pd
import pytest

from conftest import read_csv, sentio_features

HORIZONS = (1, 5, 10)  # the built-in strategy's
EOD_EXIT_LEAD = 2  # minutes before the close at which everything must go
HALF_LIFE, EARLIER_BARS, CLIP = 2000, 390, 4
LABEL_CLIP, SIGMA_FLOOR = 5, 1e-6


def reference_labels(bars, h):
    """r_h of every row (empty where unlabelled), and after which row it is known."""
    session, rows = bars.session, np.arange(len(bars))
    start = pd.Series(rows).groupby(session).transform("min") - bars.groupby("session").minute.transform("min")
    last_row = pd.Series(rows).groupby(session).transform("max")
    eod = bars.groupby("session").minute.transform("max") + 1 - EOD_EXIT_LEAD
    real = bars.open.notna()
    opens = bars.open.groupby(session).bfill()  # O(k): open of the first real bar from minute k on
    opened = pd.Series(rows, dtype=float).where(real).groupby(session).bfill()
    entry = opens.groupby(session).shift(-1)
    exit_row = start + np.minimum(bars.minute + 1 + h, eod)
    sold = opens.take(exit_row).set_axis(bars.index)
    sold = sold.fillna(bars.close.groupby(session).transform("last"))
    r = np.log(sold / entry).where(entry.notna(), 0.0)
    known = opened.take(exit_row).set_axis(bars.index)
    known = known.where(entry.notna()).fillna(last_row + 0.5)  # after the session's last row
    return r.where(real & (bars.minute + 1 < eod)), known


@pytest.mark.parametrize("h", HORIZONS)
def test_r_is_what_an_order_could_earn(exported, h):
    theirs, _ = reference_labels(exported.bars, h)
    ours = exported.csv[f"r_{h}"]
    assert (ours.isna() == theirs.isna()).all()
    assert ours.notna().sum() > 5000
    assert (ours - theirs).abs().max() < 1e-15  # one logarithm of the same prices


def test_labels_reach_the_rules_for_missing_bars(thin):
    """So that the test above covers them."""
    bars = thin.bars
    late = (bars.session == "2025-06-24") & (bars.minute < 370) & bars.open.notna()
    last = bars[late].index[-1]
    assert thin.csv.r_10[last] == 0 and thin.csv.r_1[last] == 0  # no entry bar
    before = bars[late].index[-4]
    expected = np.log(bars.close[last] / bars.open[bars[late].index[-3]])  # no exit bar: last close
    assert thin.csv.r_10[before] == pytest.approx(expected, abs=1e-15)


@pytest.mark.parametrize("h", HORIZONS)
def test_y_is_bounded_and_has_the_sign_of_r(exported, h):
    r, y = exported.csv[f"r_{h}"], exported.csv[f"y_{h}"]
    known = y.notna()
    assert known.sum() > 4000 and r[known].notna().all()
    assert y.abs().max() <= LABEL_CLIP
    assert (np.sign(y[known]) == np.sign(r[known])).all()
    earlier_bars = exported.csv.real.cumsum() - exported.csv.real
    assert (known == (r.notna() & (earlier_bars >= EARLIER_BARS))).all()


@pytest.mark.parametrize("h", HORIZONS)
def test_y_is_r_in_units_of_the_root_mean_square_of_labels_known_by_then(exported, h):
    r, known = reference_labels(exported.bars, h)
    known = known[r.notna()]
    sigma = np.sqrt((r.dropna() ** 2).ewm(halflife=HALF_LIFE).mean()).clip(lower=SIGMA_FLOOR).to_numpy()
    assert known.is_monotonic_increasing
    resolved = np.searchsorted(known, r.index, side="right")
    now = pd.Series(np.where(resolved > 0, sigma[resolved - 1], SIGMA_FLOOR), index=r.index)
    y = exported.csv[f"y_{h}"]
    theirs = (r / now).clip(-LABEL_CLIP, LABEL_CLIP)[y.notna()]
    # Two recursive means of up to 40,000 squares: 1e-16 each, in relative terms averaged away.
    np.testing.assert_allclose(y.dropna(), theirs, rtol=1e-11, atol=1e-12)


def test_scores_are_pandas_moments_of_the_earlier_real_bars(exported):
    text = sentio_features(exported.folder, exported.symbol, exported.days, "--warmup-days", "0", "--standardized")
    scored = read_csv(text)
    real = exported.csv.real == 1
    names = exported.features.columns
    assert scored.loc[~real, names].isna().all(axis=None)

    raw, ours = exported.features[real], scored.loc[real, names]
    moments = raw.ewm(halflife=HALF_LIFE, adjust=True)
    mean, deviation = moments.mean().shift(), moments.std(bias=True).shift()
    varies = deviation >= 1e-12 * np.maximum(1, mean.abs())
    theirs = ((raw - mean) / deviation).clip(-CLIP, CLIP).where(varies, 0.0)
    theirs.iloc[:EARLIER_BARS] = 0

    assert (ours.iloc[:EARLIER_BARS] == 0).all(axis=None)
    assert (ours.iloc[EARLIER_BARS:] != 0).any().all()
    assert ours.abs().max().max() == CLIP
    assert theirs.notna().all(axis=None)
    worst = (ours - theirs).abs().max()
    # Both update mean and variance recursively; what differs is rounding, 1e-16 a bar over 1e4 bars.
    assert worst.max() < 1e-9, worst.nlargest(5)
