"""Restarts on damaged or missing files: what can be known is used, and what cannot is refused before anything is sent."""

import json
import re
import shutil
import subprocess
import unittest

from restart_support import CLI, CONFIG, HALF_DAY, RestartTest, json_lines


class DamageTest(RestartTest):
    def setUp(self):
        super().setUp()
        self.date = HALF_DAY

    def killed_with_positions(self, exchange, lines=60):
        """A day that was killed while shares are held."""
        process = self.start(exchange)
        self.await_positions(process, lines)
        process.kill()
        process.wait()

    def expect_sold(self, exchange, outcome):
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(exchange.held(), {})
        ids = [o["client_order_id"] for o in exchange.orders()]
        self.assertEqual(len(ids), len(set(ids)))
        self.assertEqual(exchange.orders("open"), [])

    def strategy(self, **sections):
        return ["--config", CONFIG[1], "--config", self.write("other.json", json.dumps(sections)), *CONFIG[2:]]


class Refused(DamageTest):
    def test_what_cannot_be_trusted(self):
        exchange = self.exchange()
        self.killed_with_positions(exchange)
        kept = self.folder / "kept"
        shutil.copytree(self.live, kept)
        sent = len(exchange.orders())

        def refuse(damage, code, *texts, arguments=()):
            shutil.rmtree(self.live)
            shutil.copytree(kept, self.live)
            damage()
            before = self.journal.read_bytes()
            outcome = self.run_live(exchange, *arguments)
            self.expect_refusal(outcome, code, texts[0], files_left=True)
            for text in texts:
                self.assertIn(text, outcome.err)
            self.assertEqual(len(exchange.orders()), sent)
            self.assertEqual(self.journal.read_bytes(), before)
            self.assertIn(texts[0], self.alert_text())

        def garble():
            lines = self.journal.read_text().splitlines(keepends=True)
            lines[30] = lines[30][:40] + "\n"
            self.journal.write_text("".join(lines))

        def another_header():
            lines = self.journal.read_text().splitlines(keepends=True)
            self.journal.write_text("hello\n" + "".join(lines[1:]))

        state = self.file("warmup_state", "bin")
        refuse(state.unlink, 3, state.name, "move the journal away")
        refuse(lambda: state.write_bytes(state.read_bytes()[:5000]), 3, state.name, "move the journal away")
        refuse(garble, 3, self.journal.name + ":31: ", "move the journal away")
        refuse(another_header, 3, self.journal.name + ": does not begin with a journal header", "move the journal away")
        refuse(lambda: None, 5, "another configuration", "start it the same way, or move the journal away",
               arguments=self.strategy(rotation_manager_config={"max_positions": 2}))

        # None of the refusals has hurt: the day goes on from the files as they were.
        shutil.rmtree(self.live)
        shutil.copytree(kept, self.live)
        self.expect_good_day(exchange, self.run_live(exchange), 1)


class OutOfPlace(DamageTest):
    """A journal whose lines all parse and do not add up: replay, a restart and status say where, and send nothing."""

    def test_a_line_that_is_missing_doubled_or_moved(self):
        exchange = self.exchange()
        self.killed_with_positions(exchange, 40)
        sent = len(exchange.orders())
        lines = self.journal.read_text().splitlines(keepends=True)
        kinds = ("session_opened", '"event":"bars"', '"event":"fill"', '"note":')
        places = [next(i for i, line in enumerate(lines) if kind in line) for kind in kinds]
        for at in places:
            for name, damaged, number in (("missing", lines[:at] + lines[at + 1:], at + 1),
                                          ("doubled", lines[:at] + lines[at:at + 1] + lines[at:], at + 2),
                                          ("moved", lines[:at] + [lines[at + 1], lines[at]] + lines[at + 2:], at + 1)):
                with self.subTest(lines[at][:60], damage=name):
                    self.expect_refused(exchange, damaged, number, '"seq":%d expected, found ' % number)
        self.assertEqual(len(exchange.orders()), sent)
        self.journal.write_text("".join(lines))
        self.expect_good_day(exchange, self.run_live(exchange), 1)

    def test_an_older_journal_without_numbers(self):
        exchange = self.exchange()
        self.killed_with_positions(exchange, 40)
        lines = [re.sub(r'^\{"seq":\d+,', "{", line) for line in self.journal.read_text().splitlines(keepends=True)]
        for kind in ("session_opened", '"event":"bars"', '"event":"fill"'):
            at = next(i for i, line in enumerate(lines) if kind in line)
            with self.subTest(kind):
                self.expect_refused(exchange, lines[:at + 1] + lines[at:], at + 2, "does not fit the lines before it: ")
        bars = next(i for i, line in enumerate(lines) if '"event":"bars"' in line)
        # What its orders did is unexplained, or the next minute comes too early.
        later = next(i for i, line in enumerate(lines) if i > bars and re.search('"event":"(bars|fill)"', line))
        self.expect_refused(exchange, lines[:bars] + lines[bars + 1:], later, "does not fit the lines before it: ")
        self.journal.write_text("".join(lines))
        self.expect_good_day(exchange, self.run_live(exchange), 1)
        self.assertNotIn('{"seq":', self.journal.read_text())

    def expect_refused(self, exchange, lines, number, text):
        self.journal.write_text("".join(lines))
        where = "%s:%d: " % (self.journal.name, number)
        (self.live / "status.json").unlink(missing_ok=True)
        replay = self.outcome(subprocess.Popen([CLI, "replay", "--journal", str(self.journal)], stdout=subprocess.PIPE,
                                               stderr=subprocess.PIPE))
        status = self.outcome(self.start(exchange, "--positions", verb="status"))
        live = self.run_live(exchange)
        for outcome in (replay, status, live):
            self.assertEqual(outcome.code, 3, outcome.err)
            self.assertIn(where + text, outcome.err)
            self.assertEqual(outcome.err.count("\n"), 1, outcome.err)


class Torn(DamageTest):
    def last_line(self):
        return self.journal.read_bytes().splitlines()[-1]

    def test_a_line_cut_short_is_left_out(self):
        """An execution or a note; the broker is asked again. Sets and their orders are in the next test."""
        exchange = self.exchange()
        kills = 0
        for cut in (0.5, 0.95, 0.1):
            self.killed_with_positions(exchange, self.journal_lines() + 8)
            kills += 1
            while b'"event":"bars"' in self.last_line():
                self.kill_at(self.start(exchange), 0)
                kills += 1
            text = self.journal.read_bytes()
            self.journal.write_bytes(text[:len(text) - 1 - int(cut * len(self.last_line()))])
        outcome = self.run_live(exchange)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.expect_replay()
        self.expect_books_agree(exchange)
        self.expect_whole_files()
        # Where the line was that of a resumption it is gone.
        self.assertLessEqual(self.log_text().count("resumed after minute"), kills)

    def test_shares_that_it_no_longer_explains(self):
        """As after a power failure that took the set which bought them: refused, and begun anew on request."""
        exchange = self.exchange()
        self.killed_with_positions(exchange)
        held = exchange.held()
        lines = self.journal.read_bytes().splitlines(keepends=True)
        self.journal.write_bytes(b"".join(lines[:2]))
        sent = len(exchange.orders())
        refused = self.run_live(exchange)
        self.assertEqual(refused.code, 5, refused.err)
        for symbol, shares in held.items():
            self.assertIn("%s: the broker holds %d shares, today's journal explains 0" % (symbol, shares), refused.err)
        self.assertIn("once flat, move the journal away to begin anew", refused.err)
        self.assertIn("BOOKS DISAGREE", self.alert_text())
        self.assertEqual(len(exchange.orders()), sent)
        self.journal.unlink()
        self.expect_sold(exchange, self.run_live(exchange))


class WithoutJournal(DamageTest):
    def expect_adopted(self, exchange, held):
        self.assertEqual({e["symbol"]: e["qty"] for e in self.events("adopted")}, held)

    def test_own_positions_are_taken_over_and_sold(self):
        exchange = self.exchange()
        self.killed_with_positions(exchange)
        held = exchange.held()
        self.assertTrue(held)
        self.journal.unlink()
        outcome = self.run_live(exchange)
        self.expect_sold(exchange, outcome)
        # What was still being bought when it was killed is cancelled or held as well.
        self.expect_adopted(exchange, held)
        self.assertEqual(len(json_lines(self.file("positions"))), 210)
        self.expect_replay()

    def test_with_another_configuration(self):
        exchange = self.exchange()
        self.killed_with_positions(exchange)
        held = exchange.held()
        self.journal.rename(self.folder / "moved.jsonl")
        outcome = self.run_live(exchange, *self.strategy(rotation_manager_config={"max_positions": 1, "minimum_hold_bars": 20}))
        self.expect_sold(exchange, outcome)
        self.expect_adopted(exchange, held)
        self.expect_replay()

    def test_foreign_shares_are_not(self):
        exchange = self.exchange("at 10:00 foreign position SPXL 7")
        self.killed_with_positions(exchange, 75)
        self.journal.unlink()
        if "SPXL" not in exchange.held():
            self.skipTest("killed before 10:00")
        refused = self.run_live(exchange)
        self.assertEqual(refused.code, 5, refused.err)
        self.assertIn("SPXL: the broker holds", refused.err)
        self.assertIn("--adopt", refused.err)
        self.assertIn("BOOKS DISAGREE", self.alert_text())
        self.expect_sold(exchange, self.run_live(exchange, "--adopt"))


class Breaker(DamageTest):
    def tripped(self, exchange, arguments):
        """Killed after the breaker has tripped, everybody is told and everything is sold."""
        process = self.start(exchange, *arguments)
        latch = self.live / ("breaker_%s.json" % self.date)
        while process.poll() is None and not (latch.exists() and "CIRCUIT BREAKER" in self.alert_text()
                                              and not exchange.held() and not exchange.orders("open")):
            pass
        self.assertIsNone(process.poll(), "the day was over first")
        process.kill()
        process.wait()
        self.assertTrue(latch.exists())
        return {o["client_order_id"] for o in exchange.orders()}

    def expect_no_entries(self, exchange, outcome, before):
        self.assertEqual(outcome.code, 6, outcome.err)
        after = [o for o in exchange.orders() if o["client_order_id"] not in before]
        self.assertEqual([o["client_order_id"] for o in after if o["side"] == "buy"], [])
        self.assertEqual(exchange.held(), {})

    def test_it_stays_open_over_a_restart(self):
        arguments = self.strategy(risk_config={"max_session_drawdown": 0.001})
        exchange = self.exchange()
        before = self.tripped(exchange, arguments)
        outcome = self.run_live(exchange, *arguments)
        self.expect_no_entries(exchange, outcome, before)
        self.expect_books_agree(exchange)
        self.expect_whole_files()
        self.expect_replay()
        self.assertIn("CIRCUIT BREAKER", self.alert_text())

    def test_it_stays_open_without_the_journal(self):
        arguments = self.strategy(risk_config={"max_session_drawdown": 0.001})
        exchange = self.exchange()
        before = self.tripped(exchange, arguments)
        self.journal.unlink()
        outcome = self.run_live(exchange, *arguments)
        self.expect_no_entries(exchange, outcome, before)
        self.assertEqual(len(self.events("breaker_latched")), 1)
        self.expect_replay()


if __name__ == "__main__":
    unittest.main(verbosity=2)
