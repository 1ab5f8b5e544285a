"""The made-up market's instruments: six indices and the funds that follow them."""

from typing import NamedTuple


class Index(NamedTuple):
    """volatility: open-to-close standard deviation of a usual day, as a fraction.
    market: correlation of its innovations with the common market factor."""

    name: str
    volatility: float
    market: float
    own_jumps: bool = False


class Fund(NamedTuple):
    """leverage: of each day's index return since the previous close.
    price_start: USD. half_spread_bps: of the price, at least half a cent.
    shares_per_day: usual volume. missing: share of minutes without a trade."""

    index: str
    leverage: float
    price_start: float
    half_spread_bps: float
    shares_per_day: float
    missing: float


INDICES = {
    index.name: index
    for index in (
        Index("SPX", 0.009, 1.0),
        Index("NDX", 0.012, 0.93),
        Index("RUT", 0.013, 0.82),
        Index("ENERGY", 0.014, 0.50),
        Index("FINANCIALS", 0.011, 0.80),
        Index("VIX_FUTURES", 0.045, -0.80, own_jumps=True),
    )
}

FUNDS = {
    "QQQ": Fund("NDX", 1, 560, 0.1, 45e6, 0.0),
    "PSQ": Fund("NDX", -1, 33, 1.5, 8e6, 0.005),
    "TQQQ": Fund("NDX", 3, 95, 0.5, 60e6, 0.0),
    "SQQQ": Fund("NDX", -3, 18, 1.0, 90e6, 0.0),
    "SPY": Fund("SPX", 1, 650, 0.1, 60e6, 0.0),
    "SH": Fund("SPX", -1, 38, 1.5, 6e6, 0.003),
    "SSO": Fund("SPX", 2, 105, 0.7, 3e6, 0.02),
    "SDS": Fund("SPX", -2, 15, 1.0, 10e6, 0.03),
    "SPXL": Fund("SPX", 3, 190, 0.7, 4e6, 0.002),
    "UPRO": Fund("SPX", 3, 105, 0.7, 4e6, 0.002),
    "TNA": Fund("RUT", 3, 42, 1.0, 12e6, 0.0),
    "TZA": Fund("RUT", -3, 12, 1.0, 20e6, 0.002),
    "ERX": Fund("ENERGY", 2, 56, 2.0, 4e5, 0.33),
    "ERY": Fund("ENERGY", -2, 23, 2.5, 2e5, 0.33),
    "FAS": Fund("FINANCIALS", 3, 165, 2.5, 7e5, 0.20),
    "FAZ": Fund("FINANCIALS", -3, 42, 5.0, 6e5, 0.07),
    "UVXY": Fund("VIX_FUTURES", 1.5, 24, 2.0, 20e6, 0.0),
    "UVIX": Fund("VIX_FUTURES", 2, 20, 3.0, 10e6, 0.005),
    "SVXY": Fund("VIX_FUTURES", -0.5, 45, 2.0, 2e6, 0.03),
    "SVIX": Fund("VIX_FUTURES", -1, 18, 4.0, 3e6, 0.04),
}

UNIVERSES = {
    "six": ("TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"),
    "twelve": ("SVIX", "SVXY", "TQQQ", "UPRO", "QQQ", "SPY", "SH", "PSQ", "SDS", "SQQQ", "UVXY", "UVIX"),
    "all": tuple(FUNDS),
}
