"""The Debian package: what it holds, what its pages say, and that it works unpacked anywhere."""

import gzip
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import support
from support import BUILD, ROOT

GENERATOR = "usr/share/sentio/tools/generate_multi_symbol_data.py"
DAYS, DAY = 4, "2025-07-02"  # sessions up to DAY
NOBODY = 65534


def setUpModule():
    reason = support.why_nothing_is_packed()
    if reason:
        print("skipped: " + reason, file=sys.stderr)
        sys.exit(support.SKIPPED)


class PackageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        shared = tempfile.TemporaryDirectory()
        cls.addClassCleanup(shared.cleanup)
        cls.shared = pathlib.Path(shared.name)
        cls.shared.chmod(0o755)  # another user looks inside
        if not hasattr(PackageTest, "bytes"):
            made = support.pack(cls.shared / "out")
            PackageTest.name, PackageTest.bytes = made.name, made.read_bytes()
        cls.package = cls.shared / cls.name
        cls.package.write_bytes(cls.bytes)
        cls.tree = cls.shared / "unpacked"
        subprocess.run(["dpkg-deb", "-x", str(cls.package), str(cls.tree)], check=True)

    def field(self, name):
        return subprocess.run(["dpkg-deb", "-f", str(self.package), name], check=True, capture_output=True, text=True).stdout.strip()

    def text(self, path):
        data = (self.tree / path).read_bytes()
        return (gzip.decompress(data) if path.endswith(".gz") else data).decode()


class Contents(PackageTest):
    def test_shipped_files_are_the_repositorys(self):
        shipped = {"config/*.json": "usr/share/sentio/config", "docs/*.md": "usr/share/doc/sentio/docs",
                   "docs/images/*": "usr/share/doc/sentio/docs/images", "README.md": "usr/share/doc/sentio",
                   "tools/generate_multi_symbol_data.py": "usr/share/sentio/tools",
                   "tools/synthetic/*.py": "usr/share/sentio/tools/synthetic"}
        for pattern, folder in shipped.items():
            files = sorted(ROOT.glob(pattern))
            self.assertTrue(files, pattern)
            for file in files:
                self.assertEqual((self.tree / folder / file.name).read_bytes(), file.read_bytes(), file)

    def test_who_owns_and_may_read_what(self):
        listed = subprocess.run(["dpkg-deb", "-c", str(self.package)], check=True, capture_output=True, text=True).stdout
        programs = []
        for line in listed.splitlines():
            mode, owner, *_, path = line.split()
            self.assertEqual(owner, "root/root", line)
            self.assertTrue(path.startswith("./usr/"), line)
            self.assertIn(mode, ("drwxr-xr-x", "-rw-r--r--", "-rwxr-xr-x"), line)
            if mode == "-rwxr-xr-x":
                programs.append(path.rsplit("/", 1)[1])
        self.assertEqual(sorted(programs), ["generate_multi_symbol_data.py", "operator_job.sh", "sentio_cli", "weekly_maintenance.sh"])

    def test_it_holds_no_keys(self):
        names = [p.name for p in self.tree.rglob("*")]
        self.assertNotIn("config.env", names)
        self.assertEqual([n for n in names if n.endswith((".csv", ".csv.gz", ".pyc", ".bin"))], [])
        example = self.text("usr/share/doc/sentio/examples/config.env.example")
        self.assertEqual([line for line in example.splitlines() if re.search(r"^[^#]*=.", line)], [])

    def test_control(self):
        self.assertEqual(self.field("Package"), "sentio")
        own = subprocess.run(["dpkg", "--print-architecture"], check=True, capture_output=True, text=True).stdout.strip()
        self.assertEqual(self.field("Architecture"), own)
        project = re.search(r"project\(sentio VERSION ([0-9.]+)", (ROOT / "CMakeLists.txt").read_text())[1]
        self.assertRegex(self.field("Version"), r"^%s(\+git\d{14}\.[0-9a-f]{12})?$" % re.escape(project))
        for library in ("libc6 (>= ", "libstdc++6 (>= ", "libssl", "libcurl"):
            self.assertIn(library, self.field("Depends"))
        self.assertIn("python3", self.field("Recommends"))

    def test_nothing_runs_at_installation_and_no_unit_is_enabled(self):
        control = self.shared / "control"
        subprocess.run(["dpkg-deb", "-e", str(self.package), str(control)], check=True)
        self.assertEqual(sorted(p.name for p in control.iterdir()), ["control", "md5sums"])
        self.assertEqual([p for p in self.tree.rglob("*") if p.is_symlink() or p.name.endswith((".wants", ".preset"))], [])

    def test_licences_of_what_is_compiled_in(self):
        doc = "usr/share/doc/sentio/"
        self.assertIn((ROOT / "LICENSE").read_text(), self.text(doc + "copyright"))
        for name in ("libcli11-dev", "libwebsocketpp-dev", "libjs-dygraphs", "nlohmann-json3-dev"):
            if os.path.exists("/usr/share/doc/%s/copyright" % name):
                self.assertTrue(self.text(doc + "third-party/" + name))
        self.assertTrue(self.text(doc + "changelog.gz").startswith("sentio (%s) " % self.field("Version")))

    def test_same_program_same_bytes(self):
        again = support.pack(self.shared / "again", umask=0o077, TZ="Asia/Tokyo", LANG="C")
        self.assertEqual(again.name, self.name)
        self.assertTrue(again.read_bytes() == self.bytes)

    @unittest.skipUnless(shutil.which("lintian"), "no lintian")
    def test_lintian_has_no_objection(self):
        flags = ["--allow-root"] if os.getuid() == 0 else []
        done = subprocess.run(["lintian", *flags, str(self.package)], capture_output=True, text=True)
        # Instrumented and debug builds are packed here, too; the tags are those of a build's kind.
        said = [line for line in done.stdout.splitlines() if line.startswith(("E: ", "W: "))]
        self.assertEqual(said, [], done.stderr)


class Pages(PackageTest):
    """Every command and flag of --help, and no other."""

    def test_manual_page(self):
        page = self.text("usr/share/man/man1/sentio_cli.1.gz").replace("\\-", "-")
        found = {(): re.search(r"(?s)\n\.SH OPTIONS\n(.*?)\n\.SH ", page)[1]}
        for part in page.partition("\n.SH COMMANDS\n")[2].partition("\n.SH ")[0].split(".SS ")[1:]:
            name, _, rest = part.partition("\n")
            found[tuple(name.split())] = rest
        self.assertEqual(list(found), support.all_paths())
        for path, part in found.items():
            named = [name for spec in re.findall(r"(?m)^\.TP\n\.B (\S+)", part) for name in spec.split(",")]
            self.assertEqual(named, support.flags(*path), path)

    @unittest.skipUnless(shutil.which("man") and shutil.which("lexgrog"), "no man")
    def test_manual_page_is_one(self):
        file = str(self.tree / "usr/share/man/man1/sentio_cli.1.gz")
        done = subprocess.run(["man", "--warnings", "-l", file], env={**os.environ, "MANWIDTH": "100", "LC_ALL": "C.UTF-8"},
                              capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("sentio_cli mock --date 2025-09-26 --json -q | jq .performance.mrd_pct", done.stdout)
        named = subprocess.run(["lexgrog", file], capture_output=True, text=True).stdout
        self.assertIn("sentio_cli - intraday", named)

    def complete(self, *words):
        """What a user is offered who has typed these words, the last one being half-typed."""
        program = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _sentio_cli; printf "%s\\n" "${COMPREPLY[@]}"'
        file = str(self.tree / "usr/share/bash-completion/completions/sentio_cli")
        done = subprocess.run(["bash", "-uc", program, "bash", file, "sentio_cli", *words], capture_output=True, text=True, cwd="/")
        self.assertEqual((done.returncode, done.stderr), (0, ""), words)
        return done.stdout.split()

    def test_completion_offers_every_command_and_flag(self):
        for path in support.all_paths():
            self.assertEqual(self.complete(*path, ""), support.commands(*path) + support.flags(*path), path)

    def test_completion_of_values(self):
        self.assertEqual(self.complete("mo"), ["mock"])
        self.assertEqual(self.complete("config", "sh"), ["show"])
        self.assertEqual(self.complete("mock", "--fill", ""), ["next-open", "close"])
        self.assertEqual(self.complete("mock", "--fill", "=", "n"), ["next-open"])
        self.assertEqual(self.complete("mock", "--fill", "="), ["next-open", "close"])
        self.assertEqual(self.complete("report", "--mode", "live", "--mo"), ["--month", "--mode"])
        self.assertEqual(self.complete("mock", "--config", ""), [])  # files: bash's own


class Unpacked(PackageTest):
    """The package's program and generator, without an installation: the tree lies anywhere, the user is nobody."""

    def setUp(self):
        own = tempfile.TemporaryDirectory()
        self.addCleanup(own.cleanup)
        self.folder = pathlib.Path(own.name)
        if os.getuid() == 0:
            os.chown(own.name, NOBODY, NOBODY)

    def run_as_user(self, *command):
        user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        return subprocess.run([str(self.tree / command[0]), *command[1:]], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              env=support.environment(HOME=str(self.folder)), **user)

    def test_a_day_is_replayed_on_generated_bars(self):
        before = sorted(str(p) for p in self.tree.rglob("*"))
        made = self.run_as_user(GENERATOR, "--days", str(DAYS), "--end-date", DAY, "-q")
        self.assertEqual(made.returncode, 0, made.stderr)
        done = self.run_as_user("usr/bin/sentio_cli", "mock", "--date", DAY, "--warmup-days", "2")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertIn("TRADING SESSION ANALYSIS REPORT", done.stdout)
        self.assertEqual(sorted(str(p) for p in self.tree.rglob("*")), before)
        # The same day with the program that was packed, in the repository.
        here = self.folder / "here"
        subprocess.run([str(support.CLI), "mock", "--date", DAY, "--warmup-days", "2", "-q", "--data-dir", str(self.folder / "data/equities"),
                        "--log-dir", str(here)], cwd=ROOT, env=support.environment(), check=True)
        for kind in ("trades", "positions", "decisions", "signals"):
            name = "mock_trading/%s_%s.jsonl" % (kind, DAY)
            self.assertEqual((self.folder / "logs" / name).read_bytes(), (here / name).read_bytes(), name)

    def test_configuration_is_the_installed_one_and_the_working_directorys_wins(self):
        def shown():
            done = self.run_as_user("usr/bin/sentio_cli", "config", "show")
            self.assertEqual(done.returncode, 0, done.stderr)
            return json.loads(done.stdout)["rotation_manager_config"]["max_positions"]

        shipped = json.loads((ROOT / "config/rotation_strategy.json").read_text())
        self.assertEqual(shown(), shipped["rotation_manager_config"]["max_positions"])
        shipped["rotation_manager_config"]["max_positions"] = 1
        (self.folder / "config").mkdir()
        (self.folder / "config/rotation_strategy.json").write_text(json.dumps(shipped))
        self.assertEqual(shown(), 1)

    def test_without_any_configuration_the_next_step_is_named(self):
        alone = self.folder / "sentio_cli"
        shutil.copy(BUILD / "src/cli/sentio_cli", alone)
        done = subprocess.run([str(alone), "config", "show"], cwd=self.folder, capture_output=True, text=True, env=support.environment())
        self.assertEqual(done.returncode, 2)
        self.assertIn("run where config/ is, or name the file with its flag", done.stderr)


class Units(PackageTest):
    FOLDER = "usr/lib/systemd/user"

    def test_they_are_the_repositorys_with_installed_paths(self):
        units = sorted(p.name for p in (self.tree / self.FOLDER).iterdir())
        self.assertEqual(units, sorted(p.name for p in (ROOT / "scripts/systemd").iterdir()))
        for name in units:
            text = self.text("%s/%s" % (self.FOLDER, name))
            for program in re.findall(r"(?m)^ExecStart=/(\S+)", text) + re.findall(r"SENTIO_CLI=/(\S+)", text):
                self.assertTrue(os.access(self.tree / program, os.X_OK), program)
            if name.endswith(".service"):
                self.assertIn("ExecStart=/usr/share/sentio/scripts/operator_job.sh ", text)
                self.assertIn("WorkingDirectory=%h/sentio\nEnvironment=SENTIO_HOME=%h/sentio SENTIO_CLI=/usr/bin/sentio_cli\n", text)
                self.assertNotIn("--real", text)

    @unittest.skipUnless(shutil.which("systemd-analyze"), "no systemd-analyze")
    def test_systemd_takes_them(self):
        units = self.shared / "units"
        units.mkdir()
        for file in (self.tree / self.FOLDER).iterdir():
            (units / file.name).write_text(file.read_text().replace("/usr/", str(self.tree / "usr") + "/").replace("%h/sentio", "/tmp"))
        shutil.copy(units / "sentio@.service", units / "sentio@doctor.service")
        names = [str(units / n) for n in ("sentio@doctor.service", "sentio-live.service", "sentio-live.timer", "sentio-doctor.timer")]
        result = subprocess.run(["systemd-analyze", "verify", "--man=no", *names], capture_output=True, text=True)
        self.assertEqual([line for line in result.stderr.splitlines() if "sentio" in line], [])


if __name__ == "__main__":
    unittest.main()
