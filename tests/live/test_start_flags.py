"""Command line, keys and the gates before real money: refused before anything is connected or ordered."""

import json
import os
import pty
import subprocess
import unittest

from startup_support import CLI, DAY, KEY, KEYS, REAL_KEYS, ROOT, SECRET, WRONG, LiveTest, without_keys, wait_until
from startup_support import Outcome, run

UNATTENDED = {**REAL_KEYS, "SENTIO_REAL_TRADING": "yes"}


class CommandLine(LiveTest):
    def test_exactly_one_account(self):
        self.expect_refused(self.live(account=None), 2, "exactly one of --paper and --real")
        outcome = self.live("--real")
        self.assertEqual((outcome.code, len(outcome.problems)), (2, 1), outcome.err)
        self.assertIn("--paper excludes --real", outcome.err)

    def test_another_machine_is_not_an_exchange(self):
        self.expect_refused(self.live(exchange="http://192.0.2.1:80"), 2, "--exchange: must be on this machine")

    def test_an_alert_that_cannot_be_sent(self):
        self.secrets.append("H00K")
        exchange = self.exchange()
        self.expect_refused(self.live("--alert-url", "http://example.com/H00K", exchange=exchange), 2, "https", exchange=exchange)
        self.expect_refused(self.live("--alert-cmd", "/no/such/program", exchange=exchange), 2, "/no/such/program is not there",
                            exchange=exchange)

    def test_a_log_folder_that_cannot_be_written(self):
        file = self.folder / "file"
        file.write_text("")
        exchange = self.exchange()
        self.expect_refused(self.live("--log-dir", file / "logs", exchange=exchange), 2, "--log-dir", exchange=exchange)

    def test_live_trade_is_live_paper(self):
        exchange = self.exchange()
        outcome = run("live-trade", "--exchange", exchange.url, "--data-dir", self.bars, "--log-dir", self.logs, "--warmup-days", 2,
                      env=without_keys(**KEYS), cwd=ROOT)
        self.outputs += [outcome.out, outcome.err]
        self.expect_traded(outcome, exchange)
        self.assertEqual(self.journal_header()["mode"], "paper")

    def test_entries_may_be_limits_and_exits_never_are(self):
        exchange = self.exchange(to="10:30")
        outcome = self.live("--entries", "marketable-limit", "--limit-offset-bps", "30", exchange=exchange)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        kinds = {(o["side"], o["type"]) for o in exchange.orders()}
        self.assertEqual(kinds, {("buy", "limit"), ("sell", "market")})
        decided = {(d["ts"][11:16], d["symbol"]): d for d in self.lines("decisions") if d["action"] == "enter"}
        for order in exchange.orders():
            if order["side"] == "buy":
                _, _, clock, symbol, _, _ = order["client_order_id"].split("-")
                decision = decided[clock[:2] + ":" + clock[2:], symbol]
                self.assertEqual(float(order["limit_price"]), decision["limit_price"], "sent as it was decided")
                self.assertAlmostEqual(decision["limit_price"] / decision["price"], 1.003, delta=0.0011)
        self.assertEqual(self.journal_header()["entries"], {"type": "marketable_limit", "limit_offset_bps": 30})
        replayed = run("replay", "--journal", self.live_logs / ("journal_%s.jsonl" % DAY))
        self.assertEqual(replayed.code, 0, replayed.err)
        outcome = self.live(exchange=self.exchange(to="10:30"))
        self.assertEqual((outcome.code, len(outcome.problems)), (5, 1), outcome.err)
        self.assertIn("style of entries", outcome.err)

    def test_a_limit_that_risk_would_refuse_all_day(self):
        exchange = self.exchange()
        limits = ("--entries", "marketable-limit", "--limit-offset-bps")
        outcome = self.live(*limits, "1000", exchange=exchange)
        self.expect_refused(outcome, 2, "--limit-offset-bps: 1000 bps", "max_price_deviation", exchange=exchange)
        self.expect_refused(self.live(*limits, "30", *self.with_band(0.003), exchange=exchange), 2, "(0.003, 30 bps)",
                            exchange=exchange)
        self.expect_refused(self.live("--limit-offset-bps", "1000.1", exchange=exchange), 2, "--limit-offset-bps", exchange=exchange)

    def test_a_limit_outside_the_price_band_is_not_sent(self):
        exchange = self.exchange(to="10:30")
        # A tick is more than the band allows, although the offset is less.
        outcome = self.live("--entries", "marketable-limit", "--limit-offset-bps", "0.1", *self.with_band(0.00002), exchange=exchange)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        self.assertEqual([o["side"] for o in exchange.orders()], [])
        blocked = [d for d in self.lines("decisions") if d["reason"] == "risk_price_band"]
        self.assertGreater(len(blocked), 10)
        for decision in blocked:
            self.assertEqual(decision["action"], "blocked")
            self.assertGreater(decision["limit_price"] / decision["price"], 1.00002)

    def with_band(self, fraction):
        file = self.folder / "band.json"
        file.write_text(json.dumps({"risk_config": {"max_price_deviation": fraction}}))
        return "--config", ROOT / "config" / "rotation_strategy.json", "--config", file

    def test_dry_run_sends_no_order(self):
        exchange = self.exchange(to="10:30")
        outcome = self.live("--dry-run", exchange=exchange)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        self.assertEqual(exchange.orders(), [])
        self.assertIn("enter", {d["action"] for d in self.lines("decisions")}, "it wanted to")
        self.assertEqual(self.lines("trades"), [])
        self.assertEqual(self.journal_header()["mode"], "paper-dry")


class Keys(LiveTest):
    def keys_file(self, mode=0o600, name="keys.env"):
        file = self.folder / name
        file.write_text("".join("%s=%s\n" % item for item in {**KEYS, **REAL_KEYS}.items()))
        file.chmod(mode)
        return name

    def test_missing_keys_are_named(self):
        exchange = self.exchange()
        for account, names in (("--paper", KEYS), ("--real", REAL_KEYS)):
            with self.subTest(account):
                self.expect_refused(self.live(exchange=exchange, keys={}, account=account), 4, *names, "config.env.example",
                                    exchange=exchange)
        self.expect_refused(self.live(exchange=exchange, keys={"ALPACA_PAPER_API_KEY": KEY}), 4,
                            "ALPACA_PAPER_SECRET_KEY: is not set", exchange=exchange)

    def test_cron_hears_of_a_start_without_keys(self):
        self.expect_refused(self.live(*self.alert_command(), exchange=self.exchange(), keys={}), 4, *KEYS)
        self.assertEqual(self.alerts().count("\n"), 1)
        self.assertIn("the start was refused with exit code 4", self.alerts())
        self.heard.unlink()
        self.expect_refused(self.live(*self.alert_command(), "--config", "/no/such/file", exchange=self.exchange()), 2,
                            "/no/such/file")
        self.assertIn("the start was refused with exit code 2", self.alerts())

    def test_a_file_that_does_not_read_is_refused_without_its_values(self):
        exchange = self.exchange()
        for number, line in enumerate(("ALPACA_PAPER_API_KEY " + WRONG, "ALPACA_PAPER_API_KEY='" + WRONG, "=" + WRONG), start=1):
            file = self.folder / ("bad%d.env" % number)
            file.write_text("# keys\n" + line + "\n")
            file.chmod(0o600)
            with self.subTest(line.replace(WRONG, "...")):
                self.expect_refused(self.live(exchange=exchange, keys={}, env_file=file.name), 2, "bad%d.env:2: " % number,
                                    exchange=exchange)

    def test_a_file_that_others_can_read(self):
        exchange = self.exchange()
        open_file = self.keys_file(0o644)
        self.expect_refused(self.live("--yes", account="--real", exchange=exchange, env_file=open_file,
                                      keys={"SENTIO_REAL_TRADING": "yes"}), 2, "chmod 600", exchange=exchange)
        outcome = self.live(exchange=exchange, keys={}, env_file=open_file)
        self.expect_traded(outcome, exchange)
        self.assertEqual(sum("chmod 600" in w for w in outcome.warnings), 1)

    def test_a_file_of_ones_own(self):
        exchange = self.exchange()
        outcome = self.live(exchange=exchange, keys={}, env_file=self.keys_file())
        self.expect_traded(outcome, exchange)
        self.assertNotIn("chmod", outcome.err)

    def test_polygon_without_its_key(self):
        exchange = self.exchange()
        self.expect_refused(self.live("--feed", "polygon", exchange=exchange), 4, "POLYGON_API_KEY is not set", exchange=exchange)


class RealMoney(LiveTest):
    def real(self, *arguments, keys=None, **more):
        return self.live(*arguments, account="--real", keys=UNATTENDED if keys is None else keys, **more)

    def typed(self, exchange, text, *arguments) -> Outcome:
        """`live --real` with somebody at a terminal who types that."""
        master, slave = pty.openpty()
        process = subprocess.Popen([CLI, *self.arguments(*arguments, account="--real", exchange=exchange)], cwd=ROOT, stdin=slave,
                                   env=without_keys(**REAL_KEYS), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(self.stop, process)
        os.close(slave)
        os.write(master, text.encode())
        outcome = self.end_of(process)
        os.close(master)
        return outcome

    def test_somebody_must_be_there_or_have_said_so_twice(self):
        exchange = self.exchange()
        self.expect_refused(self.real(exchange=exchange), 2, "--yes", "SENTIO_REAL_TRADING=yes", exchange=exchange)
        for said in ({}, {"SENTIO_REAL_TRADING": "no"}, {"SENTIO_REAL_TRADING": "YES"}):
            with self.subTest(said):
                self.expect_refused(self.real("--yes", exchange=exchange, keys={**REAL_KEYS, **said}), 2,
                                    "SENTIO_REAL_TRADING=yes", exchange=exchange)

    def test_real_is_typed_in_full(self):
        exchange = self.exchange()
        for answer in ("real\n", "yes\n", "\n"):
            outcome = self.typed(exchange, answer, "--override-preflight", "a test")
            self.assertEqual(outcome.code, 2)
            self.assertIn("sentio_cli: error: --real: not confirmed", outcome.err)
            self.expect_nothing_traded(exchange)
        outcome = self.typed(exchange, "REAL\n", "--override-preflight", "a test")
        self.expect_traded(outcome, exchange)
        self.assertIn("REAL MONEY", outcome.err)

    def test_the_checklist_refuses(self):
        exchange = self.exchange()
        outcome = self.real("--yes", *self.alert_command(), exchange=exchange)
        self.expect_refused(outcome, 2, "pre-flight: refused", "trade on paper", "--override-preflight", exchange=exchange)
        self.assertIn("❌ Paper sessions ", outcome.err)
        self.assertIn("✅ Real keys ", outcome.err)
        self.assertIn("PRE-FLIGHT: REFUSED", outcome.err)
        self.assertIn("pre-flight: refused", self.alerts())

    def test_an_override_stands_in_every_record_of_the_day(self):
        exchange = self.exchange()
        outcome = self.real("--yes", "--override-preflight", "the desk\nsaid\x1b[31m so\x07", exchange=exchange)
        self.expect_traded(outcome, exchange)
        reason = self.journal_header()["override_preflight"]
        self.assertRegex(reason, r"^the desk said *\[31m so$")
        self.assertIn("❌ Paper sessions ", outcome.err)
        self.assertIn("pre-flight overridden: " + reason, outcome.err)
        self.assertIn(reason, self.report())
        self.assertEqual(self.summary()["preflight_override"], reason)
        for text in (outcome.out, outcome.err, self.report()):
            self.assertNotIn("\x1b", text)
            self.assertNotIn("\x07", text)
        self.assertEqual(self.journal_header()["mode"], "real")

    def test_a_dry_run_shows_the_checklist_and_asks_nobody(self):
        exchange = self.exchange()
        outcome = self.real("--dry-run", exchange=exchange, keys=REAL_KEYS)
        self.assertEqual((outcome.code, outcome.problems), (0, []), outcome.err)
        self.assertIn("PRE-FLIGHT: REFUSED", outcome.err)
        self.assertEqual(exchange.orders(), [])

    def test_an_override_needs_a_reason(self):
        exchange = self.exchange()
        for reason, text in (("", "pre-flight: refused"), (" ", "needs a reason"), ("\x07\x1b", "needs a reason")):
            with self.subTest(reason.encode()):
                outcome = self.real("--yes", "--override-preflight", reason, exchange=exchange)
                self.expect_refused(outcome, 2, text, exchange=exchange)

    def test_paper_has_no_checklist(self):
        exchange = self.exchange()
        outcome = self.live(exchange=exchange)
        self.expect_traded(outcome, exchange)
        self.assertNotIn("PRE-FLIGHT", outcome.err)


class OneInstance(LiveTest):
    def test_a_second_one_names_the_first_and_status_knows_it(self):
        exchange = self.exchange("--speed", 60, to=None)
        first = self.start_live(exchange=exchange)
        self.assertTrue(wait_until((self.live_logs / "status.json").exists))
        orders = len(exchange.orders())
        outcome = self.live(exchange=self.exchange())
        self.assertEqual((outcome.code, outcome.out, len(outcome.problems)), (9, "", 1), outcome.err)
        self.assertIn("(process %d) is running here" % first.pid, outcome.err)
        self.assertIn("--log-dir", outcome.err)
        self.assertGreaterEqual(len(exchange.orders()), orders, "the first one goes on")

        health = run("status", "--health", "--log-dir", self.logs, "--exchange", exchange.url, env=without_keys(**KEYS))
        self.assertIn("✅ process       pid %d, paper, trading" % first.pid, health.out, "seconds are a minute here")
        first.terminate()
        ended = self.end_of(first)
        self.assertEqual(ended.code, 0, ended.err)
        self.assertEqual(exchange.positions(), {})


if __name__ == "__main__":
    unittest.main()
