"""Bar files as a frame: every layout, what is left out, and damage named by file and line."""

import csv
import datetime
import gzip
import warnings
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

import sentio_tools as st
from tools_support import BAR_DAYS, DAYS, SYMBOLS

NEW_YORK = ZoneInfo("America/New_York")
HEADER = "timestamp,open,high,low,close,volume,bar_id"
ROW = "{time},10,11,9,10.5,100,7"
SUMMER, WINTER = "2025-07-01", "2025-12-01"


def write(folder, *rows, header=HEADER, name="AAA_RTH_NH.csv"):
    file = folder / name
    file.write_text("\n".join([header, *rows]) + "\n")
    return file


def at(clock, day=SUMMER):
    return ROW.format(time=f"{day}T{clock}:00-0{4 if day == SUMMER else 5}:00")


def test_the_frame_is_the_files_row_by_row(bar_folder):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frame = st.bars(bar_folder)
    columns = st.TABLES["bars"].columns
    assert list(frame.columns) == [c.name for c in columns]
    assert frame.dtypes.to_dict() == {c.name: pd.api.types.pandas_dtype(c.dtype) for c in columns}
    expected = []
    for symbol in SYMBOLS:
        with open(bar_folder / f"{symbol}_RTH_NH.csv") as stream:
            for row in csv.DictReader(line for line in stream if line[0] != "#"):
                start = datetime.datetime.fromisoformat(row["timestamp"])
                closes = 13 if row["timestamp"].startswith(DAYS[-1]) else 16
                if start.hour < closes:  # not the closing print
                    numbers = [float(row[n]) for n in ("open", "high", "low", "close", "volume")]
                    expected.append((symbol, start, start + datetime.timedelta(minutes=1), *numbers))
    assert len(frame) > 3 * 1000 and list(frame.itertuples(index=False, name=None)) == expected
    assert frame.attrs["synthetic"] and frame.attrs["outside_session"] == dict.fromkeys(SYMBOLS, BAR_DAYS)
    assert frame.attrs["missing_days"] == {symbol: [] for symbol in SYMBOLS}


def test_a_range_and_a_list_of_symbols_are_the_whole_filtered(bar_folder):
    whole = st.bars(bar_folder)
    part = st.bars(bar_folder, ["TQQQ", "SDS"], DAYS[1], DAYS[1])
    wanted = whole[(whole.start.dt.date.astype(str) == DAYS[1]) & (whole.symbol != "SQQQ")]
    assert set(part.symbol) == {"TQQQ", "SDS"}
    pd.testing.assert_frame_equal(part.sort_values(["symbol", "ts"], ignore_index=True), wanted.reset_index(drop=True))


@pytest.mark.parametrize("day", (SUMMER, WINTER))
def test_every_layout_gives_the_same_bars(tmp_path, day):
    clocks = ("09:30", "09:31", "15:59")
    starts = [datetime.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK) for clock in clocks]
    own = st.bar_file(write(tmp_path, *(ROW.format(time=s.isoformat()) for s in starts)))
    assert own.start.tolist() == starts and (own.ts - own.start == pd.Timedelta(minutes=1)).all()
    utc = [s.astimezone(datetime.timezone.utc).isoformat().replace("+00:00", "Z") for s in starts]
    epoch = [int(s.timestamp()) for s in starts]
    numbers = "10,11,9,10.5,100"
    others = {
        "timestamp,open,high,low,close,volume": [f"{e},{numbers}" for e in epoch],
        HEADER: [f"{e}000,{numbers},7" for e in epoch],
        "ts_utc,ts_nyt_epoch,open,high,low,close,volume": [f"anything,{e},{numbers}" for e in epoch],
        "ts_utc,open,high,low,close,volume": [f"{u},{numbers}" for u in utc],
        "ts_utc,open,high,low,close,volume,vwap,trades": [f"{u},{numbers},,3" for u in utc],
        "symbol,timestamp,open,high,low,close,volume": [f"AAA,{u},{numbers}" for u in utc],
    }
    for header, rows in others.items():
        assert st.bar_file(write(tmp_path, *rows, header=header)).equals(own), header
    text = "\ufeff# a remark\r\n\r\n" + HEADER + "\r\n" + "\r\n\r\n".join(ROW.format(time=u) for u in utc) + "\r\n"
    packed = tmp_path / "AAA_RTH_NH.csv.gz"
    packed.write_bytes(gzip.compress(text.encode()))
    assert st.bar_file(packed).equals(own)


def test_the_plain_file_wins_over_the_packed_one(tmp_path):
    write(tmp_path, at("09:30"))
    (tmp_path / "AAA_RTH_NH.csv.gz").write_bytes(b"not gzip")
    assert len(st.bars(tmp_path)) == 1


def test_rows_outside_the_session_are_left_out_and_counted(tmp_path):
    write(tmp_path, at("09:29"), at("09:30"), at("15:59"), at("16:00"), at("10:00", "2025-07-04").replace("-05", "-04"))
    with pytest.warns(st.DataWarning):  # asked for more days than there are
        frame = st.bars(tmp_path, last="2025-07-02")
    assert frame.start.dt.strftime("%H:%M").tolist() == ["09:30", "15:59"]
    assert frame.attrs["outside_session"] == {"AAA": 2} and not frame.attrs["synthetic"]
    assert st.bars(tmp_path).attrs["outside_session"] == {"AAA": 3}


DAMAGE = {
    "wall time": (at("10:00").replace("-04:00", ""), "neither ISO-8601 with an offset nor epoch"),
    "words": (ROW.format(time="noon"), "neither ISO-8601"),
    "between seconds and milliseconds": (ROW.format(time="50000000000"), "no such time"),
    "clock": (at("25:00"), "no such time"),
    "seconds": (ROW.format(time=SUMMER + "T10:00:01-04:00"), "not on a full minute"),
    "twice": (at("09:30"), "does not follow the row before it"),
    "back": (at("09:29"), "does not follow the row before it"),
    "few columns": (at("10:00").rsplit(",", 1)[0], "has not the header's 7 columns"),
    "many columns": (at("10:00") + ",1", "has not the header's 7 columns"),
    "cut": (at("10:00")[:20], "has not the header's 7 columns"),
    "text": (at("10:00").replace("10.5", "ten"), "close is not a number"),
    "empty": (at("10:00").replace("10.5", ""), "close is not a number"),
    "nan": (at("10:00").replace("100", "nan"), "volume is not a number"),
    "inf": (at("10:00").replace("11", "inf"), "high is not a number"),
    "zero": (at("10:00").replace(",9,", ",0,"), "low is not a positive price"),
    "upside down": (at("10:00").replace(",11,", ",8,"), "high is below low"),
    "open": (at("10:00").replace(",10,", ",12,"), "open is outside low to high"),
    "close": (at("10:00").replace("10.5", "8.9"), "close is outside low to high"),
    "volume": (at("10:00").replace(",100", ",-1"), "volume is negative"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_a_damaged_row_is_an_error_with_file_and_line(tmp_path, name):
    row, reason = DAMAGE[name]
    file = write(tmp_path, "", at("09:30"), row, at("11:00"))
    with pytest.raises(st.DataError) as caught:
        st.bars(tmp_path)
    assert caught.value.where == f"{file}:4" and reason in str(caught.value) and caught.value.exit_code == 3


def test_a_file_that_is_none_is_named(tmp_path):
    for content, reason in (
        (b"", "AAA_RTH_NH.csv:1: unknown header"),
        (b"# x\nwhen,open\n", "AAA_RTH_NH.csv:2: unknown header 'when,open'; known: timestamp,"),
        (HEADER.encode() + b"\n", "no bar of any day; AAA_RTH_NH.csv holds no row"),
    ):
        (tmp_path / "AAA_RTH_NH.csv").write_bytes(content)
        with pytest.raises(st.DataError) as caught:
            st.bars(tmp_path)
        assert reason in str(caught.value)
    (tmp_path / "AAA_RTH_NH.csv").unlink()
    whole = gzip.compress(HEADER.encode() + b"\n" + at("09:30").encode())
    for content in (b"not gzip", whole[:-9], whole[:20] + b"\xff" + whole[21:]):
        (tmp_path / "AAA_RTH_NH.csv.gz").write_bytes(content)
        with pytest.raises(st.DataError, match="AAA_RTH_NH.csv.gz: damaged"):
            st.bars(tmp_path)


def test_missing_days_are_named_per_symbol(tmp_path):
    write(tmp_path, at("09:30"), at("09:30", "2025-07-03").replace("-05", "-04"))
    write(tmp_path, at("09:30"), at("09:30", "2025-07-02").replace("-05", "-04"), name="BBB_RTH_NH.csv")
    with pytest.warns(st.DataWarning) as warned:
        frame = st.bars(tmp_path, first="2025-06-30", last="2025-07-07")
    days = {symbol: list(map(str, missing)) for symbol, missing in frame.attrs["missing_days"].items()}
    assert days == {"AAA": ["2025-06-30", "2025-07-02", "2025-07-07"], "BBB": ["2025-06-30", "2025-07-03", "2025-07-07"]}
    assert [str(w.message).rpartition("/")[2] for w in warned] == [
        f"{symbol}_RTH_NH.csv: no bar of {', '.join(missing)}" for symbol, missing in days.items()]


def test_nothing_there_says_what_to_do(tmp_path):
    for folder, symbols, text in (
        (tmp_path / "absent", None, "no such folder; name the one with the bar files"),
        (tmp_path, None, "no _RTH_NH.csv file; tools/generate_multi_symbol_data.py makes synthetic ones"),
    ):
        with pytest.raises(st.DataError, match=text):
            st.bars(folder, symbols)
    write(tmp_path, at("09:30"))
    with pytest.raises(st.DataError, match="neither ../AAA_RTH_NH.csv nor .* is there; symbols there: AAA"):
        st.bars(tmp_path, ["../AAA"])
    with pytest.raises(st.DataError, match=f"no bar from 2025-08-01; AAA_RTH_NH.csv holds {SUMMER} to {SUMMER}"):
        st.bars(tmp_path, first="2025-08-01")
    with pytest.raises(st.UsageError, match="a list of tickers"):
        st.bars(tmp_path, "AAA")
