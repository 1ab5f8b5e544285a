"""Unwritable folders, full disks and interruptions: one line, exit code 2, every file whole or absent."""

import ctypes
import json
import os
import pathlib
import signal
import stat
import subprocess
import time
import unittest

from support import CLI, DAY, DAYS, ROOT, CliTest, environment, limit_file_size, run, tree

FULL = pathlib.Path("/dev/full")
PR_CAPBSET_DROP, CAP_DAC_OVERRIDE = 24, 1  # linux/prctl.h, linux/capability.h


def as_permissions_say():
    """For preexec_fn: permissions hold for the superuser, too."""
    if os.geteuid() == 0 and ctypes.CDLL(None, use_errno=True).prctl(PR_CAPBSET_DROP, CAP_DAC_OVERRIDE, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl")


class Unwritable(CliTest):
    def test_a_log_folder_that_cannot_be_made(self):
        file = self.write("file", "")
        for folder in (file / "logs", "/proc/sentio"):
            with self.subTest(folder=folder):
                outcome = run("mock", "--date", DAY, "--data-dir", self.bars, "--log-dir", folder)
                self.expect_refusal(outcome, 2, "%s/mock_trading: cannot be created: " % folder)
                self.assertIn("; name another folder with --log-dir", outcome.err)

    def test_a_log_folder_without_permission(self):
        self.results.mkdir(parents=True)
        self.results.chmod(0o500)
        self.addCleanup(self.results.chmod, 0o700)
        outcome = self.mock("--date", DAY, preexec_fn=as_permissions_say)
        self.expect_refusal(outcome, 2, "is not writable: cannot be created: Permission denied")

    def test_a_summary_in_a_folder_that_is_not_there_is_found_before_the_run(self):
        outcome = self.mock("--date", DAY, "--summary-json", self.folder / "no" / "summary.json")
        self.expect_refusal(outcome, 2, "--summary-json: %s is not a folder; make it first" % (self.folder / "no"))

    def test_output_of_features_that_cannot_be_written(self):
        outcome = run("features", "--symbol", "TQQQ", "--date", DAY, "--data-dir", self.bars,
                      "--output", self.folder / "no" / "tqqq.csv")
        self.expect_refusal(outcome, 2, "no/tqqq.csv: cannot be created: No such file or directory")
        self.assertEqual(tree(self.folder), {})


class FullDisk(CliTest):
    def test_a_full_disk_is_one_line_and_leaves_nothing(self):
        for bytes_max in (5, 1_000, 100_000):
            with self.subTest(bytes_max=bytes_max):
                outcome = self.mock("--date", DAY, preexec_fn=limit_file_size(bytes_max))
                self.expect_refusal(outcome, 2, "cannot be written: File too large")
                self.assertNotIn(".partial", outcome.err)

    def test_a_full_disk_leaves_the_files_of_an_earlier_run_as_they_were(self):
        self.expect_success(self.mock("--date", DAY, "-q"))
        before = tree(self.logs)
        outcome = self.mock("--date", DAY, "--capital", 50_000, preexec_fn=limit_file_size(100_000))
        self.expect_refusal(outcome, 2, "cannot be written: File too large", files_left=True)
        self.assertEqual(tree(self.logs), before)

    def test_features_on_a_full_disk(self):
        outcome = run("features", "--symbol", "TQQQ", "--date", DAY, "--data-dir", self.bars,
                      "--output", self.folder / "tqqq.csv", preexec_fn=limit_file_size(10_000))
        self.expect_refusal(outcome, 2, "tqqq.csv: cannot be written: File too large")
        self.assertEqual(tree(self.folder), {})

    def test_a_full_device_is_one_line(self):
        full = self.folder / "full"  # a link: were it replaced by a rename, only the link would be lost
        full.symlink_to(FULL)
        outcome = self.mock("--date", DAY, "-q", "--summary-json", full)
        self.expect_refusal(outcome, 2, "full: cannot be written: No space left on device", files_left=True)
        self.assertTrue(full.is_symlink())
        self.assertIn("analysis_report.txt", tree(self.results))

    def test_a_pipe_is_written_and_never_replaced(self):
        pipe = self.folder / "pipe"
        os.mkfifo(pipe)
        reader = subprocess.Popen(["cat", str(pipe)], stdout=subprocess.PIPE)
        self.addCleanup(reader.communicate)
        self.addCleanup(reader.kill)
        self.expect_success(self.mock("--date", DAY, "-q", "--summary-json", pipe))
        self.assertTrue(stat.S_ISFIFO(pipe.stat().st_mode))
        self.assertEqual(json.loads(reader.communicate(timeout=60)[0])["date_first"], DAY)

    def test_a_link_stays_a_link(self):
        target = self.write("target.json", "")
        link = self.folder / "link.json"
        link.symlink_to(target)
        self.expect_success(self.mock("--date", DAY, "-q", "--summary-json", link))
        self.assertTrue(link.is_symlink())
        self.assertGreater(target.stat().st_size, 1000)


class Interrupted(CliTest):
    def start(self, *arguments):
        process = subprocess.Popen([CLI, "mock", "--data-dir", str(self.bars), "--log-dir", str(self.logs),
                                    "--warmup-days", "1", "-q", *arguments], cwd=ROOT, env=environment(),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(process.communicate)
        self.addCleanup(process.kill)
        return process

    def wait_until(self, condition):
        for _ in range(1200):
            if condition():
                return
            time.sleep(0.05)
        self.fail("nothing happened within a minute")

    def interrupt(self, process, number):
        process.send_signal(number)
        self.assertNotEqual(process.wait(timeout=300), 0)

    def test_an_interrupted_day_leaves_no_file(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number=number):
                process = self.start("--date", DAY, "--speed", "60")  # the day would take 6.5 minutes
                self.wait_until(self.results.is_dir)
                time.sleep(0.3)
                self.interrupt(process, number)
                self.assertEqual(tree(self.logs), {})
                self.results.rmdir()

    def test_an_interrupted_range_keeps_its_finished_days_whole(self):
        process = self.start("--start-date", DAYS[1], "--end-date", DAYS[3], "--speed", "12000")  # 2 s a day
        self.wait_until((self.results / ("summary_%s.json" % DAYS[1])).exists)
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=300)
        left = tree(self.results)
        left.pop("analysis_report.txt", None)  # on a busy machine all days may have been done by then
        finished = sorted({name.split(".")[0].split("_")[-1] for name in left})
        self.assertEqual(finished, list(DAYS[1:1 + len(finished)]))
        alone = self.folder / "alone"
        self.expect_success(run("mock", "--start-date", DAYS[1], "--end-date", finished[-1], "--data-dir", self.bars,
                                "--log-dir", alone, "--warmup-days", 1, "-q"))
        whole = tree(alone / "mock_trading")
        whole.pop("analysis_report.txt")
        self.assertEqual(left, whole)


if __name__ == "__main__":
    unittest.main()
