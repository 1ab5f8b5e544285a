"""`warmup-multi` and `mock --warmup-state`: learn once, start many runs."""

import unittest

from support import DAY, DAYS, HALF_DAY, CliTest, limit_file_size, run, tree


class WarmUp(CliTest):
    def setUp(self):
        super().setUp()
        self.state = self.folder / "state.bin"

    def learn(self, *more, end=DAYS[1], **popen):
        return run("warmup-multi", "--data", self.bars, "--days", 2, "--end-date", end, "--output", self.state, *more, **popen)

    def mock_from(self, *arguments, date=DAY):
        return run("mock", "--date", date, "--warmup-state", self.state, "--data-dir", self.bars, "--log-dir", self.logs,
                   "-q", *arguments)

    def test_a_run_from_the_state_has_the_bytes_of_a_run_that_learned_itself(self):
        outcome = self.expect_success(self.learn())
        self.assertRegex(outcome.out, r"^%s: 2 sessions up to 2025-07-01, 6 instruments, [\d.]+ MB\n$" % self.state)
        self.expect_success(self.mock_from())
        resumed = tree(self.logs)
        self.expect_success(self.mock("--date", DAY, "-q"))
        self.assertEqual(tree(self.logs), resumed)

    def test_the_state_does_not_depend_on_threads_and_quiet_is_silent(self):
        self.assertEqual(self.learn("--jobs", 1, "-q"), (0, "", ""))
        alone = self.state.read_bytes()
        self.assertEqual(self.learn("--jobs", 2, "-q"), (0, "", ""))
        self.assertEqual(self.state.read_bytes(), alone)

    def test_a_state_that_does_not_fit_is_refused(self):
        self.expect_success(self.learn())
        self.expect_refusal(self.mock_from(date=HALF_DAY), 3, "state.bin: ends with 2025-07-01, but the session before "
                            "2025-07-03 is 2025-07-02; make one that ends there with warmup-multi --end-date")
        self.expect_refusal(self.mock_from("--symbols", "TQQQ"), 3, "belongs to another configuration or other instruments")
        self.expect_refusal(self.mock_from(date="2025-07-04"), 8, "no session: Independence Day")

    def test_a_damaged_or_missing_state_is_refused(self):
        self.expect_success(self.learn())
        whole = self.state.read_bytes()
        for name, content, text in (("cut off", whole[:-100], "is truncated or damaged"), ("empty", b"", "is not a sentio"),
                                    ("changed", whole[:5000] + b"\x00\x01" + whole[5002:], "is damaged"),
                                    ("text", b"hello\n", "is not a sentio warm-up state")):
            with self.subTest(name):
                self.state.write_bytes(content)
                self.expect_refusal(self.mock_from(), 3, text)
        self.state.unlink()
        self.expect_refusal(self.mock_from(), 3, "state.bin: ")

    def test_a_full_disk_leaves_no_state(self):
        self.expect_refusal(self.learn(preexec_fn=limit_file_size(10_000)), 2, "state.bin: cannot be written: File too large")
        self.assertEqual(tree(self.folder), {})

    def test_missing_data_is_named(self):
        outcome = run("warmup-multi", "--data", self.folder / "nowhere", "--output", self.state)
        self.expect_refusal(outcome, 3, "nowhere: no such file or folder")
        outcome = run("warmup-multi", "--data", self.bars, "--days", 6, "--end-date", DAY, "--output", self.state)
        self.expect_refusal(outcome, 3, "no instrument has a bar on this trading day")
        self.assertFalse(self.state.exists())


if __name__ == "__main__":
    unittest.main()
