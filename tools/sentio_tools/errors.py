"""What can go wrong, with the exit codes of sentio_cli."""


class ToolError(Exception):
    """A problem that a person can solve; its text is one line and names the place."""

    exit_code = 1


class UsageError(ToolError):
    """Asked for something that cannot be: a flag, a day, a name."""

    exit_code = 2


class DataError(ToolError):
    """Data missing, stale or invalid. `where` is a folder, a file or "file:line"."""

    exit_code = 3

    def __init__(self, where: object, detail: str):
        super().__init__(f"{where}: {detail}")
        self.where = str(where)
        self.detail = detail


class BusyError(DataError):
    """Another process works on the same folder."""

    exit_code = 9


class SourceError(ToolError):
    """A vendor cannot be reached, refuses the keys, or goes on failing."""

    exit_code = 4


class DataWarning(UserWarning):
    """Something was left out: a half-written line, a day without a file."""
