"""Who hears what: a webhook on loopback and a program get every kind of alert, and neither can hold up the day."""

import http.server
import json
import socket
import threading
import unittest

from startup_support import DAY, KEYS, LiveTest, wait_until

HOOK = "H00K-t0ken"  # a webhook's address is its secret


class Inbox(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Receiver)
        self.texts = []
        self.url = "http://127.0.0.1:%d/%s" % (self.server_address[1], HOOK)
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def stop(self):
        self.shutdown()
        self.server_close()


class Receiver(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        # As for ntfy, for whose topic the path stands.
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.texts.append("%s\n%s" % (body["title"], body["message"]))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class AlertTest(LiveTest):
    def setUp(self):
        super().setUp()
        self.secrets.append(HOOK)
        self.inbox = Inbox()
        self.addCleanup(self.inbox.stop)

    def both(self):
        return ["--alert-url", self.inbox.url, *self.alert_command()]

    def expect_heard(self, *texts):
        """Webhook and program heard these, in this order, and the same number of alerts."""
        for heard in ("\n".join(self.inbox.texts), self.alerts()):
            at = 0
            for text in texts:
                found = heard.find(text, at)
                self.assertGreaterEqual(found, 0, "%r, after the others, in\n%s" % (text, heard))
                at = found + len(text)
        self.assertEqual(len(self.inbox.texts), self.alerts().count("\n"))
        for text in self.inbox.texts:
            self.assertNotIn(HOOK, text)


class Kinds(AlertTest):
    def test_start_and_stop(self):
        exchange = self.exchange(to=None)
        outcome = self.live(*self.both(), exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.expect_heard("trading " + DAY, "%s ends: flat, " % DAY)
        self.assertEqual(len(self.inbox.texts), 2)
        self.assertIn("sentio paper: started", self.inbox.texts[0])
        self.assertIn("sentio paper: stopped", self.inbox.texts[1])
        self.assertIn("alerts: webhook 2 delivered; command 2 delivered\n", outcome.out)

    def test_the_webhook_may_stand_in_the_environment(self):
        exchange = self.exchange()
        outcome = self.live(exchange=exchange, keys={**KEYS, "SENTIO_ALERT_URL": self.inbox.url})
        self.expect_traded(outcome, exchange)
        self.assertIn("started", self.inbox.texts[0])

    def test_a_breaker_day_ends_flat_with_exit_6(self):
        config = self.folder / "timid.json"
        config.write_text(json.dumps({"risk_config": {"max_session_drawdown": 0.0005}}))
        exchange = self.exchange(to="10:30")
        outcome = self.live(*self.both(), "--config", "config/rotation_strategy.json", "--config", config, exchange=exchange)
        self.expect_traded(outcome, exchange, code=6)
        self.assertEqual(exchange.positions(), {})
        self.expect_heard("trading " + DAY, "circuit breaker: 0.", "%s ends: flat" % DAY)
        self.assertTrue(any("CIRCUIT BREAKER" in text for text in self.inbox.texts))
        tripped = [d for d in self.lines("decisions") if d["action"] == "halt"]
        self.assertEqual([d["reason"] for d in tripped], ["circuit_breaker"])
        later = [d for d in self.lines("decisions") if d["ts"] > tripped[0]["ts"]]
        self.assertNotIn("enter", {d["action"] for d in later})

    def test_a_feed_that_is_mute(self):
        exchange = self.exchange(to="10:00", faults=["at 09:35 mute data 3m"])
        outcome = self.live(*self.both(), exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.expect_heard("trading " + DAY, "market data is silent", "%s ends: " % DAY)
        self.assertTrue(any("no market data" in text for text in self.inbox.texts))

    def test_a_reconciliation_that_is_refused(self):
        exchange = self.exchange(faults=["foreign position TQQQ 100"])
        outcome = self.live(*self.both(), exchange=exchange)
        self.expect_refused(outcome, 5, "TQQQ", exchange=exchange)
        self.expect_heard("TQQQ: the broker holds 100 shares")
        self.assertEqual(len(self.inbox.texts), 1)
        self.assertIn("BOOKS DISAGREE", self.inbox.texts[0])

    def test_a_start_that_fails(self):
        exchange = self.exchange(faults=["account blocked"])
        self.expect_refused(self.live(*self.both(), exchange=exchange), 4, "account_blocked", exchange=exchange)
        self.expect_heard("account_blocked")
        self.assertIn("TRADING HALTED", self.inbox.texts[0])

    def test_a_day_that_is_flat_too_late(self):
        patient = self.folder / "patient.json"  # something is still held at 15:57
        patient.write_text(json.dumps({"rotation_manager_config": {"minimum_hold_bars": 60}}))
        exchange = self.exchange(to=None, faults=["at 15:57 500 orders for 10m"])
        outcome = self.live(*self.both(), "--config", "config/rotation_strategy.json", "--config", patient, exchange=exchange)
        self.assertEqual((outcome.code, outcome.problems), (7, []), outcome.err)
        self.assertEqual(exchange.positions(), {}, "the broker was asked to close them")
        self.expect_heard("trading " + DAY, "still held a minute after the exit", "%s ends: flat at the broker, not in our book" % DAY)
        self.assertIn("the broker holds nothing at the end of " + DAY, outcome.err)
        self.assertNotIn("close by hand", outcome.err)
        self.assertTrue(any("sentio paper: NOT FLAT" in text for text in self.inbox.texts))

    def test_a_flatten_request_halts(self):
        exchange = self.exchange("--speed", 60, to=None)
        process = self.start_live(*self.both(), exchange=exchange)
        self.assertTrue(wait_until(lambda: exchange.positions()))
        (self.live_logs / "flatten_request").write_text("flatten\n")
        self.assertTrue(wait_until(lambda: not exchange.positions()))
        process.terminate()
        outcome = self.end_of(process)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        self.expect_heard("trading " + DAY, "flatten was requested", "stopping on a signal", "%s ends: flat" % DAY)
        self.assertTrue(any("TRADING HALTED" in text for text in self.inbox.texts))


class Trouble(AlertTest):
    def test_a_webhook_that_hangs_holds_up_nothing(self):
        silent = socket.create_server(("127.0.0.1", 0))  # the kernel accepts, nobody answers
        self.addCleanup(silent.close)
        url = "http://127.0.0.1:%d/%s" % (silent.getsockname()[1], HOOK)
        exchange = self.exchange(to="10:30")
        outcome = self.live("--alert-url", url, *self.alert_command(), exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.expect_decisions_of_mock()
        self.assertRegex(outcome.out, r"alerts: webhook 0 delivered, .*; command 2 delivered\n")
        status = json.loads((self.live_logs / "status.json").read_text())
        self.assertEqual(status["state"], "ended")

    def test_a_webhook_that_refuses_is_counted(self):
        taken = socket.create_server(("127.0.0.1", 0))
        url = "http://127.0.0.1:%d/%s" % (taken.getsockname()[1], HOOK)
        taken.close()
        exchange = self.exchange()
        outcome = self.live("--alert-url", url, exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.assertRegex(outcome.out, r"alerts: 0 delivered, 2 failed \(.*127\.0\.0\.1")


if __name__ == "__main__":
    unittest.main()
