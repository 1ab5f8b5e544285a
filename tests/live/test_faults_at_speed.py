"""The last fifteen minutes at sixty times real time, with faults: real clocks and threads, decisions not compared."""

import json
import unittest

from checks import duplicate_problems, flat_problems, ledger_problems, replay_problems, secret_problems
from day import trade
from matrix import LATE
from support import CliTest

FAULTS = ("at 15:46:30 drop data", "at 15:48 duplicate stream for 5m", "at 15:49 500 orders x2", "at 15:50 accept-then-cut",
          "at 15:51 slow rest 10s x2", "at 15:52 drop stream", "at 15:53:30 mute data 80s", "at 15:57:30 drop stream",
          "at 15:57:50 503 rest x2")


class AtSpeed(CliTest):
    def test_flat_all_the_same(self):
        day = trade(self.bars, self.folder, ("15:45", "16:00"), FAULTS, speed=60, config=LATE)
        self.assertEqual(replay_problems(day) + secret_problems(day) + duplicate_problems(day) + ledger_problems(day)
                         + flat_problems(day), [], day.err)
        self.assertEqual(day.positions, {})
        self.assertTrue(day.fills, "nothing was traded")
        self.assertTrue(day.logged("market data is down", "15:46"))
        self.assertTrue(day.logged("the connection dropped", "15:52"), "the stream's")


class MoreOfIt(CliTest):
    def test_rehearse_shows_that_doubles_were_sent(self):
        """Doubled data and updates leave no trace in the live files; the exchange counts what it sent."""

        def sent(*faults):
            arguments = [a for fault in faults for a in ("--fault", fault)]
            done = self.mock("--date", "2025-07-02", "--from", "10:00", "--to", "10:15", *arguments, verb="rehearse")
            self.assertEqual(done.code, 0, done.err)
            line = [line for line in done.out.splitlines() if line.startswith("Rehearsal: ")][0]
            decisions = (self.logs / "live_trading" / "decisions_2025-07-02.jsonl").read_text().splitlines()
            words = line.replace(",", "").split()
            return int(words[words.index("trade") - 1]), int(words[words.index("data") - 1]), [json.loads(d) for d in decisions]

        updates, items, decisions = sent()
        more_updates, more_items, same = sent("duplicate data for 20m", "duplicate stream for 20m")
        self.assertEqual((more_updates, more_items, same), (2 * updates, 2 * items, decisions))


if __name__ == "__main__":
    unittest.main()
