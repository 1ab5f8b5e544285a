"""Fetches bars of many symbols from one vendor into one folder: resumable, one process at a time, whole files only."""

import pathlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import NamedTuple

import pandas as pd

from synthetic import calendar
from synthetic.calendar import Session

from . import bar_store
from .bar_files import SUFFIXES, bar_file
from .bar_merge import Merged, merge
from .bar_pages import Fetched
from .days import listed
from .download_parts import COLUMNS, Parts, joined
from .errors import DataError
from .http_source import Refused
from .vendors import Batch, Vendor

AFTER_CLOSE = timedelta(minutes=20)  # free plans see consolidated bars 15 minutes late
ABOUT_THE_SYMBOL = (400, 404, 422)


class Outcome(NamedTuple):
    """Of one symbol. `problem`: nothing was written, and why."""

    symbol: str
    file: pathlib.Path | None = None
    merged: Merged | None = None
    fetched: Fetched | None = None
    problem: str = ""

    @property
    def complete(self) -> bool:
        return not self.problem and not self.merged.missing and not self.merged.kept and not self.fetched.unsound


class Options(NamedTuple):
    gzip: bool | None = None  # None: as the file that is there, else plain
    up_to_hole: bool = False  # see merge
    replace_synthetic: bool = False


def finished(session: Session, now: float) -> bool:
    """Over long enough for a vendor to hand it out."""
    end = datetime.fromtimestamp((session.open_epoch_minutes + session.minutes) * 60, timezone.utc)
    return datetime.fromtimestamp(now, timezone.utc) >= end + AFTER_CLOSE


def download(folder: pathlib.Path, vendor: Vendor, wanted: Mapping[str, Sequence[Session]], options: Options,
             report: Callable[[Outcome], None], step: Callable[[str, int, int], None] = lambda *_: None) -> None:
    """`report` hears of each symbol when its file is there; `step` of each finished batch: symbol, how many, of how many.

    All that can be refused is refused before anything is asked for. SourceError: the vendor cannot be used; what is
    finished stays, and the same request goes on from there.
    """
    with bar_store.folder_lock(folder):
        if options.replace_synthetic:
            for file in bar_store.synthetic_files(folder):
                bar_store.remove(file)
        bar_store.refuse_synthetic(folder)
        for symbol, sessions in wanted.items():
            check_target(folder, symbol, sessions, vendor.note)
        parts = Parts(folder, vendor)
        parts.open()
        Work(folder, vendor, wanted, options, report, step, parts).run()
        parts.close(wanted)


def check_target(folder: pathlib.Path, symbol: str, sessions: Sequence[Session], note: bar_store.SourceNote) -> None:
    """DataError where the file that is there cannot be continued with these sessions from this source."""
    manifest = bar_store.read_manifest(folder)
    bar_store.check_symbol(symbol)
    for suffix in SUFFIXES:
        bar_store.refuse_foreign(folder / (symbol + suffix), manifest)
    file = file_there(folder, symbol)
    if file is None:
        return
    entry = manifest["files"].get(file.name, {})
    ours = (note.source, note.feed, note.adjusted, note.detail)
    theirs = tuple(entry.get(name) for name in ("source", "feed", "adjusted", "detail"))
    if theirs != ours:
        told = [" ".join(f"{name}={value}" for name, value in zip(("source", "feed", "adjusted", "detail"), values) if value != "")
                for values in (theirs, ours)]
        raise DataError(file, f"holds bars of another source ({told[0]}; now {told[1]}); move it away or name another folder")
    days = bar_file(file)["start"].dt.date
    first, last = days.iloc[0], days.iloc[-1]
    asked = [session.day for session in sessions]
    if note.adjusted and not (asked[0] <= first and last <= asked[-1]):
        raise DataError(file, f"holds adjusted bars of {first} to {last}; a split since would leave two scales in one file. "
                              "Download the whole range anew")
    between = gap(first, last, asked)
    if between:
        raise DataError(file, f"holds {first} to {last}; {listed(between)} would be missing beside {asked[0]} to {asked[-1]}. "
                              "Ask for a range that meets it")


def gap(first: date, last: date, asked: Sequence[date]) -> list[date]:
    """Sessions between what a file holds and what is asked for."""
    if asked[0] > last:
        low, high = last, asked[0]
    elif asked[-1] < first:
        low, high = asked[-1], first
    else:
        return []
    return [s.day for s in calendar.sessions_between(low, high) if low < s.day < high]


def file_there(folder: pathlib.Path, symbol: str) -> pathlib.Path | None:
    return next((folder / (symbol + suffix) for suffix in SUFFIXES if (folder / (symbol + suffix)).exists()), None)


class Work:
    """One pass over the batches; a symbol's file is written as soon as its last one is there."""

    def __init__(self, folder, vendor, wanted, options, report, step, parts):
        self._folder, self._vendor, self._wanted, self._options = folder, vendor, wanted, options
        self._report, self._step, self._parts = report, step, parts
        self._batches = list(vendor.batches(wanted))
        self._refused: set[str] = set()

    def run(self) -> None:
        left = {symbol: sum(symbol in batch.symbols for batch in self._batches) for symbol in self._wanted}
        for at, batch in enumerate(self._batches, 1):
            self._fetch(batch)
            self._step(batch.symbols[0], at, len(self._batches))
            for symbol in batch.symbols:
                left[symbol] -= 1
                if left[symbol] == 0 and symbol not in self._refused:
                    self._finish(symbol)

    def _fetch(self, batch: Batch) -> None:
        absent = tuple(s for s in batch.symbols if s not in self._refused and self._parts.read(s, batch) is None)
        if not absent:
            return
        try:
            for symbol, fetched in self._vendor.fetch(batch._replace(symbols=absent)).items():
                self._parts.write(symbol, batch, fetched)
        except DataError as problem:
            self._refuse(absent, str(problem))
        except Refused as problem:
            if problem.status not in ABOUT_THE_SYMBOL or "subscription" in str(problem):
                raise
            self._refuse(absent, f"{', '.join(absent)}: {problem}")

    def _refuse(self, symbols: Sequence[str], problem: str) -> None:
        for symbol in symbols:
            self._refused.add(symbol)
            self._report(Outcome(symbol, problem=problem))

    def _finish(self, symbol: str) -> None:
        parts = [self._parts.read(symbol, batch) for batch in self._batches if symbol in batch.symbols]
        if None in parts:
            raise DataError(self._folder, f"a part of {symbol} has gone; run the same command again")
        fetched = joined(parts)
        file = file_there(self._folder, symbol)
        old = bar_file(file)[COLUMNS] if file else fetched.frame[:0]
        merged = merge(old, fetched.frame, [s.day for s in self._wanted[symbol]], up_to_hole=self._options.up_to_hole)
        if fetched.frame.empty and not file:
            self._report(Outcome(symbol, problem=f"{symbol}: {self._vendor.note.source} has no bar of it in this range"))
        else:
            packed = file is not None and file.suffix == ".gz" if self._options.gzip is None else self._options.gzip
            if file is None or changed(old, merged.frame) or packed != (file.suffix == ".gz"):
                file = bar_store.write_bars(self._folder, symbol, merged.frame, self._vendor.note, gzip=packed)
            self._report(Outcome(symbol, file, merged, fetched))


def changed(old: pd.DataFrame, new: pd.DataFrame) -> bool:
    return not old.reset_index(drop=True).equals(new.reset_index(drop=True))
