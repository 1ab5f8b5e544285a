"""What a download has fetched so far: one small file per symbol and batch in OUTPUT/.download, each whole or absent.

A run that was killed goes on with the same request: finished parts are not asked for again. Parts of other requests,
and parts older than a day, which a vendor may have revised meanwhile, are dropped.
"""

import hashlib
import json
import pathlib
import shutil
import time
from collections.abc import Iterable

import pandas as pd

from .bar_files import bar_file
from .bar_pages import Fetched
from .bar_store import HEADER, text_of, write_whole
from .errors import DataError, UsageError
from .vendors import Batch, Vendor

FOLDER = ".download"
AGE_MAX_S = 24 * 3600
MARK = "# "
COLUMNS = ["start", *HEADER.split(",")[1:]]


class Parts:
    """Of one request to one vendor. The folder's lock must be held."""

    def __init__(self, output: pathlib.Path, vendor: Vendor):
        request = json.dumps([1, vendor.identity, vendor.note.source, vendor.note.feed, vendor.note.adjusted])
        self._all = output / FOLDER
        self._folder = self._all / hashlib.sha256(request.encode()).hexdigest()[:16]

    def open(self, now: float | None = None) -> None:
        """Makes the folder and drops what is stale. `now`: epoch seconds."""
        now = time.time() if now is None else now
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for other in self._all.iterdir():
                if other != self._folder and now - other.stat().st_mtime > AGE_MAX_S:
                    shutil.rmtree(other)
            for part in self._folder.iterdir():
                if part.name.endswith(".part") or not 0 <= now - part.stat().st_mtime + 60 <= AGE_MAX_S:
                    part.unlink()
        except OSError as problem:
            raise UsageError(f"{self._folder}: cannot write: {problem.strerror}") from None

    def read(self, symbol: str, batch: Batch) -> Fetched | None:
        """None where it is not there, or damaged."""
        file = self._file(symbol, batch)
        try:
            with open(file, encoding="ascii") as stream:
                about = json.loads(stream.readline().removeprefix(MARK))
            frame = bar_file(file)[COLUMNS]
            if len(frame) != about["rows"]:
                return None
            return Fetched(frame, about["outside"], about["repeated"], tuple(about["unsound"]))
        except (OSError, ValueError, LookupError, TypeError, DataError):
            return None

    def write(self, symbol: str, batch: Batch, fetched: Fetched) -> None:
        about = fetched._asdict() | {"frame": None, "rows": len(fetched.frame)}
        text = MARK + json.dumps(about) + "\n" + text_of(fetched.frame)
        write_whole(self._file(symbol, batch), text.encode("ascii"))

    def close(self, symbols: Iterable[str]) -> None:
        """All that was asked for has been answered: the parts of `symbols` go, and the folders where nothing is left."""
        for symbol in symbols:
            for part in self._folder.glob(f"{symbol}_*"):
                part.unlink(missing_ok=True)
        for folder in (self._folder, self._all):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()

    def _file(self, symbol: str, batch: Batch) -> pathlib.Path:
        return self._folder / f"{symbol}_{batch.sessions[0].day}_{batch.sessions[-1].day}.csv"


def joined(parts: list[Fetched]) -> Fetched:
    """In the order given."""
    frames = [part.frame for part in parts if not part.frame.empty] or [parts[0].frame]
    unsound = tuple(text for part in parts for text in part.unsound)
    return Fetched(pd.concat(frames, ignore_index=True), sum(p.outside for p in parts), sum(p.repeated for p in parts), unsound)
