"""What the thin entries share: flags, warnings and errors as one line each, exit codes as sentio_cli's."""

import argparse
import importlib
import os
import sys
import warnings
from collections.abc import Callable
from types import ModuleType

from .errors import DataWarning, ToolError, UsageError

EXIT_CODES = "exit codes: 0 done, 2 usage, 3 data missing or damaged"


def make_parser(description: str, examples: str, exit_codes: str = EXIT_CODES) -> argparse.ArgumentParser:
    return argparse.ArgumentParser(
        description=description, epilog=f"examples:\n{examples}\n\n{exit_codes}", allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def add_run_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--run", default="logs/mock_trading", metavar="FOLDER", help="of a run (default: %(default)s)")
    parser.add_argument("--start-date", metavar="DATE", help="first day, YYYY-MM-DD (default: all that are there)")
    parser.add_argument("--end-date", metavar="DATE", help="last day, included")


def needed(name: str) -> ModuleType:
    """A package of tools/requirements.txt."""
    try:
        return importlib.import_module(name)
    except ImportError as problem:
        raise UsageError(f"needs {name} ({problem}): run scripts/setup_tools.sh, then .venv-tools/bin/python") from None


def run(main: Callable[[list[str]], int | None]) -> int:
    """Runs `main` on the command line's arguments; returns the exit code."""
    name = os.path.basename(sys.argv[0])

    def show(message, category, *rest):
        if issubclass(category, DataWarning):
            print(f"{name}: warning: {message}", file=sys.stderr)

    warnings.simplefilter("always", DataWarning)
    warnings.showwarning = show
    try:
        return main(sys.argv[1:]) or 0
    except ToolError as problem:
        print(f"{name}: error: {problem}", file=sys.stderr)
        return problem.exit_code
    except KeyboardInterrupt:
        print(f"{name}: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader, `head` for one, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
