#!/usr/bin/env python3
"""Writes synthetic minute bars of leveraged ETFs, one <SYMBOL>_RTH_NH.csv each. Standard library only."""

import argparse
import os
import sys
import time
from datetime import date
from typing import Dict, List

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
sys.dont_write_bytecode = True  # installed, this folder belongs to a package

from synthetic import alpha as planted  # noqa: E402
from synthetic import calendar, files  # noqa: E402
from synthetic.bars import FundBars, volume_shape  # noqa: E402
from synthetic.instruments import FUNDS, INDICES, UNIVERSES  # noqa: E402
from synthetic.world import IndexPath, Market, volatility_shape  # noqa: E402

EXIT_FAILED = 1  # argparse exits 2 on bad usage
DEFAULT_DAYS, DEFAULT_END = 25, date(2025, 10, 14)

DESCRIPTION = """\
Synthetic minute bars for trying sentio without market data. Every file starts with a line
"# SYNTHETIC ..." and everything computed from it says so too. Nothing about the made-up prices
tells how a strategy would fare in a market.

The world: a market factor drives six indices (S&P-like, Nasdaq-like, small caps, energy, financials,
VIX futures), with volatility that varies from day to day and over the day, overnight gaps, jumps, and
VIX futures that move against the market and return to their mean overnight. Funds follow their index
minute by minute with leverage that is reset daily. Trades print at the bid or the ask, in cents; thin
funds miss minutes; cheap funds are consolidated overnight. Calendar: NYSE 2018-2030.
The same seed gives the same bytes, and a symbol's bars do not depend on the other symbols asked for."""

EPILOG = """\
what --alpha means:
  The planted strength X is the correlation of an index's 60-minute momentum, known at the close of
  minute t, with its return from the open of bar t+1 to the open of bar t+1+H (H = --alpha-bars), in
  units of each minute's volatility. Positive: momentum goes on; negative: it turns back. 0 plants
  nothing: intraday returns are then independent of the past. The exact process: tools/synthetic/alpha.py.

examples:
  generate_multi_symbol_data.py                                   25 sessions of the default six
  generate_multi_symbol_data.py --symbols twelve --days 40 --end-date 2025-10-14 --gzip
  generate_multi_symbol_data.py --symbols TQQQ,SQQQ --start-date 2025-01-02 --end-date 2025-06-30
  generate_multi_symbol_data.py --alpha 0.1 --seed 3 --output /tmp/planted

exit codes: 0 written, 1 could not write, 2 usage (also: the folder holds real bars)"""


def parse_date(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("'%s' is not a date YYYY-MM-DD" % text)
    if not calendar.covers(day):
        raise argparse.ArgumentTypeError(
            "%s is outside the calendar, %d-%d" % (text, calendar.FIRST_YEAR, calendar.LAST_YEAR)
        )
    return day


def parse_symbols(text: str) -> List[str]:
    if text in UNIVERSES:
        return list(UNIVERSES[text])
    symbols = [part.strip().upper() for part in text.split(",") if part.strip()]
    unknown = [symbol for symbol in symbols if symbol not in FUNDS]
    if unknown:
        raise argparse.ArgumentTypeError("unknown: %s (known: %s)" % (", ".join(unknown), " ".join(FUNDS)))
    if not symbols:
        raise argparse.ArgumentTypeError("no symbol named")
    return list(dict.fromkeys(symbols))


def bounded(kind, low, high):
    def parse(text: str):
        try:
            value = kind(text)
        except ValueError:
            raise argparse.ArgumentTypeError("'%s' is not a number" % text)
        if not low <= value <= high:
            raise argparse.ArgumentTypeError("%s is outside %s ... %s" % (text, low, high))
        return value

    return parse


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description=DESCRIPTION, epilog=EPILOG, formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--output", default="data/equities", metavar="FOLDER", help="made if missing (default: data/equities)")
    add("--symbols", type=parse_symbols, default=parse_symbols("six"), metavar="LIST",
        help="A,B,C or six, twelve, all (default: six = %s)" % ",".join(UNIVERSES["six"]))
    add("--days", type=bounded(int, 1, 3300), metavar="N",
        help="sessions, counted back from --end-date or on from --start-date (default: %d)" % DEFAULT_DAYS)
    add("--start-date", type=parse_date, metavar="DATE", help="first day, YYYY-MM-DD")
    add("--end-date", type=parse_date, metavar="DATE", help="last day (default: %s)" % DEFAULT_END)
    add("--seed", type=bounded(int, 0, 2**63 - 1), default=1, help="default: 1")
    add("--alpha", type=bounded(float, -0.5, 0.5), default=0.0, metavar="X",
        help="plant a predictable part of this strength, see below (default: 0)")
    add("--alpha-bars", type=bounded(int, 1, 120), default=30, metavar="H", help="its horizon in bars (default: 30)")
    add("--closing-print", action="store_true", help="add the closing auction as a row stamped with the close")
    add("--complete", action="store_true", help="no missing minutes")
    add("--gzip", action="store_true", help="write .csv.gz")
    add("-q", "--quiet", action="store_true", help="no progress")
    return parser


def choose_sessions(options) -> List[calendar.Session]:
    """The sessions asked for; raises ValueError with the reason where the flags contradict."""
    if options.start_date and options.end_date:
        if options.days:
            raise ValueError("--days, --start-date and --end-date: name two of the three")
        sessions = calendar.sessions_between(options.start_date, options.end_date)
    elif options.start_date:
        sessions = calendar.sessions_counted(options.start_date, options.days or DEFAULT_DAYS, 1)
    else:
        sessions = calendar.sessions_counted(options.end_date or DEFAULT_END, options.days or DEFAULT_DAYS, -1)
    if not sessions:
        raise ValueError("no session between %s and %s" % (options.start_date, options.end_date))
    return sessions


def generate(symbols: List[str], sessions: List[calendar.Session], seed: int, coupling: float = 0.0,
             closing_print: bool = False, complete: bool = False, progress=lambda done: None) -> Dict[str, List[str]]:
    """Symbol -> CSV rows in time order."""
    market = Market(seed)
    wanted = dict.fromkeys(FUNDS[symbol].index for symbol in symbols)
    paths = {name: IndexPath(INDICES[name], seed, coupling) for name in wanted}
    funds = {symbol: FundBars(symbol, FUNDS[symbol], seed, closing_print, complete) for symbol in symbols}
    rows: Dict[str, List[str]] = {symbol: [] for symbol in symbols}
    shapes = {minutes: (volatility_shape(minutes), volume_shape(minutes))
              for minutes in (calendar.FULL_SESSION_MINUTES, calendar.HALF_SESSION_MINUTES)}
    for done, session in enumerate(sessions, 1):
        volatility, volume = shapes[session.minutes]
        market_day = market.next_day(session.minutes)
        days = {name: path.next_day(session, market_day, volatility) for name, path in paths.items()}
        for symbol, fund in funds.items():
            rows[symbol].extend(fund.next_day(session, days[FUNDS[symbol].index], volume))
        progress(done)
    return rows


def remark(symbol: str, sessions: List[calendar.Session], options) -> str:
    return (
        "bars, not market data: generate_multi_symbol_data.py symbol=%s seed=%d sessions=%d first=%s last=%s "
        "alpha=%g alpha_bars=%d closing_print=%s complete=%s"
        % (symbol, options.seed, len(sessions), sessions[0].day, sessions[-1].day, options.alpha,
           options.alpha_bars, str(options.closing_print).lower(), str(options.complete).lower())
    )


def main(arguments: List[str]) -> int:
    parser = make_parser()
    options = parser.parse_args(arguments)
    try:
        sessions = choose_sessions(options)
        coupling = planted.coupling_for(options.alpha, options.alpha_bars)
        files.check_no_real_bars(options.output)
    except (ValueError, files.FileRefused) as problem:
        parser.error(str(problem))

    def progress(done: int) -> None:
        if not options.quiet and (done % 5 == 0 or done == len(sessions)):
            end = "\n" if done == len(sessions) else ""
            print("\rsession %d of %d" % (done, len(sessions)), end=end, file=sys.stderr, flush=True)

    started = time.monotonic()
    rows = generate(options.symbols, sessions, options.seed, coupling, options.closing_print, options.complete, progress)
    try:
        os.makedirs(options.output, exist_ok=True)
        for symbol in options.symbols:
            path = files.write_bars(options.output, symbol, options.gzip, remark(symbol, sessions, options), rows[symbol])
            if not options.quiet:
                print("%s: %d bars" % (path, len(rows[symbol])))
    except OSError as problem:
        print("%s: cannot write: %s" % (parser.prog, problem), file=sys.stderr)
        return EXIT_FAILED
    if not options.quiet:
        print("SYNTHETIC bars of %s ... %s, %d sessions, in %.1f s"
              % (sessions[0].day, sessions[-1].day, len(sessions), time.monotonic() - started))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
