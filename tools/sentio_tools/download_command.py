"""The command line of tools/download_historical_data.py and tools/data_downloader.py."""

import argparse
import os
import pathlib
import re
import signal
import sys
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from synthetic import calendar
from synthetic.calendar import Session
from synthetic.instruments import UNIVERSES

from . import bar_store
from .command import make_parser
from .days import listed, parse_day
from .download_screen import Screen
from .downloads import Options, Outcome, download, finished
from .errors import DataError, SourceError, UsageError
from .flat_files import FlatFiles
from .http_source import WAIT_FIRST_S, HttpSource, Pace
from .keys import Keys
from .vendors import ALPACA_URL, POLYGON_URL, Alpaca, Polygon, Vendor

EXIT_CODES = ("exit codes: 0 done; 2 usage, or cannot write; 3 days or bars are missing (the rest is written); 4 keys, network or\n"
              "the vendor's plan; 9 another process writes to the folder; 130 stopped. After 4, 9 and 130 the same command\n"
              "goes on where it stopped.")
NOTES = """\
sources:
  polygon  POLYGON_API_KEY or MASSIVE_API_KEY. The free plan has 5 requests a minute and two years, to the previous day.
  alpaca   ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY, else ALPACA_API_KEY and ALPACA_SECRET_KEY. The free plan has
           200 requests a minute, and bars of all exchanges (--feed sip) that are older than 15 minutes.
  polygon-flat-files  minute files that are on disk already (--flat-files FOLDER): no key, no network.
Keys come from config.env or the environment, never from the command line. Sessions that have not been over for 20 minutes
are left out. Bars outside 09:30-16:00 New York time are left out and counted. Prices are as traded (not adjusted)."""

EXCHANGE = re.compile(r"https?://(127\.0\.0\.1|localhost|\[::1\])(:[0-9]{1,5})?/?")
PER_MINUTE = {"polygon": 5, "alpaca": 180}
SOURCES = ("auto", "polygon", "alpaca", "polygon-flat-files")
TOLD_PROBLEMS = 3  # of one kind and symbol
HINT_PLAN = "; the plan may not include these days (free ones: two years of Polygon; of Alpaca --feed sip from 15 minutes ago)"


def add_source_flags(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--flat-files", metavar="FOLDER", help="with YYYY/MM/YYYY-MM-DD.csv.gz, or these files side by side")
    add("--env-file", default="config.env", metavar="FILE", help="keys (default: %(default)s)")
    add("--requests-per-minute", type=int, metavar="N", help="0: no limit (default: polygon 5, alpaca 180)")
    add("--retry-wait", type=float, default=WAIT_FIRST_S, metavar="S", help="first wait after a failure, doubled each time "
        "(default: %(default)g seconds)")
    add("--exchange", metavar="URL", help="a sentio_cli exchange-sim on this machine instead of the vendor")
    add("-q", "--quiet", action="store_true", help="problems and revised days only")


def make_download_parser(description: str, examples: str) -> argparse.ArgumentParser:
    parser = make_parser(description, f"{examples}\n\n{NOTES}", EXIT_CODES)
    add = parser.add_argument
    add("--symbols", nargs="+", required=True, metavar="LIST", help="A,B,C or A B C, six, twelve")
    add("--start-date", metavar="DATE", help="first day, YYYY-MM-DD")
    add("--end-date", metavar="DATE", help="last day, included (default: the last session that is over)")
    add("--days", type=int, metavar="N", help="sessions, counted back from --end-date or on from --start-date")
    add("--output", default="data/equities", metavar="FOLDER", help="made if missing (default: %(default)s)")
    add("--source", choices=SOURCES, default="auto", help="auto: polygon where its key is set, else alpaca")
    add("--feed", choices=("sip", "iex"), default="sip", help="of Alpaca: all exchanges, or IEX alone (default: sip)")
    add("--adjusted", action="store_true", help="for splits; then a file cannot be continued, only downloaded anew")
    add("--gzip", action="store_true", default=None, help="write .csv.gz (default: as the file that is there, else .csv)")
    add("--replace-synthetic", action="store_true", help="remove the generator's files from the folder first")
    add_source_flags(parser)
    return parser


def download_main(arguments: Sequence[str], description: str, examples: str, default_days: int | None = None) -> int:
    """The exit code. `default_days`: where neither days nor dates are given; None: that is an error."""
    parser = make_download_parser(description, examples)
    flags = parser.parse_args(arguments)
    if flags.days is None and flags.start_date is None:
        if default_days is None:
            parser.error("name --start-date, or --days")
        flags.days = default_days
    symbols = symbols_of(flags.symbols)
    sessions = sessions_of(flags.start_date, flags.end_date, flags.days, now())
    options = Options(flags.gzip, replace_synthetic=flags.replace_synthetic)
    with Screen(flags.quiet) as screen:
        vendor = open_vendor(flags, flags.source, flags.feed, flags.adjusted, screen)
        wanted = {symbol: sessions for symbol in symbols}
        outcomes = carry_out(pathlib.Path(flags.output), vendor, wanted, options, screen)
        written = [outcome.symbol for outcome in outcomes if outcome.file]
        if written:
            screen.say(f"next: sentio_cli verify-data --data-dir {flags.output} --symbols {','.join(written)}")
    return 0 if all(outcome.complete for outcome in outcomes) else DataError.exit_code


def now() -> float:
    """Epoch seconds; for tests AT_NEW_YORK_NOW stands for it, as in scripts/at_new_york.sh."""
    return float(os.environ.get("AT_NEW_YORK_NOW") or time.time())


def symbols_of(words: Sequence[str]) -> list[str]:
    texts = [text.strip() for word in words for text in word.split(",") if text.strip()]
    symbols = [s for text in texts for s in (UNIVERSES[text] if text in ("six", "twelve") else (text.upper(),))]
    if not symbols:
        raise UsageError("--symbols names none")
    return [bar_store.check_symbol(symbol) for symbol in dict.fromkeys(symbols)]


def last_finished(moment: float) -> Session:
    today = datetime.fromtimestamp(moment, timezone.utc).date()
    return next(s for s in reversed(calendar.sessions_counted(today, 3, -1)) if finished(s, moment))


def sessions_of(first: str | None, last: str | None, count: int | None, moment: float) -> list[Session]:
    """The finished sessions asked for, ascending. UsageError where there is none."""
    if count is not None and (count < 1 or first and last):
        raise UsageError("--days counts from 1, and goes with one of --start-date and --end-date")
    days = [parse_day(text) for text in (first, last) if text]
    if not all(calendar.covers(day) for day in days):
        raise UsageError(f"the calendar covers {calendar.FIRST_YEAR}-{calendar.LAST_YEAR}")
    if len(days) == 2 and days[0] > days[1]:
        raise UsageError(f"the range ends before it begins: {days[0]} to {days[1]}")
    newest = last_finished(moment)
    try:
        if first and count:
            asked = calendar.sessions_counted(days[0], count, 1)
        elif first:
            asked = calendar.sessions_between(days[0], days[-1] if last else max(newest.day, days[0]))
        else:
            asked = calendar.sessions_counted(days[0] if last else newest.day, count, -1)
    except ValueError as problem:
        raise UsageError(str(problem)) from None
    over = [session for session in asked if session.day <= newest.day]
    if not over:
        text = "is not over yet" if asked else "the exchange was closed"
        raise UsageError(f"no session to download ({text}); the last one that is over is {newest.day}")
    if len(over) < len(asked):
        print(f"not over yet, and left out: {listed([s.day for s in asked[len(over):]])}", file=sys.stderr)
    return over


def open_vendor(flags: argparse.Namespace, source: str, feed: str, adjusted: bool, screen: Screen) -> Vendor:
    if flags.requests_per_minute is not None and flags.requests_per_minute < 0 or not 0 <= flags.retry_wait <= 60:
        raise UsageError("--requests-per-minute and --retry-wait: 0 or more (and at most 60 seconds)")
    if flags.exchange and not EXCHANGE.fullmatch(flags.exchange):
        raise UsageError("--exchange is not of the form http://127.0.0.1:PORT")
    if source == "polygon-flat-files" or source == "auto" and flags.flat_files:
        if adjusted or not flags.flat_files:
            raise UsageError("--source polygon-flat-files needs --flat-files FOLDER" if not adjusted
                             else "flat files hold prices as traded; --adjusted is not to be had")
        return FlatFiles(flags.flat_files)
    keys = Keys(flags.env_file)
    if source == "auto":
        source = "polygon" if keys.find("MASSIVE_API_KEY", "POLYGON_API_KEY") else "alpaca"
    detail = "exchange-sim" if flags.exchange else ""
    url = flags.exchange or {"polygon": POLYGON_URL, "alpaca": ALPACA_URL}[source]
    per_minute = PER_MINUTE[source] if flags.requests_per_minute is None else flags.requests_per_minute
    http = HttpSource(source, url, headers_of(source, keys), Pace(per_minute), tell=screen.note, wait_first_s=flags.retry_wait)
    return Polygon(http, adjusted, detail) if source == "polygon" else Alpaca(http, feed, adjusted, detail)


def headers_of(source: str, keys: Keys) -> dict:
    if source == "polygon":
        return {"Authorization": keys.need("POLYGON_API_KEY", "MASSIVE_API_KEY").prefixed("Bearer ")}
    paper, secret = keys.find("ALPACA_PAPER_API_KEY"), keys.find("ALPACA_PAPER_SECRET_KEY")
    if paper and secret:
        return {"APCA-API-KEY-ID": paper, "APCA-API-SECRET-KEY": secret}
    real = keys.find("ALPACA_API_KEY"), keys.find("ALPACA_SECRET_KEY")
    if not all(real):
        keys.need("ALPACA_PAPER_API_KEY")
        keys.need("ALPACA_PAPER_SECRET_KEY")
    return {"APCA-API-KEY-ID": real[0], "APCA-API-SECRET-KEY": real[1]}


def carry_out(folder: pathlib.Path, vendor: Vendor, wanted: Mapping[str, Sequence[Session]], options: Options,
              screen: Screen) -> list[Outcome]:
    """Downloads and tells. A signal to end leaves whole files and finished parts."""
    outcomes: list[Outcome] = []

    def report(outcome: Outcome) -> None:
        outcomes.append(outcome)
        tell(outcome, screen)

    def stop(number, frame):
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, stop)
    requests = sum(1 for _ in vendor.batches(wanted))
    limit = vendor.per_minute
    if limit and requests > limit:
        screen.say(f"{vendor.note.source}: at least {requests} requests at {limit} a minute (--requests-per-minute for other "
                   f"plans): {requests // limit} minutes or more")
    try:
        download(folder, vendor, wanted, options, report, screen.step)
    except SourceError as problem:
        plan = getattr(problem, "status", 0) == 403 or "subscription" in str(problem)
        raise SourceError(f"{problem}{HINT_PLAN if plan else ''}") from None
    return outcomes


def tell(outcome: Outcome, screen: Screen) -> None:
    if outcome.problem:
        screen.warn(outcome.problem)
        return
    symbol, (frame, added, revised, missing, kept), fetched = outcome.symbol, outcome.merged, outcome.fetched
    days = frame["start"].dt.date
    left_out = f", {fetched.outside} rows outside the sessions left out" if fetched.outside else ""
    screen.say(f"{outcome.file}: {len(frame)} bars of {days.nunique()} sessions, {days.iloc[0]} to {days.iloc[-1]}; "
               f"{len(added)} new{left_out}")
    if revised:
        screen.news(f"{symbol}: the vendor revised {len(revised)} of the days that were there")
    for text in revised[:TOLD_PROBLEMS]:
        screen.news(f"{symbol}: revised {text}")
    if fetched.repeated:
        screen.warn(f"{symbol}: {fetched.repeated} bars were sent twice, alike; kept once")
    if fetched.unsound:
        shown = "; ".join(fetched.unsound[:TOLD_PROBLEMS])
        screen.warn(f"{symbol}: {len(fetched.unsound)} rows are no bars and were left out: {shown}")
    if missing:
        screen.warn(f"{symbol}: the vendor has no bar of {listed(missing)}")
    if kept:
        screen.warn(f"{symbol}: the vendor lost bars; kept as they were: {'; '.join(kept[:TOLD_PROBLEMS])}")
