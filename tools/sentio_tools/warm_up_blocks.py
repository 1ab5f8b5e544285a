"""The bars that teach the learners: whole sessions ("blocks") out of a folder of bar files, for `warmup-multi`.

Two shapes: one file of many symbols, ordered by time, then symbol, and a folder of one file per symbol. Prices and
volumes read back as the numbers of the source, whatever its layout; same bars, same bytes. Errors are ToolErrors.
"""

import pathlib
import warnings
from collections.abc import Iterator
from datetime import date

import pandas as pd

from last_session import last_date
from synthetic import calendar, files
from synthetic.bars import bar_id

from . import bar_store
from .bar_files import SUFFIXES, bars, find_bar_file
from .days import NEW_YORK, listed
from .download_command import last_finished
from .errors import DataError, DataWarning, UsageError

MARK = "# warm-up blocks"  # begins a file of many symbols that we may replace
HEADER = "symbol,timestamp,open,high,low,close,volume,bar_id"
MINUTE_S = 60


def sessions_before(day: date, blocks: int) -> list[date]:
    """The `blocks` sessions of the exchange before `day`, in order."""
    return counted_back(date.fromordinal(day.toordinal() - 1), blocks)


def last_sessions(folder: pathlib.Path, symbols: list[str], blocks: int, now: float) -> list[date]:
    """The `blocks` sessions up to the last one that any of the symbols has and that is over `now`, epoch seconds."""
    ends = {}
    for symbol in symbols:
        file = find_bar_file(folder, symbol)
        try:
            ends[file] = last_date(str(file))
        except (OSError, EOFError) as problem:
            raise DataError(file, f"damaged: {problem}") from None
    known = [day for day in ends.values() if day and calendar.covers(day)]
    if not known:
        raise DataError(folder, f"no bar of {' '.join(symbols)}")
    return counted_back(min(max(known), last_finished(now).day), blocks)


def counted_back(last: date, blocks: int) -> list[date]:
    try:
        return [session.day for session in calendar.sessions_counted(last, blocks, -1)]
    except ValueError as problem:
        raise UsageError(f"{blocks} sessions up to {last}: {problem}") from None


def read_blocks(folder: pathlib.Path, symbols: list[str], sessions: list[date]) -> pd.DataFrame:
    """`bars` of these sessions. DataError names the sessions that a symbol lacks: a hole must not be learned as whole."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DataWarning)  # said below, as an error
        frame = bars(folder, symbols, sessions[0], sessions[-1])
    missing = {symbol: days for symbol, days in frame.attrs["missing_days"].items() if days}
    if missing:
        named = "; ".join(f"{symbol} has no bar of {listed(days)}" for symbol, days in missing.items())
        raise DataError(folder, f"{named}; nothing was written")
    return frame


def write_file(file: pathlib.Path, frame: pd.DataFrame, sessions: list[date]) -> None:
    """One file of many symbols. Replaces only what this function wrote."""
    if file.exists() and not begins_with_mark(file):
        raise UsageError(f"{file}: is there, and is no file of warm-up blocks; name another --output")
    ordered = frame.sort_values(["start", "symbol"], kind="stable")
    synthetic = ["# SYNTHETIC bars, not market data"] if frame.attrs["synthetic"] else []
    lines = [f"{MARK}: {span(sessions)}", *synthetic, HEADER]
    lines += [f"{symbol},{row}" for symbol, row in zip(ordered["symbol"], rows(ordered))]
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageError(f"{file}: cannot write: {problem.strerror}") from None
    bar_store.write_whole(file, ("\n".join(lines) + "\n").encode("ascii"))


def begins_with_mark(file: pathlib.Path) -> bool:
    try:
        with open(file, "rb") as stream:
            return stream.read(len(MARK)) == MARK.encode()
    except OSError as problem:
        raise UsageError(f"{file}: {problem.strerror}") from None


def write_folder(folder: pathlib.Path, source: pathlib.Path, frame: pd.DataFrame, sessions: list[date]) -> None:
    """One file per symbol, each by the writer of its kind: synthetic bars keep their mark, real ones get a manifest."""
    if folder.resolve() == source.resolve():
        raise UsageError(f"{folder}: is the folder the bars come from; name another --output")
    symbols = list(dict.fromkeys(frame["symbol"]))
    write = write_synthetic if frame.attrs["synthetic"] else write_real
    write(folder, source, {symbol: frame[frame["symbol"] == symbol] for symbol in symbols}, sessions)


def write_synthetic(folder, source, frames: dict[str, pd.DataFrame], sessions) -> None:
    try:
        files.check_no_real_bars(str(folder))
        folder.mkdir(parents=True, exist_ok=True)
        for symbol, frame in frames.items():
            files.write_bars(str(folder), symbol, False, f"bars, not market data: {span(sessions)}", list(rows(frame)))
    except files.FileRefused as problem:
        raise UsageError(str(problem)) from None
    except OSError as problem:
        raise UsageError(f"{folder}: cannot write: {problem.strerror}") from None


def write_real(folder, source, frames: dict[str, pd.DataFrame], sessions) -> None:
    known = bar_store.read_manifest(source)["files"]
    with bar_store.folder_lock(folder):
        for symbol, frame in frames.items():
            bar_store.write_bars(folder, symbol, frame, note_of(known, symbol, sessions))


def note_of(manifest_files: dict[str, dict], symbol: str, sessions: list[date]) -> bar_store.SourceNote:
    """Where the source's manifest says its bars came from; bars put there by hand have no entry."""
    entries = [manifest_files[symbol + suffix] for suffix in SUFFIXES if symbol + suffix in manifest_files]
    entry = entries[0] if entries else {}
    return bar_store.SourceNote(entry.get("source", "import:blocks"), entry.get("feed"), bool(entry.get("adjusted")),
                                f"{span(sessions)} of {entry.get('detail') or 'a folder of bars'}")


def rows(frame: pd.DataFrame) -> Iterator[str]:
    """timestamp,open,high,low,close,volume,bar_id of every row."""
    minutes = (frame["start"].dt.as_unit("ns").astype("int64") // (MINUTE_S * 10**9)).tolist()
    stamps = frame["start"].dt.tz_convert(NEW_YORK)
    numbers = [frame[name].tolist() for name in ("open", "high", "low", "close", "volume")]
    for symbol, minute, stamp, *values in zip(frame["symbol"], minutes, stamps, *numbers):
        yield ",".join([stamp.isoformat(), *map(bar_store.shortest, values), str(bar_id(symbol, minute))])


def span(sessions: list[date]) -> str:
    return f"{len(sessions)} sessions, {sessions[0]} to {sessions[-1]}"
