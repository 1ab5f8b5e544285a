import pathlib
import subprocess
import sys
import tempfile
import unittest

import support
import check_includes

SCRIPT = pathlib.Path(support.ROOT, "scripts", "check_includes.py")

# name, file, text, expected part of the one breach (None: allowed)
CASES = (
    ("ModuleOfTheTable", "src/session/a.cpp", '#include "sentio/learning/ewrls.h"\n', None),
    ("ItsOwnHeader", "src/learning/a.cpp", '#include "sentio/learning/ewrls.h"\n', None),
    ("SidewaysModule", "src/learning/a.cpp", '#include "sentio/features/x.h"\n', "learning may not use features"),
    ("UpwardsModule", "include/sentio/core/a.h", '#include "sentio/session/x.h"\n', "core may not use session"),
    ("AngleBrackets", "src/learning/a.cpp", "#include <sentio/net/http.h>\n", "learning may not use net"),
    ("SpacesInDirective", "src/core/a.cpp", '  #  include "sentio/net/x.h"\n', "core may not use net"),
    ("UnknownModule", "src/runtime/a.cpp", '#include "sentio/magic/x.h"\n', "no known module"),
    ("FolderOfNoModule", "src/magic/a.cpp", "", "no module of the table"),
    ("RuntimeUsesAll", "src/runtime/a.cpp", '#include "sentio/exchange/x.h"\n', None),
    ("OnlyCliUsesRuntime", "src/analysis/a.cpp", '#include "sentio/runtime/x.h"\n', "analysis may not use runtime"),
    ("PrivateHeader", "src/data/a.cpp", '#include "private.h"\n', None),
    ("PrivateHeaderElsewhere", "src/core/a.cpp", '#include "../data/private.h"\n', "no private header below src/core"),
    ("AbsentPrivateHeader", "src/data/a.cpp", '#include "absent.h"\n', "no private header"),
    ("CommentedInclude", "src/core/a.cpp", '// #include <thread>\n/*\n#include <mutex>\n*/\n', None),
    ("FileStreamInPureModule", "src/config/a.cpp", "#include <fstream>\n", "config must stay pure: <fstream>"),
    ("FileStreamAtTheEdge", "src/data/a.cpp", "#include <fstream>\n", None),
    ("Thread", "src/strategy/a.cpp", "#include <thread>\n", "pure"),
    ("Mutex", "src/session/a.cpp", "#include <mutex>\n", "pure"),
    ("Random", "src/execution/a.cpp", "#include <random>\n", "pure"),
    ("CTime", "src/core/a.cpp", "#include <ctime>\n", "pure"),
    ("Unistd", "src/market/a.cpp", "#include <unistd.h>\n", "pure"),
    ("SysFolder", "src/features/a.cpp", "#include <sys/mman.h>\n", "pure"),
    ("Curl", "src/core/a.cpp", "#include <curl/curl.h>\n", "pure"),
    ("Asio", "src/core/a.cpp", "#include <boost/asio/io_context.hpp>\n", "pure"),
    ("Logging", "include/sentio/strategy/a.h", "#include <spdlog/spdlog.h>\n", "pure"),
    ("Filesystem", "include/sentio/config/a.h", "#include <filesystem>\n", "pure"),
    ("ArithmeticHeaders", "src/core/a.cpp", "#include <chrono>\n#include <cmath>\n#include <cstdio>\n", None),
    ("WallClock", "src/core/a.cpp", "auto t = std::chrono::system_clock::now();\n", "system_clock::now"),
    ("SteadyClockWithSpaces", "src/session/a.cpp", "auto t = steady_clock :: now();\n", "pure"),
    ("WallClockAtTheEdge", "src/cli/a.cpp", "auto t = std::chrono::system_clock::now();\n", None),
    ("Environment", "src/learning/a.cpp", 'auto* v = std::getenv("X");\n', "getenv"),
    ("StandardOutput", "src/execution/a.cpp", "std::printf(text);\n", "printf"),
    ("CallInComment", "src/core/a.cpp", "// never system_clock::now()\n/* getenv */\n", None),
    ("CallInText", "src/core/a.cpp", 'auto s = "no getenv( here";\n', None),
    ("DigitSeparatorHidesNothing", "src/core/a.cpp", "int n = 1'000; auto v = getenv(name); int m = 2'000;\n", "getenv"),
    ("QuoteInCommentHidesNothing", "src/core/a.cpp", '// 5" wide\nauto v = getenv(name);\n', "getenv"),
    ("LookAlikeNames", "src/core/a.cpp", "std::time_point t; my_getenv(x); clock.now();\n", None),
)


class CheckIncludes(unittest.TestCase):
    def breaches(self, file, text):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, content in (("src/data/private.h", "#pragma once\n"), (file, text)):
                path = root / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(content)
            return [str(breach) for breach in check_includes.check(root)]

    def test_each_rule_by_an_example(self):
        for name, file, text, expected in CASES:
            with self.subTest(name):
                found = self.breaches(file, text)
                if expected is None:
                    self.assertEqual(found, [])
                else:
                    self.assertEqual(len(found), 1, found)
                    self.assertIn(expected, found[0])
                    self.assertTrue(found[0].startswith(file + ":"))

    def test_lines_are_counted_through_comments(self):
        found = self.breaches("src/core/a.cpp", "/* one\ntwo */\n#include <thread>\n\nauto v = getenv(n);\n")
        self.assertEqual([entry.split(":")[1] for entry in found], ["3", "5"])

    def test_the_table_has_no_cycle(self):
        def below(module, path=()):
            self.assertNotIn(module, path)
            for used in check_includes.MAY_USE[module]:
                below(used, path + (module,))

        for module in check_includes.MAY_USE:
            below(module)

    def test_the_exit_code_tells(self):
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder, "src", "core", "a.cpp")
            source.parent.mkdir(parents=True)
            for text, code in (("#include <cmath>\n", 0), ("#include <thread>\n", 1)):
                source.write_text(text)
                result = subprocess.run([sys.executable, "-B", SCRIPT, folder], capture_output=True, text=True)
                self.assertEqual(result.returncode, code)
                self.assertEqual("src/core/a.cpp:1:" in result.stdout, code == 1)

    def test_this_repository_keeps_the_rules(self):
        self.assertEqual([str(breach) for breach in check_includes.check(pathlib.Path(support.ROOT))], [])


if __name__ == "__main__":
    unittest.main()
