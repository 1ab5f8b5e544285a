#!/usr/bin/env python3
"""Keeps the direction of includes and the core's purity: prints every breach, exits 1 if there is one.

In include/sentio/<module> and src/<module> it refuses
- "sentio/<other>/..." where the table below does not let <module> use <other>;
- a private header that is not below src/<module>;
- in the modules that decide: headers of I/O, threads, clocks and randomness, and calls to them.
"""

import argparse
import pathlib
import re
import sys
from typing import Dict, FrozenSet, Iterator, List, NamedTuple

# What each module may use besides itself: the table in docs/architecture.md.
MAY_USE: Dict[str, FrozenSet[str]] = {
    module: frozenset(used.split())
    for module, used in {
        "core": "",
        "config": "core",
        "market": "core config",
        "data": "core config",
        "features": "core config",
        "learning": "core config",
        "strategy": "core config features learning",
        "execution": "core config",
        "session": "core config market features learning strategy execution",
        "store": "core",
        "ports": "core config execution",
        "replay": "core config data execution ports",
        "net": "core",
        "broker": "core config execution net ports",
        "feeds": "core config execution net ports",
        "exchange": "core config data execution net",
        "analysis": "core config",
        "page": "core",
        "reports": "core config data store analysis page",
        "dashboard": "core store page",
    }.items()
}
MAY_USE["runtime"] = frozenset(MAY_USE)
MAY_USE["cli"] = frozenset(MAY_USE)

# The modules that decide; time, bars and answers come to them as events. <cstdio> is not refused, because
# snprintf only formats; the calls that write are.
PURE_MODULES = frozenset("core config market features learning strategy execution session".split())
IMPURE_HEADERS = re.compile(
    r"(fstream|iostream|filesystem|thread|mutex|shared_mutex|condition_variable|future|random|ctime|time\.h"
    r"|unistd\.h|fcntl\.h|dirent\.h|poll\.h|netdb\.h|pthread\.h|(sys|arpa|netinet|curl|spdlog|websocketpp|openssl|zlib)(/.*|\.h)"
    r"|boost/(asio|beast|filesystem|thread)(/.*|\.hpp))"
)
IMPURE_CALLS = re.compile(
    r"\b((?:system|steady|high_resolution|utc|file)_clock\s*::\s*now|(?:secure_)?getenv|clock_gettime|gettimeofday"
    r"|(?:std\s*::\s*)(?:time|clock|rand|srand|random_device|mt19937\w*|thread|jthread|mutex|async|ofstream|ifstream|fstream"
    r"|fopen|printf|puts|cout|cerr|clog)\b)"
)
INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
MODULE_HEADER = re.compile(r"sentio/([^/]+)/.+")
SUFFIXES = frozenset({".h", ".hpp", ".cpp", ".cc", ".inc"})
# Comments, string and character literals (a digit separator is no quote). Kept line breaks keep line numbers.
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|R"([^(\s]*)\(.*?\)\1"|"(?:\\.|[^"\\\n])*"|(?<![0-9a-fA-F])\'(?:\\.|[^\'\\\n])\'', re.S)


class Breach(NamedTuple):
    file: pathlib.PurePath
    line: int
    text: str

    def __str__(self) -> str:
        return "%s:%d: %s" % self


def without_comments(text: str) -> str:
    """The text with comments blanked; literals stay, since includes need them."""
    def blank(match):
        found = match.group(0)
        return "\n" * found.count("\n") + " " if found.startswith(("//", "/*")) else found

    return NOISE.sub(blank, text)


def without_noise(text: str) -> str:
    """The text with comments and literals blanked, line by line the same."""
    return NOISE.sub(lambda match: "\n" * match.group(0).count("\n") + " ", text)


def include_breaches(root: pathlib.Path, file: pathlib.Path, module: str, text: str) -> Iterator[Breach]:
    allowed = MAY_USE[module]
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        used = MODULE_HEADER.fullmatch(name)
        if used:
            if used.group(1) not in MAY_USE:
                yield Breach(file, number, "'%s' is of no known module" % name)
            elif used.group(1) != module and used.group(1) not in allowed:
                yield Breach(file, number, "%s may not use %s (\"%s\")" % (module, used.group(1), name))
        elif quote == '"':
            here = root / "src" / module
            target = (here / name).resolve()
            if here.resolve() not in target.parents or not target.is_file():
                yield Breach(file, number, "\"%s\" is no private header below src/%s" % (name, module))
        if module in PURE_MODULES and IMPURE_HEADERS.fullmatch(name):
            yield Breach(file, number, "%s must stay pure: <%s>" % (module, name))


def call_breaches(file: pathlib.Path, module: str, text: str) -> Iterator[Breach]:
    for number, line in enumerate(without_noise(text).split("\n"), 1):
        for match in IMPURE_CALLS.finditer(line):
            yield Breach(file, number, "%s must stay pure: %s" % (module, match.group(1)))


def check(root: pathlib.Path) -> List[Breach]:
    breaches: List[Breach] = []
    for base in (root / "include" / "sentio", root / "src"):
        for path in sorted(p for p in base.rglob("*") if p.suffix in SUFFIXES and p.is_file()):
            file, module = path.relative_to(root), path.relative_to(base).parts[0]
            if module not in MAY_USE:
                breaches.append(Breach(file, 1, "'%s' is no module of the table" % module))
                continue
            text = path.read_text(encoding="utf-8")
            breaches.extend(include_breaches(root, file, module, text))
            if module in PURE_MODULES:
                breaches.extend(call_breaches(file, module, text))
    return breaches


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    breaches = check(root)
    for breach in breaches:
        print(breach)
    if breaches:
        print("%d breaches of the include rules" % len(breaches), file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
