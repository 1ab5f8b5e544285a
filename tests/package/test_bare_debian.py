"""The package in a bare Debian 12: installed with apt, a day replayed there by a plain user, removed again.

Takes minutes, root, and a mirror, so it runs only where SENTIO_TEST_DEBOOTSTRAP=1 asks for it; elsewhere it is shown as
skipped, with the reason. The mirror is the one that apt uses here. Everything is mounted and started in namespaces of
their own, which end with the test: no mount and no process is left behind, also after a kill.
"""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import support

RELEASE = "bookworm"
INSIDE = "SENTIO_TEST_BARE_ROOT"  # names the folder, for the run within the namespaces
GENERATOR = "/usr/share/sentio/tools/generate_multi_symbol_data.py"


def mirror():
    """The address apt fetches Debian 12 from, or "" where it fetches none."""
    listed = subprocess.run(["apt-get", "indextargets", "--format", "$(REPO_URI)", "Created-By: Packages", "Codename: " + RELEASE,
                             "Label: Debian", "Component: main"], capture_output=True, text=True).stdout.split()
    return listed[0] if listed else ""


def why_not():
    if os.environ.get("SENTIO_TEST_DEBOOTSTRAP") != "1":
        return "takes minutes; SENTIO_TEST_DEBOOTSTRAP=1 asks for it"
    if os.getuid() != 0:
        return "needs root"
    if not shutil.which("debootstrap"):
        return "needs debootstrap (packages_bare_debian in scripts/packages.sh)"
    if subprocess.run(["unshare", "--mount", "--pid", "--fork", "true"], stderr=subprocess.DEVNULL).returncode != 0:
        return "needs namespaces of its own (unshare)"
    if not mirror():
        return "apt knows no mirror of Debian 12 here (apt-get update?)"
    return support.why_nothing_is_packed()


class BareDebian(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(os.environ[INSIDE]) / "debian"
        cls.sh("debootstrap", "--variant=minbase", RELEASE, str(cls.root), mirror())
        cls.sh("mount", "-t", "proc", "proc", str(cls.root / "proc"))
        shutil.copy("/etc/resolv.conf", cls.root / "etc/resolv.conf")
        starts = cls.root / "usr/sbin/policy-rc.d"
        starts.write_text("#!/bin/sh\nexit 101\n")  # no package starts anything
        starts.chmod(0o755)
        cls.sh("chroot", str(cls.root), "useradd", "--create-home", "trader")
        cls.package = support.pack(cls.root / "tmp/package")

    @classmethod
    def sh(cls, *command):
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=support.environment(DEBIAN_FRONTEND="noninteractive", LC_ALL="C.UTF-8", PATH="/usr/sbin:/usr/bin:/sbin:/bin"))
        if done.returncode != 0:
            raise AssertionError("%s: exit code %d\n%s" % (" ".join(command), done.returncode, done.stdout[-4000:]))
        return done.stdout

    def apt(self, *arguments):
        return self.sh("chroot", str(self.root), "apt-get", "-y", "-q", *arguments)

    def trader(self, command):
        """What a plain user of that machine types; standard output and error together."""
        return self.sh("chroot", "--userspec=trader:trader", str(self.root), "env", "-i", "HOME=/home/trader", "PATH=/usr/bin:/bin",
                       "LC_ALL=C.UTF-8", "bash", "-euc", "cd; " + command)

    def found(self):
        return sorted(str(p.relative_to(self.root)) for folder in ("usr", "etc", "var/lib/systemd") for p in (self.root / folder).rglob("*sentio*"))

    def test_install_replay_remove(self):
        self.apt("update")
        # The program alone needs no recommended package.
        self.apt("install", "--no-install-recommends", "/tmp/package/" + self.package.name)
        self.assertIn("sentio_cli ", self.trader("sentio_cli --version"))
        self.assertEqual([p for p in self.found() if p.startswith(("etc", "var"))], [], "a unit is enabled, or something is configured")
        self.apt("install", "python3")
        self.trader(GENERATOR + " -q")
        self.sh("chroot", str(self.root), GENERATOR, "--help")  # root could write beside it
        report = self.trader("sentio_cli mock --date 2025-10-14")
        self.assertIn("TRADING SESSION ANALYSIS REPORT", report)
        self.assertIn("SYNTHETIC", report)
        self.assertIn("summary_2025-10-14.json", self.trader("ls logs/mock_trading"))
        self.assertIn("ok: ", self.trader("sentio_cli config check --config /usr/share/sentio/config/cost_aware.json"))
        if support.BUILD == support.ROOT / "build" / "package":  # other presets name folders
            self.assertEqual(self.trader("grep -acF %s /usr/bin/sentio_cli || true" % support.ROOT), "0\n")
        self.apt("purge", "sentio")
        self.assertEqual(self.found(), [])


def main():
    if INSIDE in os.environ:
        return unittest.main()
    reason = why_not()
    if reason:
        print("skipped, not tried in a bare Debian 12: " + reason, file=sys.stderr)
        return sys.exit(support.SKIPPED)
    with tempfile.TemporaryDirectory() as folder:  # outside the namespaces nothing is mounted in it
        os.chmod(folder, 0o755)
        done = subprocess.run(["unshare", "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child", sys.executable, "-B", *sys.argv],
                              env={**os.environ, INSIDE: folder})
    return sys.exit(done.returncode)


if __name__ == "__main__":
    main()
