#!/usr/bin/env python3
"""Keeps the direction of includes and the core's purity: prints every breach, exits 1 if there is one.

In include/sentio/<module> and src/<module> it refuses
- "sentio/<other>/..." where DEPENDS of <module> (CMake) does not name <other>;
- a broker's headers outside its own module, but for the one file that makes brokers;
- a private header that is not below src/<module>;
- in the modules that decide: headers of I/O, threads, clocks and randomness, and calls to them.

And it holds the table of modules in docs/architecture.md to CMake's.
"""

import argparse
import pathlib
import re
import sys
from typing import Dict, FrozenSet, Iterator, List, NamedTuple

MODULE = re.compile(r"sentio_module\(\s*NAME\s+(\w+)(.*?)\)", re.S)
KEYWORDS = frozenset("COLD SOURCES DEPENDS LIBS PRIVATE_LIBS APART".split())
DRIVER = "cli"  # the program itself is no module: it may use all of them
PAGE = pathlib.Path("docs", "architecture.md")

# Whoever trades knows ports/ alone; which broker is behind them is said in one place (docs/adding-a-broker.md).
BROKER_MODULE = re.compile(r"broker(_\w+)?")
BROKER_DOOR = pathlib.Path("src", "live", "start", "live_connections.cpp")


def module_table(root: pathlib.Path) -> Dict[str, FrozenSet[str]]:
    """What each module may use besides itself: DEPENDS of its sentio_module() in src/*/CMakeLists.txt."""
    table: Dict[str, FrozenSet[str]] = {}
    for file in sorted((root / "src").glob("*/CMakeLists.txt")):
        for name, rest in MODULE.findall(re.sub(r"#[^\n]*", "", file.read_text(encoding="utf-8"))):
            used, keyword = [], ""
            for word in rest.split():
                keyword = word if word in KEYWORDS else keyword
                if keyword == "DEPENDS" and word != keyword:
                    used.append(word)
            table[name] = frozenset(used)
    table[DRIVER] = frozenset(table)
    return table


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


def include_breaches(root: pathlib.Path, table: Dict[str, FrozenSet[str]], file: pathlib.Path, module: str,
                     text: str) -> Iterator[Breach]:
    for number, line in enumerate(without_comments(text).split("\n"), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        quote, name = match.groups()
        used = MODULE_HEADER.fullmatch(name)
        if used:
            if used.group(1) not in table:
                yield Breach(file, number, "'%s' is of no known module" % name)
            elif used.group(1) != module and used.group(1) not in table[module]:
                yield Breach(file, number, "%s may not use %s (\"%s\")" % (module, used.group(1), name))
            elif used.group(1) != module and BROKER_MODULE.fullmatch(used.group(1)) and file != BROKER_DOOR:
                yield Breach(file, number, "only %s may name a broker (\"%s\")" % (BROKER_DOOR.as_posix(), name))
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


def page_breaches(root: pathlib.Path, table: Dict[str, FrozenSet[str]]) -> Iterator[Breach]:
    """Rows | `module` | what it holds | modules it may include |; "–" for none, "all" for the program itself."""
    rows: Dict[str, int] = {}
    for number, line in enumerate((root / PAGE).read_text(encoding="utf-8").split("\n"), 1):
        match = re.fullmatch(r"\| `(\w+)` \|.*\| ([^|]*) \|", line)
        if not match or match.group(1) not in table:
            continue
        name, words = match.groups()
        rows[name] = number
        said = table[DRIVER] if words == "all" else frozenset(re.findall(r"\w+", words))
        if said != table[name]:
            yield Breach(PAGE, number, "%s: the page and CMake differ in %s" % (name, ", ".join(sorted(said ^ table[name]))))
    for name in sorted(set(table) - set(rows)):
        yield Breach(PAGE, 1, "%s has no row in the table of modules" % name)


def check(root: pathlib.Path, table: Dict[str, FrozenSet[str]]) -> List[Breach]:
    breaches: List[Breach] = []
    for base in (root / "include" / "sentio", root / "src"):
        for path in sorted(p for p in base.rglob("*") if p.suffix in SUFFIXES and p.is_file()):
            file, module = path.relative_to(root), path.relative_to(base).parts[0]
            if module not in table:
                breaches.append(Breach(file, 1, "'%s' is no module of the table" % module))
                continue
            text = path.read_text(encoding="utf-8")
            breaches.extend(include_breaches(root, table, file, module, text))
            if module in PURE_MODULES:
                breaches.extend(call_breaches(file, module, text))
    return breaches


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("root", nargs="?", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    root = parser.parse_args().root
    table = module_table(root)
    breaches = check(root, table) + list(page_breaches(root, table))
    for breach in breaches:
        print(breach)
    if breaches:
        print("%d breaches of the include rules" % len(breaches), file=sys.stderr)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
