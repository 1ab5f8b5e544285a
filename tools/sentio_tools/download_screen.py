"""What a download shows: a progress bar on a terminal, lines elsewhere; results on stdout, problems on stderr."""

import os
import sys

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn


class Screen:
    """`say` results, `warn` of problems, `note` why it takes time, `step` of finished requests. Quiet ones warn, and tell `news`."""

    def __init__(self, quiet: bool):
        self._quiet = quiet
        self._name = os.path.basename(sys.argv[0])
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
        self._progress = Progress(*columns, console=console, transient=True) if console.is_terminal and not quiet else None
        self._task = None

    def __enter__(self) -> "Screen":
        if self._progress:
            self._progress.start()
            self._task = self._progress.add_task("starting", total=None)
        return self

    def __exit__(self, *_) -> None:
        if self._progress:
            self._progress.stop()

    def say(self, text: str) -> None:
        if not self._quiet:
            self._print(text, "stdout")

    def news(self, text: str) -> None:
        self._print(text, "stdout")

    def warn(self, text: str) -> None:
        self._print(f"{self._name}: warning: {text}", "stderr")

    def note(self, text: str) -> None:
        if self._progress:
            self._progress.update(self._task, description=text[:60])
        elif not self._quiet:
            self._print(text, "stderr")

    def step(self, symbol: str, done: int, of: int) -> None:
        if self._progress:
            self._progress.update(self._task, description=symbol, completed=done, total=of)

    def _print(self, text: str, stream: str) -> None:
        if self._progress:
            self._progress.stop()  # which has a stdout of its own while it runs
        print(text, file=getattr(sys, stream), flush=True)
        if self._progress:
            self._progress.start()
