"""The 126 features of docs/features.md in TA-Lib and pandas, from the bars of one symbol.

TA-Lib where it has the indicator, pandas for the rest; numpy only for arithmetic between columns. Two
differences of convention are bridged here. TA-Lib starts its recursive means from the mean of the first k
values and has no output before: with a flat stretch in front, which is how the document defines the time
before the first bar, that mean is the documented start, so rows agree from the very first bar on. pandas'
rolling skew and kurtosis are the unbiased ones; `population_skew` and `population_kurtosis` undo that.
"""

import numpy as np
import pandas as pd
import talib

FLAT_MINUTES = 800  # in front; more than the longest look-back (395) and TA-Lib's longest unstable start

FLAT_PRICE, FLAT_VARIANCE, FLAT_CANDLE = 1e-10, 1e-12, 1e-9  # "if flat" in docs/features.md
SMALLEST_RETURN = 1e-12  # the path's price changes in the last bits over a night; a tick is above 1e-7


def over(part, whole, neutral, flat_below=0.0):
    """part / whole, `neutral` where there is nothing to divide by."""
    return (part / whole.where(whole > flat_below)).fillna(neutral)


def population_variance(x, k):
    variance, mean_square = x.rolling(k).var(ddof=0), (x * x).rolling(k).mean()
    return variance.where(variance > FLAT_VARIANCE * mean_square, 0.0)


def population_std(x, k):
    return np.sqrt(population_variance(x, k))


def population_skew(x, k):
    return (x.rolling(k).skew() * (k - 2) / np.sqrt(k * (k - 1))).where(population_variance(x, k) > 0, 0.0)


def population_kurtosis(x, k):
    excess = (x.rolling(k).kurt() * (k - 2) * (k - 3) / (k - 1) - 6) / (k + 1)
    return excess.where(population_variance(x, k) > 0, 0.0)


class Minutes:
    """One row per session minute, path prices, behind FLAT_MINUTES flat ones."""

    def __init__(self, bars, path):
        """`bars` and `path` as in docs/features.md; `bars` has columns minute and session beside."""
        index = pd.RangeIndex(-FLAT_MINUTES, len(bars))
        prices = path[["open", "high", "low", "close"]].reindex(index).fillna(path.open.iloc[0])
        self.O, self.H, self.L, self.C = (prices[c] for c in ("open", "high", "low", "close"))
        self.V = path.volume.reindex(index, fill_value=0.0).astype(float)
        r = np.log(self.C).diff().fillna(0.0)
        self.r = r.where(r.abs() > SMALLEST_RETURN, 0.0)
        self.G = self.r.cumsum()
        self.TP = (self.H + self.L + self.C) / 3
        self.bars = bars

    def session_by_session(self, x):
        """x without the flat stretch, grouped by session."""
        return x.loc[0:].groupby(self.bars.session)


def reference_features(bars, path):
    """A frame with a column for each feature; rows as in `bars`."""
    m = Minutes(bars, path)
    columns = {}
    for group in (returns, averages, oscillators, trends, deviations, ranges, shapes, volumes, flows):
        columns.update(group(m))
    columns = {name: column.loc[0:] for name, column in columns.items()}
    for group in (session_moves, session_prices, usual_day, candle, time_of_day):
        columns.update(group(m))
    return pd.DataFrame(columns)


def returns(m):
    lags = (1, 2, 3, 4, 5, 8, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 390)
    yield from ((f"momentum_{k}", np.log(talib.ROCR(m.C, k))) for k in lags)
    yield "minute_gap", np.log(m.O / m.C.shift())


def averages(m):
    yield from ((f"sma_distance_{k}", m.C / talib.SMA(m.C, k) - 1) for k in (10, 20, 60, 120, 390))
    yield from ((f"ema_distance_{k}", m.C / talib.EMA(m.C, k) - 1) for k in (10, 50, 100, 200))
    macd, signal, _ = talib.MACD(m.C, 12, 26, 9)
    yield "macd_12_26_ratio", macd / m.C
    yield "macd_signal_9_ratio", signal / m.C


def oscillators(m):
    for k in (7, 14, 30):
        # The document takes what hours of silence left of the means for nothing, TA-Lib keeps dividing it.
        moved = m.C.diff().abs().fillna(0.0).ewm(alpha=1 / k, adjust=False).mean()
        yield f"rsi_{k}", talib.RSI(m.C, k).where(moved > FLAT_VARIANCE * m.C, 50.0)
    fast, _ = talib.STOCHF(m.H, m.L, m.C, 14, 1, 0)
    stochastic = fast.where(talib.MAX(m.H, 14) - talib.MIN(m.L, 14) > FLAT_PRICE * m.C, 50.0)
    yield "stochastic_k_14", stochastic
    yield "stochastic_d_3", talib.SMA(stochastic, 3)
    for k in (60, 120, 390):
        high, low = talib.MAX(m.H, k), talib.MIN(m.L, k)
        yield f"range_position_{k}", over(m.C - low, high - low, 0.5, FLAT_PRICE * m.C)
        if k != 120:
            yield f"high_distance_{k}", (m.C - high) / m.C
            yield f"low_distance_{k}", (m.C - low) / m.C


def trends(m):
    r, absolute, square, before = m.r, m.r.abs(), m.r**2, m.r.shift()
    for k in (10, 30, 60):
        yield f"efficiency_ratio_{k}", over(r.rolling(k).sum().abs(), absolute.rolling(k).sum(), 0)
    for k in (20, 60):
        yield f"chande_momentum_{k}", over(r.rolling(k).sum(), absolute.rolling(k).sum(), 0)
    for k in (120, 390):
        yield f"momentum_risk_ratio_{k}", over(r.rolling(k).sum(), np.sqrt(k * square.rolling(k).sum()), 0)
    for k in (10, 60):
        yield f"sign_balance_{k}", np.sign(r).rolling(k).mean()
    sign = np.sign(r)
    yield "streak", sign * (sign.groupby((sign != sign.shift()).cumsum()).cumcount() + 1)
    pairs = (square + before**2) / 2
    yield "return_autocorrelation_60", over((r * before).rolling(60).sum(), pairs.rolling(60).sum(), 0)
    for k in (60, 390):
        five = (m.G.diff(5) ** 2).rolling(k).sum() / 5
        yield f"variance_ratio_5_{k}", over(five, five + square.rolling(k).sum(), 0.5)


def deviations(m):
    std = {k: population_std(m.r, k) for k in (5, 10, 20, 60, 120, 390)}
    yield from ((f"return_std_{k}", column) for k, column in std.items())
    yield "volatility_ratio_5_20", over(std[5], std[20], 1)
    yield "volatility_ratio_60_390", over(std[60], std[390], 1)
    for percent in (94, 99):
        square = (m.r**2).ewm(alpha=1 - percent / 100, adjust=False).mean()
        yield f"ewma_volatility_{percent}", np.sqrt(square)


def ranges(m):
    span, body = np.log(m.H / m.L), np.log(m.C / m.O)
    for k in (20, 60, 390):
        yield f"parkinson_volatility_{k}", np.sqrt((span**2).rolling(k).mean() / (4 * np.log(2)))
    garman_klass = (span**2 / 2 - (2 * np.log(2) - 1) * body**2).clip(lower=0)
    yield "garman_klass_volatility_20", np.sqrt(garman_klass.rolling(20).mean())
    wicks = np.log(m.H / m.C) * np.log(m.H / m.O) + np.log(m.L / m.C) * np.log(m.L / m.O)
    yield "rogers_satchell_volatility_60", np.sqrt(wicks.where(wicks > FLAT_CANDLE * span**2, 0.0).rolling(60).mean())
    atr = talib.ATR(m.H, m.L, m.C, 14)
    yield "atr_14_ratio", atr / m.C
    yield "true_range_ratio", over(talib.TRANGE(m.H, m.L, m.C), atr, 0, FLAT_VARIANCE * m.C)
    yield "bar_range", span
    yield "bar_range_ratio_20", over(span, span.rolling(20).mean(), 0)
    for k in (20, 60):
        upper, middle, lower = talib.BBANDS(m.C, k, 2, 2)
        flat = 4 * FLAT_PRICE * m.C
        yield f"bollinger_position_{k}", over(m.C - lower, upper - lower, 0.5, flat)
        yield f"bollinger_width_{k}", (upper - lower).where(upper - lower > flat, 0.0) / middle


def shapes(m):
    r = m.r * 1e4  # pandas takes variances below 1e-14 for none; shapes have no scale
    absolute, square = r.abs(), r**2
    yield from ((f"return_skew_{k}", population_skew(r, k)) for k in (20, 60, 390))
    yield from ((f"return_kurtosis_{k}", population_kurtosis(r, k)) for k in (60, 390))
    for k in (20, 60):
        yield f"signed_variance_ratio_{k}", over((r * absolute).rolling(k).sum(), square.rolling(k).sum(), 0)
    for k in (60, 390):
        bipower = np.pi / 2 * (absolute * absolute.shift()).rolling(k).sum()
        yield f"bipower_ratio_{k}", over(bipower, bipower + square.rolling(k).sum(), 0.5)
    yield "largest_move_share_60", over(square.rolling(60).max(), square.rolling(60).sum(), 0)
    yield "absolute_return_variation_60", over(population_std(absolute, 60), absolute.rolling(60).mean(), 0)


def volumes(m):
    mean = {k: m.V.rolling(k).mean() for k in (5, 20, 60, 390)}
    for k in (20, 60, 390):
        yield f"volume_zscore_{k}", over(m.V - mean[k], population_std(m.V, k), 0)
    for short, long in ((5, 20), (20, 60), (60, 390)):
        yield f"volume_ratio_{short}_{long}", over(mean[short], mean[long], 1)
    yield "volume_log_ratio_390", np.log(over(m.V + 0.01 * mean[390], 1.01 * mean[390], 1))


def flows(m):
    signed, span, flow = np.sign(m.r) * m.V, m.H - m.L, m.TP * m.V
    volume = {k: m.V.rolling(k).sum() for k in (5, 20, 60, 390)}
    for k in (5, 20, 60):
        yield f"signed_volume_{k}", over(signed.rolling(k).sum(), volume[k], 0)
    multiplier = over(2 * m.C - m.H - m.L, span, 0, FLAT_PRICE * m.C)
    yield "cmf_20", over((multiplier * m.V).rolling(20).sum(), volume[20], 0)
    yield "mfi_20", money_flow_index(m)
    a, b = (over(m.r.abs().rolling(k).sum(), volume[k], np.nan) for k in (20, 390))
    yield "illiquidity_ratio_20_390", over(a, a + b, 0.5)
    r = m.r * 1e4  # see shapes
    both_vary = (population_variance(r, 60) > 0) & (population_variance(m.V, 60) > 0)
    yield "return_volume_correlation_60", r.rolling(60).corr(m.V).where(both_vary, 0.0)
    for k in (60, 390):
        yield f"vwap_distance_{k}", over(m.C, over(flow.rolling(k).sum(), volume[k], np.nan), 1) - 1


def money_flow_index(m):
    """TA-Lib's, 50 where no money flowed (TA-Lib: 0). Typical prices that differ by the path's rounding
    over a night are made equal first: TA-Lib takes any difference for a rise or fall."""
    change = m.TP.diff().fillna(0.0)
    level = 1 + change.where(change.abs() > FLAT_PRICE * m.TP, 0.0).cumsum() / m.TP.iloc[0]
    # TA-Lib weighs with the typical price it compares, so the money goes into its volume.
    money = m.TP * m.V / level
    moved = money.where(level.diff() != 0, 0.0).rolling(20).max() > 0
    return talib.MFI(level, level, level, money, 20).where(moved, 50.0)


def session_moves(m):
    bars, r = m.bars, m.r.loc[0:]
    first = bars.open.notna() & (bars.open.notna().groupby(bars.session).cumsum() == 1)
    gap = np.log(bars.open / bars.close.ffill().shift()).where(first, 0.0).fillna(0.0)
    yield "overnight_gap", gap.groupby(bars.session).cumsum()
    so_far = r.groupby(bars.session).cumsum()
    yield "session_return", so_far
    yield "first_half_hour_return", so_far.where(bars.minute < 30).groupby(bars.session).ffill().fillna(0.0)
    yield "previous_session_return", previous_session(bars, so_far.groupby(bars.session).last())
    yield "session_volatility", np.sqrt((r**2).groupby(bars.session).expanding().mean().droplevel(0))


def previous_session(bars, by_session):
    """For each row the value of the latest earlier session with a real bar; 0 without one."""
    traded = bars.open.notna().groupby(bars.session).any()
    return bars.session.map(by_session.where(traded).ffill().shift().fillna(0.0))


def session_prices(m):
    bars, close = m.bars, m.C.loc[0:]
    real = bars.open.notna()
    first = real & (real.groupby(bars.session).cumsum() == 1)
    begun = real.groupby(bars.session).cummax()
    high = extreme_so_far(bars, m.H, real, "cummax")
    low = extreme_so_far(bars, m.L, real, "cummin")
    yield "session_high_distance", ((close - high) / close).where(begun, 0.0)
    yield "session_low_distance", ((close - low) / close).where(begun, 0.0)
    yield "session_range_position", over(close - low, high - low, 0.5, FLAT_PRICE * close)
    opening = real & ((bars.minute < 30) | first)
    high30 = extreme_so_far(bars, m.H, opening, "cummax")
    low30 = extreme_so_far(bars, m.L, opening, "cummin")
    yield "opening_range_position_30", over(close - low30, high30 - low30, 0.5, FLAT_PRICE * close).clip(-5, 6)
    whole = high.groupby(bars.session).last() / low.groupby(bars.session).last() - 1
    yield "previous_session_range", previous_session(bars, whole)
    volume = m.session_by_session(m.V).cumsum()
    vwap = m.session_by_session(m.TP * m.V).cumsum() / volume.where(volume > 0)
    yield "vwap_distance_session", over(close, vwap, 1) - 1


def extreme_so_far(bars, prices, counted, cumulate):
    running = prices.loc[0:].where(counted).groupby(bars.session).agg(cumulate)
    return running.groupby(bars.session).ffill()


def usual_day(m):
    bars, volume, move = m.bars, m.V.loc[0:], m.r.loc[0:].abs()
    for name, x in (("relative_volume_minute", volume), ("relative_move_minute", move)):
        usual = x.groupby(bars.minute).transform(lambda s: s.ewm(alpha=0.1, adjust=False).mean().shift())
        yield name, over(x, x + usual, 0.5)
    so_far = volume.groupby(bars.session).cumsum()
    table = pd.DataFrame({"session": bars.session, "minute": bars.minute, "so_far": so_far})
    days = table.pivot(index="session", columns="minute", values="so_far").ffill(axis=1).fillna(0.0)
    before = days.shift().stack().reindex(pd.MultiIndex.from_frame(table[["session", "minute"]])).to_numpy()
    yield "session_volume_ratio", over(so_far, so_far + before, 0.5)


def candle(m):
    O, H, L, C = (x.loc[0:] for x in (m.O, m.H, m.L, m.C))
    flat = FLAT_PRICE * C
    yield "body_ratio", over(C - O, H - L, 0, flat)
    yield "upper_wick_ratio", over(H - np.maximum(O, C), H - L, 0, flat)
    yield "lower_wick_ratio", over(np.minimum(O, C) - L, H - L, 0, flat)


def time_of_day(m):
    bars = m.bars
    length = bars.groupby("session").minute.transform("max") + 1
    yield "minutes_to_close", (length - 1 - bars.minute) / 390
    day = pd.to_datetime(bars.session).dt.weekday
    for name, turn in (("time", bars.minute / 390), ("weekday", day / 5)):
        yield f"{name}_sin", np.sin(2 * np.pi * turn)
        yield f"{name}_cos", np.cos(2 * np.pi * turn)
