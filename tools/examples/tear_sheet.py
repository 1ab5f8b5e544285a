#!/usr/bin/env python3
"""A QuantStats tear sheet of a run's daily returns, one HTML file. Needs no network."""

import logging
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import pandas as pd  # noqa: E402

import sentio_tools as st  # noqa: E402
from sentio_tools import command  # noqa: E402

EXAMPLES = """\
  tear_sheet.py
  tear_sheet.py --run logs/live_trading --output live.html
  tear_sheet.py --start-date 2025-10-01 --end-date 2025-10-31 --title October"""

SESSIONS_PER_YEAR = 252
FEW_DAYS = 20


def returns_of(daily: pd.DataFrame) -> pd.Series:
    """As QuantStats takes them: fractions by day, without time zone."""
    days = pd.DatetimeIndex(daily["date"].dt.tz_localize(None))
    return pd.Series(daily["return_pct"].to_numpy(), index=days, name="Strategy")


def marks(daily: pd.DataFrame) -> str:
    """What the page must say of its numbers, in front of its title."""
    return "SYNTHETIC BARS. " * bool(daily["synthetic"].any()) + "NOT ACHIEVABLE. " * bool(daily["not_achievable"].any())


def check(daily: pd.DataFrame, folder: str) -> None:
    unknown = daily.loc[daily["return_pct"].isna(), "date"]
    if not unknown.empty:
        raise st.DataError(folder, f"no return of {unknown.iloc[0].date()}: its summary says null")


def main(arguments: list[str]) -> int:
    parser = command.make_parser(__doc__, EXAMPLES)
    command.add_run_flags(parser)
    parser.add_argument("--output", default="tear_sheet.html", metavar="FILE", help="default: %(default)s")
    parser.add_argument("--title", default="sentio", help="default: %(default)s")
    options = parser.parse_args(arguments)
    daily = st.RunFolder(options.run).daily_returns(options.start_date, options.end_date)
    check(daily, options.run)
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # QuantStats asks for Arial
    command.needed("matplotlib").use("Agg")
    quantstats = command.needed("quantstats")
    output = pathlib.Path(options.output)
    try:
        quantstats.reports.html(returns_of(daily), output=str(output), title=marks(daily) + options.title,
                                periods_per_year=SESSIONS_PER_YEAR)
    except OSError as problem:
        raise st.UsageError(f"{output}: cannot write: {problem.strerror}") from None
    if len(daily) < FEW_DAYS:
        print(f"{len(daily)} days are few: read the ratios as noise", file=sys.stderr)
    print(output)
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
