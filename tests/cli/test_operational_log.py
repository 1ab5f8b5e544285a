"""LOG-DIR/sentio.log of mock and rehearse: what stands in it, that it can be off, and that a run does not depend on it."""

import re
import subprocess
import unittest

from support import CLI, DAY, CliTest, environment, run, tree

LINE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (trace|debug|info|warning|error) \[([\w-]+)\] (\w+)(.*)")


class OperationalLog(CliTest):
    def lines(self):
        """(level, thread, event, fields) of every line; a line of another shape fails the test."""
        found = []
        for line in (self.logs / "sentio.log").read_text().splitlines():
            match = LINE.fullmatch(line)
            self.assertIsNotNone(match, line)
            found.append(match.groups())
        return found

    def events(self):
        return [event for _, _, event, _ in self.lines()]

    def rehearse(self, *arguments):
        return run("rehearse", "--date", DAY, "--to", "09:40", "--data-dir", self.bars, "--log-dir", self.logs, "--warmup-days", 2,
                   "-q", *arguments)

    def test_mock_writes_a_handful_of_lines_and_runs_follow_each_other(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        self.assertEqual(self.events(), ["log_begins", "warm_up_ends", "replay_ends", "log_ends"])
        first, *_, last = self.lines()
        self.assertRegex(first[3], r"^ command=mock pid=\d+ version=\S+ level=info$")
        self.assertEqual(last[3], " exit_code=0 lines_lost=0")
        self.expect_success(self.mock("--date", DAY, "-q"))
        self.assertEqual(len(self.events()), 8)

    def test_the_level_changes_no_byte_of_the_results(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        plain = tree(self.logs)
        for level in ("trace", "off"):
            with self.subTest(level):
                self.expect_success(self.mock("--date", DAY, "-q", "--log-level", level))
                self.assertEqual(tree(self.logs), plain)

    def test_off_writes_none(self):
        self.expect_success(self.mock("--date", DAY, "-q", "--log-level", "off"))
        self.assertEqual(self.rehearse("--log-level", "off").problems, [])
        self.assertEqual(list(self.logs.glob("*.log")), [])

    def test_a_level_that_is_none_is_refused(self):
        outcome = self.mock("--date", DAY, "--log-level", "loud")
        self.assertEqual(outcome.code, 2)
        self.assertEqual(outcome.err, "sentio_cli: error: --log-level: loud not in {trace,debug,info,warn,error,off}\n"
                                      "sentio_cli mock --help shows what there is.\n")
        self.assertFalse(self.logs.exists())

    def test_a_log_that_cannot_be_written_is_no_failure(self):
        (self.logs / "sentio.log").mkdir(parents=True)
        outcome = self.mock("--date", DAY, "-q")
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(outcome.err, "sentio_cli: warning: %s/sentio.log: Is a directory; going on without the operational log\n"
                         % self.logs)
        self.assertIn("analysis_report.txt", tree(self.results))

    def test_warnings_and_errors_of_the_terminal_are_in_it(self):
        outcome = self.mock("--date", DAY, "-q", "--warmup-days", 9)
        self.assertEqual(len(outcome.warnings), 1, outcome.err)
        self.assertIn(("warning", "main", "warning", ' text="%s"' % outcome.warnings[0].split("warning: ")[1]), self.lines())
        refused = self.mock("--date", "2025-06-27", "-q")
        self.assertEqual(refused.code, 3, refused.err)
        level, _, event, text = self.lines()[-2]
        self.assertEqual((level, event), ("error", "command_fails"))
        self.assertIn("2025-06-27", text)
        self.assertEqual(self.lines()[-1][3], " exit_code=3 lines_lost=0")

    def test_a_rehearsal_tells_its_connections_and_stages(self):
        outcome = self.rehearse("--fault", "at 09:33 drop data")
        self.assertEqual(outcome.problems, [], outcome.err)
        lines = self.lines()
        opened = {re.sub(r":\d+/", "/", text) for _, _, event, text in lines if event == "socket_open"}
        self.assertEqual(opened, {" url=ws://127.0.0.1/control", " url=ws://127.0.0.1/stream", " url=ws://127.0.0.1/v2/iex"})
        stages = [text.split()[0] for _, _, event, text in lines if event == "stage_ends"]
        self.assertEqual(stages, ["name=" + name for name in ("connect_broker", "check", "warm_up", "connect_feed", "begin_day", "trade")])
        for level, thread, event in (("info", "exchange", "fault"), ("warning", "socket", "socket_failed"),
                                     ("warning", "feed", "feed_down"), ("info", "feed", "feed_reconnect"),
                                     ("info", "feed", "back_fill"), ("info", "order-stream", "trade_updates_up")):
            self.assertIn((level, thread, event), {line[:3] for line in lines})
        self.assertEqual(self.events().count("feed_subscribed"), 2)
        self.assertNotIn("order_send", self.events(), "that is debug")

    def test_debug_tells_orders_and_threads_and_trace_every_request(self):
        self.assertEqual(self.rehearse("--log-level", "trace").problems, [])
        lines = self.lines()
        orders = [text for _, thread, event, text in lines if event == "order_answer" and thread == "order-lane"]
        self.assertGreater(len(orders), 2)
        self.assertTrue(all("answer=done" in text for text in orders), orders)
        begun = sorted(thread for _, thread, event, _ in lines if event == "thread_begins")
        self.assertEqual(begun, sorted(thread for _, thread, event, _ in lines if event == "thread_ends"))
        self.assertLessEqual({"exchange", "feed", "socket", "order-lane", "order-stream", "order-poller", "account-watch",
                              "journal-sync"}, set(begun))
        requests = [text for _, _, event, text in lines if event == "http_answer"]
        self.assertIn("method=GET url=127.0.0.1/v2/account status=200", " ".join(requests))
        self.assertFalse([text for text in requests if "?" in text], "no query")

    def serve(self, verb, *arguments):
        """Until it says its address, then SIGTERM."""
        process = subprocess.Popen([CLI, verb, "--port", "0", *map(str, arguments)], cwd=self.folder, env=environment(),
                                   stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        process.stdout.readline()
        process.terminate()
        _, err = process.communicate(timeout=60)
        self.assertEqual((process.returncode, err), (0, b""))

    def test_servers_write_one_where_they_are_asked_to(self):
        simulate = ("exchange-sim", "--date", DAY, "--data-dir", self.bars)
        self.logs.mkdir()
        self.serve(*simulate)
        self.serve("dashboard", "--log-dir", self.logs)
        self.assertEqual(sorted(self.folder.rglob("*")), [self.logs])
        self.serve(*simulate, "--log-dir", self.logs)
        self.serve("dashboard", "--log-dir", self.logs, "--log-level", "info")
        self.assertEqual(self.events(), ["log_begins", "exchange_begins", "signal", "exchange_ends", "log_ends",
                                         "log_begins", "dashboard_begins", "signal", "log_ends"])


if __name__ == "__main__":
    unittest.main()
