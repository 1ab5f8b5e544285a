"""Files as tables of text: CSV, JSON and Parquet, as they are, in gzip, zstd or zip. Nothing is understood here."""

import gzip
import io
import json
import pathlib
import re
import tempfile
import warnings
import zipfile
import zlib
from collections.abc import Collection, Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd

from ..command import needed
from ..errors import DataError, DataWarning
from .layouts import BARS

GZIP, ZIP, ZSTD, PARQUET = b"\x1f\x8b", b"PK\x03\x04", b"\x28\xb5\x2f\xfd", b"PAR1"
LEAN_MEMBER = re.compile(r"(\d{8})_([a-z0-9.]+)_minute_trade\.csv", re.IGNORECASE)


class Table(NamedTuple):
    """One file, or one member of a zip. Cells are the texts of the file."""

    where: str  # for messages
    name: str  # of the file or member, which may tell the instrument
    header: list[str] | None
    cells: pd.DataFrame  # columns 0, 1, …
    first_line: int  # line of the first row, where lines are known; else 0 and rows are counted from 1
    said: dict  # what the file says beside its rows: "symbol", "adjusted", "synthetic", "more" (further pages)

    def refuse(self, bad: np.ndarray, problem: str) -> None:
        """Raises DataError for the first row marked in `bad`, if any. "{}" in `problem` shows the row."""
        if bad.any():
            at = int(np.asarray(bad).argmax())
            raise DataError(self.place(at), problem.format(shown(",".join(map(str, self.cells.iloc[at])))))

    def place(self, row: int) -> str:
        number = int(self.cells.index[row])
        return f"{self.where}:{self.first_line + number}" if self.first_line else f"{self.where}, row {number + 1}"


def shown(text: str) -> str:
    """The beginning of a row for a message, without what a terminal might obey."""
    return "".join(c if c.isprintable() and c != "\ufffd" else "?" for c in text[:100])


def tables_in(file: pathlib.Path, only: Collection[str] | None = None) -> Iterator[Table]:
    """Every table of a file. Raises DataError where it is missing, damaged or empty.

    `only`: rows of other instruments may be left out, where the rows say theirs.
    """
    try:
        data = file.read_bytes()
    except OSError as problem:
        raise DataError(file, problem.strerror or str(problem)) from None
    yield from tables_of(str(file), file.name, data, file, only)


def tables_of(where: str, name: str, data: bytes, file: pathlib.Path | None,
              only: Collection[str] | None) -> Iterator[Table]:
    """`file`: where the bytes lie, None inside of a zip."""
    if data.startswith(ZIP):
        yield from members(where, data, only)
    elif data.startswith(PARQUET) or name.lower().endswith((".parquet", ".pq")):
        yield parquet(where, name, data)
    else:
        text = unpacked(where, data, file).decode("utf-8-sig", errors="replace")
        if not text.strip():
            raise DataError(where, "is empty")
        yield json_table(where, name, text) if text.lstrip()[0] in "{[" else csv_table(where, name, text, only)


def unpacked(where: str, data: bytes, file: pathlib.Path | None) -> bytes:
    try:
        if data.startswith(GZIP):
            return gzip.decompress(data)
    except (OSError, EOFError, zlib.error) as problem:
        raise DataError(where, f"damaged or cut off: {problem}") from None
    return unpacked_zstd(where, file) if data.startswith(ZSTD) and file else data


def unpacked_zstd(where: str, file: pathlib.Path) -> bytes:
    """DuckDB, which is there already, unpacks it line by line."""
    duckdb = needed("duckdb")
    lines = "SELECT line FROM read_csv(?, compression='zstd', delim=chr(1), quote='', escape='', header=false, " \
            "auto_detect=false, columns={'line': 'VARCHAR'}, max_line_size=100000000)"
    try:
        return "\n".join(row[0] or "" for row in connection().execute(lines, [str(file)]).fetchall()).encode() + b"\n"
    except duckdb.Error as problem:
        raise DataError(where, f"damaged or cut off: {one_line(problem)}") from None


def connection():
    made = needed("duckdb").connect(config={"autoinstall_known_extensions": False})
    made.execute("SET TimeZone = 'UTC'")
    made.execute("SET threads = 1")  # rows stay in the order of the file
    return made


def one_line(problem: Exception) -> str:
    return " ".join(str(problem).split()).partition(" LINE 1:")[0][:200]


def members(where: str, data: bytes, only: Collection[str] | None) -> Iterator[Table]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [n for n in archive.namelist() if not n.endswith("/") and not n.startswith("__MACOSX")]
            contents = [(name, archive.read(name)) for name in names]
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, ValueError) as problem:
        raise DataError(where, f"damaged, cut off or locked: {problem}") from None
    if not contents:
        raise DataError(where, "is empty")
    for name, content in contents:
        base = pathlib.PurePosixPath(name).name
        lean = LEAN_MEMBER.fullmatch(base)
        for table in tables_of(f"{where}:{name}", base, content, None, only):
            yield lean_table(table, *lean.groups()) if lean else table


def lean_table(table: Table, day: str, symbol: str) -> Table:
    """Milliseconds since midnight, with the day of the member's name, as written times."""
    if table.cells.shape[1] < 6:
        raise DataError(table.where, "a row of LEAN has six numbers")
    since = table.cells[0].astype(str)
    table.refuse(~since.str.fullmatch(r"\d{1,8}").to_numpy(), "'{}': the time is not milliseconds since midnight")
    clock = pd.to_timedelta(since.astype("int64"), unit="ms").astype(str).str.slice(7)
    cells = table.cells.iloc[:, :6].copy()
    cells[0] = f"{day[:4]}-{day[4:6]}-{day[6:]} " + clock
    return table._replace(header=["lean-start", *BARS], cells=cells, said=table.said | {"symbol": symbol.upper()})


def csv_table(where: str, name: str, text: str, only: Collection[str] | None) -> Table:
    lines = text.split("\n", 200)
    header_line = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), None)
    if header_line is None:
        raise DataError(where, "has no row")
    remarks = [line.lstrip("# \t") for line in lines[:header_line]]
    said = {"synthetic": True} if any(remark.startswith("SYNTHETIC") for remark in remarks) else {}
    comma = max(",;\t", key=lines[header_line].count)
    check_end(where, text, comma)
    body, kept = text.split("\n", header_line)[-1] if header_line else text, None
    if only and names_instruments(lines[header_line], comma):
        body, kept = lines_of(body, only)
    try:
        cells = pd.read_csv(io.StringIO(body), sep=comma, header=None, dtype=str, keep_default_na=False,
                            skip_blank_lines=False, index_col=False)
    except (pd.errors.ParserError, pd.errors.EmptyDataError, ValueError) as problem:
        raise DataError(where, one_line(problem).removeprefix("Error tokenizing data. C error: ")) from None
    if kept is not None:
        if len(cells) != len(kept):
            raise DataError(where, "damaged: a quote or a line end within a row")
        cells = cells.set_axis(kept)
    return titled(Table(where, name, None, cells, header_line + 1, said))


def names_instruments(header: str, comma: str) -> bool:
    titles = {cell.strip().strip('"').lower() for cell in header.split(comma)}
    return "open" in titles and not titles.isdisjoint(("symbol", "ticker"))


def lines_of(text: str, only: Collection[str]) -> tuple[str, list[int]]:
    """The header and the lines that hold one of the names, with their numbers: a flat file has 1.5 million of others."""
    starts = {0}
    for name in only:
        at = text.find(name)
        while at >= 0:
            starts.add(text.rfind("\n", 0, at) + 1)
            end = text.find("\n", at)
            at = text.find(name, end) if end >= 0 else -1
    numbers, before, number = [], 0, 0
    for start in sorted(starts):
        number, before = number + text.count("\n", before, start), start
        numbers.append(number)
    return "\n".join(line_at(text, start) for start in sorted(starts)), numbers


def line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end]


def check_end(where: str, text: str, comma: str) -> None:
    """A file that was cut off mostly ends within a row."""
    if text.endswith("\n"):
        return
    *_, before, last = ["", *text.rsplit("\n", 2)]
    if last.strip() and before.strip() and last.count(comma) < before.count(comma):
        raise DataError(where, f"the last row '{shown(last)}' is cut off")
    warn(f"{where}: the last row has no line end; was the file cut off?")


def warn(text: str) -> None:
    warnings.warn(text, DataWarning, stacklevel=3)


def titled(table: Table) -> Table:
    """Takes the header off the rows, where there is one."""
    first = [cell.strip().strip("<>").lower() for cell in table.cells.iloc[0]]
    if first[0] == "price" or first[0] == "ticker" and "open" not in first:
        return yfinance_table(table)
    if "open" not in first:
        return without_blank(table)
    return without_blank(table._replace(header=table.cells.iloc[0].tolist(), cells=table.cells.iloc[1:]))


def without_blank(table: Table) -> Table:
    blank = (table.cells[0] == "") & (table.cells == "").all(axis=1)
    return table._replace(cells=table.cells[~blank])


def yfinance_table(table: Table) -> Table:
    """Three header lines, Price, Ticker and Datetime, of which columns are pairs: unfolded into rows of one symbol."""
    top = table.cells.iloc[:3]
    titles = {str(row.iloc[0]).lower(): row.tolist() for _, row in top.iterrows()}
    if not {"price", "ticker", "datetime"} <= set(titles):
        if "date" in titles:
            raise DataError(table.where, "holds days, not minutes; download it with interval='1m'")
        raise DataError(table.where, "begins like a file of yfinance, and lacks one of Price, Ticker and Datetime")
    body = without_blank(table._replace(cells=table.cells.iloc[3:])).cells
    parts = []
    for symbol in dict.fromkeys(titles["ticker"][1:]):
        at = {p.lower(): i for i, (p, s) in enumerate(zip(titles["price"], titles["ticker"])) if s == symbol}
        absent = [column for column in BARS if column not in at]
        if absent:
            raise DataError(table.where, f"{symbol} has no column {', '.join(absent)}")
        part = body[[0, *(at[column] for column in BARS)]].set_axis(range(1, 7), axis=1)
        part.insert(0, 0, symbol)
        parts.append(part[~(part[[2, 3, 4, 5, 6]] == "").all(axis=1)])  # a minute without a trade of this symbol
    return table._replace(header=["ticker", "Datetime", *BARS], cells=pd.concat(parts))


def parquet(where: str, name: str, data: bytes) -> Table:
    """Numbers as the shortest text that gives them back, moments with a zone as UTC."""
    duckdb = needed("duckdb")
    with tempfile.NamedTemporaryFile(suffix=".parquet") as copy:  # it may lie within a zip
        copy.write(data)
        copy.flush()
        try:
            cells = connection().execute("SELECT COLUMNS(*)::VARCHAR FROM read_parquet(?)", [copy.name]).fetch_df()
        except duckdb.Error as problem:
            raise DataError(where, f"damaged or cut off: {one_line(problem).replace(copy.name, name)}") from None
    header = [str(column) for column in cells.columns]
    return Table(where, name, header, cells.set_axis(range(len(header)), axis=1).fillna("").astype(str), 0, {})


def json_table(where: str, name: str, text: str) -> Table:
    try:
        pages = [json.loads(text, parse_float=str, parse_int=str)]
    except ValueError as problem:
        try:
            pages = [json.loads(line, parse_float=str, parse_int=str) for line in text.splitlines() if line.strip()]
        except ValueError:
            raise DataError(where, f"damaged or cut off: {problem}") from None
    if isinstance(pages[0], list) and len(pages) == 1:
        pages = pages[0]
    if pages and all(isinstance(page, dict) and "t" in page for page in pages):
        pages = [{"results": pages}]  # rows without what surrounds them
    rows, said, kind = [], {}, None
    for page in pages:
        if not isinstance(page, dict) or not ({"results", "bars"} & set(page)):
            raise DataError(where, "has neither results (Polygon) nor bars (Alpaca)")
        kind = "polygon-rest" if "results" in page else "alpaca-rest"
        rows += rows_of_page(where, page)
        if kind == "polygon-rest" and isinstance(page.get("adjusted"), bool):
            said["adjusted"] = page["adjusted"]
        said["more"] = page.get("next_url") or page.get("next_page_token")
    if said.get("more"):
        warn(f"{where}: says that there are further pages; import all of them together")
    letters = ["symbol", "t", "o", "h", "l", "c", "v"]
    cells = pd.DataFrame([[str(row.get(letter, "")) for letter in letters] for row in rows], columns=range(7), dtype=str)
    if cells.empty:
        raise DataError(where, "has no row")
    return Table(where, name, [*letters, kind], cells.assign(**{"7": ""}).set_axis(range(8), axis=1), 0, said)


def rows_of_page(where: str, page: dict) -> list[dict]:
    """Rows with their symbol, "" where the page does not say it."""
    bars = page.get("results", page.get("bars")) or []
    whole = page.get("ticker") or page.get("symbol") or ""
    groups = bars if isinstance(bars, dict) else {whole: bars}
    if not all(isinstance(g, list) and all(isinstance(row, dict) for row in g) for g in groups.values()):
        raise DataError(where, "its bars are not lists of objects")
    return [{**row, "symbol": symbol or row.get("T", "")} for symbol, group in groups.items() for row in group]
