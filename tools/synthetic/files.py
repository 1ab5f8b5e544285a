"""Bar files: the marker line, deterministic gzip, and never over somebody's real bars."""

import gzip
import io
import os
from typing import List

from .bars import HEADER

MARKER = "# SYNTHETIC"
SUFFIXES = ("_RTH_NH.csv", "_RTH_NH.csv.gz")


class FileRefused(Exception):
    """The output folder holds something that must not be overwritten."""


def bar_file(folder: str, symbol: str, compressed: bool) -> str:
    return os.path.join(folder, symbol + "_RTH_NH.csv" + (".gz" if compressed else ""))


def is_synthetic(path: str) -> bool:
    """True where the file's first line carries the marker."""
    opener = gzip.open if path.endswith(".gz") else open
    try:
        with opener(path, "rb") as stream:
            return stream.readline(4096).startswith(MARKER.encode())
    except (OSError, EOFError):
        return False


def check_no_real_bars(folder: str) -> None:
    """Raises FileRefused where the folder has a bar file that this tool did not write, of whatever symbol."""
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        path = os.path.join(folder, name)
        if name.endswith(SUFFIXES) and not name.startswith(".") and not is_synthetic(path):
            raise FileRefused(
                "%s holds bars that are not synthetic; move it away or name another --output folder" % path
            )


def write_bars(folder: str, symbol: str, compressed: bool, remark: str, rows: List[str]) -> str:
    """Writes one symbol's file in one step and returns its path. Same rows, same bytes."""
    text = "%s %s\n%s\n" % (MARKER, remark, HEADER) + "\n".join(rows) + "\n"
    data = text.encode("ascii")
    if compressed:
        buffer = io.BytesIO()
        # No file name and no time in the header, so that the bytes depend on the content alone.
        with gzip.GzipFile(filename="", mode="wb", compresslevel=6, fileobj=buffer, mtime=0) as stream:
            stream.write(data)
        data = buffer.getvalue()
    path = bar_file(folder, symbol, compressed)
    with open(path + ".part", "wb") as stream:
        stream.write(data)
    os.replace(path + ".part", path)
    other = bar_file(folder, symbol, not compressed)
    if os.path.exists(other):  # synthetic (see check_no_real_bars), and it would contradict this one
        os.remove(other)
    return path
