"""tools/extract_warmup_multi.py by its command line: what it takes, what it refuses, and that learning from it is the same."""

import contextlib
import gzip
import importlib.util
import io
import json
import os
import shutil
import subprocess
import sys
from unittest import mock

import pandas as pd
import pytest

import sentio_tools as st
from sentio_tools import bar_store, command
from tools_support import DAYS, ROOT, SYMBOLS, sentio

TOOL = ROOT / "tools" / "extract_warmup_multi.py"
NAMES = ",".join(SYMBOLS)
BEFORE = ("2025-06-27", "2025-06-30", "2025-07-01", "2025-07-02")  # the sessions of the bars before DAYS[-1]


def load_tool():
    spec = importlib.util.spec_from_file_location("extract_warmup_multi", TOOL)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


MAIN = load_tool().main


def extract(*arguments, data=None):
    """The command line, in this process: to import pandas anew takes longer than all the rest."""
    source = ["--data-dir", data] if data else []
    line = [str(TOOL), *map(str, arguments), *map(str, source)]
    out, err = io.StringIO(), io.StringIO()
    with mock.patch.object(sys, "argv", line), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = command.run(MAIN)
        except SystemExit as ended:  # argparse
            code = ended.code
    return subprocess.CompletedProcess(line, code, out.getvalue(), err.getvalue())


def succeed(*arguments, **more):
    done = extract(*arguments, **more)
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    return done.stdout


def refuse(code, text, *arguments, **more):
    """One line, that exit code."""
    done = extract(*arguments, **more)
    assert (done.returncode, done.stdout) == (code, ""), done.stderr
    assert done.stderr.count("\n") == 1 or code == 2 and "usage:" in done.stderr, done.stderr
    assert text in done.stderr


def learn(data, state, *more):
    sentio("warmup-multi", "--data", data, "--symbols", NAMES, "--days", 2, "--output", state, "-q", *more)
    return state.read_bytes()


@pytest.fixture(scope="session")
def real_folder(bar_folder, tmp_path_factory):
    """The same bars without their mark, as a download leaves them."""
    folder = tmp_path_factory.mktemp("real")
    for symbol in SYMBOLS:
        frame = st.bar_file(bar_folder / f"{symbol}_RTH_NH.csv")
        bar_store.write_bars(folder, symbol, frame, bar_store.SourceNote("polygon", "sip", True, "minute aggregates"), gzip=symbol == "SDS")
    return folder


# ---- what is learned from it


@pytest.mark.parametrize("output", ("warm.csv", "folder"))
def test_the_state_is_the_one_of_the_whole_folder(bar_folder, tmp_path, output):
    out = succeed("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output", tmp_path / output, data=bar_folder)
    assert out.startswith(f"{tmp_path / output}: 2 sessions, {DAYS[0]} to {DAYS[1]} of SYNTHETIC bars, 3 symbols, ")
    expected = learn(bar_folder, tmp_path / "whole.bin", "--end-date", DAYS[1])
    assert learn(tmp_path / output, tmp_path / "extract.bin") == expected


def test_a_mock_from_the_state_decides_as_one_that_learned_itself(bar_folder, tmp_path):
    succeed("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output", tmp_path / "warm.csv", data=bar_folder)
    learn(tmp_path / "warm.csv", tmp_path / "state.bin")
    for logs, warm_up in (("own", ("--warmup-days", 2)), ("state", ("--warmup-state", tmp_path / "state.bin"))):
        sentio("live-trade", "--mock", "--mock-date", DAYS[-1], "--symbols", NAMES, "--data-dir", bar_folder, "--log-dir",
               tmp_path / logs, "-q", *warm_up)
    name = f"mock_trading/decisions_{DAYS[-1]}.jsonl"
    decisions = (tmp_path / "own" / name).read_bytes()
    assert decisions.count(b"\n") > 10 and (tmp_path / "state" / name).read_bytes() == decisions


# ---- the files


def test_one_file_holds_the_rows_by_time_then_symbol(bar_folder, tmp_path):
    backwards = ",".join(reversed(SYMBOLS))
    succeed("--symbols", backwards, "--blocks", 3, "--date", DAYS[-1], "--output", tmp_path / "new" / "warm.csv", data=bar_folder)
    lines = (tmp_path / "new" / "warm.csv").read_text().splitlines()
    assert lines[:3] == ["# warm-up blocks: 3 sessions, 2025-06-30 to 2025-07-02", "# SYNTHETIC bars, not market data",
                         "symbol,timestamp,open,high,low,close,volume,bar_id"]
    expected = []
    for symbol in SYMBOLS:
        for row in (bar_folder / f"{symbol}_RTH_NH.csv").read_text().splitlines():
            if row[:10] in BEFORE[-3:] and row[11:13] < "16":  # not the closing print
                expected.append((row[:25], symbol, row))
    rewritten = [",".join((symbol, *map(plain, row.split(",")))) for _, symbol, row in sorted(expected)]
    assert len(rewritten) > 3000 and lines[3:] == rewritten


def plain(field):
    """95.00 as 95, 95.10 as 95.1: the shortest text of the number."""
    return field.rstrip("0").rstrip(".") if "." in field else field


def test_every_layout_gives_the_same_bytes(bar_folder, tmp_path):
    other = tmp_path / "other"
    other.mkdir()
    for symbol in SYMBOLS:
        frame = st.bar_file(bar_folder / f"{symbol}_RTH_NH.csv")
        stamps = frame["start"].dt.tz_convert("UTC").dt.strftime("%Y-%m-%dT%H:%M:%SZ")
        numbers = (frame[name].map("{:.4f}".format) for name in ("open", "high", "low", "close", "volume"))
        rows = map(",".join, zip(stamps, *numbers))
        text = "\n".join(["# SYNTHETIC", "ts_utc,open,high,low,close,volume", *rows]) + "\n"
        (other / f"{symbol}_RTH_NH.csv.gz").write_bytes(gzip.compress(text.encode()))
    for data, output in ((bar_folder, "a.csv"), (bar_folder, "a.csv"), (other, "b.csv")):
        succeed("--symbols", NAMES, "--blocks", 3, "--date", DAYS[-1], "--output", tmp_path / output, data=data)
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()


def test_real_bars_keep_their_source_in_the_manifest(real_folder, tmp_path):
    arguments = ("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output", tmp_path / "out")
    assert "SYNTHETIC" not in succeed(*arguments, data=real_folder)
    succeed(*arguments, data=real_folder)  # our own files may be replaced
    assert sorted(p.name for p in (tmp_path / "out").glob("[!.]*")) == sorted([f"{s}_RTH_NH.csv" for s in SYMBOLS] + ["manifest.json"])
    entry = json.loads((tmp_path / "out" / "manifest.json").read_text())["files"]["SDS_RTH_NH.csv"]
    assert (entry["source"], entry["feed"], entry["adjusted"], entry["sessions"]) == ("polygon", "sip", True, 2)
    assert entry["detail"] == f"2 sessions, {DAYS[0]} to {DAYS[1]} of minute aggregates"
    frame = st.bars(tmp_path / "out")
    pd.testing.assert_frame_equal(frame, st.bars(real_folder, SYMBOLS, DAYS[0], DAYS[1]))


# ---- which sessions


def test_without_a_date_the_last_that_are_there(bar_folder, tmp_path):
    succeed("--symbols", NAMES, "--blocks", 2, "--output", tmp_path / "warm.csv", data=bar_folder)
    assert f"2 sessions, {DAYS[1]} to {DAYS[2]}" in (tmp_path / "warm.csv").read_text()[:80]


def test_sessions_are_the_exchanges(tmp_path):
    listed = succeed("--symbols", "A", "--blocks", 4, "--date", "2025-07-07", "--list", data=tmp_path)
    assert listed.split() == ["2025-06-30", "2025-07-01", "2025-07-02", "2025-07-03"]  # not the 4th, nor the weekend
    assert succeed("--symbols", "A", "--blocks", 1, "--date", "2025-07-06", "--list", data=tmp_path).split() == ["2025-07-03"]


@pytest.mark.parametrize("now, last", (("2025-07-02T16:19:59-04:00", "2025-07-01"), ("2025-07-02T16:20:00-04:00", "2025-07-02"),
                                       ("2025-07-03T13:20:00-04:00", "2025-07-03"), ("2025-07-03T02:00:00+00:00", "2025-07-02")))
def test_a_session_that_still_runs_is_no_block(bar_folder, monkeypatch, now, last):
    monkeypatch.setenv("AT_NEW_YORK_NOW", str(pd.Timestamp(now).timestamp()))
    assert succeed("--symbols", NAMES, "--blocks", 2, "--list", data=bar_folder).split()[-1] == last


# ---- refusals


def test_missing_sessions_are_named_and_nothing_is_written(bar_folder, tmp_path):
    holes = shutil.copytree(bar_folder, tmp_path / "holes")
    for symbol, days in (("SDS", DAYS[:1]), ("TQQQ", DAYS[:2])):
        file = holes / f"{symbol}_RTH_NH.csv"
        file.write_text("".join(line for line in file.read_text().splitlines(keepends=True) if not line.startswith(days)))
    arguments = ("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output")
    for output in ("warm.csv", "folder"):
        refuse(3, f"SDS has no bar of {DAYS[0]}; TQQQ has no bar of {DAYS[0]}, {DAYS[1]}; nothing was written", *arguments,
               tmp_path / output, data=holes)
        assert not (tmp_path / output).exists()


def test_bars_that_do_not_reach_back_far_enough_are_named(bar_folder, tmp_path):
    refuse(3, "SDS has no bar of 2025-06-25, 2025-06-26; SQQQ has", "--symbols", NAMES, "--blocks", 6, "--date", DAYS[-1], "--output",
           tmp_path / "warm.csv", data=bar_folder)


def test_data_that_is_not_there_or_damaged(bar_folder, tmp_path):
    arguments = ("--blocks", 2, "--output", tmp_path / "warm.csv")
    refuse(3, "no such folder", "--symbols", NAMES, *arguments, data=tmp_path / "none")
    refuse(3, "neither QQQ_RTH_NH.csv nor QQQ_RTH_NH.csv.gz is there", "--symbols", "TQQQ,QQQ", *arguments, data=bar_folder)
    damaged = shutil.copytree(bar_folder, tmp_path / "damaged")
    file = damaged / "TQQQ_RTH_NH.csv"
    file.write_text(file.read_text().replace(f"{DAYS[1]}T10:00:00-04:00,", f"{DAYS[1]}T10:00:00-04:00,x"))
    refuse(3, "open is not a number", "--symbols", NAMES, "--date", DAYS[-1], *arguments, data=damaged)
    (damaged / "SDS_RTH_NH.csv.gz").write_bytes(gzip.compress(b"timestamp,open")[:10])
    (damaged / "SDS_RTH_NH.csv").unlink()
    refuse(3, "SDS_RTH_NH.csv.gz: damaged", "--symbols", "SDS", *arguments, data=damaged)
    assert not (tmp_path / "warm.csv").exists()


def test_only_files_of_blocks_are_replaced(bar_folder, real_folder, tmp_path):
    own = shutil.copytree(bar_folder, tmp_path / "own")
    before = {p.name: p.read_bytes() for p in own.iterdir()}
    arguments = ("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output")
    refuse(2, "is no file of warm-up blocks", *arguments, own / "TQQQ_RTH_NH.csv", data=own)
    refuse(2, "is the folder the bars come from", *arguments, f"{own}/../own", data=own)
    assert {p.name: p.read_bytes() for p in own.iterdir()} == before
    real = shutil.copytree(real_folder, tmp_path / "real")
    refuse(2, "holds bars that are not synthetic", *arguments, real, data=own)
    refuse(3, "holds synthetic bars", *arguments, own, data=real_folder)


def test_a_file_that_cannot_be_written(bar_folder, tmp_path):
    (tmp_path / "file").write_text("")
    arguments = ("--symbols", NAMES, "--blocks", 2, "--date", DAYS[-1], "--output")
    for output in ("file/warm.csv", "file/folder"):
        refuse(2, "cannot write", *arguments, tmp_path / output, data=bar_folder)


@pytest.mark.parametrize("arguments, text", (
    (("--symbols", ",", "--output", "a.csv"), "names none"),
    (("--symbols", "../A", "--output", "a.csv"), "is not a symbol"),
    (("--symbols", "A", "--output", "a.csv", "--date", "2025-7-3"), "is not a date"),
    (("--symbols", "A", "--output", "a.csv", "--date", "2018-01-03"), "the calendar covers"),
    (("--symbols", "A", "--output", "folder"), "needs --date"),
    (("--symbols", "A", "--output", "a.csv.gz", "--date", DAYS[0]), "does not end in .csv"),
    (("--symbols", "A", "--output", "a.csv", "--blocks", "0"), "from 1 to 1000"),
    (("--symbols", "A", "--output", "a.csv", "--blocks", "many"), "from 1 to 1000"),
    (("--symbols", "A"), "--output"),
    (("--output", "a.csv"), "--symbols"),
    (("--symbols", "A", "--output", "a.csv", "--nonsense"), "unrecognized"),
))
def test_usage(tmp_path, monkeypatch, arguments, text):
    monkeypatch.chdir(tmp_path)
    refuse(2, text, *arguments)
    assert os.listdir(tmp_path) == []


def test_as_a_person_runs_it(bar_folder, tmp_path):
    def run(*arguments):
        return subprocess.run([sys.executable, "-B", TOOL, *map(str, arguments)], cwd=tmp_path, capture_output=True, text=True)

    shown = run("--help")
    assert shown.returncode == 0 and "A block is one session" in shown.stdout and "exit codes:" in shown.stdout
    done = run("--symbols", "TQQQ", "--data-dir", bar_folder, "--output", "warm.csv")
    assert done.returncode == 3 and done.stderr.startswith(f"extract_warmup_multi.py: error: {bar_folder}: TQQQ has no bar of ")
