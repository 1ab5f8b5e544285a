"""sentio's runs and bar files as pandas frames.

    import sentio_tools as st

    run = st.RunFolder("logs/mock_trading")           # or logs/live_trading
    run.days()                                        # the days there
    run.signals("2025-10-13", "2025-10-14")           # a range, both included; without arguments all days
    run.decisions(), run.trades(), run.executions(), run.positions(), run.equity(), run.health()
    run.daily_returns()                               # one row per finished day
    run.summary("2025-10-14")                         # summary_D.json as a dict
    st.bars("data/equities", ["TQQQ", "SQQQ"], "2025-10-13", "2025-10-14")

Times are aware, America/New_York. `TABLES` holds every frame's columns, dtypes and units; docs/python.md prints them.
Names ending in `_pct` are fractions (−0.01 is −1 %), `_bps` are 1/10,000.

Errors are `ToolError`s: `UsageError` (exit code 2) and `DataError` (3), one line each with folder, file or file:line.
What is left out is a `DataWarning`. Reads only, needs no network. Files may grow meanwhile; a RunFolder keeps no state.
Bar files are written by `sentio_tools.bar_store` alone.
"""

try:
    import pandas  # noqa: F401
except ImportError as problem:
    raise ImportError(f"{problem}: run scripts/setup_tools.sh, then use .venv-tools/bin/python") from problem

from .bar_files import bar_file, bars
from .columns import Column, Table
from .errors import DataError, DataWarning, ToolError, UsageError
from .run_folder import RunFolder
from .tables import TABLES

__all__ = [
    "TABLES", "Column", "DataError", "DataWarning", "RunFolder", "Table", "ToolError", "UsageError", "bar_file", "bars",
]
