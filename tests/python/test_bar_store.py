"""tools/sentio_tools/bar_store.py: the files it writes, the manifest, and all that it refuses."""

import gzip
import hashlib
import json
import os
import resource
import signal
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from tools_support import ROOT, sentio

sys.path.insert(0, str(ROOT / "tools"))

import sentio_tools as st  # noqa: E402
from sentio_tools import bar_store  # noqa: E402
from sentio_tools.errors import BusyError  # noqa: E402

NOTE = bar_store.SourceNote("alpaca", "sip", False)
NAME = "AAA_RTH_NH.csv"


def frame_of(starts, **columns):
    numbers = {"open": 10.0, "high": 11.0, "low": 9.0, "close": 10.5, "volume": 100.0} | columns
    return pd.DataFrame({"start": pd.to_datetime(starts, utc=True).tz_convert("America/New_York")} | numbers)


TWO = frame_of(["2025-07-01T13:30Z", "2025-07-01T13:31Z"])


def test_writes_the_projects_layout_and_the_manifest(tmp_path):
    starts = ["2025-03-07T14:30Z", "2025-03-10T13:30Z"]  # before and after the clock change
    frame = frame_of(starts, close=[10.125, 0.1 + 9.2], volume=[1e6, 2.5])
    file = bar_store.write_bars(tmp_path / "made" / "here", "BRK.B", frame, NOTE)
    assert file.read_text().splitlines() == [
        "timestamp,open,high,low,close,volume",
        "2025-03-07T09:30:00-05:00,10,11,9,10.125,1000000",
        "2025-03-10T09:30:00-04:00,10,11,9,9.299999999999999,2.5",
    ]
    assert bar_store.read_manifest(file.parent) == {"version": 1, "files": {"BRK.B_RTH_NH.csv": {
        "symbol": "BRK.B", "source": "alpaca", "feed": "sip", "adjusted": False, "detail": "",
        "first": "2025-03-07T09:30:00-05:00", "last": "2025-03-10T09:30:00-04:00", "rows": 2, "sessions": 2,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}}}
    assert sorted(path.name for path in file.parent.iterdir()) == [".lock", "BRK.B_RTH_NH.csv", "manifest.json"]


def test_every_number_reads_back_as_itself(tmp_path):
    random = np.random.default_rng(1)
    low = np.concatenate([np.exp(random.uniform(-9, 13, 300)), np.round(random.uniform(1, 900, 300), 4)])
    starts = pd.date_range("2025-07-01T13:30Z", periods=300, freq="min").append(
        pd.date_range("2025-07-02T13:30Z", periods=300, freq="min"))
    high = low * 1.01
    frame = frame_of(starts, low=low, open=low, close=high, high=high, volume=np.floor(np.exp(random.uniform(0, 20, 600))))
    for packed in (False, True):
        read = st.bar_file(bar_store.write_bars(tmp_path, "AAA", frame, NOTE, gzip=packed))
        pd.testing.assert_frame_equal(read[list(frame.columns)], frame, check_exact=True)


def test_bars_of_the_generator_give_the_same_decisions_when_written_anew(bar_folder, tmp_path):
    for file in sorted(bar_folder.glob("*.csv")):
        bars = st.bar_file(file)
        bar_store.write_bars(tmp_path / "bars", bars.symbol[0], bars, NOTE, gzip=file.name.startswith("S"))
    for name, folder in (("own", bar_folder), ("written", tmp_path / "bars")):
        sentio("mock", "--date", "2025-07-02", "--data-dir", folder, "--log-dir", tmp_path / name, "--warmup-days", 2,
               "--symbols", "SDS,SQQQ,TQQQ", "-q")
    files = [tmp_path / name / "mock_trading" / "decisions_2025-07-02.jsonl" for name in ("own", "written")]
    assert files[0].read_bytes() == files[1].read_bytes() and files[0].stat().st_size > 0


def test_same_frame_same_bytes_and_the_twin_goes(tmp_path):
    packed = bar_store.write_bars(tmp_path, "AAA", TWO, NOTE, gzip=True)
    bytes_before = packed.read_bytes()
    assert bar_store.write_bars(tmp_path, "AAA", TWO, NOTE, gzip=True).read_bytes() == bytes_before
    plain = bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    assert not packed.exists() and plain.read_bytes() == gzip.decompress(bytes_before)
    assert list(bar_store.read_manifest(tmp_path)["files"]) == [plain.name]


def test_keeps_what_it_does_not_know_in_the_manifest(tmp_path):
    bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    file = tmp_path / "manifest.json"
    manifest = json.loads(file.read_text()) | {"mine": [1]}
    manifest["files"][NAME]["remark"] = "kept"
    file.write_text(json.dumps(manifest))
    bar_store.write_bars(tmp_path, "AAA", TWO[:1], NOTE)
    bar_store.write_bars(tmp_path, "AAB", TWO, NOTE)
    manifest = bar_store.read_manifest(tmp_path)
    assert manifest["mine"] == [1] and manifest["files"][NAME]["remark"] == "kept"
    assert manifest["files"][NAME]["rows"] == 1 and manifest["files"]["AAB_RTH_NH.csv"]["rows"] == 2


UNSOUND = {
    "no column volume": TWO.drop(columns="volume"),
    "no bar to write": TWO[:0],
    "no time zone": TWO.assign(start=TWO.start.dt.tz_localize(None)),
    "there is no start": TWO.assign(start=TWO.start.where([True, False])),
    "not a full minute": frame_of(["2025-07-01T13:30:01Z"]),
    "does not follow": pd.concat([TWO, TWO[1:]]),
    "not a number": TWO.assign(close=[10.5, np.nan]),
    "low is not a positive price": TWO.assign(low=[9.0, 0.0]),
    "high is below low": TWO.assign(high=[11.0, 8.0]),
    "open is outside": TWO.assign(open=[10.0, 12.0]),
    "close is outside": TWO.assign(close=[10.0, 8.0]),
    "volume is negative": TWO.assign(volume=[1.0, -1.0]),
}


@pytest.mark.parametrize("problem", UNSOUND)
def test_an_unsound_bar_is_refused_and_nothing_written(tmp_path, problem):
    with pytest.raises(st.DataError, match=problem):
        bar_store.write_bars(tmp_path, "AAA", UNSOUND[problem], NOTE)
    assert not list(tmp_path.iterdir())


def test_a_name_that_is_no_symbol_is_refused(tmp_path):
    for symbol in ("../AAA", "", "aaa", "A/B", ".A", "A" * 13):
        with pytest.raises(st.UsageError, match="not a symbol"):
            bar_store.write_bars(tmp_path, symbol, TWO, NOTE)


def test_synthetic_and_foreign_files_stay(tmp_path):
    (tmp_path / "BBB_RTH_NH.csv.gz").write_bytes(gzip.compress(b"# SYNTHETIC bars\n" + bar_store.HEADER.encode()))
    with pytest.raises(st.DataError, match="holds synthetic bars"):
        bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    (tmp_path / "BBB_RTH_NH.csv.gz").unlink()
    for suffix in (".csv", ".csv.gz"):
        mine = tmp_path / ("AAA_RTH_NH" + suffix)
        mine.write_text("my bars")
        with pytest.raises(st.DataError, match="not from these tools"):
            bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
        assert mine.read_text() == "my bars"
        mine.unlink()
    file = bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    file.write_text(file.read_text().replace("10.5", "10.6"))
    with pytest.raises(st.DataError, match="was changed since"):
        bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)


def test_a_manifest_that_cannot_be_read_is_refused(tmp_path):
    for text in ("", "[]", "{}", '{"version":1,"files":[]}', '{"version":1,"files":{"A":1}}', '{"version":2,"files":{}}'):
        (tmp_path / "manifest.json").write_text(text)
        with pytest.raises(st.DataError, match="manifest.json: (damaged|version)"):
            bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    assert not list(tmp_path.glob("*.csv"))


def in_another_process(act):
    """Runs `act` in a fork; returns how it ended (as subprocess does) and what it raised."""
    out, into = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            act()
        except BaseException as problem:
            os.write(into, f"{type(problem).__name__}: {problem}".encode())
        os._exit(0)
    os.close(into)
    with open(out) as stream:
        text = stream.read()
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), text


def test_a_second_process_is_refused_and_a_dead_one_is_not_in_the_way(tmp_path):
    code = "import sys; sys.path.insert(0, sys.argv[1]); from sentio_tools import bar_store as b\n"
    code += "with b.folder_lock(sys.argv[2]): pass"
    with bar_store.folder_lock(tmp_path), bar_store.folder_lock(tmp_path):
        bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
        other = subprocess.run([sys.executable, "-B", "-c", code, ROOT / "tools", tmp_path], capture_output=True, text=True)
    assert f"BusyError: {tmp_path}: another process writes bars here" in other.stderr and BusyError.exit_code == 9

    def die_with_the_lock():
        bar_store.folder_lock(tmp_path).__enter__()
        os.kill(os.getpid(), signal.SIGKILL)

    assert in_another_process(die_with_the_lock) == (-signal.SIGKILL, "")
    bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)


@pytest.mark.parametrize("packed", (False, True))
@pytest.mark.parametrize("step", range(6))
def test_killed_at_any_step_the_old_file_or_the_new_one_is_there(tmp_path, monkeypatch, step, packed):
    """Three files are replaced: manifest, bars, manifest; the process ends before or after each one's rename."""
    bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    moments, rename = iter(range(6)), os.replace

    def moment():
        if next(moments) == step:
            os.kill(os.getpid(), signal.SIGKILL)

    def replace(*names):
        moment()
        rename(*names)
        moment()

    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", replace)
        ended, _ = in_another_process(lambda: bar_store.write_bars(tmp_path, "AAA", TWO[:1], NOTE, gzip=packed))
    assert ended == -signal.SIGKILL
    assert len(st.bars(tmp_path)) in (1, 2)
    bar_store.write_bars(tmp_path, "AAA", TWO[1:], NOTE, gzip=packed)
    assert st.bars(tmp_path).start.tolist() == [TWO.start[1]]
    assert ["writing" in entry for entry in bar_store.read_manifest(tmp_path)["files"].values()] == [False]


def test_on_a_full_disk_the_old_file_stays(tmp_path):
    file = bar_store.write_bars(tmp_path, "AAA", TWO, NOTE)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def write_much():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (800, 800))
        bar_store.write_bars(tmp_path, "AAA", frame_of([f"2025-07-01T13:{m}Z" for m in range(30, 60)]), NOTE)

    assert in_another_process(write_much) == (0, f"UsageError: {file}: cannot write: File too large")
    after = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert after.keys() == before.keys() and after[file.name] == before[file.name]
    bar_store.write_bars(tmp_path, "AAA", TWO[:1], NOTE)
