"""tools/import_bars.py: what every vendor writes becomes the same bars, across a change of summer time and a half day."""

import json
import re

import pandas as pd
import pytest

import import_support as made
import sentio_tools as st
from sentio_tools import bar_store
from import_tool import tool  # noqa: F401  (a fixture)
from sentio_tools.importing.command import make_parser
from sentio_tools.importing.layouts import NAMES
from tools_support import ROOT

TQQQ, SQQQ = made.made_up(95.0), made.made_up(16.5, minutes=(0, 1, -1))
BOTH = {"TQQQ": TQQQ, "SQQQ": SQQQ}
DAYS = list(made.LENGTHS)
EPOCH_ROWS = [f"{b.epoch},{b.numbers}" for b in TQQQ]
UTC_ROWS = [f"{b.wall('%Y-%m-%dT%H:%M:%SZ', made.UTC)},{b.numbers}" for b in TQQQ]
MANY_ROWS = [f"{s},{b.start.isoformat()},{b.numbers}" for b, s in sorted((b, s) for s in BOTH for b in BOTH[s])]

# case: layout recognised, {file name: bytes}, flags, bars
CASES = {
    "alpaca-py": ("alpaca", lambda f: {"x.csv": made.alpaca_py(BOTH)}, [], BOTH),
    "alpaca REST": ("alpaca-rest", lambda f: {"x.json": made.alpaca_json(BOTH)}, [], BOTH),
    "Polygon flat file": ("polygon", lambda f: {"2025.csv.gz": made.polygon_flat(BOTH)}, [], BOTH),
    "one of a flat file": ("polygon", lambda f: {"2025.csv.gz": made.polygon_flat(BOTH)}, ["--only", "TQQQ"], {"TQQQ": TQQQ}),
    "Polygon REST": ("polygon-rest", lambda f: {"x.json": made.polygon_json("TQQQ", TQQQ, True)}, [], {"TQQQ": TQQQ}),
    "Databento, fixed": ("databento", lambda f: {"x.csv": made.databento(BOTH, False)}, [], BOTH),
    "Databento, pretty": ("databento", lambda f: {"x.csv.zst": made.zstd(made.databento(BOTH, True), f)}, [], BOTH),
    "yfinance, old": ("yfinance", lambda f: {"TQQQ.csv": made.yfinance_old(TQQQ)}, [], {"TQQQ": TQQQ}),
    "yfinance, new": ("yfinance", lambda f: {"x.csv": made.yfinance_new({"TQQQ": TQQQ})}, [], {"TQQQ": TQQQ}),
    "yfinance, two tickers": ("yfinance", lambda f: {"x.csv": made.yfinance_new(BOTH)}, [], BOTH),
    "TradingView, epoch": ("tradingview", lambda f: {"BATS_TQQQ, 1_5e3f.csv": made.tradingview(TQQQ, lambda b: b.epoch)},
                           [], {"TQQQ": TQQQ}),
    "TradingView, ISO": ("tradingview", lambda f: {"x.csv": made.tradingview(TQQQ, lambda b: b.start.isoformat())},
                         ["--symbol", "TQQQ"], {"TQQQ": TQQQ}),
    "FirstRate": ("firstrate", lambda f: {"TQQQ_full_1min_UNADJUSTED.txt": made.headerless(TQQQ, "%Y-%m-%d %H:%M:%S")},
                  ["--layout", "firstrate"], {"TQQQ": TQQQ}),
    "FirstRate, by its zone": ("firstrate", lambda f: {"TQQQ.txt": made.headerless(TQQQ, "%Y-%m-%d %H:%M:%S")},
                               ["--timezone", "America/New_York"], {"TQQQ": TQQQ}),
    "Kibot": ("kibot", lambda f: {"x.zip": made.zipped({"TQQQ.txt": made.headerless(TQQQ, "%m/%d/%Y,%H:%M"),
                                                        "SQQQ.txt": made.headerless(SQQQ, "%m/%d/%Y,%H:%M")})},
              ["--layout", "kibot"], BOTH),
    "Interactive Brokers, frame": ("interactive-brokers", lambda f: {"TQQQ.csv": made.ib_frame(TQQQ)}, [], {"TQQQ": TQQQ}),
    "Interactive Brokers, API": ("interactive-brokers", lambda f: {"TQQQ.csv": made.ib_api(TQQQ)}, [], {"TQQQ": TQQQ}),
    "LEAN": ("lean", lambda f: made.lean(TQQQ), [], {"TQQQ": TQQQ}),
    "ours, with offset": ("sentio", lambda f: {"TQQQ_RTH_NH.csv": made.lines(
        "timestamp,open,high,low,close,volume,bar_id", [f"{b.start.isoformat()},{b.numbers},7" for b in TQQQ])},
        [], {"TQQQ": TQQQ}),
    "ours, epoch": ("sentio", lambda f: {"TQQQ_RTH_NH.csv": made.lines(
        "ts_utc,ts_nyt_epoch,open,high,low,close,volume", ["x," + row for row in EPOCH_ROWS])}, [], {"TQQQ": TQQQ}),
    "ours, UTC": ("sentio", lambda f: {"TQQQ_RTH_NH.csv": made.lines(
        "ts_utc,open,high,low,close,volume,vwap", [row + ",1" for row in UTC_ROWS])}, [], {"TQQQ": TQQQ}),
    "ours, many symbols": ("sentio", lambda f: {"x.csv": made.lines("symbol,timestamp,open,high,low,close,volume", MANY_ROWS)},
                           [], BOTH),
    "Parquet": ("plain", lambda f: {"x.parquet": made.parquet(f, TQQQ)}, [], {"TQQQ": TQQQ}),
    "Parquet of narrow numbers": ("plain", lambda f: {"x.parquet": made.parquet(f, TQQQ, narrow=True)}, [], {"TQQQ": TQQQ}),
    "another header, Chicago": ("plain", lambda f: {"TQQQ.csv": made.lines(
        "Date;Time;Open;High;Low;Close;Volume",
        [f"{b.wall('%m/%d/%Y;%H:%M', made.ZoneInfo('America/Chicago'))};{b.numbers.replace(',', ';')}" for b in TQQQ])},
        ["--timezone", "America/Chicago"], {"TQQQ": TQQQ}),
}


def expect_bars(folder, bars_of):
    for symbol, bars in bars_of.items():
        read = st.bars(folder, [symbol])[made.COLUMNS]
        pd.testing.assert_frame_equal(read, made.frame(bars), check_exact=True)
        assert read.attrs["outside_session"] == {symbol: 0}
    assert sorted(f.name for f in folder.glob("*.csv")) == sorted(f"{s}_RTH_NH.csv" for s in bars_of)


@pytest.mark.parametrize("case", CASES)
def test_every_layout_becomes_the_same_bars(tool, tmp_path, case):
    layout, write, flags, expected = CASES[case]
    done = tool(write(tmp_path), *flags)
    assert done.code == 0, done.err
    assert all(f"{symbol}: {layout}, " in done.out for symbol in expected)
    assert "checked by " in done.out and "0 refused" in done.out
    expect_bars(done.folder, expected)


def test_files_of_one_instrument_in_any_order_are_one(tool):
    days = {f"{day}.csv": made.alpaca_py({"TQQQ": [b for b in TQQQ if b.start.date() == day]}) for day in DAYS}
    again = {f"again {name}": data for name, data in list(days.items())[:1]}  # a download repeated
    done = tool(dict(reversed(days.items())) | again)
    assert f"{len(made.LENGTHS)} sessions, {len(TQQQ)} rows" in done.out
    assert "left out: 0 outside sessions, 4 twice" in done.out
    expect_bars(done.folder, {"TQQQ": TQQQ})


def test_a_folder_is_all_its_files(tool, tmp_path):
    folder = tmp_path / "tqqq"
    folder.mkdir()
    for name, data in made.lean(TQQQ).items():
        (folder / name).write_bytes(data)
    done = tool({}, folder)
    expect_bars(done.folder, {"TQQQ": TQQQ})


@pytest.mark.parametrize("summer", (True, False))
def test_rows_outside_the_session_are_left_out_and_counted(tool, summer):
    day = DAYS[1 if summer else 0]
    inside = made.made_up(lengths={day: made.LENGTHS[day]})
    early, before = (inside[0]._replace(start=inside[0].start - made.timedelta(minutes=m), volume=1) for m in (30, 1))
    late = inside[-1]._replace(start=inside[-1].start + made.timedelta(minutes=1))  # the closing print
    done = tool({"x.csv": made.alpaca_py({"TQQQ": [early, before, *inside, late]})})
    assert done.code == 0 and "left out: 3 outside sessions" in done.out
    expect_bars(done.folder, {"TQQQ": inside})


def test_minutes_filled_without_a_trade_are_no_bars(tool):
    flat = TQQQ[1]._replace(start=TQQQ[1].start + made.timedelta(minutes=1), open=5.0, high=5.0, low=5.0, close=5.0, volume=0)
    done = tool({"TQQQ.csv": made.ib_frame(sorted([*TQQQ, flat]))})
    assert done.code == 0 and "1 filled without a trade" in done.out
    expect_bars(done.folder, {"TQQQ": TQQQ})


def test_end_stamps_are_taken_back_a_minute(tool):
    ends = [b._replace(start=b.start + made.timedelta(minutes=1)) for b in TQQQ]
    done = tool({"TQQQ.txt": made.headerless(ends, "%m/%d/%Y,%H:%M")}, "--layout", "kibot", "--stamp", "end")
    assert done.code == 0 and "stamps are ends of minutes: as asked" in done.out
    expect_bars(done.folder, {"TQQQ": TQQQ})


def test_the_manifest_says_where_bars_came_from(tool):
    done = tool({"x.json": made.polygon_json("TQQQ", TQQQ, True)})
    entry = bar_store.read_manifest(done.folder)["files"]["TQQQ_RTH_NH.csv"]
    assert (entry["source"], entry["adjusted"], entry["rows"]) == ("import:polygon-rest", True, len(TQQQ))
    assert entry["detail"] == "x.json; zone: epoch; stamps: start"
    kibot = {"SQQQ.txt": made.headerless(SQQQ, "%m/%d/%Y,%H:%M")}
    for flags, known in ((["--timezone", "America/New_York"], None), (["--layout", "kibot"], True),
                         (["--layout", "kibot", "--adjusted", "no"], False)):
        tool(kibot, "--force", *flags)
        assert bar_store.read_manifest(done.folder)["files"]["SQQQ_RTH_NH.csv"]["adjusted"] is known


def test_json_says_what_was_understood_and_checked(tool):
    split = [b._replace(open=b.open / 4, high=b.high / 4, low=b.low / 4, close=b.close / 4) if b.start.month == 7 else b
             for b in TQQQ if b.start.date() != DAYS[1]]
    done = tool({"TQQQ.csv": made.yfinance_old(split)}, "--json", "--gzip")
    said = json.loads(done.out)
    (facts,) = said["instruments"]
    assert said["written"] == [facts["target"]] == [str(done.folder / "TQQQ_RTH_NH.csv.gz")]
    assert (facts["first"], facts["last"]) == ("2025-03-07T09:30:00-05:00", "2025-07-03T12:59:00-04:00")
    possible = sum(made.LENGTHS.values()) - 390
    assert (facts["sessions"], facts["rows"], facts["rows_a_day"]) == (81, 324, 4.0)
    assert facts["covered"] == round(324 / possible, 6)
    assert (facts["minute_first"], facts["minute_last"]) == ("09:30", "15:59")
    assert facts["splits_suspected"] == ["2025-07-01: price /4.00 over night"]
    assert facts["missing_sessions"] == ["2025-03-10"]
    assert said["checks"]["report"]["exit_code"] == said["checks"]["exit_code"] == done.code == 3  # that session is refused


def test_the_guide_names_every_layout_and_flag():
    guide = (ROOT / "docs" / "user-guide.md").read_text()
    section = guide[guide.index("### Importing what you have"):guide.index("### Synthetic bars")]
    assert set(re.findall(r"^\| `([a-z][a-z-]*)` \|", section, re.MULTILINE)) == set(NAMES)
    flags = {flag for action in make_parser()._actions for flag in action.option_strings if flag.startswith("--")}
    assert flags - {"--help"} == set(re.findall(r"^\| `(--[a-z-]+)", section, re.MULTILINE)) | {"--layout"}
