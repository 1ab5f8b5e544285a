#!/usr/bin/env python3
"""Questions to a run's JSONL files in SQL, with DuckDB. Needs no network.

Tables: signals, decisions, trades, positions; those of docs/python.md, read from the files by DuckDB, with `ts` as
New York wall time and `day`. In positions, one row is a minute and `positions` the list of what is held."""

import pathlib
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

import sentio_tools as st  # noqa: E402
from sentio_tools import command, json_lines  # noqa: E402

QUERIES = {
    "losing-trades": "SELECT reason, symbol, ts, qty, price, pnl, pnl_pct FROM trades WHERE side = 'sell' AND pnl < 0 "
                     "QUALIFY row_number() OVER (PARTITION BY reason ORDER BY pnl, ts, symbol) <= 3 ORDER BY reason, pnl",
    "profit-by-reason": "SELECT reason, count(*) AS sales, sum(pnl) AS pnl_usd, avg(pnl_pct) AS pnl_pct_mean FROM trades "
                        "WHERE side = 'sell' GROUP BY reason ORDER BY pnl_usd",
    "strength-by-hour": "SELECT hour(ts - INTERVAL 1 MINUTE) AS hour, avg(strength) AS strength_mean, count(*) AS signals, "
                        "avg(passes::INT) AS pass_share FROM signals WHERE valid GROUP BY hour ORDER BY hour",
    "blocked-entries": "SELECT day, reason, count(*) AS times FROM decisions WHERE action = 'blocked' "
                       "GROUP BY day, reason ORDER BY day, times DESC, reason",
    "costs-by-symbol": "SELECT symbol, count(DISTINCT order_id) AS orders, sum(fees) AS fees_usd, "
                       "sum(spread_cost) AS spread_usd FROM trades GROUP BY symbol ORDER BY fees_usd + spread_usd DESC",
}

EXAMPLES = """\
  query_with_duckdb.py losing-trades
  query_with_duckdb.py strength-by-hour --run logs/live_trading --start-date 2025-10-14
  query_with_duckdb.py --sql "SELECT symbol, sum(pnl) FROM trades GROUP BY ALL" --csv

questions:
""" + "\n".join(f"  {name}:\n    {sql}" for name, sql in QUERIES.items())

TYPES = {"time": "VARCHAR", "text": "VARCHAR", "integer": "BIGINT", "number": "DOUBLE", "flag": "BOOLEAN"}
TABLES = ("signals", "decisions", "trades", "positions")


def types_of(name: str, horizons: list[int]) -> dict[str, str]:
    """Column -> SQL type."""
    if name == "positions":
        columns = [c for c in st.TABLES["positions"].columns if c.name not in ("ts", "bar_id")]
        held = ", ".join(f"{c.name} {TYPES[c.kind]}" for c in columns)
        book = {c.name: TYPES[c.kind] for c in st.TABLES["equity"].columns if c.name != "held"}
        return book | {"positions": f"STRUCT({held})[]"}
    return {c.name: TYPES[c.kind] for c in st.TABLES[name].with_horizons(horizons)}


def readable(file: pathlib.Path, scratch: str) -> pathlib.Path:
    """The file; of a day that is still being written, a copy of its whole lines."""
    lines, rest = json_lines.split_whole(file)
    if not rest:
        return file
    json_lines.warn_of_half_line(file, lines)
    copy = pathlib.Path(scratch, file.name)
    copy.write_bytes(b"".join(line + b"\n" for line in lines))
    return copy


def add_view(connection, name: str, files: list[pathlib.Path], scratch: str) -> None:
    from_files = [str(readable(file, scratch)) for file in files]
    horizons = sorted(set().union(*map(horizons_of, files))) if name == "signals" else []
    relation = connection.read_json(from_files, format="newline_delimited", columns=types_of(name, horizons))
    ts = "CAST(left(ts, 19) AS TIMESTAMP)"
    relation.project(f"* REPLACE ({ts} AS ts), CAST(left(ts, 10) AS DATE) AS day").create_view(name)


def horizons_of(file: pathlib.Path) -> list[int]:
    """Of the file's first signal."""
    with file.open("rb") as stream:
        first = stream.readline()
    if not first.endswith(b"\n"):
        return []
    return st.TABLES["signals"].horizons_in([json_lines.Row(file, 1, json_lines.parse_object(first))])


def query(run: st.RunFolder, sql: str, first: str | None, last: str | None, as_csv: bool) -> None:
    duckdb = command.needed("duckdb")
    files = {name: list(run.files(name, first, last).values()) for name in TABLES if name in sql}
    with tempfile.TemporaryDirectory() as scratch:
        connection = duckdb.connect(config={"autoinstall_known_extensions": False})
        try:
            for name in files:
                add_view(connection, name, files[name], scratch)
            result = connection.sql(sql)
            if result is not None:
                print(result.df().to_csv(index=False) if as_csv else result, end="")
        except duckdb.Error as problem:
            for file in sum(files.values(), []):
                json_lines.read_rows(file)  # where a line is damaged, that is the problem, by file and line
            raise st.UsageError(f"SQL: {one_line(problem)}") from None


def one_line(problem: Exception) -> str:
    return " ".join(str(problem).split())


def main(arguments: list[str]) -> int:
    parser = command.make_parser(__doc__, EXAMPLES)
    parser.add_argument("question", nargs="?", choices=QUERIES, help="one of those below")
    parser.add_argument("--sql", help="your own question")
    parser.add_argument("--csv", action="store_true", help="print CSV")
    command.add_run_flags(parser)
    options = parser.parse_args(arguments)
    if bool(options.question) == bool(options.sql):
        parser.error("name a question, or give --sql")
    sql = options.sql or QUERIES[options.question]
    query(st.RunFolder(options.run), sql, options.start_date, options.end_date, options.csv)
    return 0


if __name__ == "__main__":
    sys.exit(command.run(main))
