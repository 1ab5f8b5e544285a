"""sentio_cli's own --help as data: what the manual page and the completion are made of, so that neither goes stale.

The layout read here is CLI11's: a line of description, "Usage: …", headings at the left edge ("Options:", "Subcommands:",
groups of options), entries two columns in whose text starts in column 30 or on the next line, and free text at the end.
A line that does not fit raises ValueError: better no package than a page that lacks a flag.
"""

import os
import re
import subprocess
from dataclasses import dataclass, field
from typing import Dict, List, Tuple

TEXT_COLUMN = 30


@dataclass
class Option:
    spec: str  # as printed: "--mode TEXT:{mock,live}=mock"
    text: str

    @property
    def names(self) -> List[str]:
        return self.spec.split()[0].split(",")

    @property
    def takes_value(self) -> bool:
        return re.match(r"\S+ (TEXT|INT|UINT|FLOAT|NUMBER)\b", self.spec) is not None

    @property
    def takes_text(self) -> bool:
        return " TEXT" in self.spec

    @property
    def choices(self) -> List[str]:
        found = re.search(r":\{([^}]*)\}", self.spec)
        return found[1].split(",") if found else []


@dataclass
class Command:
    path: Tuple[str, ...]  # () is the program itself, ("config", "show") a command of a command
    description: str = ""
    usage: str = ""
    groups: Dict[str, List[Option]] = field(default_factory=dict)  # heading to its options
    children: List["Command"] = field(default_factory=list)
    footer: List[str] = field(default_factory=list)

    @property
    def options(self) -> List[Option]:
        return [option for group in self.groups.values() for option in group]

    def all(self) -> List["Command"]:
        return [self] + [below for child in self.children for below in child.all()]


def parse(text: str, path: Tuple[str, ...] = ()) -> Tuple[Command, List[Tuple[str, str]]]:
    """The command, and its commands as (name, description)."""
    lines = text.splitlines()
    at = next((i for i, line in enumerate(lines) if line.startswith("Usage: ")), None)
    if at is None:
        raise ValueError("no usage line in the help of %r" % (path,))
    command = Command(path, " ".join(lines[:at]).strip(), lines[at][len("Usage: "):])
    entries: List[Tuple[str, str, str]] = []  # heading, spec, text
    heading = None
    for number, line in enumerate(lines[at + 1:], at + 1):
        if not line:
            continue
        if not line.startswith(" "):
            if not line.endswith(":") or re.match(r"Examples?:$", line):
                command.footer = lines[number:]
                break
            heading = line[:-1]
        elif line.startswith(" " * TEXT_COLUMN) and entries:
            last = entries.pop()
            entries.append((last[0], last[1], (last[2] + " " + line.strip()).strip()))
        elif re.match(r"  \S", line) and heading:
            gap = re.search(r"\s{2,}", line[2:])
            # A short entry ends before the column of texts, a long one has its text on the next line.
            fits = line[TEXT_COLUMN - 1:TEXT_COLUMN] == " " and line[TEXT_COLUMN:] and gap
            spec, said = (line[2:TEXT_COLUMN], line[TEXT_COLUMN:]) if fits else (line[2:], "")
            entries.append((heading, spec.strip(), said.strip()))
        else:
            raise ValueError("help of %r: line %d is not understood: %s" % (path, number + 1, line))
    below = []
    for heading, spec, said in entries:
        if heading == "Subcommands":
            below.append((spec, said))
        elif spec.startswith("-"):
            command.groups.setdefault(heading, []).append(Option(spec, said))
        else:
            raise ValueError("help of %r: %r is no option" % (path, spec))
    return command, below


def read(program: str, path: Tuple[str, ...] = ()) -> Command:
    """The command `path` of `program` and everything below it. Raises ValueError and what subprocess raises."""
    # A variable that a flag reads is named in its help, with its value where it is set.
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SENTIO_")}
    done = subprocess.run([program, *path, "--help"], check=True, capture_output=True, text=True, env=environment)
    command, below = parse(done.stdout, path)
    command.children = [read(program, path + (name,)) for name, _ in below]
    return command


def version(program: str) -> str:
    return subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout.split()[-1]
