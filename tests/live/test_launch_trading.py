"""launch_trading.sh with the binary itself and an exchange-sim: a day, a second start, and the gates before real money."""

import signal
import subprocess
import unittest

from startup_support import CLI, KEY, KEYS, REAL_KEYS, ROOT, LiveTest, Outcome, wait_until, without_keys

SCRIPT = ROOT / "scripts" / "launch_trading.sh"
UNATTENDED = {**REAL_KEYS, "SENTIO_REAL_TRADING": "yes"}


class Launch(LiveTest):
    def start(self, mode, *arguments, keys=KEYS, exchange) -> subprocess.Popen:
        command = [SCRIPT, mode, "--backup-dir", self.folder / "backups", *self.arguments(*arguments, account=None, exchange=exchange)[1:]]
        process = subprocess.Popen(list(map(str, command)), cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, env=without_keys(SENTIO_CLI=str(CLI), **keys))
        self.addCleanup(self.stop, process)
        return process

    def launch(self, *arguments, **more) -> Outcome:
        return self.end_of(self.start(*arguments, **more))

    def test_a_paper_day_decides_as_mock(self):
        exchange = self.exchange()
        outcome = self.launch("paper", exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.assertIn("ok    account", outcome.err)
        self.assertIn("TRADING SESSION ANALYSIS REPORT", outcome.out)
        self.expect_decisions_of_mock()

    def test_what_doctor_refuses_is_not_started(self):
        exchange = self.exchange()
        for keys, code, text in (({}, 4, "ALPACA_PAPER_API_KEY"), ({"ALPACA_PAPER_API_KEY": KEY, "ALPACA_PAPER_SECRET_KEY": "wrong"}, 4,
                                                                   "refused the API keys")):
            outcome = self.launch("paper", keys=keys, exchange=exchange)
            self.assertEqual((outcome.code, outcome.out), (code, ""), outcome.err)
            self.assertIn(text, outcome.err)
            self.assertIn("not started: doctor ended with exit code 4", outcome.err)
        self.expect_nothing_traded(exchange)

    def test_one_process_and_its_signals(self):
        exchange = self.exchange("--speed", 60, to=None)
        first = self.start("paper", exchange=exchange)
        self.assertTrue(wait_until((self.live_logs / "status.json").exists))
        second = self.launch("paper", exchange=exchange)
        self.assertEqual((second.code, second.out), (9, ""), second.err)
        self.assertIn("(process %d)" % first.pid, second.err, "the script's process is the binary's")
        first.send_signal(signal.SIGTERM)
        ended = self.end_of(first)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(exchange.positions(), {})

    def test_real_money_still_has_its_checklist(self):
        exchange = self.exchange()
        outcome = self.launch("real", "--yes-real-money", exchange=exchange, keys=UNATTENDED)
        self.assertEqual((outcome.code, outcome.out), (2, ""), outcome.err)
        self.assertIn("pre-flight: refused", outcome.err)
        self.expect_nothing_traded(exchange)


if __name__ == "__main__":
    unittest.main()
