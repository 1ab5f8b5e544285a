"""cmake/websocketpp.cmake on made-up headers: what it repairs, what it passes, what it refuses."""

import pathlib
import subprocess
import tempfile
import unittest
from typing import Dict

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LOGGER, ENDPOINT = "logger/basic.hpp", "endpoint.hpp"

LOGGERS = """class basic {
public:
    basic<concurrency,names>(int h =
        1);
    basic<concurrency,names>(char * out);
    basic<concurrency,names>(level c, int h);
    basic<concurrency,names>(level c, char * out) { list[0]; "a;b @c@ \\\\ $d"; }
    ~basic<concurrency,names>() {}
    basic<concurrency,names>(basic<concurrency,names> const & other);
    basic<concurrency,names>(basic<concurrency,names> && other);
    basic<concurrency, names> & operator=(basic<concurrency,names> const &) = delete;
};
"""
ENDPOINTS = "class endpoint {\n    typedef endpoint<connection,config> type;\n    ~endpoint<connection,config>() {}\n};\n"


class WebsocketppHeaders(unittest.TestCase):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def repair(self, headers: Dict[str, str]):
        for name, text in headers.items():
            file = self.folder / "installed" / "websocketpp" / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        command = ["cmake", "-DINSTALLED=%s" % (self.folder / "installed"), "-DREPAIRED=%s" % (self.folder / "repaired"),
                   "-P", str(ROOT / "cmake" / "websocketpp.cmake")]
        return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def repaired(self, name: str) -> pathlib.Path:
        return self.folder / "repaired" / "websocketpp" / name

    def test_constructors_and_destructors_lose_their_arguments_and_nothing_else_changes(self):
        done = self.repair({LOGGER: LOGGERS, ENDPOINT: ENDPOINTS})
        self.assertEqual(done.returncode, 0, done.stdout)
        want = LOGGERS.replace("basic<concurrency,names>(", "basic(")
        self.assertEqual(self.repaired(LOGGER).read_text(), want)
        self.assertEqual(self.repaired(ENDPOINT).read_text(), ENDPOINTS.replace("~endpoint<connection,config>", "~endpoint"))

    def test_a_second_run_touches_nothing(self):
        headers = {LOGGER: LOGGERS, ENDPOINT: ENDPOINTS}
        self.repair(headers)
        before = [self.repaired(name).stat().st_mtime_ns for name in headers]
        self.repair(headers)
        self.assertEqual([self.repaired(name).stat().st_mtime_ns for name in headers], before)

    def test_headers_that_are_repaired_already_pass(self):
        headers = {LOGGER: LOGGERS.replace("basic<concurrency,names>(", "basic("), ENDPOINT: ENDPOINTS.replace("~endpoint<connection,config>", "~endpoint")}
        done = self.repair(headers)
        self.assertEqual(done.returncode, 0, done.stdout)
        for name, text in headers.items():
            self.assertEqual(self.repaired(name).read_text(), text)

    def test_another_version_is_refused_by_name(self):
        done = self.repair({LOGGER: LOGGERS.replace("    ~basic<concurrency,names>() {}\n", ""), ENDPOINT: ENDPOINTS})
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("basic.hpp: basic<concurrency,names>( stands", " ".join(done.stdout.split()))
        self.assertFalse(self.repaired(LOGGER).exists())


if __name__ == "__main__":
    unittest.main()
