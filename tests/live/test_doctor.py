"""`doctor`: every check has its line, its exit code and the next step; nothing is changed at the broker, no key is shown."""

import datetime
import fcntl
import json
import shutil
import socket
import unittest
import zoneinfo

from startup_support import DAY, DAYS, KEYS, REAL_KEYS, ROOT, WRONG, LiveTest, json_lines, run, without_keys

CHECKS = ["calendar", "instance", "configuration", "keys", "key file", "account", "clock", "broker calendar", "instruments", "positions",
          "bars", "bar quality", "log folder", "disk", "stops", "last session"]


class DoctorTest(LiveTest):
    def doctor(self, *arguments, **more):
        return self.live(*arguments, verb="doctor", **more)

    def checks(self, outcome):
        """Name -> (verdict, text), from --json; the page of the same run says the same."""
        told = json.loads(outcome.out)
        self.assertEqual(told["exit_code"], outcome.code)
        return {c["name"]: (c["verdict"], c["text"]) for c in told["checks"]}

    def expect(self, code, name, verdict, *texts, others=(), arguments=(), **more):
        """That line and no other is not ok; with `others` these too."""
        outcome = self.doctor("--json", *arguments, **more)
        self.assertEqual(outcome.code, code, outcome.out + outcome.err)
        lines = self.checks(outcome)
        self.assertEqual(lines[name][0], verdict, lines)
        for text in texts:
            self.assertIn(text, lines[name][1])
        bad = {n for n, (v, _) in lines.items() if v in ("WARN", "FAIL")}
        self.assertEqual(bad - {name}, set(others), lines)
        return lines


class Page(DoctorTest):
    def test_a_good_morning(self):
        exchange = self.exchange()
        outcome = self.doctor(exchange=exchange)
        self.assertEqual((outcome.code, outcome.err), (0, ""), outcome.out)
        rows = outcome.out.splitlines()
        self.assertEqual(rows[0], "sentio doctor, paper, %sT09:25:00-04:00" % DAY)
        self.assertEqual([row[6:23].strip() for row in rows[2:-2]], CHECKS)
        self.assertTrue(all(row.startswith("ok    ") for row in rows[2:-2]), outcome.out)
        self.assertIn("ACTIVE, equity 100000 USD, buying power ", outcome.out)
        self.assertIn("session 09:30-16:00 New York", outcome.out)
        self.assertEqual(rows[-1], "READY, 0 WARN")
        self.assertEqual(exchange.orders(), [])
        self.assertEqual([p.name for p in self.live_logs.iterdir()], [], "nothing is left behind")
        self.assertEqual(self.doctor("-q", exchange=exchange).out, "", "cron is silent about good mornings")

    def test_then_live_trades(self):
        exchange = self.exchange()
        self.assertEqual(self.doctor(exchange=exchange).code, 0)
        self.expect_traded(self.live(exchange=exchange), exchange)

    def test_offline_asks_nobody(self):
        outcome = self.doctor("--json", "--offline", "--date", DAY)
        self.assertEqual(outcome.code, 0, outcome.out)
        skipped = [name for name, (verdict, _) in self.checks(outcome).items() if verdict == "-"]
        self.assertEqual(skipped, ["account", "clock", "broker calendar", "instruments", "positions"])

    def test_a_half_day(self):
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAYS[3]))
        self.assertEqual(lines["calendar"][0], "ok")
        self.assertIn("session 09:30-13:00 New York", lines["calendar"][1])
        self.assertIn("a half day", lines["calendar"][1])

    def test_a_closed_day_is_8_whatever_else(self):
        outcome = self.doctor("--offline", "--date", "2025-07-04", keys={})
        self.assertEqual(outcome.code, 8)
        self.assertIn("closed today (Independence Day)", outcome.out)
        self.assertIn("FAIL  keys", outcome.out)
        self.assertIn("no session on 2025-07-04", outcome.out.splitlines()[-1])
        self.assertFalse((self.live_logs / "runs.jsonl").exists(), "of a day that was only asked about there is no record")
        self.assertEqual(self.doctor("--offline", "--date", "2025-07-04", "-q", keys={}).out, "")

    def test_today_closed_is_recorded(self):
        today = datetime.datetime.now(zoneinfo.ZoneInfo("America/New_York")).date().isoformat()
        if run("mock", "--date", today, "--log-dir", self.folder / "other").code != 8:
            self.skipTest("the market is open today")
        self.assertEqual(self.doctor("--offline").code, 8)
        self.assertEqual(self.live().code, 8)
        ends = json_lines(self.live_logs / "runs.jsonl")
        self.assertEqual([(e["date"], e["outcome"], e["exit_code"]) for e in ends], [(today, "closed", 8)])

    def test_the_account_is_named(self):
        outcome = self.doctor(account=None)
        self.assertEqual(outcome.code, 2)
        self.assertIn("exactly one of --paper and --real", outcome.err)


class Files(DoctorTest):
    """Without a broker: keys, configuration, bars, folders."""

    def offline(self, code, name, verdict, *texts, arguments=(), **more):
        return self.expect(code, name, verdict, *texts, arguments=("--offline", "--date", DAY, *arguments), **more)

    def test_missing_keys(self):
        self.offline(4, "keys", "FAIL", "ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY: are not set", "cp config.env.example", keys={})
        self.offline(4, "keys", "FAIL", "ALPACA_API_KEY and ALPACA_SECRET_KEY", account="--real")

    def test_a_key_file_that_others_read(self):
        file = self.folder / "keys.env"
        file.write_text("".join("%s=%s\n" % item for item in {**KEYS, **REAL_KEYS}.items()))
        file.chmod(0o644)
        self.offline(0, "key file", "WARN", "chmod 600 ", keys={}, env_file="keys.env")
        self.offline(2, "keys", "FAIL", "chmod 600 ", keys={}, env_file="keys.env", account="--real")
        file.chmod(0o600)
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY, keys={}, env_file="keys.env", account="--real"))
        self.assertEqual((lines["keys"][0], lines["key file"][0]), ("ok", "ok"))

    def test_a_configuration_that_does_not_load(self):
        file = self.folder / "c.json"
        file.write_text('{"rotation_manager_config": {"stop_los_pct": 0.01}}')
        lines = self.offline(2, "configuration", "FAIL", "stop_loss_pct", arguments=("--config", file))
        self.assertEqual(lines["bars"], ("-", "needs the configuration"))

    def test_stale_bars_and_a_hole(self):
        for missing, texts in ((DAYS[1], ("TQQQ: no bars in 1 of 2 warm-up sessions, " + DAYS[1], "--allow-short-warmup")),
                               (DAYS[0], ("TQQQ: no bars in 1 of 2 warm-up sessions, " + DAYS[0], "the broker was not asked"))):
            bars = self.folder / ("without" + missing)
            shutil.copytree(self.bars, bars)
            file = bars / "TQQQ_RTH_NH.csv"
            file.write_text("".join(l for l in file.read_text().splitlines(keepends=True) if not l.startswith(missing)))
            self.offline(3, "bars", "FAIL", *texts, bars=bars)
            self.offline(0, "bars", "WARN", texts[0], bars=bars, arguments=("--allow-short-warmup",))

    def test_a_row_that_is_wrong(self):
        bars = self.folder / "bad"
        shutil.copytree(self.bars, bars)
        file = bars / "SDS_RTH_NH.csv"
        rows = file.read_text().splitlines()
        file.write_text("\n".join([*rows[:40], rows[39], *rows[40:]]) + "\n")
        self.offline(3, "bars", "FAIL", "SDS_RTH_NH.csv:41", bars=bars)

    def test_bars_worth_a_look(self):
        bars = self.folder / "odd"
        shutil.copytree(self.bars, bars)
        file = bars / "SDS_RTH_NH.csv"
        rows = file.read_text().splitlines()
        first = next(i for i, row in enumerate(rows) if row.startswith(DAYS[1] + "T10:0"))
        file.write_text("\n".join(rows[:first] + rows[first + 45:]) + "\n")
        file = bars / "TQQQ_RTH_NH.csv"
        halved = []
        for row in file.read_text().splitlines():
            cells = row.split(",")
            if row.startswith(DAYS[1]):
                cells[1:5] = ["%.4f" % (float(cell) / 2) for cell in cells[1:5]]
            halved.append(",".join(cells))
        file.write_text("\n".join(halved) + "\n")
        self.offline(0, "bar quality", "WARN", "SDS: 4", "minutes without a bar from " + DAYS[1] + "T10:0", "TQQQ: -5",
                     "at %sT09:30, which looks like a split" % DAYS[1], bars=bars)

    def test_bars_that_a_start_refuses(self):
        bars = self.folder / "late"
        shutil.copytree(self.bars, bars)
        file = bars / "SDS_RTH_NH.csv"
        rows = []
        for row in file.read_text().splitlines():
            time, comma, rest = row.partition(",")
            if row[:2] == "20":
                time = (datetime.datetime.fromisoformat(time) + datetime.timedelta(minutes=60)).isoformat()
            rows.append(time + comma + rest)
        file.write_text("\n".join(rows) + "\n")
        self.offline(3, "bars", "FAIL", "SDS: wrong_clock: ", "60 minutes late", "--accept-data wrong_clock", bars=bars)
        self.offline(0, "bar quality", "WARN", "SDS: wrong_clock: ", "[accepted by --accept-data]", bars=bars,
                     arguments=("--accept-data", "wrong_clock"))

    def test_a_learned_state(self):
        for name, last, days in (("good.bin", DAYS[1], 2), ("old.bin", DAYS[0], 1)):
            made = run("warmup-multi", "--data", self.bars, "--end-date", last, "--days", days, "--output", self.folder / name)
            self.assertEqual(made.code, 0, made.err)
        self.offline(3, "learned state", "FAIL", "ends with " + DAYS[0], arguments=("--warmup-state", self.folder / "old.bin"))
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY, "--warmup-state", self.folder / "good.bin"))
        self.assertEqual(lines["learned state"], ("ok", "2 sessions up to " + DAYS[1]))

    def test_a_folder_that_cannot_be_written(self):
        file = self.folder / "file"
        file.write_text("")
        kept, self.logs = self.logs, file / "logs"
        self.offline(2, "log folder", "FAIL", "cannot be created", "--log-dir")
        self.logs = kept

    def test_a_port_that_is_taken(self):
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            listener.listen()
            port = listener.getsockname()[1]
            self.offline(0, "dashboard port", "WARN", "127.0.0.1:%d" % port, arguments=("--dashboard-port", port))
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY, "--dashboard-port", port))
        self.assertEqual(lines["dashboard port"], ("ok", "%d is free" % port))

    def test_another_instance(self):
        self.live_logs.mkdir(parents=True)
        with (self.live_logs / "live.lock").open("a+") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock.write("4711\n")
            lock.flush()
            self.offline(9, "instance", "FAIL", "process 4711", "sentio_cli status")

    def test_files_that_stop_trading(self):
        (self.folder / "config").mkdir()
        for name in ("rotation_strategy.json", "symbols.json", "fees.json"):
            shutil.copy(ROOT / "config" / name, self.folder / "config")
        self.live_logs.mkdir(parents=True)
        for file in (self.folder / ".maintenance_mode", self.live_logs / ("breaker_%s.json" % DAY), self.live_logs / "flatten_request"):
            file.write_text("")
            self.offline(0, "stops", "WARN", file.name, cwd=self.folder)
            file.unlink()
        (self.live_logs / "breaker_2025-07-01.json").write_text("")  # another day's
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY, cwd=self.folder))
        self.assertEqual(lines["stops"][0], "ok")

    def test_how_the_last_session_ended(self):
        self.live_logs.mkdir(parents=True)
        file = self.live_logs / "runs.jsonl"

        def end(date, **changes):
            return json.dumps({"record": "run_end", "date": date, "mode": "paper", "outcome": "ended", "exit_code": 0,
                               "reason": "flat, 12 orders filled", "started": date + "T09:20:00-04:00", "ended": date + "T16:00:05-04:00",
                               "flat": True, "mrd": 0.0012, "simulated": False, **changes}) + "\n"

        file.write_text(end(DAYS[1]))
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY))
        self.assertEqual(lines["last session"], ("ok", DAYS[1] + " (paper): flat, 12 orders filled, MRD +0.12%"))
        file.write_text(end(DAYS[1], exit_code=7, reason="NOT FLAT, 3 orders filled", flat=False))
        self.offline(0, "last session", "WARN", "NOT FLAT", "exit code 7", "PRODUCTION_WORKFLOW.md")
        file.write_text(end(DAYS[0]))
        self.offline(0, "last session", "WARN", DAYS[1] + " has no run_end", "status --positions")
        file.write_text(end(DAYS[1]) + "{\n")
        self.offline(0, "last session", "WARN", "runs.jsonl:2: is not JSON")
        file.write_text(end(DAY))
        lines = self.checks(self.doctor("--json", "--offline", "--date", DAY))
        self.assertEqual(lines["last session"][0], "ok", "the first day here has none before it")


class Broker(DoctorTest):
    def faulty(self, fault, code, name, verdict, *texts, **more):
        exchange = self.exchange(faults=[fault])
        lines = self.expect(code, name, verdict, *texts, exchange=exchange, **more)
        self.assertEqual(exchange.orders(), [])
        return lines

    def test_wrong_keys(self):
        lines = self.expect(4, "account", "FAIL", "refused the API keys", "paper or real", exchange=self.exchange(),
                            keys={**KEYS, "ALPACA_PAPER_SECRET_KEY": WRONG})
        self.assertEqual(lines["clock"], ("-", "not asked: the account cannot be read"))

    def test_a_blocked_account(self):
        self.faulty("account blocked", 4, "account", "FAIL", "account_blocked is set", "ask the broker why")

    def test_a_clock_that_is_off(self):
        self.faulty("clock skew 30s", 4, "clock", "FAIL", "30.0 s behind the broker's", "timedatectl")

    def test_a_calendar_that_disagrees(self):
        self.faulty("calendar disagree", 3, "broker calendar", "FAIL", "09:30-13:00", "do not trade that day")

    def test_a_broker_that_fails(self):
        self.faulty("500 rest x100", 4, "account", "FAIL", "500", "status page")

    def test_a_foreign_position(self):
        self.faulty("foreign position TQQQ 100", 5, "positions", "FAIL", "TQQQ: the broker holds 100 shares", "--adopt")

    def test_somebody_elses_position_is_a_note(self):
        self.faulty("foreign position SPXL 50", 0, "positions", "WARN", "SPXL: 50 shares, not one of our instruments; left alone",
                    arguments=("--symbols", "TQQQ,SQQQ"))

    def test_an_unknown_instrument(self):
        symbols = json.loads((ROOT / "config" / "symbols.json").read_text())
        symbols["symbol_metadata"]["ZZZZ"] = dict(symbols["symbol_metadata"]["TQQQ"])
        file = self.folder / "symbols.json"
        file.write_text(json.dumps(symbols))
        bars = self.folder / "more"
        shutil.copytree(self.bars, bars)
        shutil.copy(bars / "TQQQ_RTH_NH.csv", bars / "ZZZZ_RTH_NH.csv")
        self.expect(4, "instruments", "FAIL", "ZZZZ: the broker does not know it", "--symbols", exchange=self.exchange(), bars=bars,
                    others=("bar quality",), arguments=("--symbols-config", file, "--symbols", "TQQQ,ZZZZ"))

    def test_bars_that_the_broker_has(self):
        empty = self.folder / "empty"
        empty.mkdir()
        self.expect(0, "bars", "WARN", "SDS: 2 of 2 warm-up sessions fetched over REST", "add bars to", exchange=self.exchange(), bars=empty)
        self.expect(3, "bars", "FAIL", "SDS: no bars in 1 of 2 warm-up sessions, " + DAYS[0], exchange=self.exchange(history=1), bars=empty)

    def test_an_exchange_that_is_not_there(self):
        exchange = self.exchange()
        exchange.process.terminate()
        exchange.process.wait(20)
        outcome = self.doctor(exchange=exchange)
        self.assertEqual(outcome.code, 4)
        self.assertIn("is an exchange-sim running there?", outcome.err)


if __name__ == "__main__":
    unittest.main()
