"""Where minute bars come from over the network: Polygon aggregates and Alpaca historical bars.

Wire facts: page tokens and next_url until there is none; Polygon's next_url carries no key and its host is not trusted; an
empty range has no `results`; Alpaca's `end` is inclusive.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timezone
from typing import NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from synthetic.calendar import Session

from .bar_pages import Fetched, PagedBars, first_minute_ns, last_minute_ns
from .bar_store import SourceNote
from .errors import DataError
from .http_source import HttpSource

POLYGON_URL, ALPACA_URL = "https://api.massive.com", "https://data.alpaca.markets"
POLYGON_ROWS, ALPACA_ROWS = 50_000, 10_000  # a page's most
# Minutes from 04:00 to 20:00 are 960 a day, so a batch is one page, or few.
POLYGON_SESSIONS, ALPACA_SESSIONS = 40, 10


class Batch(NamedTuple):
    """Asked for and kept as a whole; a killed run starts with the first unfinished one."""

    symbols: tuple[str, ...]
    sessions: tuple[Session, ...]


class Vendor(Protocol):
    """`batches` says what one part of the work is, `fetch` answers one."""

    note: SourceNote
    identity: str  # what else decides its numbers
    per_minute: int  # requests; 0: no limit

    def batches(self, wanted: Mapping[str, Sequence[Session]]) -> Iterator[Batch]: ...

    def fetch(self, batch: Batch) -> dict[str, Fetched]: ...


def by_symbol(wanted: Mapping[str, Sequence[Session]], count: int) -> Iterator[Batch]:
    """Symbol after symbol, so that the first files are ready early."""
    for symbol, sessions in wanted.items():
        for at in range(0, len(sessions), count):
            yield Batch((symbol,), tuple(sessions[at:at + count]))


class Polygon:
    def __init__(self, http: HttpSource, adjusted: bool, detail: str = ""):
        self.note = SourceNote("polygon", "sip", adjusted, detail)
        self.identity, self.per_minute = http.base_url, http.pace.per_minute
        self._http = http

    def batches(self, wanted: Mapping[str, Sequence[Session]]) -> Iterator[Batch]:
        return by_symbol(wanted, POLYGON_SESSIONS)

    def fetch(self, batch: Batch) -> dict[str, Fetched]:
        (symbol,) = batch.symbols
        pages = PagedBars(f"polygon: {symbol}", batch.sessions)
        first, last = first_minute_ns(batch.sessions[0]) // 10**6, last_minute_ns(batch.sessions[-1]) // 10**6
        path = f"/v2/aggs/ticker/{quote(symbol)}/range/1/minute/{first}/{last}"
        query = [("adjusted", str(self.note.adjusted).lower()), ("sort", "asc"), ("limit", str(POLYGON_ROWS))]
        while path is not None:
            reply = self._http.get(path, query)
            path, query = self._page(reply, symbol, pages), ()
        return {symbol: pages.fetched()}

    def _page(self, reply: dict, symbol: str, pages: PagedBars) -> str | None:
        """Adds the page; the path of the next one."""
        if reply.get("status") not in ("OK", "DELAYED"):
            said = [reply.get(name) for name in ("status", "error", "message")]
            pages.refuse("the vendor said: " + self._http.clean(" ".join(str(text) for text in said if text)))
        if reply.get("ticker", symbol) != symbol:
            pages.refuse(f"the vendor answered with bars of {self._http.clean(reply['ticker'])}")
        if reply.get("adjusted", self.note.adjusted) is not self.note.adjusted:
            pages.refuse(f"asked for adjusted={self.note.adjusted}, the vendor sent adjusted="
                         f"{self._http.clean(reply['adjusted'])}")
        next_path = path_of(reply.get("next_url"))
        pages.add(rows_of(reply.get("results"), milliseconds, pages), next_path)
        told = reply.get("resultsCount")
        if next_path is None and type(told) is int and told > pages.rows:
            pages.refuse(f"the vendor says {told} bars and sent {pages.rows}; ask again later")
        return next_path


class Alpaca:
    def __init__(self, http: HttpSource, feed: str, adjusted: bool, detail: str = ""):
        self.note = SourceNote("alpaca", feed, adjusted, detail)
        self.identity, self.per_minute = http.base_url, http.pace.per_minute
        self._http = http

    def batches(self, wanted: Mapping[str, Sequence[Session]]) -> Iterator[Batch]:
        return by_symbol(wanted, ALPACA_SESSIONS)

    def fetch(self, batch: Batch) -> dict[str, Fetched]:
        (symbol,) = batch.symbols
        pages = PagedBars(f"alpaca: {symbol}", batch.sessions)
        first, last = first_minute_ns(batch.sessions[0]), last_minute_ns(batch.sessions[-1])
        query = [("symbols", symbol), ("timeframe", "1Min"), ("start", utc(first)), ("end", utc(last)),
                 ("limit", str(ALPACA_ROWS)), ("adjustment", "split" if self.note.adjusted else "raw"),
                 ("feed", self.note.feed), ("sort", "asc")]
        token: str | None = None
        while True:
            reply = self._http.get("/v2/stocks/bars", query + [("page_token", token)] * bool(token))
            token = self._page(reply, symbol, pages)
            if token is None:
                return {symbol: pages.fetched()}

    def _page(self, reply: dict, symbol: str, pages: PagedBars) -> str | None:
        """Adds the page; the token of the next one."""
        bars = {} if reply.get("bars") is None else reply["bars"]
        if not isinstance(bars, dict):
            pages.refuse("the reply has no object bars")
        others = [name for name in bars if name != symbol]
        if others:
            pages.refuse(f"the vendor answered with bars of {self._http.clean(others[0])}")
        token = reply.get("next_page_token") or None
        pages.add(rows_of(bars.get(symbol), nanoseconds, pages), None if token is None else str(token))
        return None if token is None else str(token)


def rows_of(rows: object, time_of: Callable[[object], object], pages: PagedBars) -> Iterator[tuple[object, tuple]]:
    """Both vendors name a bar's members alike. No list at all is an empty page."""
    if rows is None:
        return
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        pages.refuse("the reply has no list of bars")
    for row in rows:
        yield time_of(row.get("t")), tuple(row.get(name) for name in "ohlcv")


def milliseconds(value: object) -> object:
    return value * 10**6 if type(value) is int else value


def nanoseconds(value: object) -> object:
    """Of "2025-01-02T14:30:00Z"; other values come back as they are."""
    try:
        moment = datetime.fromisoformat(value)
        return int(moment.timestamp()) * 10**9 + moment.microsecond * 1000 if moment.tzinfo else value
    except (TypeError, ValueError, OverflowError):
        return value


def utc(ns: int) -> str:
    return datetime.fromtimestamp(ns // 10**9, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def path_of(url: object) -> str | None:
    """"https://host/path?query" → "/path?query": asked of the host we know, which alone gets the key."""
    if not isinstance(url, str) or not url:
        return None
    parts = urlsplit(url)
    if not parts.path.startswith("/") or parts.path.startswith("//"):
        raise DataError("polygon", "next_url is no address")
    return parts.path + (f"?{parts.query}" if parts.query else "")
