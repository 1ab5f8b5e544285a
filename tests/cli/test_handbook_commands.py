"""docs/PRODUCTION_WORKFLOW.md: its commands and scripts exist, with these flags; its links lead somewhere."""

import functools
import re
import unittest

from support import ROOT, run

PAGE = (ROOT / "docs" / "PRODUCTION_WORKFLOW.md").read_text()
BLOCKS = re.findall(r"```bash\n(.*?)```", PAGE, re.S)
INLINE = re.findall(r"`(sentio_cli [^`]+)`", PAGE.replace("\n", " "))


@functools.lru_cache(maxsize=None)
def help_of(verb):
    return run(verb, "--help").out if verb else run("--help").out


def commands():
    lines = [line.split(" #")[0] for block in BLOCKS for line in block.splitlines()] + INLINE
    for line in lines:
        for found in re.finditer(r"sentio_cli +([a-z-]+)([^;&|]*)", line):
            yield found[1], re.findall(r"(?<=\s)(--?[a-z][a-z-]*)", found[2])


def anchor(heading):
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


class Handbook(unittest.TestCase):
    def test_commands_exist_with_their_flags(self):
        seen = list(commands())
        self.assertGreater(len(seen), 25)
        for verb, flags in seen:
            known = re.search(r"(?m)^  %s " % verb, help_of(""))
            with self.subTest(verb):
                self.assertTrue(known, verb)
                shown = help_of(verb)
                for flag in flags:
                    if verb == "config":
                        continue  # its flags are those of its own verbs
                    self.assertRegex(shown, r"(?m)(^|[ ,])%s\b" % re.escape(flag), "sentio_cli " + verb)

    def test_scripts_exist_with_their_flags(self):
        lines = [line.split(" #")[0] for block in BLOCKS for line in block.splitlines()]
        calls = [m for line in lines for m in re.finditer(r"(scripts/[a-z_]+\.sh)([^;&|]*)", line)]
        self.assertGreater(len(calls), 4)
        for call in calls:
            text = (ROOT / call[1]).read_text()
            for flag in re.findall(r"(?<=\s)(--[a-z-]+)", call[2]):
                self.assertIn(flag, text, call[0])

    def test_links(self):
        for target in re.findall(r"\]\(([^)]+)\)", PAGE):
            file, _, section = target.partition("#")
            text = PAGE if not file else (ROOT / "docs" / file).read_text()
            if section:
                self.assertIn(section, [anchor(h) for h in re.findall(r"(?m)^#+ (.*)$", text)], target)

    def test_the_truth_stands_first(self):
        self.assertLess(PAGE.index("lose about 2.5 to 3 %"), PAGE.index("## The day"))

    def test_every_line_of_doctor_is_explained(self):
        told = run("doctor", "--paper", "--offline", "--json", "--date", "2025-07-02", "--warmup-state", "none", "--dashboard-port", "9",
                   "--log-dir", "/dev/null/none").out
        names = set(re.findall(r'"name":"([^"]+)"', told))
        self.assertIn("calendar", names)
        table = re.findall(r"(?m)^\| ([a-z ,]+) \| .* \| .* \|$", PAGE)
        explained = {name.strip() for row in table for name in row.split(",")}
        self.assertEqual(names - explained, set())


if __name__ == "__main__":
    unittest.main()
