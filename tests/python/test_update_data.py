"""tools/update_data.py, scripts/update_data.sh and scripts/download_all_symbols.sh against a local vendor and an exchange-sim."""

import json
import os
import subprocess
import sys
from datetime import date

import pytest

import vendor_server as vendor
from download_support import tools  # noqa: F401
from sentio_tools import bar_files, bar_store
from tools_support import ROOT

HELD = date(2025, 7, 10)  # the last day of the files
AFTER = {day: str((bar_files.calendar.session_of(date(2025, 7, day)).open_epoch_minutes + 480) * 60)
         for day in (2, 11, 16)}  # 17:30 New York


@pytest.fixture
def held(tools, monkeypatch):
    """Files to HELD from both vendors, and the evening of 11 July."""
    monkeypatch.setenv("AT_NEW_YORK_NOW", AFTER[11])
    for symbol, source in (("AAA", "polygon"), ("BBB", "alpaca")):
        done = tools.download("--start-date", "2025-06-30", "--end-date", HELD, "-q", symbols=symbol, source=source)
        assert done.code == 3  # the server has nothing of 30 June
    tools.server.calls.clear()
    return tools


def update(tools, *flags):
    return tools.run("update_data", "--data-dir", tools.output, *flags)


def test_yesterday_is_appended_to_every_file_from_its_own_source(held):
    assert update(held, "-q") == (0, "", "")
    for symbol in ("AAA", "BBB"):
        assert held.rows(symbol) == held.expected(symbol, last=date(2025, 7, 11))
    assert [call[:8] for call in held.server.calls] == ["/v2/aggs", "/v2/stoc"]
    files = {path: path.read_bytes() for path in held.output.iterdir()}
    assert update(held, "-q") == (0, "", "") and {path: path.read_bytes() for path in held.output.iterdir()} == files
    sources = [entry["source"] for entry in bar_store.read_manifest(held.output)["files"].values()]
    assert sources == ["polygon", "alpaca"]


def test_what_was_revised_within_the_overlap_is_told(held):
    revised = [m for m in vendor.session_bars(date(2025, 7, 8))][3]
    older = [m for m in vendor.session_bars(date(2025, 7, 2))][3]
    for minute in (revised, older):
        o, h, l, c, v = held.server.bars["AAA"][minute]
        held.server.bars["AAA"][minute] = (o, h, l, c, v + 1)
    done = update(held, "-q")
    assert done.code == 0 and "AAA: revised 2025-07-08: 1 changed of 13 bars (first 10:30 volume" in done.out
    assert held.rows()[revised] == held.server.bars["AAA"][revised] and held.rows()[older] != held.server.bars["AAA"][older]
    assert update(held, "--overlap", 9).out.count("revised 2025-07-02") == 1


def test_no_day_is_put_behind_a_hole(held, monkeypatch):
    lacking = {m: held.server.bars["AAA"].pop(m) for m in vendor.session_bars(date(2025, 7, 14))}
    monkeypatch.setenv("AT_NEW_YORK_NOW", AFTER[16])
    done = update(held)
    assert done.code == 3 and done.err.endswith("warning: AAA: the vendor has no bar of 2025-07-14\n")
    assert held.rows() == held.expected(last=date(2025, 7, 11)) and held.rows("BBB") == held.expected("BBB", last=date(2025, 7, 16))
    held.server.bars["AAA"] |= lacking
    assert update(held, "-q").code == 0 and held.rows() == held.expected(last=date(2025, 7, 16))


def test_a_vendor_that_lost_a_day_does_not_take_it_from_the_file(held):
    before = held.rows()
    for minute in vendor.session_bars(date(2025, 7, 9)):
        del held.server.bars["AAA"][minute]
    done = update(held)
    assert done.code == 3 and "kept as they were: 2025-07-09: 0 bars now, 13 before" in done.err
    assert before.items() <= held.rows().items() and len(held.rows()) == len(before) + 13


def test_files_that_cannot_be_continued_are_named_and_the_others_updated(held):
    (held.output / "CCC_RTH_NH.csv").write_bytes((held.output / "AAA_RTH_NH.csv").read_bytes())
    manifest = json.loads((held.output / "manifest.json").read_text())
    manifest["files"]["BBB_RTH_NH.csv"]["source"] = "import:firstrate"
    (held.output / "manifest.json").write_text(json.dumps(manifest))
    done = update(held, "-q")
    assert done.code == 3 and "CCC_RTH_NH.csv: not updated: not from a download" in done.err
    assert "BBB_RTH_NH.csv: not updated: it is from import:firstrate" in done.err
    assert held.rows() == held.expected(last=date(2025, 7, 11))
    assert update(held, "--symbols", "AAA").code == 0
    assert "is not there; download it first" in update(held, "--symbols", "DDD").err
    file = held.output / "AAA_RTH_NH.csv"
    file.write_text(file.read_text().replace("15:30:00", "15:31:00"))
    done = update(held, "--symbols", "AAA")
    assert done.code == 3 and "was changed since it was written" in done.err


def test_bars_of_a_simulation_are_not_continued_from_the_vendor(held):
    done = held.run("update_data", "--data-dir", held.output, "--env-file", held.folder / "config.env", common=False)
    assert done.code == 2 and "bars of an exchange-sim are continued with --exchange" in done.err


def script(tools, name, *arguments, **environment):
    keep = {n: t for n, t in os.environ.items() if not n.startswith("SENTIO_")}
    path = f"{os.path.dirname(sys.executable)}:{os.environ['PATH']}"
    return subprocess.run(list(map(str, [name, *arguments])), cwd=tools.folder, capture_output=True, text=True,
                          env=keep | {"PATH": path} | environment)


def fake_cli(tools, code):
    file = tools.folder / "cli"
    file.write_text(f'#!/bin/sh\nprintf "%s " "$@" > {tools.folder}/called\necho looked at them\nexit {code}\n')
    file.chmod(0o755)
    return str(file)


def test_the_script_updates_then_verifies(held):
    flags = ["--data-dir", held.output, *held.common(), "-q"]
    done = script(held, ROOT / "scripts/update_data.sh", *flags, SENTIO_CLI=fake_cli(held, 0))
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert held.rows() == held.expected(last=date(2025, 7, 11))
    assert (held.folder / "called").read_text() == f"verify-data --all --data-dir {held.output} "
    refused = script(held, ROOT / "scripts/update_data.sh", *flags, SENTIO_CLI=fake_cli(held, 3))
    assert (refused.returncode, refused.stdout) == (3, "looked at them\n")
    (held.folder / "called").unlink()
    held.server.faults = [vendor.status(401)]
    failed = script(held, ROOT / "scripts/update_data.sh", *flags, SENTIO_CLI=fake_cli(held, 0))
    assert failed.returncode == 4 and "HTTP 401" in failed.stderr and not (held.folder / "called").exists()
    assert script(held, ROOT / "scripts/update_data.sh", SENTIO_CLI="/absent").returncode == 2
    shown = script(held, ROOT / "scripts/update_data.sh", "--help")
    assert shown.returncode == 0 and "The exit code is the" in shown.stdout


def test_all_symbols_by_one_short_command(tools):
    first, last = date(2025, 7, 1), date(2025, 7, 2)
    names = "SVIX SVXY TQQQ UPRO QQQ SPY SH PSQ SDS SQQQ UVXY UVIX".split()
    tools.server.bars = {name: vendor.bars_of(first, last) for name in [*names, "SPXL"]}
    flags = ["--days", 2, "--end-date", last, "--source", "polygon", "--output", tools.output, *tools.common()]
    done = script(tools, ROOT / "scripts/download_all_symbols.sh", *flags)
    assert done.returncode == 0, done.stderr
    assert {path.name.partition("_")[0] for path in tools.output.glob("*.csv")} == {"TQQQ", "SQQQ", "SPXL", "SDS", "UVXY", "SVXY"}
    assert script(tools, ROOT / "tools/download_all_symbols.sh", "12", *flags).returncode == 0
    assert {path.name.partition("_")[0] for path in tools.output.glob("*.csv")} == {*names, "SPXL"}
    refused = script(tools, ROOT / "scripts/download_all_symbols.sh", "7")
    assert refused.returncode == 2 and "7 is neither 6 nor 12" in refused.stderr
    assert "TQQQ SQQQ SPXL SDS UVXY SVXY" in script(tools, ROOT / "tools/download_all_symbols.sh", "--help").stdout


def test_what_an_exchange_sim_serves_is_what_it_was_given(bar_folder, tools, monkeypatch):
    """Both vendors' routes, paged; then a day more, as update_data would have it the next evening."""
    monkeypatch.setenv("AT_NEW_YORK_NOW", AFTER[2])
    words = [os.environ["SENTIO_CLI"], "exchange-sim", "--date", "2025-07-03", "--history-days", "4", "--symbols", "SQQQ,TQQQ", "--data-dir",
             str(bar_folder), "--speed", "1000000", "--json"]
    process = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        url = json.loads(process.stdout.readline())["url"]
        (tools.folder / "config.env").write_text(
            "POLYGON_API_KEY=exchange-key\nALPACA_API_KEY=exchange-key\nALPACA_SECRET_KEY=exchange-secret\n")
        for source in ("polygon", "alpaca"):
            output = tools.folder / source
            flags = ["--exchange", url, "--output", output, "--start-date", "2025-06-27", "--end-date", "2025-07-01"]
            assert tools.run("download_historical_data", "--symbols", "SQQQ,TQQQ", "--source", source, *tools.common(), *flags,
                             common=False).code == 0
            assert tools.run("update_data", "--data-dir", output, *tools.common(), "--exchange", url, common=False).code == 0
            for symbol in ("SQQQ", "TQQQ"):
                wanted = bar_files.bar_file(bar_folder / f"{symbol}_RTH_NH.csv")
                served = bar_files.bar_file(output / f"{symbol}_RTH_NH.csv")
                assert served.equals(wanted[wanted["start"].dt.date <= date(2025, 7, 2)].reset_index(drop=True))
    finally:
        process.terminate()
        process.communicate(timeout=10)
