"""A dashboard of its own process, and what it serves."""

import http.client
import json
import pathlib
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "cli"))
from support import CLI, ROOT, environment  # noqa: E402


class Dashboard:
    def __init__(self, logs, *more: str, port=0, **secrets: str):
        self.process = subprocess.Popen([CLI, "dashboard", "--port", str(port), "--log-dir", str(logs), *more], cwd=ROOT,
                                        env=environment(**secrets), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE)
        self.line = self.process.stdout.readline().decode()
        if not self.line:
            raise AssertionError(self.process.stderr.read().decode())
        self.url = self.line.split()[-1]
        self.port = int(self.url.rpartition(":")[2])

    def answer(self, path="/snapshot.json", method="GET", **headers: str):
        """Status and body."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request(method, path, headers=headers)
            reply = connection.getresponse()
            return reply.status, reply.read()
        finally:
            connection.close()

    def snapshot(self):
        return json.loads(self.answer()[1])

    def wait(self, what, timeout=120.0):
        """The first snapshot of which `what` is true."""
        deadline = time.monotonic() + timeout
        while True:
            seen = self.snapshot()
            if what(seen):
                return seen
            if time.monotonic() > deadline:
                raise AssertionError(json.dumps(seen)[:4000])
            time.sleep(0.1)

    def stop(self, with_signal=None) -> int:
        if self.process.poll() is None:
            self.process.send_signal(with_signal) if with_signal else self.process.terminate()
        code = self.process.wait(60)
        self.rest = self.process.stdout.read().decode(), self.process.stderr.read().decode()
        self.process.stdout.close()
        self.process.stderr.close()
        return code
