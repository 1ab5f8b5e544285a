#!/usr/bin/env python3
"""Prints the last New York date that every named symbol has bars of, from the bar files of a folder."""

import argparse
import gzip
import os
import sys
from datetime import datetime, timedelta, timezone

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from synthetic import calendar  # noqa: E402
from synthetic.files import bar_file  # noqa: E402

EXIT_NO_BARS = 3


def new_york_date(stamp: str):
    """The date of an ISO-8601 or epoch (s, ms) time stamp in New York; None where it is neither."""
    try:
        if stamp.isdigit():
            seconds = int(stamp) / (1000 if len(stamp) > 11 else 1)
            moment = datetime.fromtimestamp(seconds, timezone.utc)
        else:
            moment = datetime.fromisoformat(stamp.replace("Z", "+00:00"))
            if moment.tzinfo is None:
                return None
            moment = moment.astimezone(timezone.utc)
    except (ValueError, OverflowError):
        return None
    return (moment - timedelta(hours=calendar.utc_offset_hours(moment.date()))).date()


def last_date(path: str):
    """The date of the file's last row, or None."""
    opener = gzip.open if path.endswith(".gz") else open
    last = ""
    with opener(path, "rt", encoding="ascii", errors="replace") as stream:
        for line in stream:
            if line.strip():
                last = line
    return new_york_date(last.split(",")[0].strip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("folder")
    parser.add_argument("symbols", nargs="+")
    options = parser.parse_args()
    dates = []
    for symbol in options.symbols:
        paths = [p for p in (bar_file(options.folder, symbol, packed) for packed in (False, True)) if os.path.exists(p)]
        if not paths:
            print("%s: no bar file of %s" % (options.folder, symbol), file=sys.stderr)
            return EXIT_NO_BARS
        try:
            found = last_date(paths[0])  # the plain file wins, as everywhere
        except (OSError, EOFError) as problem:
            print("%s: %s" % (paths[0], problem), file=sys.stderr)
            return EXIT_NO_BARS
        if found is None:
            print("%s: the last line has no time stamp" % paths[0], file=sys.stderr)
            return EXIT_NO_BARS
        dates.append(found)
    print(min(dates))
    return 0


if __name__ == "__main__":
    sys.exit(main())
