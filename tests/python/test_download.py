"""tools/download_historical_data.py and tools/data_downloader.py against a local vendor that pages, throttles, fails and lies."""

import gzip
import os
import re
import resource
import shlex
import signal
import threading
from datetime import date

import pytest

import vendor_server as vendor
from download_support import FIRST, LAST, tools  # noqa: F401
from sentio_tools import bar_store
from tools_support import ROOT

SOURCES = ("polygon", "alpaca")


@pytest.mark.parametrize("source", SOURCES)
def test_pages_are_followed_and_only_the_sessions_kept(tools, source):
    tools.server.page = 37
    done = tools.download("-q", symbols="AAA,BBB", source=source)
    assert done == (0, "", "")
    assert tools.rows() == tools.expected() and tools.rows("BBB") == tools.expected("BBB")
    assert len(tools.server.calls) > 20
    entry = bar_store.read_manifest(tools.output)["files"]["AAA_RTH_NH.csv"]
    assert (entry["source"], entry["feed"], entry["adjusted"], entry["sessions"]) == (source, "sip", False, 43)
    assert entry["first"] == "2025-07-01T09:30:00-04:00" and entry["last"] == "2025-08-29T15:30:00-04:00"
    assert sorted(path.name for path in tools.output.iterdir()) == [
        ".lock", "AAA_RTH_NH.csv", "BBB_RTH_NH.csv", "manifest.json"]
    wanted = {"polygon": "adjusted=false", "alpaca": "adjustment=raw"}[source]
    assert wanted in tools.server.calls[0]


def test_the_guides_command_runs_as_a_user_types_it(tools):
    guide = (ROOT / "docs" / "user-guide.md").read_text()
    line = re.search(r"^tools/download_historical_data\.py --symbols (?:.*\\\n)*.*$", guide, re.MULTILINE)[0]
    words = shlex.split(line.replace("\\\n", " "))
    first, last = (date.fromisoformat(words[words.index(name) + 1]) for name in ("--start-date", "--end-date"))
    symbols = words[words.index("--symbols") + 1].split(",")
    tools.server.bars = {symbol: vendor.bars_of(first, last, n + 1.0) for n, symbol in enumerate(symbols)}
    process = tools.start("download_historical_data", *words[1:], env={n: os.environ[n] for n in ("PATH", "PYTHONPYCACHEPREFIX") if n in os.environ})
    out, err = process.communicate(timeout=60)
    assert (process.returncode, err) == (0, ""), err
    folder = tools.folder / "data" / "equities"
    for symbol in symbols:
        assert tools.rows(symbol, folder) == tools.expected(symbol, first, last)
    assert f"data/equities/{symbols[0]}_RTH_NH.csv: " in out and "next: sentio_cli verify-data" in out


def test_days_count_sessions_back_to_the_last_one_that_is_over(tools, monkeypatch):
    monkeypatch.setenv("AT_NEW_YORK_NOW", "1751660000")  # 2025-07-04 16:13, a holiday; the 3rd was a half day
    done = tools.run("data_downloader", "--symbols", "AAA", "--days", 3, "--source", "alpaca", "--output", tools.output)
    assert done.code == 0 and tools.rows() == tools.expected(last=date(2025, 7, 3))
    monkeypatch.setenv("AT_NEW_YORK_NOW", "1751400600")  # 2025-07-01 16:10, over for ten minutes
    done = tools.download("--start-date", "2025-07-01", "--end-date", "2025-07-02")
    assert done.code == 2 and "the last one that is over is 2025-06-30" in done.err
    monkeypatch.setenv("AT_NEW_YORK_NOW", "1751401201")
    done = tools.download("--start-date", "2025-07-01", "--end-date", "2025-07-02", "--output", tools.folder / "other")
    assert done.code == 0 and "not over yet, and left out: 2025-07-02" in done.err


def test_killed_in_mid_download_it_goes_on_without_asking_twice(tools):
    flags = ["--symbols", "AAA,BBB", "--start-date", FIRST, "--end-date", LAST, "--source", "alpaca", "--output", tools.output]
    for at in (3, 5):  # 5 requests a symbol: within the first, and within the second
        reached = threading.Event()
        tools.server.faults = [None] * (at - 1) + [vendor.hang(reached)]
        process = tools.start("download_historical_data", *flags)
        assert reached.wait(30), process.communicate(timeout=5)
        process.send_signal(signal.SIGKILL)
        process.wait()
    done = tools.download("-q", symbols="AAA,BBB", source="alpaca")
    assert done == (0, "", "")
    assert tools.rows() == tools.expected() and tools.rows("BBB") == tools.expected("BBB")
    answered = [call for n, call in enumerate(tools.server.calls) if n not in (2, 7)]
    assert len(answered) == len(set(answered)) == 10
    assert not (tools.output / ".download").exists()


def test_a_damaged_or_stale_part_is_asked_for_again(tools):
    tools.server.faults = [None, vendor.status(403)]
    assert tools.download().code == 4
    (part,) = (tools.output / ".download").glob("*/*")
    text = part.read_text()
    for damage in (lambda: part.write_text(text[:-30]), lambda: part.write_text(text.rsplit("\n", 2)[0] + "\n"),
                   lambda: part.write_text(""), lambda: os.utime(part, (1, 1))):
        part.write_text(text)
        damage()
        before = len(tools.server.calls)
        tools.server.faults = [None, vendor.status(403)]
        assert tools.download().code == 4 and len(tools.server.calls) == before + 2
    assert tools.download().code == 0 and tools.rows() == tools.expected()


def test_a_storm_of_429_is_waited_out(tools):
    soon = vendor.status(429, ("Retry-After", "0"), body=b'{"status":"ERROR","error":"slow down"}')
    tools.server.faults = [soon] * 5
    done = tools.download()
    assert done.code == 0 and tools.rows() == tools.expected()
    assert done.err.count("polygon: HTTP 429 (ERROR slow down); again in 0.0 s") == 5
    tools.server.faults = [soon] * 8
    done = tools.download()
    assert done.code == 4 and "8 times in a row; run the same command again later" in done.err


@pytest.mark.parametrize("fault", (vendor.cut, vendor.half_json, vendor.status(503), vendor.status(500), vendor.status(200)))
def test_what_passes_is_tried_again(tools, fault):
    tools.server.faults = [fault, fault]
    assert tools.download("-q").code == 0 and tools.rows() == tools.expected()
    tools.server.faults = [fault] * 8
    done = tools.download("-q")
    assert done.code == 4 and done.err.count("\n") == 1 and "8 times in a row" in done.err


def test_a_server_that_is_not_there_is_said_in_one_line(tools):
    tools.server.shutdown()
    tools.server.server_close()
    done = tools.download("-q")
    assert done.code == 4 and re.fullmatch(r".*error: polygon: .*refused, 8 times in a row.*\n", done.err)


def test_a_day_the_vendor_lacks_is_a_hole_by_name(tools):
    lacking = [date(2025, 7, 3), date(2025, 8, 29)]
    tools.server.bars["AAA"] = {m: v for m, v in tools.server.bars["AAA"].items()
                                if not any(m in vendor.session_bars(day) for day in lacking)}
    done = tools.download(symbols="AAA,BBB")
    assert done.code == 3 and "warning: AAA: the vendor has no bar of 2025-07-03, 2025-08-29\n" in done.err
    assert tools.rows() == tools.expected(lacking=lacking) and tools.rows("BBB") == tools.expected("BBB")


def test_a_symbol_that_does_not_exist_leaves_the_others(tools):
    done = tools.download(symbols="NOPE,AAA")
    assert done.code == 3 and "NOPE: polygon has no bar of it in this range" in done.err
    done = tools.download("--output", tools.folder / "other", symbols="BAD,AAA", source="alpaca")
    assert done.code == 3 and "BAD: alpaca: HTTP 400 (invalid symbol: BAD)" in done.err
    assert tools.rows() == tools.rows(folder=tools.folder / "other") == tools.expected()
    assert [path.name for path in tools.output.glob("*.csv")] == ["AAA_RTH_NH.csv"]


def test_two_processes_at_once(tools):
    reached, go_on = threading.Event(), threading.Event()
    tools.server.faults = [vendor.hang(reached, go_on)]
    first = tools.start("data_downloader", "--symbols", "AAA", "--start-date", FIRST, "--end-date", LAST, "--source", "polygon",
                        "--output", tools.output)
    assert reached.wait(30)
    second = tools.download()
    assert second.code == 9 and "another process writes bars here" in second.err and len(tools.server.calls) == 1
    go_on.set()
    first.communicate(timeout=30)
    assert first.returncode == 0 and tools.rows() == tools.expected()


def test_a_full_disk_leaves_whole_files_and_goes_on_later(tools):
    flags = ["--symbols", "AAA,BBB", "--start-date", FIRST, "--end-date", LAST, "--source", "alpaca", "--output", tools.output]
    process = tools.start("download_historical_data", *flags,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (15000, 15000)))
    _, err = process.communicate(timeout=60)
    assert process.returncode == 2 and err.endswith("AAA_RTH_NH.csv: cannot write: File too large\n")
    assert not list(tools.output.glob("*.csv"))
    done = tools.download("-q", symbols="AAA,BBB", source="alpaca")
    assert done.code == 0 and tools.rows() == tools.expected() and len(tools.server.calls) == 10


def changed(change, at=1):
    """A lie: `change` is done to the rows of the reply number `at`."""
    def lie(reply, number):
        if number == at:
            change(reply["results"])
        return reply
    return lie


def repeat_token(reply, number):
    return reply | {"next_url": "https://api.polygon.io/v2/aggs/ticker/AAA/range/1/minute/1/2?cursor=1"}


def repeat_rows(reply, number):
    repeat_rows.first = reply if number == 1 else repeat_rows.first
    return repeat_rows.first | {"next_url": f"https://api.polygon.io/v2/aggs/ticker/AAA/range/1/minute/1/2?cursor={number}"}


LIES = {
    "the vendor repeats a page \\(2025-08-26 15:30:00": repeat_token,
    "the vendor repeats a page": repeat_rows,
    "the vendor repeats a page \\(no bar was reached": lambda reply, n: {
        "status": "OK", "next_url": f"https://api.polygon.io/v2/aggs/ticker/AAA/range/1/minute/1/2?cursor={n}"},
    "outside 2025-07-01 09:30:00 to 2025-08-26 15:59": changed(lambda rows: rows[-1].update(t=rows[-1]["t"] + 3600000)),
    "answered with bars of BBB": lambda reply, n: reply | {"ticker": "BBB"},
    "bars do not ascend: 2025-07-01 10:29:00": changed(lambda rows: rows.insert(3, rows[2] | {"t": rows[2]["t"] - 60000})),
    "two different bars of 2025-07-01 10:30:00": changed(lambda rows: rows.insert(3, rows[2] | {"v": 1})),
    "asked for adjusted=False, the vendor sent adjusted=True": lambda reply, n: reply | {"adjusted": True},
    "says 1000000 bars and sent": lambda reply, n: reply | {"resultsCount": 10**6},
    "the vendor said: NOT_AUTHORIZED you may not": lambda reply, n: {"status": "NOT_AUTHORIZED", "message": "you may not"},
    "no list of bars": lambda reply, n: reply | {"results": {"t": 1}},
    "next_url is no address": lambda reply, n: reply | {"next_url": "//elsewhere"},
}


@pytest.mark.parametrize("problem", LIES)
def test_a_lie_is_named_and_nothing_of_that_symbol_written(tools, problem):
    tools.server.lie = lambda reply, n: LIES[problem](reply, n) if "/AAA/" in tools.server.calls[-1] else reply
    if LIES[problem] is repeat_rows:
        tools.server.lie = repeat_rows
    done = tools.download(symbols="AAA,BBB" if LIES[problem] is not repeat_rows else "AAA")
    assert done.code == 3 and re.search(f"warning: polygon.*{problem}", done.err), done.err
    assert "Traceback" not in done.err and not (tools.output / "AAA_RTH_NH.csv").exists()
    if LIES[problem] is not repeat_rows:
        assert tools.rows("BBB") == tools.expected("BBB")


NO_BARS = {
    "a value is not a number": lambda row: row | {"c": float("nan")},
    "a value is not a number ": lambda row: row | {"v": None},
    "a value is not a number  ": lambda row: row | {"o": "10"},
    "a value is not a number   ": lambda row: row | {"h": True},
    "high is below low": lambda row: row | {"h": row["l"] - 1},
    "open or close is outside": lambda row: row | {"o": row["h"] + 1},
    "low is not a positive price": lambda row: row | {"l": 0},
    "volume is negative": lambda row: row | {"v": -1},
    "not on a full minute": lambda row: row | {"t": row["t"] + 1},
    "its time is none": lambda row: row | {"t": "noon"},
}


@pytest.mark.parametrize("problem", NO_BARS)
def test_a_row_that_is_no_bar_is_left_out_and_named(tools, problem):
    def spoil(rows):
        rows[5] = NO_BARS[problem](rows[5])
    tools.server.lie = changed(spoil)
    done = tools.download()
    assert done.code == 3 and re.search(f"AAA: 1 rows are no bars and were left out: .*{problem.strip()}", done.err)
    assert len(tools.rows()) == len(tools.expected()) - 1


def test_bars_sent_twice_alike_are_kept_once(tools):
    tools.server.lie = changed(lambda rows: rows.insert(3, rows[2]))
    done = tools.download()
    assert done.code == 0 and "1 bars were sent twice, alike; kept once" in done.err
    assert tools.rows() == tools.expected()


def test_alpacas_lies(tools):
    for lie, problem in (
        (lambda reply, n: reply | {"bars": {"BBB": []}}, "answered with bars of BBB"),
        (lambda reply, n: reply | {"next_page_token": "7"}, "repeats a page"),
        (lambda reply, n: {"bars": []}, "no object bars"),
    ):
        tools.server.lie = lie
        done = tools.download(source="alpaca")
        assert done.code == 3 and problem in done.err and not list(tools.output.glob("*.csv"))
    tools.server.lie = lambda reply, n: {"bars": None, "next_page_token": None}
    assert "alpaca has no bar of it" in tools.download(source="alpaca").err


def test_days_that_the_plan_lacks_end_the_run_with_a_hint(tools):
    for source, fault in (("polygon", vendor.status(403, body=b'{"status":"NOT_AUTHORIZED","message":"your plan"}')),
                          ("alpaca", vendor.status(422, body=b'{"message":"subscription does not permit recent SIP data"}'))):
        tools.server.faults = [None, fault]
        done = tools.download(symbols="AAA,BBB", source=source)
        assert done.code == 4 and done.err.count("the plan may not include these days") == 1


def test_keys_stand_nowhere_and_go_nowhere_else(tools):
    (tools.folder / "config.env").write_text("POLYGON_API_KEY='wrong-key'\nALPACA_API_KEY=a-b-c\nALPACA_SECRET_KEY=d-e-f\n")
    done = tools.download()
    assert done.code == 4 and "HTTP 401 (ERROR Unknown API Key Bearer ***)" in done.err and "wrong-key" not in str(done)
    assert tools.download(source="alpaca").code == 4 and tools.server.heard[-1]["APCA-API-SECRET-KEY"] == "d-e-f"
    (tools.folder / "config.env").write_text(f"MASSIVE_API_KEY={vendor.POLYGON_KEY}\n")
    elsewhere = vendor.VendorServer()
    tools.server.faults = [vendor.status(302, ("Location", elsewhere.url + "/v2/aggs/x"))]
    done = tools.download("-q")
    assert done.code == 4 and "HTTP 302" in done.err
    tools.server.page = 300
    tools.server.lie = lambda reply, n: reply | ({"next_url": reply["next_url"].replace("https://api.polygon.io", elsewhere.url)}
                                                 if "next_url" in reply else {})
    assert tools.download("-q").code == 0 and tools.rows() == tools.expected()
    assert elsewhere.calls == [] and not any("very-secret" in call for call in tools.server.calls)
    assert not any(b"very-secret" in path.read_bytes() for path in tools.output.rglob("*") if path.is_file())
    elsewhere.shutdown()
    elsewhere.server_close()


def test_a_file_is_continued_and_what_was_revised_is_told(tools):
    assert tools.download("--start-date", FIRST, "--end-date", "2025-07-31", "--gzip").code == 0
    minute = next(m for m in sorted(tools.expected()) if m in vendor.session_bars(date(2025, 7, 31)))
    first, high, low, last, volume = tools.server.bars["AAA"][minute]
    tools.server.bars["AAA"][minute] = (first, high, low, high, volume)
    del tools.server.bars["AAA"][minute + 30]
    lost = calendar_minutes(date(2025, 7, 30)) + calendar_minutes(date(2025, 7, 29))[:7]  # all, and most of a day
    kept = {m: tools.server.bars["AAA"].pop(m) for m in lost}
    done = tools.download("--start-date", "2025-07-29", "--end-date", LAST)
    assert done.code == 3
    assert f"AAA: revised 2025-07-31: 1 changed, 1 gone of 13 bars (first 09:30 close {last:g} -> {high:g})" in done.out
    assert "the vendor lost bars; kept as they were: 2025-07-29: 6 bars now, 13 before; 2025-07-30: 0 bars now" in done.err
    assert tools.rows() == {m: v for m, v in sorted((tools.expected() | kept).items())}
    assert [path.name for path in tools.output.glob("*.csv*")] == ["AAA_RTH_NH.csv.gz"]


def calendar_minutes(day):
    return list(vendor.session_bars(day))[1:-1]


def test_what_would_spoil_a_folder_is_refused_before_anything_is_asked(tools):
    assert tools.download("--start-date", FIRST, "--end-date", "2025-07-10").code == 0
    calls = len(tools.server.calls)
    gap = tools.download("--start-date", "2025-07-14", "--end-date", "2025-07-15")
    assert gap.code == 3 and "holds 2025-07-01 to 2025-07-10; 2025-07-11 would be missing beside 2025-07-14" in gap.err
    other = tools.download(source="alpaca")
    assert other.code == 3 and "holds bars of another source (source=polygon" in other.err
    file = tools.output / "AAA_RTH_NH.csv"
    text = file.read_text()
    file.write_text(text + "\n")
    assert "was changed since it was written" in tools.download().err
    file.write_text(text)
    (tools.output / "BBB_RTH_NH.csv").write_text(text)
    assert "not from these tools" in tools.download(symbols="BBB").err
    synthetic = tools.folder / "synthetic"
    synthetic.mkdir()
    for name in ("TQQQ", "AAA"):
        (synthetic / f"{name}_RTH_NH.csv").write_text("# SYNTHETIC bars\n" + text)
    refused = tools.download("--output", synthetic)
    assert refused.code == 3 and "holds synthetic bars" in refused.err and len(tools.server.calls) == calls
    assert tools.download("--output", synthetic, "--replace-synthetic").code == 0
    assert [path.name for path in synthetic.glob("*.csv")] == ["AAA_RTH_NH.csv"]


def test_adjusted_bars_are_downloaded_whole_or_not_at_all(tools):
    tools.server.lie = lambda reply, n: reply | {"adjusted": True}
    assert tools.download("--adjusted", "--start-date", FIRST, "--end-date", "2025-07-31").code == 0
    assert "adjusted=true" in tools.server.calls[0] and bar_store.read_manifest(tools.output)["files"]["AAA_RTH_NH.csv"]["adjusted"]
    refused = tools.download("--adjusted", "--start-date", "2025-07-31", "--end-date", LAST)
    assert refused.code == 3 and "two scales in one file" in refused.err
    assert tools.download("--adjusted").code == 0 and tools.rows() == tools.expected()


def test_flat_files_on_disk_need_no_key_and_no_network(tools):
    flat = tools.folder / "flat"
    days = [date(2025, 7, 1), date(2025, 7, 3)]
    for day in days:
        rows = ["ticker,volume,open,close,high,low,window_start,transactions"]
        for symbol in ("AA", "AAA", "AAAB", "BBB"):
            scale = {"AAA": 1.0, "BBB": 2.5}.get(symbol, 7.0)
            for minute, (o, h, l, c, v) in vendor.session_bars(day, scale).items():
                rows.append(f"{symbol},{v:g},{o},{c},{h},{l},{minute * 60 * 10**9},7")
        folder = flat / "us_stocks_sip/minute_aggs_v1" / f"{day:%Y/%m}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{day}.csv.gz").write_bytes(gzip.compress("\n".join(rows).encode() + b"\n"))
    flags = ["--start-date", "2025-07-01", "--end-date", "2025-07-03", "--flat-files", flat]
    done = tools.download(*flags, symbols="AAA,BBB", source="auto")
    assert done.code == 3 and done.err.count("the vendor has no bar of 2025-07-02\n") == 2 and not tools.server.calls
    for symbol in ("AAA", "BBB"):
        assert tools.rows(symbol) == tools.expected(symbol, last=days[1], lacking=[date(2025, 7, 2)])
    assert bar_store.read_manifest(tools.output)["files"]["AAA_RTH_NH.csv"]["source"] == "polygon-flat-file"
    (folder / "2025-07-02.csv.gz").write_bytes((folder / "2025-07-03.csv.gz").read_bytes())
    assert "outside 2025-07-02 09:30:00" in tools.download(*flags, source="polygon-flat-files").err
    for content, problem in ((b"no gzip", "damaged"), (gzip.compress(b"symbol,open\n"), "not a flat file of minute aggregates")):
        (folder / "2025-07-02.csv.gz").write_bytes(content)
        done = tools.download(*flags, source="polygon-flat-files")
        assert done.code == 3 and problem in done.err


def test_bad_usage_exits_2_or_4_and_says_why(tools):
    for flags, code, problem in (
        (["--days", "2", "--symbols", "../etc"], 2, "not a symbol"),
        (["--days", "2", "--symbols", ","], 2, "names none"),
        (["--start-date", "2025-02-30"], 2, "not a date"),
        (["--start-date", "2025-07-09", "--end-date", "2025-07-01"], 2, "ends before it begins"),
        (["--start-date", "2025-07-04", "--end-date", "2025-07-06"], 2, "the exchange was closed"),
        (["--start-date", "2017-01-01"], 2, "calendar covers"),
        ([], 2, "name --start-date, or --days"),
        (["--days", "0"], 2, "--days counts from 1"),
        (["--days", "9000"], 2, "calendar covers"),
        (["--days", "2", "--requests-per-minute", "-1"], 2, "0 or more"),
        (["--days", "2", "--retry-wait", "nan"], 2, "0 or more"),
        (["--days", "2", "--source", "polygon-flat-files"], 2, "needs --flat-files"),
        (["--days", "2", "--exchange", "http://example.com"], 2, "http://127.0.0.1:PORT"),
        (["--days", "2", "--env-file", tools.folder / "none"], 4, "POLYGON_API_KEY or MASSIVE_API_KEY is not set; cp config.env.example"),
    ):
        words = ["--symbols", "AAA", "--source", "polygon", "--output", tools.output, *tools.common(), *flags]
        done = tools.run("download_historical_data", *words, common=False)
        assert done.code == code and problem in done.err, (flags, done)
    assert tools.server.calls == [] and not list(tools.output.glob("*.csv"))
