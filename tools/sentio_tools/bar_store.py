"""The one writer of bar files, <SYMBOL>_RTH_NH.csv[.gz], and of manifest.json, which says where each one came from.

A folder with SYNTHETIC bars is never written to, nor is a file replaced that no tool of ours wrote. Files appear whole
or not at all, whatever ends the process. One process at a time: `folder_lock`. Exit codes as sentio_cli's: what is wrong
with data or folder is a DataError (3), what cannot be written a UsageError (2), a second process a BusyError (9).

manifest.json: {"version": 1, "files": {NAME: {symbol, source, feed, adjusted, detail, first, last, rows, sessions,
sha256}}}; `first` and `last` are bar starts, `sha256` is of the file as it lies there. While a file is replaced,
"writing" holds the new one's sha256. Other keys are kept.
"""

import contextlib
import errno
import fcntl
import gzip as packing
import hashlib
import json
import os
import pathlib
import re
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from synthetic.files import is_synthetic

from .bar_files import MINUTE_NS, NUMBERS, SUFFIXES
from .days import NEW_YORK
from .errors import BusyError, DataError, UsageError

HEADER = "timestamp,open,high,low,close,volume"
MANIFEST, LOCK = "manifest.json", ".lock"
VERSION = 1
TICKER = re.compile(r"[A-Z0-9][A-Z0-9.]{0,11}")  # what sentio_cli takes


class SourceNote(NamedTuple):
    """Where bars came from, for the manifest."""

    source: str  # "alpaca", "polygon", "polygon-flat-file", "import:<layout>"
    feed: str | None  # "sip", "iex"; None: not known
    adjusted: bool | None  # for splits; None: not known, of an import
    detail: str = ""


def write_bars(folder: str | pathlib.Path, symbol: str, frame: pd.DataFrame, note: SourceNote, *,
               gzip: bool = False) -> pathlib.Path:
    """Writes one symbol's file and its row of the manifest. Same frame, same bytes.

    `frame`: start (minute starts with a time zone), open, high, low, close, volume, ascending. Makes the folder where it
    is missing. The packed or plain twin, which would contradict the new file, is removed. DataError: a row is not a
    sound bar, or the folder or file is not ours to write.
    """
    folder = pathlib.Path(folder)
    check_symbol(symbol)
    check_frame(symbol, frame)
    data = text_of(frame).encode("ascii")
    data = packing.compress(data, 6, mtime=0) if gzip else data
    file, twin = (folder / (symbol + suffix) for suffix in (reversed(SUFFIXES) if gzip else SUFFIXES))
    with folder_lock(folder):
        manifest = read_manifest(folder)
        refuse_synthetic(folder)
        for there in (file, twin):
            refuse_foreign(there, manifest)
        entry = manifest["files"].setdefault(file.name, {})
        entry["writing"] = sha256_of(data)  # so that a run killed between the two knows its own file again
        write_manifest(folder, manifest)
        write_whole(file, data)
        remove(twin)
        del entry["writing"]
        entry |= describe(symbol, frame, note) | {"sha256": sha256_of(data)}
        manifest["files"].pop(twin.name, None)
        write_manifest(folder, manifest)
    return file


def check_symbol(symbol: str) -> str:
    if not TICKER.fullmatch(symbol):
        raise UsageError(f"{symbol!r} is not a symbol like TQQQ")
    return symbol


def check_frame(where: object, frame: pd.DataFrame) -> None:
    """DataError for the first row that is not a sound bar, or where there is none."""
    absent = [name for name in ("start", *NUMBERS) if name not in frame.columns]
    if absent:
        raise DataError(where, f"the frame has no column {', '.join(absent)}")
    if frame.empty:
        raise DataError(where, "no bar to write")
    if not isinstance(frame["start"].dtype, pd.DatetimeTZDtype):
        raise DataError(where, "the column start has no time zone")
    ns = frame["start"].dt.as_unit("ns").astype("int64").to_numpy()
    bar = {name: frame[name].to_numpy(dtype="float64") for name in NUMBERS}
    finite = np.logical_and.reduce([np.isfinite(values) for values in bar.values()])
    for bad, problem in (
        (frame["start"].isna().to_numpy(), "there is no start"),
        (ns % MINUTE_NS != 0, "the start is not a full minute"),
        (np.concatenate(([False], ns[1:] <= ns[:-1])), "does not follow the bar before it"),
        (~finite, "a value is not a number"),
        (~(bar["low"] > 0), "low is not a positive price"),
        (bar["high"] < bar["low"], "high is below low"),
        ((bar["open"] < bar["low"]) | (bar["open"] > bar["high"]), "open is outside low to high"),
        ((bar["close"] < bar["low"]) | (bar["close"] > bar["high"]), "close is outside low to high"),
        (bar["volume"] < 0, "volume is negative"),
    ):
        if bad.any():
            at = int(bad.argmax())
            raise DataError(where, f"bar of {frame['start'].iloc[at]}: {problem}")


def text_of(frame: pd.DataFrame) -> str:
    stamps = [start.isoformat() for start in frame["start"].dt.tz_convert(NEW_YORK)]
    columns = [map(shortest, frame[name].to_numpy(dtype="float64").tolist()) for name in NUMBERS]
    return "\n".join([HEADER, *map(",".join, zip(stamps, *columns))]) + "\n"


def shortest(value: float) -> str:
    """The shortest text that reads back as this very number."""
    return repr(value).removesuffix(".0")


def describe(symbol: str, frame: pd.DataFrame, note: SourceNote) -> dict:
    starts = frame["start"].dt.tz_convert(NEW_YORK)
    span = {"first": starts.iloc[0].isoformat(), "last": starts.iloc[-1].isoformat()}
    return {"symbol": symbol} | note._asdict() | span | {"rows": len(frame), "sessions": int(starts.dt.date.nunique())}


def refuse_synthetic(folder: pathlib.Path) -> None:
    made_up = synthetic_files(folder)
    if made_up:
        raise DataError(folder, f"holds synthetic bars ({made_up[0].name}), which are never mixed with real ones; move "
                                "them away or name another folder")


def synthetic_files(folder: pathlib.Path) -> list[pathlib.Path]:
    return sorted(file for suffix in SUFFIXES for file in folder.glob("?*" + suffix) if is_synthetic(str(file)))


def refuse_foreign(file: pathlib.Path, manifest: dict) -> None:
    """A file that is not in the manifest, or was changed since, may be all its owner has."""
    if file.exists():
        entry = manifest["files"].get(file.name, {})
        if "sha256" not in entry and "writing" not in entry:
            raise DataError(file, f"is there, and not from these tools ({MANIFEST} does not list it); move it away")
        if sha256_of(read_bytes(file)) not in (entry.get("sha256"), entry.get("writing")):
            raise DataError(file, f"was changed since it was written ({MANIFEST} has another sha256); move it away")


def read_manifest(folder: str | pathlib.Path) -> dict:
    """{"version": 1, "files": {}} where there is none."""
    file = pathlib.Path(folder) / MANIFEST
    if not file.exists():
        return {"version": VERSION, "files": {}}
    try:
        manifest = json.loads(read_bytes(file))
    except ValueError as problem:
        raise DataError(file, f"damaged: {problem}; move it and its bar files away") from None
    files = manifest.get("files") if isinstance(manifest, dict) else None
    if not isinstance(files, dict) or not all(isinstance(entry, dict) for entry in files.values()):
        raise DataError(file, "damaged: not an object with files; move it and its bar files away")
    if manifest.get("version") != VERSION:
        raise DataError(file, f"version {manifest.get('version')!r} is not {VERSION}: written by another release")
    return manifest


def write_manifest(folder: pathlib.Path, manifest: dict) -> None:
    ordered = manifest | {"files": dict(sorted(manifest["files"].items()))}
    write_whole(folder / MANIFEST, (json.dumps(ordered, indent=1) + "\n").encode())


def sha256_of(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_bytes(file: pathlib.Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise DataError(file, problem.strerror or str(problem)) from None


def write_whole(file: pathlib.Path, data: bytes) -> None:
    """The file has its old bytes or the new ones, also after a kill, a power cut or on a full disk."""
    part = file.with_name(f".{file.name}.part")
    try:
        with open(part, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(part, file)
        sync_folder(file.parent)
    except OSError as problem:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise UsageError(f"{file}: cannot write: {problem.strerror or problem}") from None


def remove(file: pathlib.Path) -> None:
    try:
        if file.exists():
            file.unlink()
            sync_folder(file.parent)
    except OSError as problem:
        raise UsageError(f"{file}: cannot remove: {problem.strerror or problem}") from None


def sync_folder(folder: pathlib.Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


held: dict[pathlib.Path, int] = {}  # folders locked by this process, and how often


@contextlib.contextmanager
def folder_lock(folder: str | pathlib.Path) -> Iterator[None]:
    """Makes the folder and keeps other processes from writing to it. BusyError where one does. May be nested.

    The lock ends with the process, however that ends; its file stays.
    """
    place = pathlib.Path(folder).resolve()
    if place in held:
        held[place] += 1
        try:
            yield
        finally:
            held[place] -= 1
        return
    handle = take_lock(place)
    held[place] = 1
    try:
        yield
    finally:
        del held[place]
        os.close(handle)


def take_lock(folder: pathlib.Path) -> int:
    """The file handle that holds the lock."""
    handle = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666)
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as problem:
        if handle is not None:
            os.close(handle)
        if problem.errno in (errno.EWOULDBLOCK, errno.EACCES) and handle is not None:
            raise BusyError(folder, "another process writes bars here; wait for it to end") from None
        raise UsageError(f"{folder}: cannot write: {problem.strerror or problem}") from None
    return handle
