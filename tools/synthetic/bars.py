"""Minute bars of one fund, from its index's path: leverage, spread, ticks, volume, missing minutes."""

import math
import random
from typing import List

from .calendar import OPEN_MINUTE_OF_DAY, Session
from .instruments import Fund
from .world import TRADES_PER_MINUTE, IndexDay

HEADER = "timestamp,open,high,low,close,volume,bar_id"
REVERSE_SPLIT_BELOW_USD, REVERSE_SPLIT_FACTOR = 5.0, 4
FUND_LOSS_MAX = 0.95  # of a day; a fund that loses more would be closed


def fnv1a(text: str) -> int:
    """FNV-1a, 64 bit."""
    value = 14695981039346656037
    for byte in text.encode():
        value = ((value ^ byte) * 1099511628211) & 0xFFFFFFFFFFFFFFFF
    return value


def bar_id(symbol: str, epoch_minutes: int) -> int:
    """The number that names a bar: 21 bits of the symbol's hash, 32 bits of minutes since 1970."""
    return (fnv1a(symbol) & 0x1FFFFF) << 32 | epoch_minutes


def volume_shape(minutes: int) -> List[float]:
    """Share of the session's volume in each minute."""
    raw = [
        0.55 + 2.2 * math.exp(-m / 18) + 1.6 * math.exp(-(minutes - 1 - m) / 12) for m in range(minutes)
    ]
    return [v / sum(raw) for v in raw]


def missing_shape(fund: Fund, volume: List[float]) -> List[float]:
    """Probability of each minute to pass without a trade: quiet minutes rather than busy ones."""
    raw = [1.0 / v for v in volume]
    mean = sum(raw) / len(raw)
    return [min(0.9, fund.missing * v / mean) for v in raw]


def dollars(cents: int) -> str:
    return "%d.%02d" % divmod(cents, 100)


class FundBars:
    """One fund's bars as CSV rows. Days must be asked for in order."""

    def __init__(self, symbol: str, fund: Fund, seed: int, closing_print: bool, complete: bool):
        self._symbol = symbol
        self._fund = fund
        self._random = random.Random("%d/fund/%s" % (seed, symbol))
        self._closing_print = closing_print
        self._complete = complete
        self._close = float(fund.price_start)  # middle of the market at the previous close
        self.splits = 0

    def next_day(self, session: Session, index_day: IndexDay, volume: List[float]) -> List[str]:
        self._reverse_split_if_cheap()
        fund, rng = self._fund, self._random
        missing = missing_shape(fund, volume)
        previous_close, leverage = self._close, fund.leverage
        half_spread = max(0.005, previous_close * fund.half_spread_bps * 1e-4)
        shares = fund.shares_per_day * math.exp(rng.gauss(-0.03, 0.25))
        first_id = bar_id(self._symbol, session.open_epoch_minutes)
        middles = [
            previous_close * max(1.0 + leverage * (ratio - 1.0), 1.0 - FUND_LOSS_MAX) for ratio in index_day.ratios
        ]
        rows = []
        for minute in range(session.minutes):
            sides, absent, noise = rng.getrandbits(TRADES_PER_MINUTE), rng.random(), rng.gauss(-0.125, 0.5)
            if absent < missing[minute] and not self._complete:
                continue
            at = minute * TRADES_PER_MINUTE
            trades = [
                max(1, int((middle + (half_spread if sides >> k & 1 else -half_spread)) * 100.0 + 0.5))
                for k, middle in enumerate(middles[at : at + TRADES_PER_MINUTE])
            ]
            size = shares * volume[minute] * math.exp(noise) * (0.7 + 0.375 * index_day.activity[minute])
            rows.append(
                self._row(session, minute, trades[0], max(trades), min(trades), trades[-1], size, first_id + minute)
            )
        self._close = middles[-1]
        if self._closing_print:
            cents = max(1, int(self._close * 100.0 + 0.5))
            auction = shares * 0.06
            rows.append(
                self._row(session, session.minutes, cents, cents, cents, cents, auction, first_id + session.minutes)
            )
        return rows

    def _reverse_split_if_cheap(self) -> None:
        """Inverse and volatility funds decay; as in the world, a cheap one is consolidated overnight."""
        while self._close < REVERSE_SPLIT_BELOW_USD:
            self._close *= REVERSE_SPLIT_FACTOR
            self.splits += 1

    @staticmethod
    def _row(session, minute, first, high, low, last, size, identity) -> str:
        hour, minute_of_hour = divmod(OPEN_MINUTE_OF_DAY + minute, 60)
        return "%sT%02d:%02d:00%s,%s,%s,%s,%s,%d,%d" % (
            session.day, hour, minute_of_hour, session.offset_text,
            dollars(first), dollars(high), dollars(low), dollars(last), max(1, round(size)), identity,
        )
