"""What a load finds wrong with bars is said: on stderr, in the report, in the manifest; refusals can be accepted."""

import datetime
import json
import unittest

from support import DAY, SIX, CliTest, run, tree


class LoadChecks(CliTest):
    def rewritten(self, edit, symbols=SIX):
        """The bars with every file's rows (lists of cells) through edit(symbol, rows); the header stays."""
        bars = self.copy_bars()
        for symbol in symbols:
            path = bars / (symbol + "_RTH_NH.csv")
            lines = path.read_text().splitlines()
            head = [i for i, line in enumerate(lines) if line.startswith("timestamp")][0]
            rows = edit(symbol, [line.split(",") for line in lines[head + 1:]])
            path.write_text("".join(line + "\n" for line in lines[:head + 1] + [",".join(row) for row in rows]))
        return bars

    def noon(self):
        return self.rewritten(lambda _, rows: [r for r in rows if not (r[0] >= DAY + "T12:00" and r[0] < DAY + "T23")])

    def test_a_traded_day_that_ends_at_noon_is_refused_by_all_that_read_it(self):
        bars = self.noon()
        self.expect_refusal(self.mock("--date", DAY, bars=bars), 3,
                            *("%s: early_end: 1 traded session ending early (a download cut short?): %s at 11:59; "
                              "--accept-data early_end runs all the same" % (s, DAY) for s in SIX))
        for command in (("features", "--symbol", "TQQQ", "--date", DAY, "--warmup-days", "1"),
                        ("explain", "--symbol", "TQQQ", "--date", DAY, "--time", "10:05", "--warmup-days", "1")):
            with self.subTest(command[0]):
                outcome = run(*command, "--data-dir", bars)
                self.assertEqual(outcome.code, 3, outcome.err)
                self.assertIn("TQQQ: early_end: ", outcome.err)

    def test_what_is_accepted_stands_in_report_manifest_and_summary(self):
        outcome = self.mock("--date", DAY, "--accept-data", "early_end,split", bars=self.noon())
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(len(outcome.warnings), 6, outcome.err)
        report = (self.results / "analysis_report.txt").read_text()
        self.assertIn("  Data, ACCEPTED: TQQQ early_end: 1 traded session ending early", report)
        self.assertIn("  Run with --accept-data early_end, split.\n", report)
        manifest = json.loads((self.results / ("summary_%s.json" % DAY)).read_text())["manifest"]
        self.assertEqual(manifest["accepted_data"], ["early_end", "split"])
        self.assertEqual([(f["symbol"], f["kind"], f["severity"], f["accepted"]) for f in manifest["data_findings"]],
                         [(s, "early_end", "refused", True) for s in SIX])
        again = run("report", "--date", DAY, "--mode", "mock", "--log-dir", self.results.parent)  # read back
        self.assertIn("  Data, ACCEPTED: TQQQ early_end: ", again.out)
        self.assertIn("  Run with --accept-data early_end, split.\n", again.out)

    def test_sound_bars_add_no_line_anywhere(self):
        self.assertEqual(self.mock("--date", DAY, "-q").err, "")
        self.assertNotIn("Data, ", (self.results / "analysis_report.txt").read_text())
        manifest = json.loads((self.results / ("summary_%s.json" % DAY)).read_text())["manifest"]
        self.assertNotIn("data_findings", manifest)
        self.assertNotIn("accepted_data", manifest)

    def test_rows_without_volume_change_nothing_and_are_counted(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        sound = {k: v for k, v in tree(self.results).items() if k.startswith(("decisions", "trades", "signals"))}

        def fill(_, rows):
            out, minute = [], datetime.timedelta(minutes=1)
            for row, after in zip(rows, rows[1:] + [rows[-1]]):
                out.append(row)
                at, until = (datetime.datetime.fromisoformat(r[0]) for r in (row, after))
                while at + minute < until and at.date() == until.date():
                    at += minute
                    out.append([at.isoformat(), row[4], row[4], row[4], row[4], "0", *row[6:]])
            return out

        outcome = self.mock("--date", DAY, "-q", bars=self.rewritten(fill, ("SDS", "SVXY")))
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertRegex(outcome.err, r"warning: SDS: filled: \d+ rows? without volume")
        self.assertEqual(sound, {k: v for k, v in tree(self.results).items() if k in sound})

    def test_end_stamps_are_refused_and_read_with_the_flag(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        sound = tree(self.results)["decisions_%s.jsonl" % DAY]

        def later(_, rows):
            minute = datetime.timedelta(minutes=1)
            return [[(datetime.datetime.fromisoformat(r[0]) + minute).isoformat(), *r[1:]] for r in rows]

        bars = self.rewritten(later)
        refused = self.mock("--date", DAY, bars=bars)
        self.expect_refusal(refused, 3, *(s + ": end_stamped: 3 sessions without 09:30 " for s in SIX), files_left=True)
        self.assertEqual(refused.err.count("--stamp end reads such files, tools/import_bars.py --stamp end rewrites them"), 6)
        self.expect_success(self.mock("--date", DAY, "-q", "--stamp", "end", bars=bars))
        self.assertEqual(tree(self.results)["decisions_%s.jsonl" % DAY], sound)

    def test_the_brokers_own_table_is_read(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        sound = tree(self.results)["decisions_%s.jsonl" % DAY]
        bars = self.copy_bars()
        for symbol in SIX:
            path = bars / (symbol + "_RTH_NH.csv")
            rows = [line.split(",") for line in path.read_text().splitlines() if line[:2] == "20"]
            path.write_text("symbol,timestamp,open,high,low,close,volume,trade_count,vwap\n" + "".join(
                "%s,%s,%s,%s.0,7.0,\n" % (symbol, r[0].replace("T", " "), ",".join(r[1:5]), r[5]) for r in rows))
        self.expect_success(self.mock("--date", DAY, "-q", bars=bars))
        self.assertEqual(tree(self.results)["decisions_%s.jsonl" % DAY], sound)

    def test_a_symbol_short_in_the_warm_up_is_named(self):
        bars = self.rewritten(lambda _, rows: [r for r in rows if r[0] >= "2025-07-01"], ("UVXY",))
        outcome = self.mock("--date", DAY, "-q", bars=bars)
        self.assertEqual(outcome.code, 0, outcome.err)
        self.assertEqual(outcome.err.splitlines(), ["sentio_cli: warning: UVXY: missing_session: no bar in 1 of 2 "
                                                    "warm-up sessions: 2025-06-30"])
        self.assertIn("  Data, warned: UVXY missing_session: ", (self.results / "analysis_report.txt").read_text())

    def test_an_unknown_kind_is_a_mistake_of_the_command(self):
        self.expect_refusal(self.mock("--date", DAY, "--accept-data", "everything"), 2,
                            "--accept-data: 'everything' is nothing that a load refuses")

    def test_whatever_a_file_holds_messages_are_whole_lines_without_control_bytes(self):
        head = b"timestamp,open,high,low,close,volume\n"
        for name, content in (
            ("a header of escapes", b"\x1b]0;title\x07\x1b[2J\r\n"),
            ("zero bytes", head + b"\x00" * 64),
            ("a cut character", head + ("é" * 21).encode()[:41] + b",1,1,1,1,1\n"),
            ("escapes in a price", head + b"2025-07-02T09:30:00-04:00,1,\x1b[31m1,1,1,1\n"),
            ("a foreign symbol", b"symbol," + head + b"\x1b[31m,2025-07-02T09:30:00-04:00,1,1,1,1,1\n"),
            ("a carriage return", head + b"2025-07-02T09:30:00\r-04:00,1,1,1,1,1\n"),
        ):
            with self.subTest(name):
                bars = self.copy_bars()
                (bars / "SPXL_RTH_NH.csv").write_bytes(content)
                (bars / "\x1b[5m\xe9\n_RTH_NH.csv").write_text("")  # listed where a symbol is missing
                (bars / "SDS_RTH_NH.csv").unlink()
                for symbols in ("SPXL,TQQQ", "SDS,TQQQ"):
                    outcome = self.mock("--date", DAY, "--symbols", symbols, bars=bars)
                    self.assertEqual(outcome.code, 3, outcome.err)
                    self.assertFalse([c for c in outcome.err if (c < " " and c != "\n") or "\x7f" <= c < "\xa0"], outcome.err)
                    for line in outcome.err.splitlines():
                        self.assertTrue(line.startswith("sentio_cli: error: "), line)
                    self.assertTrue(outcome.err.endswith("\n"))


if __name__ == "__main__":
    unittest.main()
