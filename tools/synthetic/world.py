"""The price world: six correlated indices, minute by minute.

Every index has random streams of its own, named by seed and index, so a fund's bars do not depend
on which other funds are asked for.
"""

import math
import random
from typing import Dict, List, NamedTuple

from .alpha import MOMENTUM_MINUTES
from .calendar import Session
from .instruments import Index

# Five trades a minute: one just after the minute starts (the open), four more up to its end.
TRADES_PER_MINUTE = 5
VARIANCE_SHARES = (0.02, 0.245, 0.245, 0.245, 0.245)

DAY_VOLATILITY_MEMORY = 0.9  # of the log of a day's volatility, from one day to the next
DAY_VOLATILITY_SPREAD = 0.3  # its standard deviation over the years
OVERNIGHT_SHARE = 0.6  # standard deviation of the gap over that of the session
JUMP_PROBABILITY = 0.15  # a session, for the whole market
JUMP_SIZE = 0.6  # standard deviation in units of the day's
OWN_JUMP_PROBABILITY = 0.06  # a session, upwards, for volatility itself
# Volatility returns to its mean overnight only, so that no minute of a session is predictable.
OVERNIGHT_REVERSION = 0.06
RATIO_RANGE = (0.4, 1.9)  # an index's price over its previous close, for the sake of -1x funds


class IndexDay(NamedTuple):
    """One index in one session. ratios: price over the previous session's close at each trade,
    TRADES_PER_MINUTE per minute. activity: absolute standardised return of each minute."""

    ratios: List[float]
    activity: List[float]


class MarketDay(NamedTuple):
    """What all indices share in one session."""

    volatility: float  # multiple of a usual day's
    gap: float  # standard normal
    shocks: List[float]  # standard normal, one per trade
    jump_at: int  # trade number, or -1
    jump: float  # in units of the day's standard deviation


def volatility_shape(minutes: int) -> List[float]:
    """Standard deviation of each minute for a session's total of 1: lively at both ends."""
    raw = [
        0.75 + 1.5 * math.exp(-m / 22) + 0.45 * math.exp(-(minutes - 1 - m) / 25) for m in range(minutes)
    ]
    total = math.sqrt(sum(v * v for v in raw))
    return [v / total for v in raw]


class Market:
    """The common factor. Days must be asked for in order."""

    def __init__(self, seed: int):
        self._random = random.Random("%d/market" % seed)
        self._log_volatility = 0.0

    def next_day(self, minutes: int) -> MarketDay:
        gauss = self._random.gauss
        innovation = DAY_VOLATILITY_SPREAD * math.sqrt(1 - DAY_VOLATILITY_MEMORY**2)
        self._log_volatility = DAY_VOLATILITY_MEMORY * self._log_volatility + gauss(0.0, innovation)
        trades = minutes * TRADES_PER_MINUTE
        jump_at = self._random.randrange(trades) if self._random.random() < JUMP_PROBABILITY else -1
        jump = gauss(0.0, JUMP_SIZE) if jump_at >= 0 else 0.0
        gap = gauss(0.0, 1.0)
        return MarketDay(math.exp(self._log_volatility), gap, [gauss(0.0, 1.0) for _ in range(trades)], jump_at, jump)


class IndexPath:
    """One index: innovations from the market and its own stream, plus the planted part."""

    def __init__(self, index: Index, seed: int, coupling: float):
        self._index = index
        self._random = random.Random("%d/index/%s" % (seed, index.name))
        self._coupling = coupling / math.sqrt(MOMENTUM_MINUTES)
        self._own = math.sqrt(1.0 - index.market**2)
        self._log_level = 0.0  # since the start
        self._window = [self._random.gauss(0.0, 1.0) for _ in range(MOMENTUM_MINUTES)]
        self._at = 0

    def _gap(self, market: MarketDay, volatility: float) -> float:
        shock = self._index.market * market.gap + self._own * self._random.gauss(0.0, 1.0)
        drift = -OVERNIGHT_REVERSION * self._log_level if self._index.own_jumps else 0.0
        return drift + OVERNIGHT_SHARE * volatility * shock

    def _jumps(self, market: MarketDay, trades: int) -> Dict[int, float]:
        """Trade number -> jump in units of the day's standard deviation."""
        jumps = {market.jump_at: self._index.market * market.jump} if market.jump_at >= 0 else {}
        if self._index.own_jumps and self._random.random() < OWN_JUMP_PROBABILITY:
            at = self._random.randrange(trades)
            jumps[at] = jumps.get(at, 0.0) + self._random.expovariate(1 / JUMP_SIZE)
        return jumps

    def next_day(self, session: Session, market: MarketDay, shape: List[float]) -> IndexDay:
        volatility = self._index.volatility * market.volatility
        level = self._gap(market, volatility)
        jumps = self._jumps(market, session.minutes * TRADES_PER_MINUTE)
        gauss, exp, market_loading, own_loading = self._random.gauss, math.exp, self._index.market, self._own
        roots = [math.sqrt(share) for share in VARIANCE_SHARES]
        momentum = sum(self._window)
        ratios, activity, trade = [], [], 0
        for minute in range(session.minutes):
            deviation = volatility * shape[minute]
            drift = self._coupling * momentum
            moved = 0.0
            for share, root in zip(VARIANCE_SHARES, roots):
                step = root * (market_loading * market.shocks[trade] + own_loading * gauss(0.0, 1.0)) + share * drift
                if trade in jumps:
                    step += jumps[trade] / shape[minute]
                moved += step
                level += deviation * step
                ratios.append(exp(level))
                trade += 1
            momentum += moved - self._window[self._at]
            self._window[self._at] = moved
            self._at = (self._at + 1) % MOMENTUM_MINUTES
            activity.append(abs(moved))
        low, high = RATIO_RANGE
        ratios = [min(max(ratio, low), high) for ratio in ratios]
        self._log_level += math.log(ratios[-1])
        return IndexDay(ratios, activity)
