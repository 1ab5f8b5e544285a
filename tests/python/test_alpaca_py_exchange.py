"""The official alpaca-py client, unchanged, against exchange_sim_server (synthetic bars, 60 times real time).

Needs alpaca-py (tests/requirements.txt) and the built test server: SENTIO_EXCHANGE_SIM_SERVER names it,
else build/tests/exchange/exchange_sim_server is taken.
"""

import json
import os
import pathlib
import subprocess
import threading
import time
from datetime import date, datetime, timezone

import pytest

pytest.importorskip("alpaca", reason="needs alpaca-py")

from alpaca.common.exceptions import APIError  # noqa: E402
from alpaca.data.enums import DataFeed  # noqa: E402
from alpaca.data.historical import StockHistoricalDataClient  # noqa: E402
from alpaca.data.live import StockDataStream  # noqa: E402
from alpaca.data.requests import StockBarsRequest, StockLatestBarRequest  # noqa: E402
from alpaca.data.timeframe import TimeFrame, TimeFrameUnit  # noqa: E402
from alpaca.trading.client import TradingClient  # noqa: E402
from alpaca.trading.enums import OrderSide, OrderStatus, QueryOrderStatus, TimeInForce  # noqa: E402
from alpaca.trading.requests import (  # noqa: E402
    ClosePositionRequest, GetAssetsRequest, GetCalendarRequest, GetOrdersRequest, GetPortfolioHistoryRequest,
    LimitOrderRequest, MarketOrderRequest, ReplaceOrderRequest)
from alpaca.trading.stream import TradingStream  # noqa: E402
from websockets.sync.client import connect  # noqa: E402

KEY, SECRET = "test-key", "test-secret"
SPEED = "60"
ROOT = pathlib.Path(__file__).resolve().parents[2]


def server_binary():
    path = os.environ.get("SENTIO_EXCHANGE_SIM_SERVER", ROOT / "build/tests/exchange/exchange_sim_server")
    if not pathlib.Path(path).exists():
        pytest.skip(f"needs the test server: {path} is not built")
    return str(path)


class Server:
    def __init__(self):
        self.process = subprocess.Popen([server_binary(), SPEED], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        self.port = int(self.process.stdout.readline())
        self.http = f"http://127.0.0.1:{self.port}"
        self.ws = f"ws://127.0.0.1:{self.port}"

    def inject(self, *lines):
        with connect(f"{self.ws}/control") as control:
            for line in lines:
                control.send(json.dumps({"type": "fault", "line": line}))
                answer = {"type": ""}
                while answer["type"] not in ("ok", "error"):  # announcements of minutes come between
                    answer = json.loads(control.recv())
                assert answer == {"type": "ok"}, f"{line}: {answer}"

    def stop(self):
        self.process.stdin.close()
        assert self.process.wait(timeout=60) == 0


@pytest.fixture
def server():
    running = Server()
    yield running
    running.stop()


@pytest.fixture
def trading(server):
    client = TradingClient(KEY, SECRET, url_override=server.http)
    wait_for(lambda: client.get_clock().is_open, "the open")
    return client


@pytest.fixture
def history(server):
    return StockHistoricalDataClient(KEY, SECRET, url_override=server.http)


def wait_for(condition, what, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s for {what}")


def buy(trading, qty, **more):
    return trading.submit_order(MarketOrderRequest(symbol="TQQQ", qty=qty, side=OrderSide.BUY,
                                                   time_in_force=TimeInForce.DAY, **more))


def filled(trading, order):
    def check():
        now = trading.get_order_by_id(order.id)
        return now if now.status == OrderStatus.FILLED else None
    return wait_for(check, "a fill")


class Stream:
    """Runs an alpaca-py stream in a thread until the block ends."""

    def __init__(self, stream):
        self.stream = stream

    def __enter__(self):
        self.thread = threading.Thread(target=self.stream.run, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.stream.stop()
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()


def updates_of(server):
    """A stream and the list that it fills."""
    events = []
    stream = TradingStream(KEY, SECRET, url_override=f"{server.ws}/stream")

    async def on_update(update):
        events.append(update)

    stream.subscribe_trade_updates(on_update)
    return stream, events


def test_account_and_configuration(trading):
    account = trading.get_account()
    assert account.status.value == "ACTIVE"
    assert account.cash == "100000"
    assert account.multiplier == "4"
    assert not account.trading_blocked
    assert trading.get_account_configurations().no_shorting is False


def test_wrong_keys_are_refused(server):
    with pytest.raises(APIError) as caught:
        TradingClient("nobody", "wrong", url_override=server.http).get_account()
    assert caught.value.status_code == 401


def test_an_order_fills_and_becomes_a_position(trading):
    order = buy(trading, 10, client_order_id="sen-test-1")
    assert order.status in (OrderStatus.PENDING_NEW, OrderStatus.NEW)
    done = filled(trading, order)
    assert float(done.filled_qty) == 10
    assert trading.get_order_by_client_id("sen-test-1").id == order.id
    position = trading.get_open_position("TQQQ")
    assert position.qty == "10" and position.qty_available == "10"
    assert float(position.avg_entry_price) == pytest.approx(float(done.filled_avg_price))
    assert [p.symbol for p in trading.get_all_positions()] == ["TQQQ"]
    fills = trading.get("/account/activities/FILL", {"order_id": str(order.id)})
    assert [f["type"] for f in fills] == ["fill"] and fills[0]["qty"] == "10"
    assert float(trading.get_account().cash) == pytest.approx(100000 - 10 * float(done.filled_avg_price), abs=0.01)


def test_a_client_order_id_is_taken_once(trading):
    buy(trading, 1, client_order_id="once")
    with pytest.raises(APIError) as caught:
        buy(trading, 1, client_order_id="once")
    assert caught.value.status_code == 422
    assert caught.value.code == 40010001
    assert caught.value.message == "client_order_id must be unique"


def test_refusals_read_as_api_errors(trading):
    with pytest.raises(APIError) as caught:
        buy(trading, 1_000_000)
    assert caught.value.status_code == 403 and caught.value.code == 40310000
    with pytest.raises(APIError) as caught:
        trading.get_open_position("SPY")
    assert caught.value.status_code == 404 and caught.value.code == 40410000


def test_limit_orders_are_listed_replaced_and_canceled(trading):
    order = trading.submit_order(LimitOrderRequest(symbol="SPY", qty=2, limit_price=1.23, side=OrderSide.BUY,
                                                   time_in_force=TimeInForce.DAY))
    listed = trading.get_orders(GetOrdersRequest(status=QueryOrderStatus.OPEN, symbols=["SPY", "TQQQ"], nested=True))
    assert [o.id for o in listed] == [order.id]
    new = trading.replace_order_by_id(order.id, ReplaceOrderRequest(qty=3, limit_price=1.25))
    assert new.replaces == order.id
    assert trading.get_order_by_id(order.id).status == OrderStatus.REPLACED
    trading.cancel_order_by_id(new.id)
    assert trading.get_order_by_id(new.id).status == OrderStatus.CANCELED
    with pytest.raises(APIError) as caught:
        trading.cancel_order_by_id(new.id)
    assert caught.value.status_code == 422
    closed = trading.get_orders(GetOrdersRequest(status=QueryOrderStatus.CLOSED, limit=10))
    assert {o.id for o in closed} == {order.id, new.id}


def test_cancel_all_and_close_all(trading):
    filled(trading, buy(trading, 5))
    filled(trading, buy(trading, 5))
    resting = trading.submit_order(LimitOrderRequest(symbol="TQQQ", qty=4, limit_price=500, side=OrderSide.SELL,
                                                     time_in_force=TimeInForce.DAY))
    assert trading.get_open_position("TQQQ").qty_available == "6"
    assert [r.status for r in trading.cancel_orders()] == [200]
    assert trading.get_order_by_id(resting.id).status == OrderStatus.CANCELED
    part = trading.close_position("TQQQ", ClosePositionRequest(qty="3"))
    filled(trading, part)
    responses = trading.close_all_positions(cancel_orders=True)
    assert [(r.symbol, r.status) for r in responses] == [("TQQQ", 200)]
    wait_for(lambda: trading.get_all_positions() == [], "flat")


def test_clock_calendar_assets_and_history_of_the_portfolio(trading):
    clock = trading.get_clock()
    assert clock.is_open and clock.next_close.isoformat() == "2025-01-03T16:00:00-05:00"
    days = trading.get_calendar(GetCalendarRequest(start=date(2025, 7, 1), end=date(2025, 7, 7)))
    assert [d.date.day for d in days] == [1, 2, 3, 7]
    assert days[2].close.hour == 13, "the third of July is a half day"
    assert trading.get_asset("TQQQ").tradable
    assert {a.symbol for a in trading.get_all_assets(GetAssetsRequest())} == {"SPY", "SQQQ", "TQQQ"}
    curve = wait_for(lambda: trading.get_portfolio_history(GetPortfolioHistoryRequest()).equity, "a minute")
    assert curve[0] == 100000


def test_historical_bars_come_page_by_page(history):
    request = StockBarsRequest(symbol_or_symbols=["TQQQ", "SPY"], timeframe=TimeFrame.Minute, feed=DataFeed.IEX,
                               start=datetime(2024, 12, 1, tzinfo=timezone.utc),
                               end=datetime(2025, 1, 2, 23, tzinfo=timezone.utc))
    bars = history.get_stock_bars(request)
    minutes = 4 * 390 + 390  # five sessions before 2025-01-03
    assert len(bars["SPY"]) == minutes and len(bars["TQQQ"]) == minutes
    first = bars["SPY"][-390]
    assert first.timestamp == datetime(2025, 1, 2, 14, 30, tzinfo=timezone.utc)
    assert (first.open, first.close, first.volume) == (50, 50.01, 10000)
    days = history.get_stock_bars(StockBarsRequest(symbol_or_symbols="SPY", timeframe=TimeFrame(1, TimeFrameUnit.Day),
                                                   start=datetime(2024, 12, 1), end=datetime(2025, 1, 3)))
    assert len(days["SPY"]) == 5
    assert days["SPY"][-1].volume == 390 * 10000


def test_small_pages_add_up(server):
    client = StockHistoricalDataClient(KEY, SECRET, url_override=server.http, raw_data=True)
    seen, token, pages = [], None, 0
    while True:
        query = {"symbols": "SPY,TQQQ", "timeframe": "1Min", "limit": 300, "start": "2025-01-02T14:30:00Z",
                 "end": "2025-01-02T20:59:00Z"}
        if token:
            query["page_token"] = token
        page = client.get("/stocks/bars", query)
        seen += [(symbol, bar["t"]) for symbol, bars in page["bars"].items() for bar in bars]
        pages += 1
        token = page["next_page_token"]
        if token is None:
            break
    assert pages == 3
    assert len(seen) == 780 and seen == sorted(set(seen))


def test_latest_bar_is_complete(trading, history):
    def latest():
        bars = history.get_stock_latest_bar(StockLatestBarRequest(symbol_or_symbols="SPY"))
        return bars["SPY"] if bars["SPY"].timestamp.date() == date(2025, 1, 3) else None
    bar = wait_for(latest, "today's first bar")
    assert (trading.get_clock().timestamp - bar.timestamp).total_seconds() >= 60


def test_trading_stream_tells_every_step(server, trading):
    stream, events = updates_of(server)
    with Stream(stream):
        wait_for(lambda: stream._running, "the stream to listen")
        order = buy(trading, 7)
        wait_for(lambda: [e for e in events if e.event == "fill"], "the fill event")
        assert [getattr(e.event, "value", e.event) for e in events] == ["pending_new", "new", "fill"]
        assert {e.order.id for e in events} == {order.id}
        fill = events[-1]
        assert fill.qty == 7 and fill.position_qty == 7
        assert float(fill.order.filled_avg_price) == fill.price


def test_data_stream_in_msgpack(server, trading):
    bars = []
    stream = StockDataStream(KEY, SECRET, url_override=f"{server.ws}/v2/iex")

    async def on_bar(bar):
        bars.append(bar)

    stream.subscribe_bars(on_bar, "SPY", "TQQQ")
    with Stream(stream):
        wait_for(lambda: len(bars) >= 4, "two minutes of bars")
    spy = [b for b in bars if b.symbol == "SPY"]
    assert spy[0].timestamp.tzinfo is not None and spy[0].timestamp.second == 0
    assert spy[1].timestamp > spy[0].timestamp
    minute = (spy[0].timestamp - datetime(2025, 1, 3, 14, 30, tzinfo=timezone.utc)).total_seconds() / 60
    assert spy[0].open == pytest.approx(50 + minute / 100)
    assert spy[0].volume == 10000


def test_an_order_that_the_broker_replaces(server, trading):
    stream, events = updates_of(server)
    with Stream(stream):
        wait_for(lambda: stream._running, "the stream to listen")
        server.inject("replace-order TQQQ buy after 20s")
        order = buy(trading, 7, client_order_id="ours")
        wait_for(lambda: [e for e in events if e.event == "fill"], "the fill of the other order")
    told = [(getattr(e.event, "value", e.event), e.order.id == order.id) for e in events]
    assert told == [("pending_new", True), ("new", True), ("replaced", True), ("new", False), ("fill", False)]
    old = trading.get_order_by_client_id("ours")
    assert old.status == OrderStatus.REPLACED and float(old.filled_qty) == 0
    new = trading.get_order_by_id(old.replaced_by)
    assert new.replaces == old.id and new.client_order_id != "ours"
    assert trading.get_open_position("TQQQ").qty == "7"


def test_shares_and_money_that_others_move(server, trading):
    filled(trading, buy(trading, 10))
    server.inject("foreign order TQQQ sell 4", "cash-move dividend 2.5 TQQQ", "foreign trade KO buy 2 60",
                  "asset SPY attributes ptp_no_exception,ipo")
    assert trading.get_open_position("TQQQ").qty_available == "6"
    with pytest.raises(APIError) as caught:
        trading.close_position("TQQQ")
    assert caught.value.status_code == 403 and caught.value.code == 40310000
    assert caught.value.message.startswith("insufficient qty available for order (requested: 10, available: 6)")
    assert {p.symbol for p in trading.get_all_positions()} == {"KO", "TQQQ"}
    assert {o.symbol for o in trading.get_orders(GetOrdersRequest(status=QueryOrderStatus.CLOSED))} == {"KO", "TQQQ"}
    rows = trading.get("/account/activities", {"direction": "asc"})
    assert [(r["activity_type"], r["symbol"]) for r in rows] == [("FILL", "TQQQ"), ("DIV", "TQQQ"), ("FILL", "KO")]
    assert trading.get_asset("SPY").attributes == ["ptp_no_exception", "ipo"]
    assert trading.get_account().status.value == "ACTIVE"
