"""The shell scripts' own logic, with dpkg, apt and sudo replaced by scripts that record their calls."""

import os
import pathlib
import stat
import subprocess
import tempfile
import unittest

import support

DPKG_QUERY = """#!/bin/sh
for name; do :; done
case " $INSTALLED " in *" $name "*) printf installed ;; *) exit 1 ;; esac
"""
APT_CACHE = """#!/bin/sh
case " $KNOWN " in *" $2 "*) exit 0 ;; *) exit 1 ;; esac
"""
RECORD = """#!/bin/sh
echo "$(basename "$0") $DEBIAN_FRONTEND $*" >>"$CALLS"
"""
SUDO = RECORD + 'exec "$@"\n'


class Packages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.bin = pathlib.Path(folder.name, "bin")
        self.bin.mkdir()
        self.calls = pathlib.Path(folder.name, "calls")
        for name, text in (("dpkg-query", DPKG_QUERY), ("apt-cache", APT_CACHE), ("apt-get", RECORD)):
            self.put(name, text)
        for name in ("env", "basename", "sh"):
            (self.bin / name).symlink_to(subprocess.check_output(["which", name], text=True).strip())

    def put(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(path.stat().st_mode | stat.S_IXUSR)

    def ensure(self, names, installed="", known="", user=0):
        self.put("id", "#!/bin/sh\necho %d\n" % user)
        environment = {"PATH": str(self.bin), "INSTALLED": installed, "KNOWN": known, "CALLS": str(self.calls)}
        result = subprocess.run(
            ["/bin/bash", "-euc", "source scripts/packages.sh; packages_ensure %s" % names],
            cwd=support.ROOT, env=environment, capture_output=True, text=True,
        )
        calls = self.calls.read_text().splitlines() if self.calls.exists() else []
        return result, calls

    def test_apt_is_not_touched_when_everything_is_there(self):
        result, calls = self.ensure("a 'b|c'", installed="a c")
        self.assertEqual((result.returncode, calls, result.stdout), (0, [], ""))

    def test_only_what_is_missing_is_installed_without_questions(self):
        result, calls = self.ensure("a b c", installed="b", known="a b c")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([c.split()[:2] for c in calls], [["apt-get", "noninteractive"]] * 2)
        self.assertIn("update", calls[0])
        self.assertTrue(calls[1].endswith(" a c"), calls[1])

    def test_the_first_alternative_that_apt_knows_is_taken(self):
        result, calls = self.ensure("'new|old'", known="old")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertTrue(calls[-1].endswith(" old"))

    def test_a_package_apt_does_not_know_stops_with_its_name(self):
        result, calls = self.ensure("'new|old'", known="other")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("new or old", result.stderr)
        self.assertFalse(any("install" in call for call in calls))

    def test_a_user_installs_through_sudo(self):
        self.put("sudo", SUDO)
        result, calls = self.ensure("a", known="a", user=1000)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertEqual([call.split()[0] for call in calls], ["sudo", "apt-get", "sudo", "apt-get"])

    def test_a_user_without_sudo_is_told_the_command(self):
        result, calls = self.ensure("a b", known="a b", user=1000)
        self.assertEqual(result.returncode, 1)
        self.assertIn("apt-get install -y a b", result.stderr)
        self.assertEqual(calls, [])


class LastSession(unittest.TestCase):
    def last(self, files, *symbols):
        with tempfile.TemporaryDirectory() as folder:
            for name, text in files.items():
                pathlib.Path(folder, name + "_RTH_NH.csv").write_text(text)
            return subprocess.run(
                ["python3", "-B", os.path.join(support.ROOT, "tools", "last_session.py"), folder, *symbols],
                capture_output=True, text=True,
            )

    def test_every_layout_gives_its_new_york_date(self):
        for name, stamp in (
            ("OwnLayout", "2025-10-14T15:59:00-04:00"),
            ("Utc", "2025-10-14T19:59:00Z"),
            ("UtcAfterMidnight", "2025-10-15T00:30:00Z"),
            ("EpochSeconds", "1760471940"),
            ("EpochMilliseconds", "1760471940000"),
        ):
            with self.subTest(name):
                result = self.last({"A": "# SYNTHETIC\nh,o\n2025-10-13T15:59:00-04:00,1\n%s,1,1\n\n" % stamp}, "A")
                self.assertEqual((result.stdout.strip(), result.returncode), ("2025-10-14", 0), result.stderr)

    def test_the_earliest_of_the_symbols_counts(self):
        files = {"A": "h\n2025-10-14T15:59:00-04:00,1\n", "B": "h\n2025-10-10T15:59:00-04:00,1\n"}
        self.assertEqual(self.last(files, "A", "B").stdout.strip(), "2025-10-10")

    def test_a_missing_or_empty_file_exits_3_and_names_it(self):
        for files, reason in (({}, "no bar file of A"), ({"A": "timestamp,open\n"}, "no time stamp")):
            result = self.last(files, "A")
            self.assertEqual(result.returncode, 3)
            self.assertIn(reason, result.stderr)


class BenchTable(unittest.TestCase):
    def test_medians_become_rows_and_siblings_become_ratios(self):
        import bench_table

        def entry(name, time, unit="ns", aggregate="median"):
            return {"run_name": name, "aggregate_name": aggregate, "real_time": time, "time_unit": unit}

        document = {"benchmarks": [
            entry("BM_Learn/126", 4.0, "us"), entry("BM_Learn/126", 9.0, "us", "mean"),
            entry("BM_Learn_textbook/126", 18000.0), entry("BM_Other", 12.0),
        ]}
        rows = bench_table.table({"native": bench_table.medians(document)})
        self.assertEqual(rows, [
            ["build", "benchmark", "median", "vs textbook"],
            ["native", "BM_Learn/126", "4 us", "4.50x"],
            ["native", "BM_Learn_textbook/126", "18 us", ""],
            ["native", "BM_Other", "12 ns", ""],
        ])


if __name__ == "__main__":
    unittest.main()
