"""tools/tool_environment.py: `python3 tools/NAME.py` goes on where the packages are, or says how to get them."""

import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

import support

TOOL = "import sys; import tool_environment as t; t.PACKAGES = ('surely_absent',); t.use_packages(); print('there', *sys.argv[1:])\n"


class ToolEnvironment(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name)
        (self.root / "tools").mkdir()
        shutil.copy(pathlib.Path(support.ROOT, "tools", "tool_environment.py"), self.root / "tools")
        self.tool = self.root / "tools" / "tool.py"
        self.tool.write_text(TOOL)

    def run_tool(self, *arguments):
        return subprocess.run([sys.executable, "-B", self.tool, *arguments], cwd="/", capture_output=True, text=True)

    def test_says_what_is_absent_and_what_to_do(self):
        done = self.run_tool()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertEqual(done.stderr, "tool.py: needs surely_absent: run scripts/setup_tools.sh, then this again\n")

    def test_goes_on_in_the_tools_environment_with_the_same_arguments(self):
        python = self.root / ".venv-tools" / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text('#!/bin/sh\necho "in the environment:" "$@"\n')
        python.chmod(0o755)
        done = self.run_tool("--a", "b c")
        self.assertEqual((done.returncode, done.stdout), (0, f"in the environment: {self.tool} --a b c\n"))

    def test_does_nothing_where_the_packages_are(self):
        self.tool.write_text(TOOL.replace("surely_absent", "json"))
        self.assertEqual(self.run_tool("x").stdout, "there x\n")

    def test_every_entry_asks_before_it_imports(self):
        for name in ("download_historical_data", "data_downloader", "update_data", "import_bars"):
            text = pathlib.Path(support.ROOT, "tools", name + ".py").read_text()
            self.assertLess(text.index("use_packages()"), text.index("from sentio_tools"), name)


if __name__ == "__main__":
    unittest.main()
