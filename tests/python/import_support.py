"""Small made-up bars, and how each vendor writes them."""

import gzip
import io
import json
import zipfile
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pandas as pd

from synthetic import calendar

NEW_YORK, UTC = ZoneInfo("America/New_York"), timezone.utc
# From the last day of winter time to a half day: minutes of every session.
LENGTHS = {s.day: s.minutes for s in calendar.sessions_between(date(2025, 3, 7), date(2025, 7, 3))}
COLUMNS = ["start", "open", "high", "low", "close", "volume"]


class Bar(NamedTuple):
    start: datetime
    open: float
    high: float
    low: float
    close: float
    volume: int

    @property
    def epoch(self):
        return int(self.start.timestamp())

    def wall(self, shape="%Y-%m-%d %H:%M:%S", zone=NEW_YORK):
        return self.start.astimezone(zone).strftime(shape)

    @property
    def numbers(self):
        return f"{self.open},{self.high},{self.low},{self.close},{self.volume}"


def made_up(price=95.0, lengths=LENGTHS, minutes=(0, 1, -2, -1)):
    """The first and last minutes of each day, no two bars alike; prices that few binary fractions hold."""
    bars = []
    for day, length in lengths.items():
        for minute in (m % length for m in minutes):
            start = datetime(day.year, day.month, day.day, 9, 30, tzinfo=NEW_YORK) + timedelta(minutes=minute)
            first = round(price + 0.0007 * (len(bars) + 1), 4)
            bars.append(Bar(start, first, round(first + 0.37, 4), round(first - 0.1299, 4), round(first + 0.1, 4),
                            100_000 + len(bars)))
    return bars


def frame(bars):
    """As st.bars reads them back."""
    columns = pd.DataFrame({name: [getattr(bar, name) for bar in bars] for name in COLUMNS})
    start = pd.to_datetime(columns["start"], utc=True).dt.tz_convert("America/New_York")
    return columns.assign(start=start).astype({"volume": "float64"})


def lines(header, rows):
    return ("\n".join([header, *rows] if header else rows) + "\n").encode()


def alpaca_raw(bars_of):
    return {symbol: [{"t": b.wall("%Y-%m-%dT%H:%M:%SZ", UTC), "o": b.open, "h": b.high, "l": b.low, "c": b.close,
                      "v": b.volume, "n": 7, "vw": b.close} for b in bars] for symbol, bars in bars_of.items()}


def alpaca_py(bars_of):
    from alpaca.data.models import BarSet
    return BarSet(alpaca_raw(bars_of)).df.to_csv().encode()


def alpaca_json(bars_of):
    return json.dumps({"bars": alpaca_raw(bars_of), "next_page_token": None}).encode()


def polygon_flat(bars_of):
    rows = [f"{s},{b.volume},{b.open},{b.close},{b.high},{b.low},{b.epoch}000000000,9" for s, bars in bars_of.items()
            for b in bars]
    return gzip.compress(lines("ticker,volume,open,close,high,low,window_start,transactions", rows))


def polygon_json(symbol, bars, adjusted):
    rows = [{"v": b.volume, "vw": b.close, "o": b.open, "c": b.close, "h": b.high, "l": b.low, "t": b.epoch * 1000, "n": 9}
            for b in bars]
    return json.dumps({"ticker": symbol, "adjusted": adjusted, "status": "OK", "results": rows}).encode()


def databento(bars_of, pretty, rtype=33, publishers=(95,)):
    def price(value):
        return f"{value:.9f}" if pretty else str(round(value * 10_000) * 100_000)

    rows = []
    for symbol, bars in bars_of.items():
        for b in bars:
            time = b.wall("%Y-%m-%dT%H:%M:%S.000000000Z", UTC) if pretty else f"{b.epoch}000000000"
            numbers = ",".join(map(price, (b.open, b.high, b.low, b.close)))
            rows += [f"{time},{rtype},{publisher},15144,{numbers},{b.volume},{symbol}" for publisher in publishers]
    return lines("ts_event,rtype,publisher_id,instrument_id,open,high,low,close,volume,symbol", rows)


def zstd(data, folder):
    rows = pd.DataFrame({"line": data.decode().splitlines()})
    connection, file = duckdb.connect(), folder / "packed.zst"
    connection.register("rows", rows)
    connection.execute(f"COPY rows TO '{file}' (FORMAT csv, HEADER false, COMPRESSION zstd, QUOTE '', DELIMITER '\x01')")
    return file.read_bytes()


def yfinance_old(bars):
    rows = [f"{b.start.isoformat(' ')},{b.open},{b.high},{b.low},{b.close},{b.close},{b.volume}" for b in bars]
    return lines("Datetime,Open,High,Low,Close,Adj Close,Volume", rows)


def yfinance_new(bars_of):
    """As yf.download(…).to_csv(): pairs of columns, an empty cell where another ticker alone has the minute."""
    fields = ("close", "high", "low", "open", "volume")
    pairs = [(field, symbol) for field in fields for symbol in bars_of]
    at = {(s, b.start): b for s, bars in bars_of.items() for b in bars}
    rows = []
    for start in sorted({start for _, start in at}):
        cells = [str(getattr(at[s, start], field)) if (s, start) in at else "" for field, s in pairs]
        rows.append(",".join([start.astimezone(UTC).isoformat(" "), *cells]))
    heads = ["Price," + ",".join(field.title() for field, _ in pairs), "Ticker," + ",".join(s for _, s in pairs),
             "Datetime" + "," * len(pairs)]
    return lines("\n".join(heads), rows)


def tradingview(bars, time):
    return lines("time,open,high,low,close,Volume,MA", [f"{time(b)},{b.numbers},{b.close}" for b in bars])


def headerless(bars, shape):
    return lines("", [f"{b.wall(shape)},{b.numbers}" for b in bars])


def ib_frame(bars):
    return lines(",date,open,high,low,close,volume,average,barCount",
                 [f"{n},{b.start.isoformat(' ')},{b.numbers},{b.close},9" for n, b in enumerate(bars)])


def ib_api(bars):
    return lines("date,open,high,low,close,volume,wap,count",
                 [f"{b.wall('%Y%m%d %H:%M:%S')} US/Eastern,{b.numbers},{b.close},9" for b in bars])


def zipped(files):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return packed.getvalue()


def lean(bars):
    """{name: zip}, one a day."""
    files = {}
    for day in sorted({b.start.date() for b in bars}):
        rows = []
        for b in (b for b in bars if b.start.date() == day):
            since = (b.start.hour * 60 + b.start.minute) * 60_000
            prices = [str(round(p * 10_000)) for p in (b.open, b.high, b.low, b.close)]
            rows.append(",".join([str(since), *prices, str(b.volume)]))
        files[f"{day:%Y%m%d}_trade.zip"] = zipped({f"{day:%Y%m%d}_tqqq_minute_trade.csv": lines("", rows)})
    return files


def parquet(folder, bars, narrow=False):
    columns = frame(bars).assign(symbol="TQQQ")
    columns["timestamp"] = columns.pop("start").dt.tz_convert("UTC")
    if narrow:
        columns = columns.astype({name: np.float32 for name in COLUMNS[1:5]})
    connection, file = duckdb.connect(), folder / "bars.parquet"
    connection.register("columns", columns)
    connection.execute(f"COPY columns TO '{file}' (FORMAT parquet)")
    return file.read_bytes()
