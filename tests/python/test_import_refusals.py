"""tools/import_bars.py where something is missing or wrong: one line, an exit code, and no file."""

import gzip
import json
import os
import resource
import shutil
import subprocess
import sys

import pytest

import import_support as made
from import_tool import tool  # noqa: F401  (a fixture)
from sentio_tools import bar_store
from tools_support import ROOT

BARS = made.made_up()
FIRST_DAYS = [bar for bar in BARS if bar.start.date() in list(made.LENGTHS)[:3]]
FIRSTRATE = "%Y-%m-%d %H:%M:%S"
ALPACA = {"x.csv": made.alpaca_py({"TQQQ": FIRST_DAYS})}


def expect_refused(done, code, *texts):
    assert (done.code, done.out) == (code, ""), done.err
    assert done.err.count("\n") == 1, done.err
    for text in texts:
        assert text in done.err
    assert not list(done.folder.glob("*_RTH_NH.csv*"))


def later(bars, **delay):
    return [bar._replace(start=bar.start + made.timedelta(**delay)) for bar in bars]


# --- the clock --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("zone", ("America/New_York", "UTC", "America/Chicago", "Europe/Berlin", "Etc/GMT+5"))
def test_a_zone_that_is_not_said_is_asked_for_with_the_likely_one(tool, zone):
    rows = [f"{b.wall(FIRSTRATE, made.ZoneInfo(zone))},{b.numbers}" for b in BARS]
    file = {"TQQQ.csv": made.lines("datetime,open,high,low,close,volume", rows)}
    expect_refused(tool(file), 2, f"its times say no zone; add --timezone {zone} (it puts 100 % of the volume into sessions)")
    assert tool(file, "--timezone", zone).code == 0


def test_without_a_header_the_layout_may_say_the_zone(tool):
    file = {"TQQQ.txt": made.headerless(FIRST_DAYS, FIRSTRATE)}
    expect_refused(tool(file), 2, "--timezone America/New_York", "or --layout firstrate, if it is of FirstRate Data")


def test_a_zone_that_the_file_says_is_not_asked_about(tool):
    expect_refused(tool(ALPACA, "--timezone", "UTC"), 2, "says its time zone itself (offset); leave --timezone out")
    expect_refused(tool(ALPACA, "--timezone", "Mars/North"), 2, "'Mars/North' is not a time zone like America/New_York")


@pytest.mark.parametrize("hours, seen", ((-4, "05:30 to 11:59"), (4, "13:30 to 19:59"), (-1, "08:30 to 14:59")))
def test_rows_at_other_hours_are_a_wrong_clock(tool, hours, seen):
    done = tool({"x.csv": made.alpaca_py({"TQQQ": later(BARS, hours=hours)})})
    expect_refused(done, 3, "its clock is not New York's: on 82 of 82 days of TQQQ", f"the first 2025-03-07 ({seen})",
                   f"{abs(hours)} hours {'early' if hours < 0 else 'late'}; correct its times")


def test_a_zone_that_is_wrong_is_refused(tool):
    file = {"TQQQ.txt": made.headerless(BARS, FIRSTRATE)}
    expect_refused(tool(file, "--timezone", "America/Chicago"), 3, "1 hours late; another --timezone")


def test_summer_time_left_out_is_seen(tool):
    """Eastern Standard Time the whole year, taken for New York's: right in winter only."""
    rows = [f"{b.wall(FIRSTRATE, made.ZoneInfo('Etc/GMT+5'))},{b.numbers}" for b in BARS]
    done = tool({"TQQQ.txt": made.lines("", rows)}, "--layout", "firstrate")
    expect_refused(done, 3, "on 81 of 82 days of TQQQ, the first 2025-03-10 (08:30 to 14:59)")


WHOLE_DAYS = made.made_up(lengths=dict(list(made.LENGTHS.items())[:3]), minutes=range(390))
OPENS, LAST = WHOLE_DAYS[::390], WHOLE_DAYS[389::390]
EXTENDED = WHOLE_DAYS + [bar._replace(volume=50) for bar in later(OPENS, minutes=-20) + later(OPENS, minutes=-1)]
EXTENDED += [bar._replace(volume=9_000_000) for bar in later(LAST, minutes=1)]  # the auction, a fifth of the day


@pytest.mark.parametrize("extended", (False, True))
def test_end_stamps_are_refused_until_somebody_says_so(tool, extended):
    bars = EXTENDED if extended else BARS
    file = {"x.csv": made.alpaca_py({"TQQQ": later(bars, minutes=1)})}
    expect_refused(tool(file), 2, "stamps look like ends of minutes", "add --stamp end")
    assert tool(file, "--stamp", "end").code == 0


def test_extended_hours_and_a_closing_auction_are_no_wrong_clock(tool):
    assert tool({"x.csv": made.alpaca_py({"TQQQ": EXTENDED})}).code == 0


def test_a_stamp_is_asked_for_where_neither_rows_nor_vendor_say(tool):
    middle = made.made_up(minutes=(60, 61, 62))
    rows = [f"{b.start.isoformat()},{b.numbers}" for b in middle]
    file = {"TQQQ.csv": made.lines("datetime,open,high,low,close,volume", rows)}
    expect_refused(tool(file), 2, "does not say whether its stamps are starts or ends", "add --stamp start or --stamp end")


def test_starts_are_not_taken_for_ends(tool):
    expect_refused(tool(ALPACA, "--stamp", "end"), 3, "--stamp end, but stamps look like starts: 3 of 3 sessions")


# --- files ------------------------------------------------------------------------------------------------------------


def cut(data, share=0.6):
    return data[: int(len(data) * share)]


TABLE = made.alpaca_py({"TQQQ": FIRST_DAYS})
DAMAGE = {
    "cut gzip": (cut(gzip.compress(TABLE)), "damaged or cut off"),
    "cut zip": (cut(made.zipped({"TQQQ.csv": TABLE})), "damaged, cut off or locked"),
    "damaged zip": (made.zipped({"TQQQ.csv": TABLE}).replace(b"PK\x05\x06", b"PK\x05\x07"), "damaged, cut off or locked"),
    "hole in a zip": (b"PK\x03\x04" + made.zipped({"TQQQ.csv": TABLE})[60:], "damaged, cut off or locked"),
    "cut JSON": (cut(made.alpaca_json({"TQQQ": FIRST_DAYS})), "damaged or cut off"),
    "no Parquet": (b"PAR1 and nothing else", "damaged or cut off"),
    "cut row": (TABLE[:-30], "is cut off"),
    "nothing": (b"", "is empty"),
    "blank": (b"\n\n", "is empty"),
    "a remark": (b"# one\n", "has no row"),
    "a header": (b"symbol,timestamp,open,high,low,close,volume,trade_count,vwap\n", "has no row below its header"),
    "another header": (b"a,b,c\n1,2,3\n", "unknown layout 'a,b,c'; known: sentio, alpaca, polygon"),
    "no volume": (b"time,open,high,low,close\n1,2,3,4,5\n", "it has no column volume"),
    "a page": (b"<html>no</html>\n", "unknown layout"),
    "bytes": (bytes(range(1, 10)) + bytes(range(128, 256)) + b"\n", "unknown layout '????"),
    "other JSON": (b'{"status": "ERROR", "error": "no"}', "has neither results (Polygon) nor bars (Alpaca)"),
    "JSON without bars": (b'{"bars": {}}', "has no row"),
    "JSON of numbers": (b'{"bars": [1, 2]}', "its bars are not lists of objects"),
    "too wide": (TABLE + b"1,2,3,4,5,6,7,8,9,10,11\n", "Expected 9 fields"),
}


@pytest.mark.parametrize("case", DAMAGE)
def test_a_damaged_file_is_named(tool, case):
    data, text = DAMAGE[case]
    done = tool({"TQQQ.dat": data})
    assert "TQQQ.dat" in done.err
    expect_refused(done, 3, text)


def changed(old, new, row=3):
    rows = TABLE.decode().splitlines()
    assert old in rows[row], rows[row]
    rows[row] = rows[row].replace(old, new, 1)
    return "\n".join(rows).encode() + b"\n"


ROWS = {
    "text": (changed(str(FIRST_DAYS[2].close), "ten"), "x.csv:4: '", "close is not a number"),
    "nothing": (changed(str(FIRST_DAYS[2].close), ""), "close is not a number"),
    "NaN": (changed(str(FIRST_DAYS[2].close), "nan"), "close is not a number"),
    "high below low": (changed(str(FIRST_DAYS[2].high), "1.5"), "high is below low"),
    "negative": (changed(str(FIRST_DAYS[2].low), "-2"), "low is not a positive price"),
    "no time": (changed("2025-03-07 20:58", "2025-13-07 20:58"), "no such time"),
    "no clock": (changed("2025-03-07 20:58:00+00:00", "2025-03-07"), "a day without a clock"),
    "seconds": (changed("20:58:00", "20:58:01"), "not on a full minute"),
    "words": (changed("2025-03-07", "yesterday"), "neither a date with a clock nor an epoch"),
    "another zone": (changed("+00:00", " Mars/North"), "'Mars/North' is not a time zone"),
    "symbol": (changed("TQQQ", "../X"), "no symbol like TQQQ"),
    "twice": (TABLE + changed(str(FIRST_DAYS[2].close), str(FIRST_DAYS[2].open)).splitlines()[3] + b"\n",
              "TQQQ 2025-03-07 15:58:00-05:00: other numbers than in", "x.csv:4; keep one of them"),
}


@pytest.mark.parametrize("case", ROWS)
def test_a_damaged_row_is_named_by_its_line(tool, case):
    data, *texts = ROWS[case]
    done = tool({"x.csv": data})
    expect_refused(done, 2 if case == "another zone" else 3, *texts)


def test_bars_that_are_not_of_one_minute_are_refused(tool):
    five = [later([BARS[0]], minutes=5 * n)[0] for n in range(20)]
    expect_refused(tool({"x.csv": made.alpaca_py({"TQQQ": five})}), 3, "rows of TQQQ are 5 minutes apart")
    days = [b for b in BARS if (b.start.hour, b.start.minute) == (9, 30)]
    expect_refused(tool({"x.csv": made.alpaca_py({"TQQQ": days})}), 3, "rows of TQQQ are a day apart")


def test_databento_of_hours_or_of_many_venues_is_refused(tool):
    expect_refused(tool({"x.csv": made.databento({"TQQQ": FIRST_DAYS}, True, rtype=34)}), 3, "x.csv:2: ", "rtype is not 33")
    two = made.databento({"TQQQ": FIRST_DAYS}, True, publishers=(2, 39))
    expect_refused(tool({"x.csv": two}), 3, "TQQQ has bars of 2 venues")


def test_the_instrument_is_asked_for_or_must_be_there(tool):
    plain = {"2025.csv": made.yfinance_old(FIRST_DAYS)}
    expect_refused(tool(plain), 2, "neither its rows nor its name say the instrument; add --symbol TQQQ")
    assert tool(plain, "--symbol", "tqqq", "--dry-run").code == 0
    expect_refused(tool(ALPACA, "--symbol", "SQQQ"), 2, "says that it holds TQQQ, not SQQQ")
    expect_refused(tool(ALPACA, "--only", "SQQQ,TQQQ"), 3, "hold no bar of SQQQ")
    many = made.polygon_flat({f"A{chr(65 + n // 26)}{chr(65 + n % 26)}": FIRST_DAYS for n in range(51)})
    expect_refused(tool({"day.csv.gz": many}), 2, "holds 51 instruments; name those you want: --only")


def test_of_a_flat_file_only_the_rows_asked_for_are_read_and_their_lines_known(tool):
    text = gzip.decompress(made.polygon_flat({"SQQQ": FIRST_DAYS, "TQQQ": FIRST_DAYS, "ZZZ": FIRST_DAYS})).decode()
    rows = text.splitlines()
    rows[2] = "SQQQ,not a row at all"
    other = made.polygon_flat({"SQQQ": FIRST_DAYS})  # a day on which the instrument did not trade
    files = {"a.csv": "\n".join(rows).encode() + b"\n", "b.csv.gz": other}
    assert tool(files, "--only", "TQQQ", "--dry-run").code == 0
    rows[17] = rows[17].replace(str(FIRST_DAYS[4].close), "ten")
    expect_refused(tool({"a.csv": "\n".join(rows).encode() + b"\n"}, "--only", "TQQQ"), 3, "a.csv:18: 'TQQQ,", "close is not")
    rows[17] = rows[17].replace(",", ",\r", 1)
    expect_refused(tool({"a.csv": "\n".join(rows).encode() + b"\n"}, "--only", "TQQQ"), 3, "a quote or a line end within a row")


def test_sources_and_kinds_are_not_mixed(tool):
    two = {"TQQQ.csv": made.yfinance_old(FIRST_DAYS[:4]), "x.csv": made.alpaca_py({"TQQQ": FIRST_DAYS[4:]})}
    expect_refused(tool(two), 3, "TQQQ comes in the layouts yfinance and alpaca; import one source")
    kinds = {f"{kind}.json": made.polygon_json("TQQQ", FIRST_DAYS, kind) for kind in (True, False)}
    expect_refused(tool(kinds), 3, "some of the files are adjusted for splits and some are not")
    marked = made.lines("# SYNTHETIC bars\ntimestamp,open,high,low,close,volume",
                        [f"{b.start.isoformat()},{b.numbers}" for b in FIRST_DAYS])
    expect_refused(tool({"TQQQ_RTH_NH.csv": marked}), 3, "is marked SYNTHETIC")


def test_a_layout_that_is_named_must_be_the_files(tool):
    expect_refused(tool(ALPACA, "--layout", "kibot"), 3, "is not of the layout kibot")
    assert tool(ALPACA, "--layout", "nonsense").code == 2


def test_a_missing_file_and_an_empty_folder_are_named(tool, tmp_path):
    expect_refused(tool({}, tmp_path / "absent.csv"), 3, "absent.csv: No such file or directory")
    (tmp_path / "empty").mkdir()
    expect_refused(tool({}, tmp_path / "empty"), 3, "empty: has no file")


def test_what_may_be_cut_off_or_has_more_pages_is_warned_of(tool):
    done = tool({"x.csv": TABLE[:-1]}, "--dry-run")
    assert (done.code, done.err.count("warning")) == (0, 1) and "the last row has no line end" in done.err
    page = json.dumps({"bars": made.alpaca_raw({"TQQQ": FIRST_DAYS}), "next_page_token": "abc"}).encode()
    done = tool({"x.json": page}, "--dry-run")
    assert done.code == 0 and "there are further pages" in done.err


# --- writing ----------------------------------------------------------------------------------------------------------


def contents(folder):
    return {f.name: f.read_bytes() for f in folder.iterdir() if f.name != bar_store.LOCK} if folder.exists() else {}


def test_a_dry_run_writes_nothing(tool):
    done = tool(ALPACA, "--dry-run")
    assert done.code == 0 and "TQQQ: alpaca" in done.out and done.out.endswith("dry run: nothing is written\n")
    said = json.loads(tool(ALPACA, "--dry-run", "--json").out)
    assert (said["written"], said["checks"], said["instruments"][0]["rows"]) == ([], None, 12)
    assert not done.folder.exists()


@pytest.mark.parametrize("flag", ((), ("--gzip",)))
def test_nothing_is_overwritten_without_force(tool, flag):
    before = contents(tool(ALPACA).folder)
    other = {"y.csv": made.alpaca_py({"SQQQ": FIRST_DAYS, "TQQQ": FIRST_DAYS[1:]})}
    done = tool(other, *flag)
    assert done.code == 2 and "TQQQ_RTH_NH.csv: there already; --force replaces" in done.err
    assert contents(done.folder) == before  # SQQQ neither
    done = tool(other, "--force", *flag)
    assert done.code == 0 and set(contents(done.folder)) == {
        f"{s}_RTH_NH.csv{'.gz' * bool(flag)}" for s in ("SQQQ", "TQQQ")} | {"manifest.json"}


def test_a_file_of_ones_own_is_not_replaced_by_force_either(tool):
    folder = tool(ALPACA, "--dry-run").folder
    folder.mkdir()
    (folder / "TQQQ_RTH_NH.csv").write_text("mine\n")
    done = tool(ALPACA, "--force")
    assert done.code == 3 and "not from these tools" in done.err
    assert contents(folder) == {"TQQQ_RTH_NH.csv": b"mine\n"}


def test_the_folder_is_locked_from_the_first_look_to_the_last_file(tool, monkeypatch):
    locked = []

    def write(folder, *arguments, **more):
        locked.append(folder.resolve() in bar_store.held)
        return bar_store.write_bars(folder, *arguments, **more)

    monkeypatch.setattr("sentio_tools.importing.command.write_bars", write)
    assert tool({"x.csv": made.alpaca_py({"SQQQ": FIRST_DAYS[1:], "TQQQ": FIRST_DAYS})}).code == 0
    assert locked == [True, True]


def test_findings_of_the_checks_are_the_exit_code(tool):
    gap = [bar for bar in BARS if bar.start.date() != list(made.LENGTHS)[5]]
    done = tool({"x.csv": made.alpaca_py({"TQQQ": gap})})
    assert done.code == 3 and "missing sessions: 2025-03-14" in done.out and "missing_session" in done.out
    assert (done.folder / "TQQQ_RTH_NH.csv").exists()


def test_without_the_binary_the_reader_checks_and_says_so(tool, monkeypatch):
    monkeypatch.setattr("sentio_tools.importing.verifying.BUILT", ())
    monkeypatch.setenv("PATH", "/nowhere")
    monkeypatch.delenv("SENTIO_CLI")
    done = tool(ALPACA)
    assert done.code == 0 and "checked by the Python reader (sentio_cli is not built here" in done.out
    assert "12 rows read back" in done.out
    monkeypatch.setenv("SENTIO_CLI", "/nowhere/sentio_cli")
    shutil.rmtree(done.folder)
    expect_refused(tool(ALPACA), 2, "SENTIO_CLI=/nowhere/sentio_cli is no program")


@pytest.fixture
def script(tmp_path):
    """The script itself, in a process of its own."""
    (tmp_path / "x.csv").write_bytes(made.alpaca_py({"TQQQ": BARS, "SQQQ": made.made_up(16.5)}))

    def start(*arguments, **more):
        command = [sys.executable, ROOT / "tools" / "import_bars.py", tmp_path / "x.csv", "--output", tmp_path / "output"]
        return subprocess.Popen([*command, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **more)

    return start


def test_a_full_disk_leaves_no_half_file(script, tmp_path):
    process = script(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000)))
    _, err = process.communicate()
    assert process.returncode == 2 and "cannot write: File too large" in err
    assert err.count("\n") == 1, err
    assert set(contents(tmp_path / "output")) <= {"manifest.json"}


def test_two_processes_at_once_never_mix(script, tmp_path):
    both = [script(), script()]
    results = [(process.communicate()[1], process.returncode) for process in both]
    codes = sorted(code for _, code in results)
    assert codes[0] == 0 and codes[1] in (2, 9), results  # the other came too late, or while the first wrote
    assert set(contents(tmp_path / "output")) == {"SQQQ_RTH_NH.csv", "TQQQ_RTH_NH.csv", "manifest.json"}


def test_a_folder_that_another_process_writes_to_is_left_alone(script, tmp_path):
    with bar_store.folder_lock(tmp_path / "output"):
        process = script()
        _, err = process.communicate()
    assert process.returncode == 9 and "another process writes bars here" in err
    assert contents(tmp_path / "output") == {}


def test_the_terminal_that_went_away_is_no_failure(script):
    process = script("--dry-run")
    process.stdout.close()
    assert process.wait() == 0 and process.stderr.read() == ""
    assert os.environ["SENTIO_CLI"]
