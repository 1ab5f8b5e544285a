"""Bad, missing and stale bars: exit code 3, what and where in one line, no files."""

import gzip
import unittest

from support import DAY, DAYS, SIX, CliTest, tree


class DataProblems(CliTest):
    def spoil(self, symbol="SPXL", edit=None):
        """Copies the bars and rewrites one file's lines with edit(lines)."""
        bars = self.copy_bars()
        path = bars / (symbol + "_RTH_NH.csv")
        lines = path.read_text().splitlines()
        edit(lines)
        path.write_text("".join(line + "\n" for line in lines))
        return bars

    def row_of(self, day=DAY, symbol="SPXL", nth=10):
        """Index (0-based) of that day's nth row; its line number is one more."""
        lines = (self.bars / (symbol + "_RTH_NH.csv")).read_text().splitlines()
        return [i for i, line in enumerate(lines) if line.startswith(day)][nth]

    def test_all_missing_files_are_named_at_once(self):
        bars = self.copy_bars()
        for symbol in ("SDS", "UVXY"):
            (bars / (symbol + "_RTH_NH.csv")).unlink()
        self.expect_refusal(self.mock("--date", DAY, bars=bars), 3,
                            "neither SDS_RTH_NH.csv nor SDS_RTH_NH.csv.gz is there; symbols there: SPXL SQQQ SVXY TQQQ",
                            "neither UVXY_RTH_NH.csv nor")

    def test_a_missing_folder_is_one_problem_not_six(self):
        self.expect_refusal(self.mock("--date", DAY, bars=self.folder / "nowhere"), 3,
                            "nowhere: no such folder; give the one with the bar files as --data-dir")

    def test_a_symbol_known_but_without_a_file_can_be_left_out(self):
        bars = self.copy_bars()
        (bars / "SDS_RTH_NH.csv").unlink()
        self.expect_success(self.mock("--date", DAY, "-q", "--symbols", "TQQQ,SQQQ", bars=bars))

    def test_bad_rows_are_named_by_file_and_line(self):
        at = self.row_of()

        def field(i, value):
            def edit(lines):
                cells = lines[at].split(",")
                cells[i] = value
                lines[at] = ",".join(cells)
            return edit

        def swap(lines):
            lines[at - 1], lines[at] = lines[at], lines[at - 1]

        for name, edit, text in (
            ("unsorted", swap, "sort the rows by time"),
            ("duplicated", lambda lines: lines.insert(at, lines[at - 1]), "a second row for"),
            ("NaN", field(4, "nan"), "close 'nan' is not a number"),
            ("text", field(1, "n/a"), "open 'n/a' is not a number"),
            ("negative price", field(3, "-1.5"), "low -1.5 is not a positive price"),
            ("zero price", field(3, "0"), "low 0 is not a positive price"),
            ("high below low", field(2, "0.01"), "high 0.01 is below low"),
            ("close outside", field(4, "99999"), "close 99999 is outside"),
            ("negative volume", field(5, "-3"), "volume -3 is negative"),
            ("not a time", field(0, "yesterday"), "time 'yesterday' cannot be read"),
            ("half a minute", field(0, DAY + "T09:40:30-04:00"), "not on a full minute"),
            ("a column short", lambda lines: lines.__setitem__(at, lines[at].rsplit(",", 1)[0]), "has 6 columns"),
            ("cut off", lambda lines: lines.__setitem__(slice(at, None), [lines[at][:30]]), "is not a number"),
        ):
            with self.subTest(name):
                bars = self.spoil(edit=edit)
                outcome = self.mock("--date", DAY, bars=bars)
                self.expect_refusal(outcome, 3, text)
                self.assertIn("SPXL_RTH_NH.csv:%d: " % (at + 1), outcome.err)

    def test_unsound_headers(self):
        for name, content, text in (
            ("unknown layout", b"time,price\n1,2\n", "SPXL_RTH_NH.csv:1: unknown layout 'time,price'; known header lines:"),
            ("empty file", b"", "SPXL_RTH_NH.csv: is empty: no header line; known header lines:"),
            ("header only", b"timestamp,open,high,low,close,volume,bar_id\n", "the file has no bars at all"),
            ("not gzip inside", b"\x1f\x8bnonsense", "gzip data"),
        ):
            with self.subTest(name):
                bars = self.copy_bars()
                (bars / "SPXL_RTH_NH.csv").write_bytes(content)
                self.expect_refusal(self.mock("--date", DAY, bars=bars), 3, text)

    def test_a_truncated_gzip_is_refused(self):
        bars = self.copy_bars()
        plain = bars / "TQQQ_RTH_NH.csv"
        (bars / "TQQQ_RTH_NH.csv.gz").write_bytes(gzip.compress(plain.read_bytes())[:-2000])
        plain.unlink()
        self.expect_refusal(self.mock("--date", DAY, bars=bars), 3, "TQQQ_RTH_NH.csv.gz: its gzip data ends too early")

    def test_every_bad_file_is_named_at_once(self):
        bars = self.copy_bars()
        (bars / "SPXL_RTH_NH.csv").write_text("")
        (bars / "UVXY_RTH_NH.csv").write_text("time,price\n")
        self.expect_refusal(self.mock("--date", DAY, bars=bars), 3, "SPXL_RTH_NH.csv: is empty", "UVXY_RTH_NH.csv:1:")

    def without(self, *days, symbols=SIX):
        bars = self.copy_bars()
        for symbol in symbols:
            path = bars / (symbol + "_RTH_NH.csv")
            kept = [line for line in path.read_text().splitlines(True) if not line.startswith(days)]
            path.write_text("".join(kept))
        return bars

    def test_an_empty_day_inside_the_data_stops_the_run_before_anything_is_written(self):
        outcome = self.mock("--start-date", DAYS[1], "--end-date", DAYS[3], "--warmup-days", 1, bars=self.without(DAY))
        self.expect_refusal(outcome, 3, DAY + ": no instrument has a bar on this trading day; complete the data")

    def test_all_empty_days_are_named_in_one_line(self):
        outcome = self.mock("--start-date", DAYS[1], "--end-date", "2025-07-09", "--warmup-days", 1)
        self.expect_refusal(outcome, 3, "2025-07-07, 2025-07-08, 2025-07-09: no instrument has a bar on these 3 trading days")

    def test_a_date_after_the_data(self):
        self.expect_refusal(self.mock("--date", "2025-07-08"), 3,
                            "2025-07-08: no instrument has a bar on this trading day")
        self.expect_refusal(self.mock("--date", "2026-07-08"), 3, "SDS_RTH_NH.csv has 2025-06-30 to 2025-07-03")

    def test_an_empty_warm_up_day_is_a_warning_with_the_number(self):
        outcome = self.mock("--date", DAY, "-q", bars=self.without(DAYS[1]))
        self.assertEqual(outcome.code, 0)
        self.assertEqual(outcome.err.splitlines(), [
            "sentio_cli: warning: warm-up: only 1 of 2 sessions before 2025-07-02 have bars"])

    def test_more_warm_up_than_there_is_is_a_warning_with_the_number(self):
        outcome = self.mock("--date", DAY, "--warmup-days", 20, "-q")
        self.assertEqual(outcome.code, 0)
        self.assertEqual(outcome.err.splitlines(), [
            "sentio_cli: warning: warm-up: only 2 of 20 sessions before 2025-07-02 have bars"])
        self.assertIn("warm-up sessions: 2 of 20", (self.results / ("session_%s.log" % DAY)).read_text())
        summary = (self.results / ("summary_%s.json" % DAY)).read_text()
        self.assertIn('"warmup_sessions": 2,', summary)
        self.assertIn('"warmup_sessions_wanted": 20', summary)

    def test_no_warm_up_at_all_although_asked_is_refused(self):
        self.expect_refusal(self.mock("--date", DAYS[0], "--warmup-days", 3), 3,
                            "none of the 3 sessions before 2025-06-30 has bars; add data or run with --warmup-days 0")
        self.expect_success(self.mock("--date", DAYS[0], "--warmup-days", 0, "-q"))

    def test_an_instrument_without_a_bar_in_the_whole_run_is_refused(self):
        outcome = self.mock("--date", DAY, bars=self.without(*DAYS[:3], symbols=("SDS",)))
        self.expect_refusal(outcome, 3, "SDS_RTH_NH.csv: no bar in the days read, 2025-06-30 to 2025-07-02; the file has "
                                        "2025-07-03 to 2025-07-03; add bars or leave it out with --symbols")

    def test_an_instrument_without_a_bar_on_the_traded_day_is_refused_unless_accepted(self):
        bars = self.without(DAY, symbols=("SDS",))
        self.expect_refusal(self.mock("--date", DAY, bars=bars), 3,
                            "SDS: missing_session: no bar in 1 of 1 traded session: 2025-07-02; "
                            "--accept-data missing_session runs all the same")
        outcome = self.mock("--date", DAY, "-q", "--accept-data", "missing_session", bars=bars)
        self.assertEqual(outcome.code, 0)
        self.assertEqual(outcome.err.splitlines(), [
            "sentio_cli: warning: SDS: missing_session: no bar in 1 of 1 traded session: 2025-07-02 [accepted by --accept-data]",
            "sentio_cli: warning: SDS has no bar on 2025-07-02: it cannot be traded that day"])
        self.assertIn("SDS has no bar", (self.results / ("session_%s.log" % DAY)).read_text())
        self.assertNotIn(b'"SDS"', tree(self.results)["trades_%s.jsonl" % DAY])


if __name__ == "__main__":
    unittest.main()
