"""Polygon's flat files of minute aggregates (us_stocks_sip/minute_aggs_v1) that a user has on disk: one file a day with the
whole market, YYYY/MM/YYYY-MM-DD.csv.gz or the files side by side. Raw prices. Columns by the header line; window_start in ns.
"""

import gzip
import pathlib
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from synthetic.calendar import Session

from .bar_files import MINUTE_NS, NUMBERS, OPENING_MINUTE
from .bar_pages import Fetched, PagedBars
from .bar_store import SourceNote
from .errors import DataError
from .vendors import Batch

COLUMNS = ("ticker", "window_start", *NUMBERS)
FOLDERS = (".", "minute_aggs_v1", "us_stocks_sip/minute_aggs_v1")


class FlatFiles:
    """A day without a file is a day the vendor lacks. DataError: a file is damaged or of another kind."""

    note = SourceNote("polygon-flat-file", "sip", False)
    per_minute = 0

    def __init__(self, folder: str | pathlib.Path):
        self.folder = pathlib.Path(folder)
        self.identity = str(self.folder.resolve())
        if not self.folder.is_dir():
            raise DataError(self.folder, "no such folder of flat files")

    def batches(self, wanted: Mapping[str, Sequence[Session]]) -> Iterator[Batch]:
        """Day by day: a file is read once for all symbols."""
        for session in sorted({session for sessions in wanted.values() for session in sessions}):
            yield Batch(tuple(symbol for symbol, sessions in wanted.items() if session in sessions), (session,))

    def fetch(self, batch: Batch) -> dict[str, Fetched]:
        (session,) = batch.sessions
        file = self._file_of(session.day)
        lines = {} if file is None else lines_of(file, batch.symbols)
        fetched = {}
        for symbol in batch.symbols:
            pages = PagedBars(f"{file}: {symbol}", batch.sessions)
            rows = list(lines.get(symbol, ()))
            asked_for = [row for row in rows if not around(row[0], session)]
            pages.add(asked_for, None)
            found = pages.fetched()
            fetched[symbol] = found._replace(outside=found.outside + len(rows) - len(asked_for))
        return fetched

    def _file_of(self, day: date) -> pathlib.Path | None:
        for folder in FOLDERS:
            for name in (f"{day:%Y/%m}/{day}.csv.gz", f"{day}.csv.gz"):
                if (self.folder / folder / name).is_file():
                    return self.folder / folder / name
        return None


def around(start: object, session: Session) -> bool:
    """Of that day, before or after its session: a file holds the whole day. What else it holds is for PagedBars to refuse."""
    minute = start // MINUTE_NS - session.open_epoch_minutes if type(start) is int else 0
    return not 0 <= minute < session.minutes and 0 <= minute + OPENING_MINUTE < 24 * 60


def lines_of(file: pathlib.Path, symbols: Sequence[str]) -> dict[str, Iterator[tuple[object, tuple]]]:
    """The rows of these symbols. A day is some 100 MB of text, of which few lines are looked at."""
    try:
        data = gzip.decompress(file.read_bytes())
    except OSError as problem:
        raise DataError(file, problem.strerror or f"damaged: {problem}") from None
    except (EOFError, zlib.error) as problem:
        raise DataError(file, f"damaged: {problem}") from None
    header = data.partition(b"\n")[0].decode("ascii", errors="replace").strip().split(",")
    if header[0] != "ticker" or not set(COLUMNS) <= set(header):
        raise DataError(f"{file}:1", f"not a flat file of minute aggregates; wanted the columns {', '.join(COLUMNS)}")
    found = {}
    for symbol in symbols:
        texts = re.findall(rb"^" + re.escape(symbol.encode()) + rb",.*$", data, re.MULTILINE)
        found[symbol] = (row_of(text.decode("ascii", errors="replace").strip().split(","), header) for text in texts)
    return found


def row_of(fields: list[str], header: list[str]) -> tuple[object, tuple]:
    row = dict(zip(header, fields))
    start = row.get("window_start", "")
    return int(start) if start.isascii() and start.isdigit() else start, tuple(number(row.get(name)) for name in NUMBERS)


def number(text: str | None) -> object:
    try:
        return float(text)
    except (TypeError, ValueError):
        return text
