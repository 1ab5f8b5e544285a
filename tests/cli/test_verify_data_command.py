"""verify-data: sound files pass, damaged ones are named with their cause, the others still verified."""

import datetime
import gzip
import json
import unittest

from support import DAY, DAYS, SIX, CliTest, run, tree

FIELDS = {"open": 1, "high": 2, "low": 3, "close": 4, "volume": 5}


class VerifyData(CliTest):
    def verify(self, *arguments, bars=None, until=DAYS[-1]):
        which = () if "--symbols" in arguments or "--all" in arguments else ("--all",)
        until = ("--end-date", until) if until else ()
        return run("verify-data", *which, "--data-dir", bars or self.bars, *until, *arguments)

    def found(self, *arguments, **more):
        """(exit code, [(severity, symbol, kind)]) without notes."""
        outcome = self.verify("--json", *arguments, **more)
        self.assertEqual(outcome.err, "")
        findings = json.loads(outcome.out)["findings"]
        return outcome.code, [(f["severity"], f["symbol"], f["kind"]) for f in findings if f["severity"] != "noted"]

    def edit(self, edit, symbols=("TQQQ",)):
        """Copies the bars; edit(rows) changes or returns the rows (lists of cells) of each symbol's file."""
        bars = self.copy_bars()
        for symbol in symbols:
            path = bars / (symbol + "_RTH_NH.csv")
            lines = path.read_text().splitlines()
            head = [line for line in lines if not line.startswith("20")]
            rows = [line.split(",") for line in lines if line.startswith("20")]
            rows = edit(rows) or rows
            path.write_text("".join(line + "\n" for line in head + [",".join(row) for row in rows]))
        return bars

    def test_sound_synthetic_files(self):
        outcome = self.expect_success(self.verify())
        table = outcome.out.split("\n\n")[0].splitlines()
        self.assertEqual(table[0].split(), "symbol first last sessions rows coverage refused warned noted".split())
        self.assertEqual([line.split()[0] for line in table[1:]], list(SIX))
        tqqq = [line for line in table if line.startswith("TQQQ")][0].split()
        self.assertEqual(tqqq[1:], [DAYS[0], DAYS[-1], "4", "1380", "100.0", "%", "0", "0", "1"])
        self.assertRegex(outcome.out, r"noted    TQQQ    synthetic +made-up bars")
        self.assertRegex(outcome.out, r"\nok: 0 refused, 0 warned, \d+ noted\n$")
        self.assertEqual(self.verify("--strict").code, 0)

    def test_sound_files_of_more_sessions_and_seeds(self):
        from support import make_bars
        for seed in ("1", "2"):
            bars = make_bars(self.folder / seed, "--seed", seed, "--symbols", "twelve", "--days", "30", "--end-date", "2025-03-21", "--gzip")
            code, found = self.found(bars=bars, until="2025-03-21")
            self.assertEqual(code, 0)
            # The generator's volatility funds jump, and its cheap funds are consolidated.
            self.assertLessEqual({kind for _, _, kind in found}, {"jump", "split"})

    def test_the_object_of_json(self):
        outcome = self.expect_success(self.verify("--json", "--symbols", "SDS,TQQQ", "--start-date", DAYS[0]))
        report = json.loads(outcome.out)
        self.assertEqual(list(report), ["data_dir", "start_date", "end_date", "now", "ok", "exit_code", "counts", "symbols", "findings"])
        self.assertEqual((report["ok"], report["exit_code"], report["start_date"], report["end_date"]), (True, 0, DAYS[0], DAYS[-1]))
        self.assertEqual([s["symbol"] for s in report["symbols"]], ["SDS", "TQQQ"])
        self.assertEqual(list(report["symbols"][1]),
                         ["symbol", "file", "readable", "synthetic", "first", "last", "sessions", "absent_sessions", "rows", "bars",
                          "session_minutes", "missing_minutes", "outside_session", "findings"])
        self.assertEqual(report["symbols"][1]["first"], DAYS[0] + "T09:30:00-04:00")
        self.assertEqual(report["symbols"][1]["last"], DAYS[-1] + "T12:59:00-04:00")
        self.assertEqual(report["symbols"][1]["findings"], {"refused": 0, "warned": 0, "noted": 1})
        self.assertEqual(list(report["findings"][0]), ["kind", "severity", "symbol", "first", "last", "count", "text"])

    def test_damaged_rows(self):
        def tick(field, factor):
            def edit(rows):
                row = rows[500]
                row[FIELDS[field]] = "%.2f" % (float(row[FIELDS[field]]) * factor)
                prices = row[1:5]
                row[2], row[3] = max(prices, key=float), min(prices, key=float)
            return edit

        def cell(name, text):
            return lambda rows: rows[500].__setitem__(FIELDS[name], text)

        def scaled(prices, volume, first):
            def edit(rows):
                for row in rows[first:]:
                    row[1:5] = ["%.4f" % (float(x) * prices) for x in row[1:5]]
                    row[5] = str(max(1, round(float(row[5]) * volume)))
            return edit

        def filled(rows):
            for row in rows[500:505]:
                row[1:6] = [rows[499][4]] * 4 + ["0"]

        def moved(**by):
            def edit(rows):
                for row in rows:
                    at = datetime.datetime.fromisoformat(row[0]) + datetime.timedelta(**by)
                    row[0] = at.isoformat()
            return edit

        open_of_day = 390  # the second session's first row
        for name, edit, expected in (
            ("a bad close", tick("close", 3), ("refused", "bad_print")),
            ("a bad high", tick("high", 1.05), ("warned", "bad_print")),
            ("a bad low", tick("low", 0.95), ("warned", "bad_print")),
            ("a bad open", tick("open", 0.95), ("warned", "bad_print")),
            ("a number that is none", cell("close", "n/a"), ("refused", "bad_row")),
            ("a price of no market", lambda rows: rows[500].__setitem__(slice(1, 5), ["1e8"] * 4), ("refused", "bad_number")),
            ("a negative volume", cell("volume", "-1"), ("refused", "bad_number")),
            ("a split over night", scaled(0.5, 2, open_of_day), ("warned", "split")),
            ("a split within a day", scaled(0.5, 2, open_of_day + 90), ("refused", "split")),
            ("a row twice", lambda rows: rows.insert(500, rows[500]), ("refused", "duplicate")),
            ("two rows exchanged", lambda rows: rows.insert(500, rows.pop(501)), ("refused", "out_of_order")),
            ("newest first", lambda rows: rows[::-1], ("refused", "out_of_order")),
            ("a halt", lambda rows: rows[:500] + rows[514:], ("warned", "gap")),
            ("filled minutes", filled, ("warned", "filled")),
            ("a morning only", lambda rows: rows[:-150], ("refused", "early_end")),
            ("a session missing", lambda rows: [r for r in rows if not r[0].startswith(DAY)], ("refused", "missing_session")),
            ("the last session missing", lambda rows: [r for r in rows if not r[0].startswith(DAYS[-1])], ("refused", "stale")),
            ("New York time as UTC", moved(hours=-4), ("refused", "wrong_clock")),
            ("an hour late", moved(hours=1), ("refused", "wrong_clock")),
            ("five-minute bars", lambda rows: rows[::5], ("refused", "bar_length")),
            ("stamped with the end", moved(minutes=1), ("refused", "end_stamped")),
            ("rows of a holiday", lambda rows: rows + [["2025-07-04T10:00:00-04:00"] + rows[-1][1:]], ("warned", "closed_day")),
        ):
            with self.subTest(name):
                code, found = self.found(bars=self.edit(edit), until="2025-07-04")
                self.assertEqual(found, [(expected[0], "TQQQ", expected[1])])
                self.assertEqual(code, 3 if expected[0] == "refused" else 0)

    def test_files_of_other_symbols(self):
        bars = self.copy_bars()
        (bars / "SQQQ_RTH_NH.csv").write_bytes((bars / "TQQQ_RTH_NH.csv").read_bytes())
        self.assertEqual(self.found(bars=bars), (3, [("refused", "SQQQ", "twin")]))

        def mirrored(rows):  # moves as TQQQ where it should move against it; other prices, so no twin
            source = (self.bars / "TQQQ_RTH_NH.csv").read_text().splitlines()
            return [[c[0]] + ["%.4f" % (0.5 * float(x)) for x in c[1:5]] + c[5:] for c in (l.split(",") for l in source if l.startswith("20"))]
        self.assertEqual(self.found(bars=self.edit(mirrored, ["SQQQ"])), (3, [("refused", "SQQQ", "relation")]))

    def test_two_time_columns_that_disagree(self):
        bars = self.copy_bars()
        path = bars / "TQQQ_RTH_NH.csv"
        rows = [line.split(",") for line in path.read_text().splitlines() if line.startswith("20")]
        for wrong, expected in ((0, (0, [])), (3600, (3, [("refused", "TQQQ", "two_clocks")]))):
            text = "ts_utc,ts_nyt_epoch,open,high,low,close,volume\n"
            for row in rows:
                at = datetime.datetime.fromisoformat(row[0])
                other = datetime.datetime.fromtimestamp(at.timestamp() + wrong, datetime.timezone.utc)
                text += ",".join([other.strftime("%Y-%m-%dT%H:%M:%SZ"), "%d" % at.timestamp()] + row[1:6]) + "\n"
            path.write_text(text)
            self.assertEqual(self.found(bars=bars), expected)

    def test_unreadable_files_are_findings_beside_the_others(self):
        bars = self.copy_bars()
        (bars / "SDS_RTH_NH.csv").write_text("<html>429</html>\n")
        (bars / "SPXL_RTH_NH.csv").write_text("")
        packed = gzip.compress((bars / "UVXY_RTH_NH.csv").read_bytes())
        (bars / "UVXY_RTH_NH.csv").unlink()
        (bars / "UVXY_RTH_NH.csv.gz").write_bytes(packed[:-500])
        outcome = self.verify("--symbols", "NONE," + ",".join(SIX), bars=bars)
        self.assertEqual(outcome.code, 3)
        for text in ("SDS_RTH_NH.csv:1: unknown layout '<html>429</html>'", "SPXL_RTH_NH.csv: is empty",
                     "UVXY_RTH_NH.csv.gz: its gzip data ends too early", "neither NONE_RTH_NH.csv nor"):
            self.assertIn(text, outcome.out)
        self.assertEqual(outcome.out.count(" unreadable "), 4)
        self.assertRegex(outcome.out, r"\nTQQQ +%s +%s +4 +1380 +100.0 %% +0 +0 +1\n" % (DAYS[0], DAYS[-1]))

    def test_control_bytes_never_reach_the_terminal(self):
        bars = self.copy_bars()
        with open(bars / "TQQQ_RTH_NH.csv", "ab") as file:
            file.write(b"\x1b]0;owned\x07\x9b31m,\x00\xff\n")
        (bars / "E\x1b[2J_RTH_NH.csv").write_bytes(b"\x1b[31mtime\xc2\x9b\n")
        for flags in ((), ("--json",)):
            outcome = run("verify-data", "--all", "--data-dir", bars, *flags)
            self.assertEqual(outcome.code, 3)
            self.assertRegex(outcome.out, r"E\?\[2J")
            self.assertEqual([c for c in outcome.out + outcome.err if c != "\n" and (c < " " or "\x7f" <= c < "\xa0")], [])

    def test_a_range_asks_for_its_days_and_leaves_others_aside(self):
        bars = self.edit(lambda rows: rows[0].__setitem__(1, "n/a"))
        self.assertEqual(self.found(bars=bars)[0], 3)
        self.assertEqual(self.found("--start-date", DAYS[1], bars=bars), (0, []))
        self.assertEqual(self.found("--start-date", "2025-06-26"), (3, [("refused", None, "missing_session")]))
        self.assertEqual(self.found(until="2025-07-08"), (3, [("refused", None, "missing_session")]))

    def test_old_files_are_a_warning_that_strict_makes_an_error(self):
        self.assertEqual(self.found(until=None), (0, [("warned", None, "stale")]))
        outcome = self.verify("--strict", until=None)
        self.assertEqual(outcome.code, 3)
        self.assertIn("NOT OK: 0 refused, 1 warned, ", outcome.out)

    def test_usage(self):
        empty = self.folder / "empty"
        empty.mkdir()
        for arguments, code, text in (
            ((), 2, "give either --all or --symbols A,B"),
            (("--all", "--symbols", "TQQQ"), 2, "give either --all or --symbols A,B"),
            (("--all", "--start-date", "yesterday"), 2, "--start-date"),
            (("--all", "--start-date", DAYS[1], "--end-date", DAYS[0]), 2, "--end-date: is before --start-date"),
            (("--all", "--start-date", "2025-07-05", "--end-date", "2025-07-06"), 8, "the range holds no trading day"),
            (("--all", "--data-dir", self.folder / "nowhere"), 3, "nowhere: no such folder"),
            (("--all", "--data-dir", empty), 3, "the folder has no bar files"),
            (("--all", "--symbols-config", "none.json"), 2, "none.json"),
        ):
            with self.subTest(arguments=arguments):
                where = () if "--data-dir" in arguments else ("--data-dir", self.bars)
                self.expect_refusal(run("verify-data", *arguments, *where), code, text)

    def test_leaves_nothing_behind(self):
        before = tree(self.bars)
        run("verify-data", "--all", "--data-dir", self.bars, cwd=self.folder)
        self.assertEqual(tree(self.bars), before)
        self.assertEqual(tree(self.folder), {})


if __name__ == "__main__":
    unittest.main()
