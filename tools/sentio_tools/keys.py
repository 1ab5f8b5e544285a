"""Keys of data vendors: the environment first, then config.env, read by the rules of sentio_cli (docs/configuration.md).

No error repeats a value. A key is a `Secret`, which prints as ***.
"""

import os
import pathlib
import re
from collections.abc import Mapping

from .errors import SourceError, UsageError

NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
COMMENT = re.compile(r"(?:[ \t]+#.*|[ \t]*)")  # what may follow a value
ESCAPE = re.compile(r'\\(["\\$`])')
SINGLE, DOUBLE, PLAIN = re.compile(r"'([^']*)'"), re.compile(r'"((?:\\["\\$`]|[^"])*)"'), re.compile(r"[^ \t'\"]*")


class Secret:
    """`reveal` is the only way to the text."""

    def __init__(self, text: str):
        self._text = text

    def reveal(self) -> str:
        return self._text

    def prefixed(self, text: str) -> "Secret":
        return Secret(text + self._text)

    def __repr__(self) -> str:
        return "***"


class Keys:
    """What the environment and one config.env hold. UsageError where the file cannot be read or parsed."""

    def __init__(self, file: str | pathlib.Path, environment: Mapping[str, str] = os.environ):
        self.file = pathlib.Path(file)
        self._environment = environment
        self._values = read_env(self.file)

    def find(self, *names: str) -> Secret | None:
        """Of the first name that is set. SourceError where its value can be no key."""
        for name in names:
            text = self._environment.get(name) or self._values.get(name, "")
            if text:
                if not all(" " < c < "\x7f" for c in text):
                    raise SourceError(f"{name}: a key has no blanks and no control characters; copy it again")
                return Secret(text)
        return None

    def need(self, *names: str) -> Secret:
        found = self.find(*names)
        if found is None:
            make = "" if self.file.exists() else f"cp config.env.example {self.file}, chmod 600 it, and "
            raise SourceError(f"{' or '.join(names)} is not set; {make}fill in {self.file}, or set the environment")
        return found


def read_env(file: pathlib.Path) -> dict[str, str]:
    """Empty where there is no file."""
    try:
        text = file.read_bytes().decode("utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise UsageError(f"{file}: {problem.strerror}") from None
    values: dict[str, str] = {}
    for number, line in enumerate(text.split("\n"), 1):
        problem = read_line(line.removesuffix("\r").strip(" \t"), values)
        if problem:
            raise UsageError(f"{file}:{number}: {problem}")
    return values


def read_line(line: str, values: dict[str, str]) -> str | None:
    """Adds the line's assignment, the later of two counts; returns what is wrong with the line."""
    if not line or line.startswith("#"):
        return None
    name, equals, rest = re.sub(r"^export[ \t]+", "", line).partition("=")
    if not equals:
        return "expected KEY=value"
    if not NAME.fullmatch(name):
        return "the part before '=' is not a name, or a blank follows it"
    if any(c < " " and c != "\t" or c == "\x7f" for c in rest):
        return "a control character in the value"
    if COMMENT.fullmatch(rest):
        values[name] = ""
        return None
    form = {"'": SINGLE, '"': DOUBLE}.get(rest[0], PLAIN)
    found = form.match(rest)
    if found is None:
        return "the quote is not closed"
    if not COMMENT.fullmatch(rest, found.end()):
        return "a value with blanks or quotes needs quotes around it, and nothing after them but a comment"
    values[name] = found.group(found.lastindex or 0)
    if form is DOUBLE:
        values[name] = ESCAPE.sub(r"\1", values[name])
    return None
