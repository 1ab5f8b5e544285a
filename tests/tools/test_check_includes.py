import pathlib
import subprocess
import sys
import tempfile
import unittest

import support
import check_includes

ROOT = pathlib.Path(support.ROOT)
TABLE = check_includes.module_table(ROOT)
SCRIPT = pathlib.Path(support.ROOT, "scripts", "check_includes.py")

# name, file, text, expected part of the one breach (None: allowed)
CASES = (
    ("ModuleItDependsOn", "src/session/a.cpp", '#include "sentio/learning/ewrls.h"\n', None),
    ("ItsOwnHeader", "src/learning/a.cpp", '#include "sentio/learning/ewrls.h"\n', None),
    ("SidewaysModule", "src/learning/a.cpp", '#include "sentio/features/x.h"\n', "learning may not use features"),
    ("UpwardsModule", "include/sentio/core/a.h", '#include "sentio/session/x.h"\n', "core may not use session"),
    ("AngleBrackets", "src/learning/a.cpp", "#include <sentio/net/http.h>\n", "learning may not use net"),
    ("SpacesInDirective", "src/core/a.cpp", '  #  include "sentio/net/x.h"\n', "core may not use net"),
    ("UnknownModule", "src/live/a.cpp", '#include "sentio/magic/x.h"\n', "no known module"),
    ("FolderOfNoModule", "src/magic/a.cpp", "", "no module of the table"),
    ("TheProgramUsesAll", "src/cli/a.cpp", '#include "sentio/exchange/x.h"\n', None),
    ("LiveKnowsNoImitation", "src/live/a.cpp", '#include "sentio/exchange/x.h"\n', "live may not use exchange"),
    ("TheOneFileThatMakesBrokers", "src/live/start/live_connections.cpp", '#include "sentio/broker/x.h"\n', None),
    ("ABrokersOwnHeader", "src/broker/a.cpp", '#include "sentio/broker/x.h"\n', None),
    ("BrokerElsewhereInLive", "src/live/start/a.cpp", '#include "sentio/broker/x.h"\n', "only src/live/start/live_connections.cpp may name a broker"),
    ("BrokerInAHeaderOfLive", "include/sentio/live/a.h", '#include "sentio/broker/x.h"\n', "may name a broker"),
    ("BrokerInTheProgram", "src/cli/a.cpp", '#include "sentio/broker/x.h"\n', "may name a broker"),
    ("NobodyUsesTheProgram", "src/rehearse/a.cpp", '#include "sentio/cli/x.h"\n', "rehearse may not use cli"),
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
            return [str(breach) for breach in check_includes.check(root, TABLE)]

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
            for used in TABLE[module]:
                below(used, path + (module,))

        for module in TABLE:
            below(module)

    def scratch(self, folder, cmake="sentio_module(NAME core SOURCES a.cpp)", page="| `core` | x | – |\n| `cli` | y | all |\n"):
        root = pathlib.Path(folder)
        for name, text in (("src/core/a.cpp", "#include <cmath>\n"), ("src/core/CMakeLists.txt", cmake),
                           ("docs/architecture.md", page)):
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text)
        return root

    def test_the_exit_code_tells(self):
        with tempfile.TemporaryDirectory() as folder:
            source = self.scratch(folder) / "src" / "core" / "a.cpp"
            for text, code in (("#include <cmath>\n", 0), ("#include <thread>\n", 1)):
                source.write_text(text)
                result = subprocess.run([sys.executable, "-B", SCRIPT, folder], capture_output=True, text=True)
                self.assertEqual(result.returncode, code, result.stdout)
                self.assertEqual("src/core/a.cpp:1:" in result.stdout, code == 1)

    def test_the_table_is_read_as_cmake_reads_it(self):
        with tempfile.TemporaryDirectory() as folder:
            root = self.scratch(folder, cmake="# DEPENDS magic\nsentio_module(NAME a COLD\n  DEPENDS b c  # d\n  SOURCES e.cpp)\n")
            self.assertEqual(check_includes.module_table(root), {"a": {"b", "c"}, "cli": {"a"}})

    def test_the_page_says_what_cmake_says(self):
        for page, part in (("| `core` | x | – |\n| `cli` | y | all |", None), ("| `core` | x | data |\n| `cli` | y | all |", "differ in data"),
                           ("| `cli` | y | all |", "core has no row")):
            with self.subTest(page), tempfile.TemporaryDirectory() as folder:
                root = self.scratch(folder, page=page)
                found = [str(b) for b in check_includes.page_breaches(root, check_includes.module_table(root))]
                self.assertEqual(len(found), 0 if part is None else 1, found)
                self.assertTrue(part is None or part in found[0], found)

    def test_this_repository_keeps_the_rules(self):
        found = check_includes.check(ROOT, TABLE) + list(check_includes.page_breaches(ROOT, TABLE))
        self.assertEqual([str(breach) for breach in found], [])


if __name__ == "__main__":
    unittest.main()
