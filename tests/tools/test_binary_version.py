"""The version in every summary: the commit, and nothing that differs between builds of one commit."""

import pathlib
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
SCRIPT = ROOT / "cmake" / "binary_version.cmake"


class BinaryVersion(unittest.TestCase):
    def setUp(self):
        own = tempfile.TemporaryDirectory()
        self.addCleanup(own.cleanup)
        self.folder = pathlib.Path(own.name).resolve()
        self.clone = self.folder / "clone"
        self.clone.mkdir()

    def git(self, *arguments, at=None):
        command = ["git", "-C", str(at or self.clone), "-c", "user.name=t", "-c", "user.email=t@t", "-c",
                   "protocol.file.allow=always", *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self):
        self.git("init", "-q")
        (self.clone / "file").write_text("1")
        self.git("add", "file")
        self.git("commit", "-qm", "one")
        return "1.0.0+" + self.git("rev-parse", "HEAD")[:12]

    def version(self, folder):
        done = subprocess.run(["cmake", "-DFOLDER=%s" % folder, "-DVERSION=1.0.0", "-P", str(SCRIPT)], check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()[3:]

    def test_it_is_the_commit(self):
        commit = self.commit()
        self.assertEqual(self.version(self.clone), commit)

    def test_tags_depth_and_edits_change_nothing(self):
        self.commit()
        (self.clone / "file").write_text("2")
        self.git("commit", "-qam", "two")
        plain = self.version(self.clone)
        self.git("tag", "-a", "v9", "-m", "nine")
        (self.clone / "file").write_text("edited")
        (self.clone / "new").write_text("")
        self.assertEqual(self.version(self.clone), plain)
        self.git("clone", "-q", "--depth", "1", "file://%s" % self.clone, str(self.folder / "shallow"), at=self.folder)
        self.assertEqual(self.version(self.folder / "shallow"), plain)

    def test_another_commit_is_another_version(self):
        first = self.commit()
        (self.clone / "file").write_text("2")
        self.git("commit", "-qam", "two")
        self.assertNotEqual(self.version(self.clone), first)

    def test_outside_a_clone_it_is_the_version_alone(self):
        self.assertEqual(self.version(self.clone), "1.0.0")
        self.git("init", "-q")
        self.assertEqual(self.version(self.clone), "1.0.0", "no commit yet")

    def test_a_folder_inside_another_projects_clone_is_no_clone(self):
        self.commit()
        inside = self.clone / "unpacked"
        inside.mkdir()
        self.assertEqual(self.version(inside), "1.0.0")


if __name__ == "__main__":
    unittest.main()
