"""A live day that is killed, at any time and again and again, is the day it would have been."""

import json
import random
import shutil
import time
import unittest

from restart_support import HALF_DAY, RestartTest, run

CALM = ("SDS", "SPXL", "SQQQ", "TQQQ")


class Killed(RestartTest):
    def kill_day(self, exchange, points):
        """Starts, kills at each of those journal lengths in turn and lets the day end; how often it was killed before."""
        kills = 0
        for lines in points:
            process = self.start(exchange)
            if not self.kill_at(process, lines):
                return self.outcome(process), kills
            kills += not self.ended()
        return self.run_live(exchange), kills

    def test_from_before_the_open_to_noon(self):
        exchange = self.exchange()
        outcome, kills = self.kill_day(exchange, [1, 4, 6, 9, 14, 25, 60, 110, 200])
        self.assertGreaterEqual(kills, 6)
        self.expect_good_day(exchange, outcome, kills)

    def test_from_noon_to_the_close(self):
        exchange = self.exchange()
        outcome, kills = self.kill_day(exchange, [300, 410, 520, 600, 640, 660])
        self.assertGreaterEqual(kills, 4)
        self.expect_good_day(exchange, outcome, kills)

    def test_a_half_day_at_its_end(self):
        self.date = HALF_DAY
        exchange = self.exchange()
        kills = 0
        process = self.start(exchange)
        # Before the last exits, with the set that orders them, with their fills, in the last minute.
        for minute in (205, 206, 207, 208, 209):
            if self.has_minute(minute):  # the last kill was late
                continue
            if not self.kill_after_minute(process, minute):
                break
            kills += not self.ended()
            process = self.start(exchange)
        self.expect_good_day(exchange, self.outcome(process), kills)

    def test_at_any_time(self):
        chance = random.Random(20251014)
        self.date = HALF_DAY
        exchange = self.exchange()
        for _ in range(10):
            process = self.start(exchange)
            time.sleep(chance.uniform(0.02, 0.5))
            if process.poll() is not None:
                break
            process.kill()
            process.wait()
        outcome = self.run_live(exchange)
        # How many kills found a day that had begun depends on the machine.
        self.expect_good_day(exchange, outcome, self.log_text().count("resumed after minute"))


class KilledWhilePricesAreHeldBack(RestartTest):
    def print_badly(self):
        """A copy of the bars in which every minute from 10:00 to 11:30 has a close that is gone a minute later: of a fund whose
        usual minute is so small that none escapes."""
        folder = self.folder / "bad_prints"
        shutil.copytree(self.bars, folder)
        for shift, symbol in enumerate(CALM):
            path = next(folder.glob(symbol + "_*"))
            lines = path.read_text().splitlines()
            for at, line in enumerate(lines):
                row = line.split(",")
                if not row[0].startswith(self.date) or not "10:00" <= row[0][11:16] < "11:30":
                    continue
                if int(row[0][14:16]) % len(CALM) == shift:
                    row[3] = row[4] = "%.2f" % (0.91 * float(row[4]))  # low and close
                    lines[at] = ",".join(row)
            path.write_text("\n".join(lines) + "\n")
        self.bars = folder

    def test_the_day_is_the_one_it_would_have_been(self):
        self.date = HALF_DAY
        self.print_badly()
        exchange = self.exchange()
        kills = 0
        process = self.start(exchange)
        for minute in (40, 75, 100):
            if self.has_minute(minute):  # the last kill was late
                continue
            if not self.kill_after_minute(process, minute):
                break
            kills += 1
            process = self.start(exchange)
        self.expect_good_day(exchange, self.outcome(process), kills)
        mocked = run("mock", "--date", self.date, "--data-dir", self.bars, "--log-dir", self.logs, "-q", "--warmup-days", "2")
        self.assertEqual(mocked.code, 0, mocked.err)
        # Which orders there were depends on the minutes that a restart took; what the bars were taken for does not.
        told, mocked = [[line for line in path.read_text().splitlines() if "suspect" in line or "typical ranges" in line]
                        for path in (self.file("session", "log"), self.logs / "mock_trading" / self.file("session", "log").name)]
        self.assertEqual(told, mocked)
        self.assertEqual(len(told), 51)  # all else is counted
        self.assertTrue(all(line.endswith("not used") for line in told[:-1]), told)
        name = self.file("summary", "json").name
        lived, mocked = [json.loads((self.logs / mode / name).read_text())["checks"]["bad_prints"]
                         for mode in ("live_trading", "mock_trading")]
        self.assertEqual(lived, mocked)
        self.assertGreater(lived, 60)  # the last of them by count alone


class KilledWithAnOrderOnTheWire(RestartTest):
    def kill_when_it_stalls(self, process):
        """As a slow reply makes it: nothing is journalled for seconds, longer than a busy machine takes to go on."""
        lines, since = self.journal_lines(), time.monotonic()
        while process.poll() is None and time.monotonic() < since + 2.5:
            if self.journal_lines() != lines:
                lines, since = self.journal_lines(), time.monotonic()
            time.sleep(0.002)
        process.kill()
        process.wait()

    def test_it_is_sent_once(self):
        """The exchange has the order and its reply is slow: the process never hears of it."""
        self.date = HALF_DAY
        minutes = ("09:31", "09:50", "10:20")
        exchange = self.exchange(*["at %s slow rest 6s x2" % minute for minute in minutes])
        process = self.start(exchange)
        self.await_lines(process, 4)
        for minute in minutes:
            self.kill_when_it_stalls(process)
            if minute == minutes[0]:
                self.assertTrue(exchange.orders())
                self.assertEqual(self.events("fill"), [])
            process = self.start(exchange)
            self.await_lines(process, self.journal_lines() + 2)
        self.expect_good_day(exchange, self.outcome(process), 3)

    def test_it_is_sent_at_last_or_never(self):
        """Killed as soon as the journal holds the decision: the order may or may not have left."""
        self.date = HALF_DAY
        exchange = self.exchange()
        kills = 0
        for minute in (0, 20, 40, 60, 80, 100):
            if not self.has_minute(minute):
                self.assertTrue(self.kill_after_minute(self.start(exchange), minute))
                kills += 1
        self.expect_good_day(exchange, self.run_live(exchange), kills)


class StartedTwice(RestartTest):
    def test_the_second_is_refused_and_the_first_goes_on(self):
        self.date = HALF_DAY
        exchange = self.exchange()
        first = self.start(exchange)
        self.kill_at(first, 60)
        twins = [self.start(exchange), self.start(exchange)]
        outcomes = [self.outcome(p) for p in twins]
        self.assertEqual(sorted(o.code for o in outcomes), [0, 9], outcomes)
        refused = next(o for o in outcomes if o.code == 9)
        self.assertIn("another instance", refused.err)
        self.expect_good_day(exchange, next(o for o in outcomes if o.code == 0), 1)


if __name__ == "__main__":
    unittest.main(verbosity=2)
