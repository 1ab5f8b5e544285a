"""Bars that go out as a vendor's file and come back through tools/import_bars.py are traded as they were."""

import json
import os
import pathlib

import pandas as pd
import pytest

import sentio_tools as st
from import_tool import tool  # noqa: F401  (a fixture)
from tools_support import DAYS, SYMBOLS, sentio

FIELDS = {"open": "o", "high": "h", "low": "l", "close": "c", "volume": "v"}


def as_alpaca_py(frame):
    from alpaca.data.models import BarSet
    utc = frame.assign(t=frame.start.dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ"), n=1.0, vw=frame.close)
    rows = utc.rename(columns=FIELDS)
    raw = {s: part[["t", "n", "vw", *FIELDS.values()]].to_dict("records") for s, part in rows.groupby("symbol")}
    return {"bars.csv": BarSet(raw).df.to_csv().encode()}, ()


def as_kibot(frame):
    """Without a header, stamped with the end, in the time of Chicago."""
    walls = frame.assign(wall=frame.ts.dt.tz_convert("America/Chicago").dt.strftime("%m/%d/%Y,%H:%M"))
    files = {}
    for symbol, part in walls.groupby("symbol"):
        rows = part[["wall", *FIELDS]].astype(str).agg(",".join, axis=1)
        files[f"{symbol}.txt"] = ("\r\n".join(rows) + "\r\n").encode()
    return files, ("--layout", "kibot", "--timezone", "America/Chicago", "--stamp", "end", "--gzip")


def as_polygon(frame):
    rows = frame.assign(t=frame.start.dt.tz_convert("UTC").astype("int64") // 10**6).rename(columns=FIELDS)
    pages = [{"ticker": s, "adjusted": False, "results": part[["t", *FIELDS.values()]].to_dict("records")}
             for s, part in rows.groupby("symbol")]
    return {f"{page['ticker']}.json": json.dumps(page).encode() for page in pages}, ()


@pytest.mark.parametrize("export", (as_alpaca_py, as_kibot, as_polygon))
def test_what_comes_back_is_traded_byte_for_byte_alike(tool, bar_folder, run_folders, tmp_path, export):
    files, flags = export(st.bars(bar_folder))
    done = tool(files, *flags)
    assert done.code == 0, done.err
    pd.testing.assert_frame_equal(st.bars(done.folder), st.bars(bar_folder), check_exact=True)
    sentio("mock", "--start-date", DAYS[0], "--end-date", DAYS[-1], "--data-dir", done.folder, "--log-dir", tmp_path / "logs",
           "--symbols", ",".join(SYMBOLS), "--warmup-days", 2, "-q")
    for day in DAYS:
        for kind in ("decisions", "signals", "trades", "positions"):
            name = f"{kind}_{day}.jsonl"
            before, after = (folder / name for folder in (run_folders["mock"], tmp_path / "logs" / "mock_trading"))
            assert after.read_bytes() == before.read_bytes() and before.stat().st_size > 0, name


@pytest.mark.parametrize("pattern", ("six/*.gz", "index-etf/*.gz", "hard-days/SPXL*.gz"))
def test_real_bars_come_in_as_they_are(tool, pattern):
    folder = pathlib.Path(os.environ.get("SENTIO_TEST_MARKET_DATA") or "absent")
    if not folder.is_dir():
        pytest.skip("needs real bars: set SENTIO_TEST_MARKET_DATA to the market-data folder")
    files = sorted(folder.glob(pattern))
    done = tool({}, *files)
    assert done.code == 0, done.err + done.out
    for file in files:
        symbol = file.name.partition("_")[0]
        theirs = st.bar_file(file)  # names the symbol after the file
        theirs["symbol"] = pd.array([symbol] * len(theirs), dtype="string")
        pd.testing.assert_frame_equal(st.bars(done.folder, [symbol]), theirs, check_exact=True)
