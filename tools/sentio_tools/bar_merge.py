"""New bars joined with those a file already holds, day by day; and what differs between the two."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

import numpy as np
import pandas as pd

from .bar_files import NUMBERS

SHRUNK = 0.5  # a day that comes back with fewer than this share of its bars is not believed


class Merged(NamedTuple):
    frame: pd.DataFrame
    added: list[date]  # days that are new
    revised: list[str]  # one text a day
    missing: list[date]  # asked for, and neither sent nor there
    kept: list[str]  # days the vendor sent no longer, or no longer whole: as they were


def days_of(frame: pd.DataFrame) -> np.ndarray:
    return frame["start"].dt.date.to_numpy()


def merge(old: pd.DataFrame, new: pd.DataFrame, asked: Iterable[date], *, up_to_hole: bool = False) -> Merged:
    """`asked`: sessions in order. A day that was sent replaces the day that was there, but for one that shrank.

    `up_to_hole`: days after the first missing one stay out, so that the file gets no hole.
    """
    there = dict(iter(old.groupby(days_of(old)))) if len(old) else {}
    sent = dict(iter(new.groupby(days_of(new)))) if len(new) else {}
    merged = Merged(old, [], [], [], [])
    days = dict(there)
    for day in asked:
        before, after = there.get(day), sent.get(day)
        if before is None and after is None:
            merged.missing.append(day)
        elif up_to_hole and merged.missing and before is None:
            continue
        elif before is None:
            merged.added.append(day)
            days[day] = after
        elif after is None or len(after) < SHRUNK * len(before):
            merged.kept.append(f"{day}: {0 if after is None else len(after)} bars now, {len(before)} before")
        else:
            text = difference(before, after)
            merged.revised.extend([f"{day}: {text}"] * bool(text))
            days[day] = after
    frames = [days[day] for day in sorted(days)]
    return merged._replace(frame=pd.concat(frames, ignore_index=True) if frames else old)


def difference(before: pd.DataFrame, after: pd.DataFrame) -> str:
    """How many bars came, went and changed, with the first change; empty where nothing did."""
    both = before.merge(after, on="start", how="outer", suffixes=("", "_new"), indicator=True)
    gone, come = int((both["_merge"] == "left_only").sum()), int((both["_merge"] == "right_only").sum())
    common = both[both["_merge"] == "both"]
    other = {name: (common[name] != common[name + "_new"]).to_numpy() for name in NUMBERS}
    changed = np.logical_or.reduce(list(other.values()))
    counts = [f"{count} {word}" for count, word in ((int(changed.sum()), "changed"), (come, "added"), (gone, "gone")) if count]
    if not counts:
        return ""
    first = ""
    if changed.any():
        row = common.iloc[int(changed.argmax())]
        name = next(name for name in NUMBERS if row[name] != row[name + "_new"])
        first = f" (first {row['start']:%H:%M} {name} {row[name]:.12g} -> {row[name + '_new']:.12g})"
    return f"{', '.join(counts)} of {len(before)} bars{first}"
