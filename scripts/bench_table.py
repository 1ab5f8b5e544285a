#!/usr/bin/env python3
"""Prints one table from Google Benchmark JSON files:  bench_table.py LABEL=FILE...

Columns: build, benchmark, median time, and for a benchmark X with siblings X_textbook or X_reference
how many times longer those take.
"""

import json
import re
import sys
from typing import Dict, List, Optional

NANOSECONDS = {"ns": 1.0, "us": 1e3, "ms": 1e6, "s": 1e9}
SIBLINGS = ("textbook", "reference")


def medians(document: dict) -> Dict[str, float]:
    """Benchmark name -> median time over the repetitions, ns."""
    return {
        re.sub(r"/iterations:\d+", "", entry["run_name"]): entry["real_time"] * NANOSECONDS[entry["time_unit"]]
        for entry in document["benchmarks"]
        if entry.get("aggregate_name") == "median" and not entry.get("error_occurred")
    }


def sibling_name(name: str, kind: str) -> str:
    """BM_Learn/126 -> BM_Learn_textbook/126."""
    base, slash, arguments = name.partition("/")
    return base + "_" + kind + slash + arguments


def sibling_median(found: Dict[str, float], name: str, kind: str) -> Optional[float]:
    """The sibling with the same arguments, or the one without any (a textbook form has no instruction sets)."""
    with_arguments = sibling_name(name, kind)
    return found.get(with_arguments, found.get(with_arguments.partition("/")[0]))


def time_text(nanoseconds: float) -> str:
    for unit, factor in (("s", 1e9), ("ms", 1e6), ("us", 1e3)):
        if nanoseconds >= factor:
            return "%.3g %s" % (nanoseconds / factor, unit)
    return "%.3g ns" % nanoseconds


def table(results: Dict[str, Dict[str, float]]) -> List[List[str]]:
    """Rows of text, the heading first. results: build label -> medians."""
    kinds = [
        kind for kind in SIBLINGS
        if any(sibling_median(found, name, kind) for found in results.values() for name in found)
    ]
    rows = [["build", "benchmark", "median"] + ["vs " + kind for kind in kinds]]
    for label, found in results.items():
        for name, median in found.items():
            ratios = [sibling_median(found, name, kind) for kind in kinds]
            rows.append([label, name, time_text(median)] + ["" if r is None else "%.2fx" % (r / median) for r in ratios])
    return rows


def main(arguments: List[str]) -> int:
    results: Dict[str, Dict[str, float]] = {}
    for argument in arguments:
        label, equals, path = argument.partition("=")
        if not equals:
            print(__doc__.strip(), file=sys.stderr)
            return 2
        with open(path, encoding="utf-8") as stream:
            results.setdefault(label, {}).update(medians(json.load(stream)))
    rows = table(results)
    if len(rows) == 1:
        print("no benchmark has run")
        return 0
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for row in rows:
        cells = [cell.ljust(w) if column < 2 else cell.rjust(w) for column, (cell, w) in enumerate(zip(row, widths))]
        print("  ".join(cells).rstrip())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
