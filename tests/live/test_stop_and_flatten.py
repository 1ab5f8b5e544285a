"""Signals, `flatten`, the maintenance file and `status` on a live process in mid-session."""

import json
import os
import signal
import subprocess
import time
import unittest

from restart_support import HALF_DAY, RestartTest, json_lines, keys, wait_until


class StopTest(RestartTest):
    def setUp(self):
        super().setUp()
        self.date = HALF_DAY

    def entries_sent(self, exchange):
        return [o["client_order_id"] for o in exchange.orders() if o["side"] == "buy"]


class Signals(StopTest):
    def stop(self, number, *more, **options):
        exchange = self.exchange(**options)
        process = self.start(exchange, *more)
        self.await_positions(process, 40)
        process.send_signal(number)
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertIn("stopped]", self.alert_text())
        self.assertIn("stopping on a signal", self.alert_text())
        self.assertEqual(exchange.orders("open"), [])
        self.expect_replay()
        return exchange, outcome

    def test_sigterm_sells_everything(self):
        exchange, _ = self.stop(signal.SIGTERM)
        self.expect_books_agree(exchange)
        self.assertIn("selling everything", self.alert_text())
        self.assertIn("operator_flatten", self.file("decisions").read_text())
        # The order to be out holds for the day.
        entries = self.entries_sent(exchange)
        outcome = self.run_live(exchange)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(self.entries_sent(exchange), entries)
        self.expect_whole_files()

    def test_sigint_sells_everything(self):
        exchange, _ = self.stop(signal.SIGINT, "--on-exit", "flatten")
        self.expect_books_agree(exchange)

    def test_hold_keeps_positions_and_a_restart_sells_them_by_the_close(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number):
                self.logs = self.folder / number.name
                self.live = self.logs / "live_trading"
                exchange, outcome = self.stop(number, "--on-exit", "hold")
                held = exchange.held()
                self.assertEqual({p["symbol"]: p["own"] for p in self.status(exchange)["positions"]}, held)
                if held:
                    self.assertIn("positions are kept", outcome.err)
                self.expect_good_day(exchange, self.run_live(exchange), 1)
                self.assertGreater(len(self.entries_sent(exchange)), 3)

    def status(self, exchange):
        process = self.start(exchange, "--json", verb="status")
        out, _ = process.communicate()
        return json.loads(out)

    def test_the_second_signal_leaves_at_once(self):
        """In lock step the sale takes a minute's time and replies that take a second: the second signal does not wait."""
        exchange = self.exchange("at 09:50 slow rest 2s for 60m")
        process = self.start(exchange)
        self.await_positions(process, 25)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: "operator_flatten" in self.file("decisions").read_text() or process.poll() is not None, "the exits")
        process.send_signal(signal.SIGTERM)
        outcome = self.outcome(process)
        self.assertIn(outcome.code, (0, 7), outcome.err)
        if exchange.held():
            self.assertEqual(outcome.code, 7, outcome.err)
            self.assertIn("NOT FLAT", outcome.err)
            self.assertIn("NOT FLAT", self.alert_text())
        self.assertLess(len(json_lines(self.file("positions"))), 60)


class Flatten(StopTest):
    def flatten(self, exchange, *more):
        return self.outcome(self.start(exchange, *more, verb="flatten"))

    def test_a_running_process_obeys(self):
        exchange = self.exchange()
        process = self.start(exchange)
        self.await_positions(process, 25)
        os.kill(process.pid, signal.SIGSTOP)  # so that the request comes in mid-session
        asking = self.start(exchange, verb="flatten")
        wait_until(lambda: (self.live / "flatten_request").exists() or asking.poll() is not None, "the request")
        time.sleep(1.1)  # it looks for the request once a second
        os.kill(process.pid, signal.SIGCONT)
        asked, day = self.outcome(asking), self.outcome(process)
        self.assertEqual(asked.code, 0, asked.out + asked.err)
        self.assertIn("asking the live process %d to sell everything" % process.pid, asked.out)
        self.assertIn("flat", asked.out.splitlines())
        self.assertEqual(day.code, 0, day.err)
        self.assertIn("flatten was requested", self.log_text())
        self.assertIn("flatten was requested", self.alert_text())
        requested = self.new_york(self.events("flatten")[0]["now"])
        self.assertEqual([d for d in json_lines(self.file("decisions")) if d["action"] == "enter" and d["ts"] > requested], [])
        self.expect_good_day(exchange, day, 0)

    def test_a_process_that_dies_over_it_is_replaced(self):
        exchange = self.exchange()
        process = self.start(exchange)
        self.await_positions(process, 25)
        os.kill(process.pid, signal.SIGSTOP)
        asking = self.start(exchange, "--wait", 0, verb="flatten")
        wait_until(lambda: (self.live / "flatten_request").exists() or asking.poll() is not None, "the request")
        process.kill()
        process.wait()
        outcome = self.outcome(asking)
        self.assertIn("the live process has ended\n", outcome.out)
        self.assertFalse((self.live / "flatten_request").exists(), "the next start would find it")
        self.assertEqual(outcome.code, 7 if exchange.held() else 0, outcome.err)
        for symbol in exchange.held():  # no driver, no time: sales may have to wait
            self.assertIn("closing " + symbol, outcome.out)

    @staticmethod
    def new_york(utc):
        """Summer time, as the made-up days have it."""
        hour, rest = int(utc[11:13]) - 4, utc[13:19]
        return "%sT%02d%s-04:00" % (utc[:10], hour, rest)

    def test_without_a_process(self):
        exchange = self.exchange(speed=60, start="10:30")
        exchange.buy_as_live("TQQQ", 10)
        exchange.buy_as_live("SPXL", 5)
        exchange.await_time("10:30:15")
        exchange.buy_as_live("SVXY", 3, type="limit", limit_price="1")  # stays at work
        self.assertEqual(exchange.held(), {"TQQQ": 10, "SPXL": 5})
        held, orders = exchange.held(), len(exchange.orders())
        would = self.flatten(exchange, "--dry-run")
        self.assertEqual(would.code, 0, would.err)
        self.assertIn("would be: closing TQQQ 10\n", would.out)
        self.assertEqual(len(exchange.orders()), orders)
        self.assertLessEqual(set(held), set(exchange.held()))
        outcome = self.flatten(exchange)
        self.assertEqual(outcome.code, 0, outcome.out + outcome.err)
        self.assertIn("closing TQQQ 10\n", outcome.out)
        self.assertEqual((exchange.held(), exchange.orders("open")), ({}, []))

    def test_it_says_when_the_sale_does_not_come(self):
        exchange = self.exchange("foreign position TQQQ 7")  # in lock step without a driver the market never opens
        outcome = self.flatten(exchange, "--wait", 1)
        self.assertEqual(outcome.code, 7, outcome.out)
        self.assertIn("NOT FLAT after 1 s", outcome.err)
        self.assertIn("TQQQ 7", outcome.err)

    def test_real_needs_a_terminal_or_yes(self):
        real = {"ALPACA_API_KEY": "exchange-key", "ALPACA_SECRET_KEY": "exchange-secret"}
        exchange = self.exchange()
        command = ["--real" if word == "--paper" else word for word in self.command(exchange, verb="flatten")]

        def run(*more):
            return subprocess.run([*command, *more], cwd=self.folder, env=keys(**real), stdin=subprocess.DEVNULL,
                                  capture_output=True, text=True)

        refused = run()
        self.assertEqual(refused.returncode, 2, refused.stderr)
        self.assertIn("needs --yes", refused.stderr)
        self.assertEqual(run("--dry-run").returncode, 0)
        self.assertEqual(run("--yes").returncode, 0)


class Maintenance(StopTest):
    def test_no_entries_while_the_file_is_there(self):
        exchange = self.exchange(speed=60, start="10:30")
        process = self.start_in_real_time(exchange)
        self.await_positions(process)
        marker = self.folder / ".maintenance_mode"
        marker.touch()
        wait_until(lambda: len(self.events("maintenance")) == 1 or process.poll() is not None, "maintenance to begin")
        wait_until(lambda: not exchange.held() or process.poll() is not None, "the exits")  # that are decided meanwhile
        marker.unlink()
        wait_until(lambda: len(self.events("maintenance")) == 2 or process.poll() is not None, "maintenance to end")
        marks = [e["now"] for e in self.events("maintenance")]
        self.assertEqual([e["on"] for e in self.events("maintenance")], [True, False])
        process.terminate()
        self.assertEqual(self.outcome(process).code, 0)
        between = [d for d in json_lines(self.file("decisions"))
                   if Flatten.new_york(marks[0]) < d["ts"] <= Flatten.new_york(marks[1])]
        self.assertEqual([d for d in between if d["action"] == "enter"], [])
        self.assertIn("exit", {d["action"] for d in between})
        self.assertIn("maintenance: no entries", self.log_text())
        self.assertIn("maintenance is over", self.log_text())
        self.expect_replay()
        self.expect_books_agree(exchange)


class AProcessOfAWholeDay(RestartTest):
    def test_descriptors_and_memory_do_not_grow(self):
        # Slow answers hold up simulated time, so that nobody has to be quick to look.
        exchange = self.exchange("at 10:02 slow rest 8s x1", "at 15:02 slow rest 8s x1")
        process = self.start(exchange)
        seen = {}
        for minute in (30, 330):
            wait_until(lambda: process.poll() is not None or b'"minute":%d,' % minute in self.journal_bytes(), "10:00 and 15:00")
            self.assertIsNone(process.poll())
            proc = "/proc/%d/" % process.pid
            with open(proc + "statm") as statm:
                seen[minute] = len(os.listdir(proc + "fd")), int(statm.read().split()[1]) * 4096
        # Two desks open up to two more connections each when a minute first has several orders.
        self.assertLessEqual(abs(seen[330][0] - seen[30][0]), 8, seen)
        self.assertLess(seen[330][1] - seen[30][1], 20e6, seen)
        self.assertEqual(self.outcome(process).code, 0)

    def journal_bytes(self):
        return self.journal.read_bytes() if self.journal.exists() else b""

    def test_status_while_it_runs_and_afterwards(self):
        exchange = self.exchange(speed=120, start="10:30", end="10:34")
        process = self.start_in_real_time(exchange)
        running = self.outcome(self.start(exchange, "--json", verb="status"))
        lines = {line["name"]: line for line in json.loads(running.out)["health"]}
        self.assertIn("pid %d" % process.pid, lines["process"]["text"])
        outcome = self.outcome(process)
        self.assertEqual(outcome.code, 0, outcome.err)
        after = json.loads((self.live / "status.json").read_text())
        self.assertEqual(after["state"], "ended")
        self.assertIn(after["minute"], (63, 64))  # it looks up twice a second, a minute of this exchange's time
        shown = self.outcome(self.start(exchange, "--positions", "--json", verb="status"))
        self.assertEqual(shown.code, 0, shown.err)
        self.assertEqual({p["symbol"]: p["own"] for p in json.loads(shown.out)["positions"]}, exchange.held())


if __name__ == "__main__":
    unittest.main(verbosity=2)
