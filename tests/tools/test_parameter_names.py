"""Parameters of C++ tests print as words, in the list of tests and where one fails, and never as bytes."""

import pathlib
import re
import unittest

from support import ROOT

FIXTURE = re.compile(r"(?:TestWithParam|WithParamInterface)<([\w:]+)>")
PLAIN = re.compile(r"(std::(string|string_view|size_t|u?int\d+_t)|bool|int|long|double|const char\*)$")


class Parameters(unittest.TestCase):
    def test_each_kind_says_how_it_prints(self):
        files = sorted(pathlib.Path(ROOT, "tests").rglob("*.*"))
        texts = {file: file.read_text() for file in files if file.suffix in (".cpp", ".h")}
        every = "\n".join(texts.values())
        silent, kinds = [], 0
        for file, text in texts.items():
            for kind in FIXTURE.findall(text):
                kinds += 1
                name = kind.split("::")[-1]
                printer = r"PrintTo\(const %s&|operator<<\(std::ostream& \w+, const %s&" % (name, name)
                own = text if "struct %s" % name in text else every
                if not PLAIN.match(kind) and not re.search(printer, own):
                    silent.append("%s: %s" % (file.relative_to(ROOT), kind))
        self.assertGreater(kinds, 50)
        self.assertEqual(silent, [], "give them: friend void PrintTo(const X& row, std::ostream* out) { *out << row.name; }")


if __name__ == "__main__":
    unittest.main()
