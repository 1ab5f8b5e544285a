"""Polygon's aggregates and Alpaca's historical bars on a local socket, with pages, faults and lies."""

import http.server
import json
import threading
import urllib.parse
from datetime import datetime, timezone

from synthetic import calendar

POLYGON_KEY, ALPACA_ID, ALPACA_SECRET = "pk-very-secret", "ak-very-secret", "as-very-secret"
KEYS = {"POLYGON_API_KEY": POLYGON_KEY, "ALPACA_PAPER_API_KEY": ALPACA_ID, "ALPACA_PAPER_SECRET_KEY": ALPACA_SECRET}


def session_bars(day, scale=1.0, step=30):
    """{epoch minute: (o, h, l, c, v)}: every `step` minutes of the session, and one bar before and one after it."""
    session = calendar.session_of(day)
    minutes = [-30, *range(0, session.minutes, step), session.minutes]
    base = scale * (10 + day.toordinal() % 7)
    return {session.open_epoch_minutes + m: (base, base + 0.5, base - 0.25, round(base + m / 1000, 4), 100.0 + m % 50 + 0.5 * (m % 3))
            for m in minutes}


def bars_of(first, last, scale=1.0):
    bars = {}
    for session in calendar.sessions_between(first, last):
        bars |= session_bars(session.day, scale)
    return bars


class VendorServer(http.server.ThreadingHTTPServer):
    """`bars`: symbol -> {epoch minute: numbers}. `page`: rows a page. `faults`: each answers one request instead of it, and
    is used up; a fault is called with the handler. `lie(reply, number)` may change a reply. `calls`: paths with queries.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.bars, self.page, self.faults, self.calls = {}, 10**6, [], []
        self.lie = lambda reply, number: reply
        self.heard = []  # headers of each call
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def handle_error(self, request, address):
        pass  # a client that was killed


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        server = self.server
        server.calls.append(self.path)
        server.heard.append(dict(self.headers))
        number = len(server.calls)
        if server.faults:
            fault = server.faults.pop(0)
            if fault is not None:
                return fault(self)
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        reply = self.polygon(url.path, query) if url.path.startswith("/v2/aggs") else self.alpaca(query)
        if reply is not None:
            self.send(200, server.lie(reply, number))

    def send(self, status, value, headers=()):
        body = value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def rows(self, symbol, first, last, after):
        wanted = [m for m in sorted(self.server.bars.get(symbol, ())) if first <= m <= last and m > after]
        page = wanted[:self.server.page]
        rows = [dict(zip("ohlcv", self.server.bars[symbol][m])) | {"n": 1, "vw": 1.0, "t": m} for m in page]
        return rows, page[-1] if len(wanted) > len(page) else None

    def polygon(self, path, query):
        if self.headers.get("Authorization") != f"Bearer {POLYGON_KEY}":
            return self.send(401, {"status": "ERROR", "error": "Unknown API Key " + self.headers.get("Authorization", "")})
        parts = path.split("/")
        symbol, first, last = parts[4], int(parts[8]), int(parts[9])
        rows, cursor = self.rows(symbol, first // 60000, last // 60000, int(query.get("cursor", 0)))
        reply = {"ticker": symbol, "status": "OK", "adjusted": False, "resultsCount": len(rows), "request_id": "1"}
        if rows:
            reply["results"] = [row | {"t": row["t"] * 60000} for row in rows]
        if cursor is not None:  # as the vendor: another host's name, and no key
            reply["next_url"] = f"https://api.polygon.io{path}?cursor={cursor}"
        return reply

    def alpaca(self, query):
        if (self.headers.get("APCA-API-KEY-ID"), self.headers.get("APCA-API-SECRET-KEY")) != (ALPACA_ID, ALPACA_SECRET):
            return self.send(401, b"<html>no</html>")
        symbol = query["symbols"]
        first, last = (int(datetime.fromisoformat(query[name]).timestamp()) // 60 for name in ("start", "end"))
        if symbol == "BAD":
            return self.send(400, {"message": "invalid symbol: BAD"})
        rows, token = self.rows(symbol, first, last, int(query.get("page_token", 0)))
        stamps = [datetime.fromtimestamp(row["t"] * 60, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ") for row in rows]
        bars = {symbol: [row | {"t": stamp} for row, stamp in zip(rows, stamps)]} if rows else {}
        return {"bars": bars, "next_page_token": None if token is None else str(token)}


def status(code, *headers, body=b"<html>busy</html>"):
    return lambda handler: handler.send(code, body, headers)


def cut(handler):
    """Half a body, then the end of the connection."""
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b'{"status":"OK","resu')
    handler.close_connection = True


def half_json(handler):
    handler.send(200, b'{"status":"OK","results":[{"t":17')


def hang(reached, go_on=None):
    """Tells that the call has come, and answers nothing until `go_on` is set."""
    def fault(handler):
        reached.set()
        (go_on or threading.Event()).wait(20)
        handler.close_connection = True
    return fault
