"""Files of one JSON object a line, as sentio_cli writes them."""

import json
import pathlib
import warnings
from typing import NamedTuple

from .errors import DataError, DataWarning


class Row(NamedTuple):
    """One object and where it stands; `line` counts from 1."""

    file: pathlib.Path
    line: int
    values: dict

    @property
    def where(self) -> str:
        return f"{self.file}:{self.line}"


def read_bytes(file: pathlib.Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as problem:
        raise DataError(file, problem.strerror or str(problem)) from None


def refuse_constant(name: str):
    raise ValueError(f"{name} is not a JSON number")


def parse_object(text: bytes) -> dict:
    """Raises ValueError with the reason."""
    values = json.loads(text.decode(), parse_constant=refuse_constant)
    if not isinstance(values, dict):
        raise ValueError("not a JSON object")
    return values


def split_whole(file: pathlib.Path) -> tuple[list[bytes], bytes]:
    """The whole lines of `file`, and what its writer had not finished (empty for a file at rest).

    A live day grows line by line, so its end may be half a line. A last line that lacks only the line feed is whole.
    """
    *lines, rest = read_bytes(file).split(b"\n")
    if not rest:
        return lines, b""
    try:
        parse_object(rest)
    except ValueError:
        return lines, rest
    return [*lines, rest], b""


def warn_of_half_line(file: pathlib.Path, lines: list[bytes]) -> None:
    text = f"{file}:{len(lines) + 1}: half-written last line left out (is the day still running?)"
    warnings.warn(text, DataWarning, stacklevel=2)


def read_rows(file: pathlib.Path) -> list[Row]:
    """Every line of `file`. A half-written last line is left out with a DataWarning; damage before it is a DataError."""
    lines, rest = split_whole(file)
    rows = []
    for number, line in enumerate(lines, 1):
        try:
            rows.append(Row(file, number, parse_object(line)))
        except (ValueError, RecursionError) as problem:
            detail = f"damaged line: {problem}; make the day again, or restore the file"
            raise DataError(f"{file}:{number}", detail) from None
    if rest:
        warn_of_half_line(file, lines)
    return rows


def read_document(file: pathlib.Path) -> dict:
    """A file that is one object over many lines."""
    try:
        return parse_object(read_bytes(file))
    except json.JSONDecodeError as problem:
        raise DataError(f"{file}:{problem.lineno}", f"damaged: {problem.msg}") from None
    except (ValueError, RecursionError) as problem:
        raise DataError(file, f"damaged: {problem}") from None
