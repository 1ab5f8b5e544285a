"""The fault matrix: one window of a day with a fault in one of four phases, and what must hold afterwards."""

import functools
import json
import pathlib
import sys
import tempfile
from typing import List, NamedTuple, Sequence, Tuple

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))

from checks import (duplicate_problems, flat_problems, ledger_problems, replay_problems,  # noqa: E402
                    secret_problems)
from day import DAY, Day, trade  # noqa: E402
from support import CliTest  # noqa: E402

WINDOWS = (("10:00", "10:15"), ("10:15", "10:30"), ("10:30", "10:45"), ("11:00", "11:15"))
# Enters as late as possible and holds: shares must be held into 15:58.
# One position: a fault that meets one order must meet the one that is looked at.
LATE = json.dumps({"rotation_manager_config": {"entry_cutoff_minutes": 386, "minimum_hold_bars": 15, "max_positions": 1}})


def shifted(clock: str, seconds: int) -> str:
    """HH:MM[:SS] plus seconds."""
    parts = [int(p) for p in clock.split(":")] + [0]
    total = parts[0] * 3600 + parts[1] * 60 + parts[2] + seconds
    return "%02d:%02d:%02d" % (total // 3600, total // 60 % 60, total % 60)


class Phase(NamedTuple):
    name: str                # entering, holding, exiting, eod
    window: Tuple[str, str]
    minute: str              # HH:MM of the decision; holding: of a set on which nothing is decided
    symbol: str              # entered, exited or held
    config: str

    def before(self) -> str:
        """On when the decision of the minute is made; EOD: from 15:57 on."""
        return shifted(self.minute, {"holding": 20, "eod": -59}.get(self.name, -1))

    def sharp(self) -> str:
        """The instant of the decision: just before its bars."""
        return self.minute if self.name != "holding" else self.before()

    def after(self, seconds: int = 1) -> str:
        """The order is on its way: sent, and not filled before second ten."""
        return shifted(self.minute, seconds if self.name != "holding" else 20)

    @property
    def side(self) -> str:
        return "buy" if self.name == "entering" else "sell"


def phases_of(day: Day, window: Tuple[str, str]) -> List[Phase]:
    """Entering, holding and exiting from a day without faults; fewer where the window has no such minute."""
    done = {}
    for d in day.lines("decisions"):
        if d["action"] != "blocked":
            done.setdefault(d["ts"][11:16], []).append(d)
    held = {p["ts"][11:16]: [h["symbol"] for h in p["positions"]] for p in day.lines("positions")}
    found = {}
    for minute in sorted(held):
        # Room for a minute before and for two after it.
        if not shifted(window[0], 120)[:5] <= minute <= shifted(window[1], -180)[:5]:
            continue
        # One order alone: those of one minute go out side by side, and a fault would meet either.
        actions = [d["action"] for d in done.get(minute, [])]
        if actions == ["enter"]:
            found["entering"] = (minute, done[minute][0]["symbol"])
        elif actions == ["exit"]:
            found.setdefault("exiting", (minute, done[minute][0]["symbol"]))
        elif not actions and held[minute] and shifted(minute, 60)[:5] not in done and shifted(minute, -60)[:5] in done:
            found.setdefault("holding", (minute, held[minute][0]))
    return [Phase(name, window, *found[name], "") for name in ("entering", "holding", "exiting") if name in found]


def phases(*names: str):
    """Decorates test(self, phase): runs it in these phases, all unless named, each in a subTest of its own."""

    def decorate(test):
        @functools.wraps(test)
        def in_each(self):
            for phase in self.phases:
                if not names or phase.name in names:
                    with self.subTest(phase=phase.name):
                        test(self, phase)

        return in_each

    return decorate


class MatrixTest(CliTest):
    """Fault-free runs once per class; cell() for each run with a fault."""

    date, warmup_days = DAY, 2
    phases: List[Phase]
    sound: dict

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.find_phases()

    @classmethod
    def find_phases(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.sound, cls.phases = {}, []
        for window in WINDOWS:
            day = cls.trade(pathlib.Path(shared.name) / window[0].replace(":", ""), window)
            cls.phases = phases_of(day, window)
            if len(cls.phases) == 3:
                cls.sound[window] = day
                break
        window = ("15:45", "16:00")
        day = cls.sound[window] = cls.trade(pathlib.Path(shared.name) / "eod", window, config=LATE)
        exits = day.decided("exit", since="15:58", until="15:58:59")
        cls.phases.append(Phase("eod", window, "15:58", exits[0]["symbol"], LATE))
        assert len(cls.phases) == 4, "the bars have no window with every phase: %s" % cls.phases

    @classmethod
    def trade(cls, folder, window, faults=(), **more) -> Day:
        return trade(cls.bars, folder, window, faults, date=cls.date, warmup_days=cls.warmup_days, **more)

    def cell(self, phase: Phase, *faults: str, codes: Sequence[int] = (0,), foreign: bool = False,
             closed_by_broker: bool = False, window=None, **more) -> Day:
        """Runs it and asserts what must hold everywhere."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        day = self.trade(folder, window or phase.window, ["at " + f for f in faults], config=phase.config, **more)
        self.assertIn(day.code, codes, day.err)
        problems = replay_problems(day) + secret_problems(day) + duplicate_problems(day)
        if not foreign:
            problems += ledger_problems(day, by_symbol=closed_by_broker)
        if phase.name == "eod" and not foreign:
            problems += flat_problems(day)
        self.assertEqual(problems, [], "%s\n%s" % (faults, day.err))
        return day

    def same_decisions(self, day: Day, phase: Phase) -> None:
        """The fault changed nothing that was decided."""
        self.assertEqual(day.lines("decisions"), self.sound[phase.window].lines("decisions"))

    def filled_in_its_minute(self, day: Day, phase: Phase) -> None:
        fills = day.fills_of(phase.symbol, phase.side, phase.minute, phase.minute + ":59")
        self.assertEqual(len(fills), 1, day.fills)

    def logged(self, day: Day, phase: Phase, text: str) -> None:
        self.assertTrue(day.logged(text, phase.minute if phase.name != "eod" else "15:57"),
                        "%r is not in\n%s" % (text, day.log))
