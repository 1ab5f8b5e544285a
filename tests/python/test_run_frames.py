"""The frames of a run against its files, parsed line by line with json, and against its summaries."""

import datetime
import json
import math
import shutil
import warnings

import pandas as pd
import pytest

import sentio_tools as st
from sentio_tools import tables
from tools_support import DAYS, LIVE_DAY, ROOT, SYMBOLS, lines_of, summaries

FRAMES = ("signals", "decisions", "trades", "executions", "positions", "equity", "health", "daily_returns")
UNFOLDED = {"positions": ("positions", "positions"), "health": ("health", "horizons")}  # frame -> file, key


@pytest.fixture(params=("mock", "live"))
def folder(request, run_folders):
    return run_folders[request.param]


@pytest.fixture
def mock_copy(run_folders, tmp_path):
    return shutil.copytree(run_folders["mock"], tmp_path / "mock_trading")


def frame_of(folder, name, *days):
    if name == "executions" and folder.name == "mock_trading":
        pytest.skip("fills of a mock are assumed, not measured")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return getattr(st.RunFolder(folder), name)(*days)


def without_keys(row, *keys):
    return {k: v for k, v in row.items() if k not in keys}


def expected_rows(folder, name):
    """What the frame must hold, as dicts."""
    if name == "daily_returns":
        run = ("mode", "synthetic", "not_achievable")
        # Computed from what the other frames hold, or the same in other units.
        derived = ("costs_bps", "flags", "win_rate_pct", "confidence_start", "confidence_end", "strength_mean", "strength_max")
        return [without_keys(day, "costs", *derived) | {"costs_usd": day["costs"]["total_usd"]} | {k: s[k] for k in run}
                for s in summaries(folder) for day in s["days"]]
    if name == "equity":
        return [without_keys(row, "positions") | {"held": len(row["positions"])} for row in lines_of(folder, "positions")]
    kind, key = UNFOLDED.get(name, (name, None))
    rows = lines_of(folder, kind)
    if key is None:
        return rows
    of_the_book = ("cash", "equity", "mrd", "skipped_set")  # the frame equity has them
    return [without_keys(row, key, *of_the_book) | part for row in rows for part in row[key]]


def same(ours, theirs):
    if theirs is None:
        return math.isnan(ours)
    if isinstance(ours, pd.Timestamp):
        written = datetime.datetime.fromisoformat(theirs)
        return ours == written if len(theirs) > 10 else ours.isoformat()[:19] == theirs + "T00:00:00"
    return ours == theirs and isinstance(ours, bool) == isinstance(theirs, bool)


@pytest.mark.parametrize("name", FRAMES)
def test_frames_are_the_files_line_by_line(folder, name):
    frame, rows = frame_of(folder, name), expected_rows(folder, name)
    assert len(frame) == len(rows) > 0
    for ours, theirs in zip(frame.to_dict("records"), rows):
        assert set(theirs) <= set(ours), "the binary writes a key that the frame lacks"
        for key, value in ours.items():
            if key in theirs:
                assert same(value, theirs[key]), (key, value, theirs)
            elif key in ("last_resort", "skipped_set"):
                assert value is False
            else:
                assert pd.isna(value), (key, value, theirs)


@pytest.mark.parametrize("name", FRAMES)
def test_columns_and_dtypes_are_the_documented_ones(folder, name):
    frame, table = frame_of(folder, name), st.TABLES[name]
    columns = table.with_horizons((1, 5, 10)) if table.horizons else table.columns
    assert list(frame.columns) == [c.name for c in columns]
    assert frame.dtypes.to_dict() == {c.name: pd.api.types.pandas_dtype(c.dtype) for c in columns}
    assert frame.index.equals(pd.RangeIndex(len(frame)))


def trading_cost(folder, day):
    """Measured: executions against the open of their minute."""
    executions = frame_of(folder, "executions", day, day)
    sign = executions.side.map({"buy": 1.0, "sell": -1.0})
    return (sign * executions.qty * (executions.price - executions.minute_open)).sum()


def test_sums_are_those_of_the_summaries(folder):
    trades, equity, signals, daily = (frame_of(folder, n) for n in ("trades", "equity", "signals", "daily_returns"))
    said = summaries(folder)
    day = trades.ts.dt.date.astype(str)
    for s in said:
        of_day = trades[day == s["date_first"]]
        assert of_day.order_id.nunique() == s["performance"]["trades"]
        # An exit's profit is without what its purchase paid.
        profit = of_day.pnl - of_day.fees.where(of_day.side == "buy", 0)
        assert profit.sum() == pytest.approx(s["money"]["net_usd"], abs=1e-3)
        spread = of_day.spread_cost.sum() if s["mode"] == "mock" else trading_cost(folder, s["date_first"])
        assert spread == pytest.approx(s["money"]["costs"]["spread_usd"], abs=1e-3)
        assert of_day.fees.sum() + spread == pytest.approx(s["money"]["costs"]["total_usd"], abs=1e-3)
        for part in s["symbols"]:
            assert profit[of_day.symbol == part["symbol"]].sum() == pytest.approx(part["pnl_usd"], abs=1e-3)
        book = equity[equity.ts.dt.date.astype(str) == s["date_first"]]
        assert len(book) == s["checks"]["sets"]
        assert book.equity.iloc[-1] == pytest.approx(s["money"]["capital_end_usd"], abs=1e-3)
        seen = signals[signals.ts.dt.date.astype(str) == s["date_first"]]
        assert len(seen) == s["signals"]["signals"] == len(book) * len(SYMBOLS)
        assert seen[seen.passes].strength.mean() == pytest.approx(s["signals"]["strength_mean"], rel=1e-6)
    assert daily.return_pct.tolist() == [s["performance"]["total_return_pct"] for s in said]
    grown = said[-1]["money"]["capital_end_usd"] / said[0]["money"]["capital_start_usd"]
    assert (1 + daily.return_pct).prod() == pytest.approx(grown)


def test_positions_add_up_to_the_equity(folder):
    positions, equity = frame_of(folder, "positions"), frame_of(folder, "equity").set_index("ts")
    held = (positions.qty * positions.mark).groupby(positions.ts).sum().reindex(equity.index, fill_value=0)
    assert (equity.cash + held - equity.equity).abs().max() < 1e-3
    assert positions.groupby("ts").size().reindex(equity.index, fill_value=0).eq(equity.held).all()


def test_a_range_is_its_days_and_bars_join_by_symbol_and_time(run_folders, bar_folder):
    whole = frame_of(run_folders["mock"], "decisions")
    part = frame_of(run_folders["mock"], "decisions", DAYS[1], datetime.date.fromisoformat(DAYS[1]))
    pd.testing.assert_frame_equal(part, whole[whole.ts.dt.date.astype(str) == DAYS[1]].reset_index(drop=True))
    joined = whole.merge(st.bars(bar_folder), on=["symbol", "ts"])
    assert len(joined) > 0.9 * len(whole)
    assert (joined.price == joined.close).all()  # decided on the close of the bar that ended then


def test_a_last_line_cut_anywhere_is_left_out_with_a_warning(mock_copy):
    file = mock_copy / f"trades_{DAYS[-1]}.jsonl"
    *before, last = file.read_bytes().splitlines(keepends=True)
    whole = frame_of(mock_copy, "trades")
    for cut in range(1, len(last) - 1):
        file.write_bytes(b"".join(before) + last[:cut])
        with pytest.warns(st.DataWarning, match=rf"trades_{DAYS[-1]}.jsonl:{len(before) + 1}: half-written"):
            found = st.RunFolder(mock_copy).trades()
        assert found.equals(whole.iloc[:-1]), cut
    file.write_bytes(b"".join(before) + last.rstrip(b"\n"))  # only the line feed is missing
    assert frame_of(mock_copy, "trades").equals(whole)


def changed(**values):
    return lambda line: json.dumps({**json.loads(line), **values})


def without(key):
    return lambda line: json.dumps(without_keys(json.loads(line), key))


DAMAGE = {
    "cut": (lambda line: line[:50], "damaged line"),
    "empty": (lambda line: "", "damaged line"),
    "array": (lambda line: "[1]", "not a JSON object"),
    "nan": (lambda line: line.replace('"pnl":', '"x":NaN,"pnl":'), "NaN is not a JSON number"),
    "two on a line": (lambda line: line + line, "damaged line"),
    "bytes": (lambda line: line.replace("ts", "t\udcff"), "damaged line"),
    "deep": (lambda line: "[" * 100_000, "damaged line"),
    "no key": (without("price"), "lacks price"),
    "no ts": (without("ts"), "is not of"),
    "text": (changed(qty="7"), "qty '7' is not a number"),
    "flag": (changed(qty=True), "qty 'True' is not a number"),
    "fraction": (changed(bar_id=1.5), "bar_id '1.5' is not a integer"),
    "huge": (changed(bar_id=2**70), "is not a integer"),
    "number": (changed(side=1), "side '1' is not a text"),
    "clock": (changed(ts=DAYS[1] + "T25:00:00-04:00"), "is not a time"),
    "no offset": (changed(ts=DAYS[1] + "T10:00:00"), "is not a time"),
    "other day": (changed(ts=DAYS[0] + "T10:00:00-04:00"), f"is not of {DAYS[1]}"),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_in_the_middle_is_an_error_with_file_and_line(mock_copy, name):
    damage, reason = DAMAGE[name]
    file = mock_copy / f"trades_{DAYS[1]}.jsonl"
    lines = file.read_text().splitlines()
    lines[6] = damage(lines[6])
    file.write_bytes(("\n".join(lines) + "\n").encode(errors="surrogateescape"))
    with pytest.raises(st.DataError) as caught:
        st.RunFolder(mock_copy).trades()
    assert caught.value.where == f"{file}:7" and caught.value.exit_code == 3
    assert reason in str(caught.value) and "\n" not in str(caught.value)


def test_null_numbers_are_missing_and_unknown_keys_ignored(mock_copy):
    file = mock_copy / f"decisions_{DAYS[0]}.jsonl"
    halt = {"ts": f"{DAYS[0]}T10:00:00.25-04:00", "bar_id": 5, "symbol": "*", "action": "halt", "reason": "circuit_breaker"}
    enter = {**halt, "symbol": "TQQQ", "action": "enter", "qty": None, "price": 2, "rank": 1, "strength": 0.5,
             "net_edge_bps": 0, "move_bps": 0, "cost_bps": 1, "invented_later": 3}
    file.write_text(json.dumps(halt) + "\n" + json.dumps(enter) + "\n")
    frame = frame_of(mock_copy, "decisions", DAYS[0], DAYS[0])
    assert frame.loc[0, ["qty", "rank", "strength", "return_pct", "sets_held"]].isna().all()
    assert math.isnan(frame.qty[1]) and frame["rank"][1] == 1 and "invented_later" not in frame
    assert [str(frame[c].dtype) for c in ("qty", "rank")] == ["float64", "Int64"]
    assert frame.ts[0].microsecond == 250_000


def test_a_day_without_a_trade_keeps_the_dtypes(mock_copy):
    whole = frame_of(mock_copy, "trades")
    (mock_copy / f"trades_{DAYS[0]}.jsonl").write_text("")
    empty = frame_of(mock_copy, "trades", DAYS[0], DAYS[0])
    assert len(empty) == 0 and empty.dtypes.equals(whole.dtypes)
    assert frame_of(mock_copy, "trades").equals(whole[whole.ts.dt.date.astype(str) > DAYS[0]].reset_index(drop=True))


def test_days_of_other_horizons_share_a_frame(mock_copy):
    file = mock_copy / f"signals_{DAYS[0]}.jsonl"
    file.write_text(file.read_text().replace('"pred_5"', '"pred_30"').replace('"sigma_5_bps"', '"sigma_30_bps"'))
    frame = frame_of(mock_copy, "signals")
    names = [f"{kind}_{h}{unit}" for h in (1, 5, 10, 30) for kind, unit in (("pred", ""), ("sigma", "_bps"))]
    assert [c for c in frame.columns if c.startswith(("pred_", "sigma_"))] == names
    first = frame.ts.dt.date.astype(str) == DAYS[0]
    assert frame.pred_5.isna().equals(first) and frame.pred_30.isna().equals(~first)


def test_missing_days_are_named(mock_copy):
    (mock_copy / f"trades_{DAYS[1]}.jsonl").unlink()
    (mock_copy / f"summary_{DAYS[2]}.json").unlink()
    run = st.RunFolder(mock_copy)
    with pytest.warns(st.DataWarning, match=f"no trades file of {DAYS[1]}$"):
        assert run.trades().attrs["missing_days"] == [datetime.date.fromisoformat(DAYS[1])]
    with pytest.warns(st.DataWarning, match="no signals file of 2025-06-30, 2025-07-07$"):  # no holiday, no weekend
        run.signals("2025-06-30", "2025-07-07")
    with pytest.warns(st.DataWarning, match=f"no summary file of {DAYS[2]}$"):
        assert len(run.daily_returns(last=DAYS[2])) == 2
    assert frame_of(mock_copy, "signals").attrs["missing_days"] == []


def test_nothing_there_says_what_to_do(run_folders, tmp_path):
    live = st.RunFolder(run_folders["live"])
    for ask, text in (
        (lambda: st.RunFolder(tmp_path / "absent"), "absent: no such folder; `sentio_cli mock --date D` makes one"),
        (lambda: st.RunFolder(tmp_path).trades(), "no trades file of any day; `sentio_cli mock"),
        (lambda: st.RunFolder(run_folders["mock"].parent).trades(), f"name a folder inside it: {run_folders['mock']} or"),
        (lambda: live.trades("2025-08-01"), f"no trades file from 2025-08-01; those there: {LIVE_DAY}"),
    ):
        with pytest.raises(st.DataError) as caught:
            ask()
        assert text in str(caught.value)
    for ask, text in (
        (lambda: live.trades("July"), "'July' is not a date YYYY-MM-DD"),
        (lambda: live.trades("2025-07-02", "2025-07-01"), "ends before it begins"),
        (lambda: live.days("sessions"), "no files of kind 'sessions'"),
    ):
        with pytest.raises(st.UsageError) as caught:
            ask()
        assert text in str(caught.value) and caught.value.exit_code == 2


@pytest.mark.parametrize("text, reason", (
    ("{", "damaged"), ("", "damaged"), ("[]", "not a JSON object"), ('{"days":[]}', "is not the summary of"),
    ('{"days":[{"date":"%s"}]}' % DAYS[0], "lacks the day's costs"),
    ('{"days":[{"date":"%s","costs":{}}]}' % DAYS[0], "lacks return_pct"),
))
def test_a_damaged_summary_is_an_error_that_names_it(mock_copy, text, reason):
    (mock_copy / f"summary_{DAYS[0]}.json").write_text(text)
    with pytest.raises(st.DataError, match=f"summary_{DAYS[0]}.json.*{reason}"):
        st.RunFolder(mock_copy).daily_returns()


def test_the_page_prints_the_tables():
    page = (ROOT / "docs" / "python.md").read_text()
    for name in st.TABLES:
        assert f"### {name}\n" in page
        assert "\n".join(tables.markdown(name)) + "\n" in page, f"docs/python.md, {name}"
