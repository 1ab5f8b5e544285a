"""scripts/setup_tools.sh and scripts/python_env.sh in a repository of their own, without a package index."""

import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

import support

OFFLINE = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": "", "PIP_CONFIG_FILE": os.devnull}


class SetupTools(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        for name in ("scripts", "tools/sentio_tools"):
            (self.root / name).mkdir(parents=True)
        for name in ("setup_tools.sh", "python_env.sh"):
            shutil.copy(pathlib.Path(support.ROOT, "scripts", name), self.root / "scripts" / name)
        (self.root / "tools" / "sentio_tools" / "__init__.py").write_text("HERE = True\n")
        (self.root / "tools" / "requirements.txt").write_text("-r more.txt\n")
        self.included = self.root / "tools" / "more.txt"
        self.included.write_text("pip\n")  # in every new environment, so nothing is fetched

    def run_setup(self, *arguments, **environment):
        return subprocess.run([self.root / "scripts" / "setup_tools.sh", *arguments], cwd="/", capture_output=True, text=True,
                              env={**os.environ, **OFFLINE, **environment})

    def test_makes_the_environment_once_and_imports_from_anywhere(self):
        made, again = self.run_setup(), self.run_setup()
        self.assertEqual((made.returncode, made.stderr), (0, ""))
        self.assertIn(".venv-tools made from tools/requirements.txt", made.stdout)
        self.assertIn(".venv-tools is up to date", again.stdout)
        python = self.root / ".venv-tools" / "bin" / "python"
        subprocess.run([python, "-c", "import sentio_tools; assert sentio_tools.HERE"], cwd="/", check=True)
        # A changed pin, here in an included file, makes it anew; one that is not to be had leaves none, and says so.
        self.included.write_text("surely-absent==1\n")
        failed = self.run_setup()
        self.assertEqual((failed.returncode, failed.stdout), (1, ""))
        self.assertIn("No .venv-tools: tools/requirements.txt could not be installed", failed.stderr)
        self.assertIn("no network?", failed.stderr)
        self.assertFalse(python.parent.parent.exists())

    def test_an_old_python_or_one_without_venv_is_refused_by_name(self):
        for version, modules, text in (("1", "0", "old is not Python 3.11 or later"), ("0", "1", "apt-get install python3-venv")):
            python = self.root / "old"
            python.write_text('#!/bin/sh\ncase "$2" in *version_info*) exit %s ;; *) exit %s ;; esac\n' % (version, modules))
            python.chmod(0o755)
            refused = self.run_setup(PYTHON=str(python))
            self.assertEqual((refused.returncode, refused.stdout), (1, ""))
            self.assertIn(text, refused.stderr)

    def test_explains_itself(self):
        shown = self.run_setup("--help")
        self.assertEqual((shown.returncode, shown.stderr), (0, ""))
        self.assertIn("  scripts/setup_tools.sh", shown.stdout)
        self.assertIn("Exit 0: ready.", shown.stdout)
        self.assertEqual(self.run_setup("--fast").returncode, 2)


if __name__ == "__main__":
    unittest.main()
