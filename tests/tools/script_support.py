"""Shared by the tests of the operator's scripts."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import support

SCRIPTS = pathlib.Path(support.ROOT, "scripts")


class ScriptTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.calls = self.folder / "calls"

    def put(self, name, text):
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(text)
        file.chmod(0o755)
        return file

    def called(self):
        return self.calls.read_text().splitlines() if self.calls.exists() else []

    def script(self, name, *arguments, preexec_fn=None, **environment):
        inherited = {k: v for k, v in os.environ.items() if k != "TZ" and not k.startswith("SENTIO_")}
        return subprocess.run([str(SCRIPTS / name), *map(str, arguments)], env={**inherited, **environment}, cwd=self.folder,
                              capture_output=True, text=True, stdin=subprocess.DEVNULL, preexec_fn=preexec_fn)
