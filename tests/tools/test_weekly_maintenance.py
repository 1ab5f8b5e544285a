"""weekly_maintenance.sh: what is packed, what is deleted, what never is, and what a full disk does to it."""

import os
import resource
import signal
import tarfile
import time
import unittest

from script_support import ScriptTest


class Maintenance(ScriptTest):
    def setUp(self):
        super().setUp()
        self.logs, self.backups = self.folder / "lo gs", self.folder / "back ups"
        self.live = self.logs / "live trading"
        self.live.mkdir(parents=True)

    def log(self, name, days=1.0, text=None, folder=None):
        file = (folder or self.live) / name
        file.write_text(name if text is None else text)
        then = time.time() - days * 86400 - 60
        os.utime(file, (then, then))
        return file

    def maintain(self, *arguments, **more):
        return self.script("weekly_maintenance.sh", "--log-dir", self.logs, "--backup-dir", self.backups, *arguments, **more)

    def packed(self):
        """Name -> content, of all archives."""
        found = {}
        for archive in sorted(self.backups.glob("logs_*.tar.gz")):
            with tarfile.open(archive) as tar:
                for member in tar:
                    found[member.name] = tar.extractfile(member).read().decode()
        return found

    def files(self):
        return {p.name for p in self.logs.rglob("*") if p.is_file()}

    def test_the_week_is_packed_and_what_is_old_goes(self):
        self.log("signals_new.jsonl", 3)
        self.log("signals_middle.jsonl", 15)
        self.log("signals old\n.jsonl", 31)
        result = self.maintain()
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(set(self.packed()), {"./live trading/signals_new.jsonl", "./live trading/signals old\n.jsonl"})
        self.assertEqual(self.packed()["./live trading/signals_new.jsonl"], "signals_new.jsonl")
        self.assertEqual(self.files(), {"signals_new.jsonl", "signals_middle.jsonl"})

    def test_state_stays(self):
        names = ["warmup_state.bin", "warmup_state_2025-01-02.bin", "breaker_2025-01-02.json", ".maintenance_mode", "status.json", "runs.jsonl",
                 "live.lock", "flatten_request", "journal_2025-01-03.jsonl"]
        for name in [*names, "journal_2025-01-02.jsonl", "session_2025-01-02.log"]:
            self.log(name, 400)
        other = self.logs / "other"
        other.mkdir()
        self.log("journal_2024-12-30.jsonl", 500, folder=other)
        self.assertEqual(self.maintain().returncode, 0)
        self.assertEqual(self.files(), {*names, "journal_2024-12-30.jsonl"})

    def test_only_old_packs_what_it_deletes_and_no_journal(self):
        for name, days in (("a.log", 2), ("b.log", 40), ("journal_2025-01-02.jsonl", 400), ("journal_2025-01-03.jsonl", 399)):
            self.log(name, days)
        result = self.maintain("--only-old")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual(list(self.packed()), ["./live trading/b.log"])
        self.assertEqual(self.files(), {"a.log", "journal_2025-01-02.jsonl", "journal_2025-01-03.jsonl"})

    def test_twice_is_once(self):
        self.log("a.log", 2)
        self.log("b.log", 40)
        self.maintain()
        before = {p.name: p.stat().st_mtime_ns for p in self.backups.iterdir()}
        result = self.maintain()
        self.assertEqual((result.returncode, result.stdout), (0, "nothing new to pack\ndeleted 0 files older than 30 days\n"))
        self.assertEqual({p.name: p.stat().st_mtime_ns for p in self.backups.iterdir()}, before)

    def test_a_dry_run_changes_nothing(self):
        self.log("a.log", 2)
        self.log("b.log", 40)
        result = self.maintain("--dry-run")
        self.assertEqual(result.returncode, 0)
        self.assertIn("would pack 2 files", result.stdout)
        self.assertIn("would delete 1 files older than 30 days:\n  ./live trading/b.log\n", result.stdout)
        self.assertFalse(self.backups.exists())
        self.assertEqual(self.files(), {"a.log", "b.log"})

    def test_keep_days(self):
        self.log("a.log", 9)
        self.log("b.log", 11)
        self.assertEqual(self.maintain("--keep-days", 10).returncode, 0)
        self.assertEqual(self.files(), {"a.log"})

    def test_a_full_disk_deletes_nothing(self):
        self.log("old.log", 40)
        self.log("new.log", 1, text=os.urandom(60_000).hex())

        def full():
            signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
            resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

        result = self.maintain(preexec_fn=full)
        self.assertEqual(result.returncode, 1)
        self.assertIn("nothing was deleted", result.stderr)
        self.assertEqual(self.files(), {"old.log", "new.log"})
        self.assertEqual(list(self.backups.iterdir()), [], "no half archive either")

    def test_a_tar_that_lies_deletes_nothing(self):
        self.log("old.log", 40)
        self.put("bin/tar", '#!/bin/sh\nwhile [ "$1" != -czf ]; do shift; done\nprintf "" | gzip >"$2"\n')
        result = self.maintain(PATH=str(self.folder / "bin") + ":" + os.environ["PATH"])
        self.assertNotEqual((result.returncode, self.files()), (0, set()))
        self.assertEqual(self.files(), {"old.log"})

    def test_a_damaged_archive_holds_nothing(self):
        self.log("old.log", 20)
        self.assertEqual(self.maintain("--keep-days", 21).returncode, 0)
        self.log("old.log", 5)
        self.assertEqual(self.maintain().returncode, 0)
        archive = next(self.backups.iterdir())
        archive.write_bytes(archive.read_bytes()[:-20])
        time.sleep(1.1)  # archives are named by the second
        result = self.maintain("--keep-days", 3)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("is damaged", result.stderr)
        archive.unlink()
        self.assertEqual(set(self.packed()), {"./live trading/old.log"}, "packed again before it was deleted")
        self.assertEqual(self.files(), set())

    def test_a_file_that_changed_since_it_was_packed_is_packed_again(self):
        self.log("a.log", 5)
        self.maintain()
        self.log("a.log", 40, text="another content")
        time.sleep(1.1)
        self.assertEqual(self.maintain().returncode, 0)
        self.assertEqual(self.packed()["./live trading/a.log"], "another content")
        self.assertEqual(self.files(), set())

    def test_usage(self):
        for arguments in (("--keep-days", "0"), ("--keep-days", "x"), ("--keep-days",), ("--no-such",), ("--backup-dir", self.logs / "b"),
                          ("--log-dir", self.folder / "none"), ("--log-dir", "/")):
            result = self.maintain(*arguments)
            self.assertEqual(result.returncode, 2, (arguments, result.stderr))
            self.assertEqual(len(result.stderr.splitlines()), 1)


if __name__ == "__main__":
    unittest.main()
