"""A headless Chromium that tests talk to over a pipe (its DevTools protocol): no package, no port, no virtual time."""

import base64
import json
import os
import select
import shutil
import signal
import subprocess
import tempfile
import time

FLAGS = ("--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-background-networking --disable-sync"
         " --no-first-run --hide-scrollbars --remote-debugging-pipe").split()


def working_browser():
    for name in ("chromium", "chromium-browser", "google-chrome"):
        path = shutil.which(name)
        if path and subprocess.run([path, "--version"], capture_output=True).returncode == 0:
            return path
    return None


class Browser:
    """One page in one browser of its own; `problems` are the console's errors and exceptions so far."""

    def __init__(self, program: str, width=1000, height=1400):
        self.profile = tempfile.TemporaryDirectory(ignore_cleanup_errors=True)
        to_browser, self.write_end = os.pipe()
        self.read_end, from_browser = os.pipe()

        def place_pipes():  # Chromium reads commands from 3 and writes answers to 4
            os.dup2(to_browser, 200)
            os.dup2(from_browser, 201)
            os.dup2(200, 3)
            os.dup2(201, 4)

        self.process = subprocess.Popen(
            [program, *FLAGS, "--user-data-dir=" + self.profile.name, "about:blank"], stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=place_pipes, pass_fds=(3, 4),
            start_new_session=True)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer, self.number, self.problems, self.session = b"", 0, [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.ask(domain + ".enable")
        self.shape(width, height)

    def shape(self, width, height, scale=1.0, mobile=False, dark=False):
        self.ask("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=mobile)
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}])

    def _receive(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.read_end], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            got = os.read(self.read_end, 1 << 20)
            if not got:
                raise EOFError("the browser is gone")
            self.buffer += got
        message, _, self.buffer = self.buffer.partition(b"\0")
        said = json.loads(message)
        method, told = said.get("method"), said.get("params", {})
        if method == "Runtime.exceptionThrown":
            self.problems.append(told["exceptionDetails"].get("exception", {}).get("description", str(told)))
        if method == "Runtime.consoleAPICalled" and told["type"] in ("error", "warning", "assert"):
            self.problems.append(str([value.get("value") for value in told["args"]]))
        if method == "Log.entryAdded" and told["entry"]["level"] in ("error", "warning"):
            self.problems.append(told["entry"]["text"] + " " + told["entry"].get("url", ""))
        return said

    def ask(self, method, timeout=120.0, **parameters):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.write_end, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            said = self._receive(deadline)
            if said.get("id") == self.number:
                if "error" in said:
                    raise RuntimeError("%s: %s" % (method, said["error"]["message"]))
                return said["result"]

    def open(self, url):
        """Until the page's scripts have run."""
        self.ask("Page.navigate", url=url)
        loaded = "location.href.startsWith(%s) && document.readyState === 'complete'" % json.dumps(url)
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            try:
                if self.value(loaded):
                    return
            except RuntimeError:
                pass  # asked of the page that was left
            time.sleep(0.02)
        raise TimeoutError("never loaded: " + url)

    def value(self, expression):
        """Of a JavaScript expression; promises are waited for."""
        result = self.ask("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in result:
            raise RuntimeError(result["exceptionDetails"].get("exception", {}).get("description", "exception"))
        return result["result"].get("value")

    def wait(self, expression, timeout=120.0):
        """Until the expression is true; the value."""
        deadline = time.monotonic() + timeout
        while True:
            value = self.value(expression)
            if value:
                return value
            if time.monotonic() > deadline:
                raise AssertionError("never true: %s\n%s" % (expression, self.value("document.body.innerText")))
            time.sleep(0.1)

    def picture(self, file, whole=False):
        size = self.ask("Page.getLayoutMetrics")["cssContentSize"] if whole else None
        clip = {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}} if whole else {}
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=whole, **clip)["data"]
        with open(file, "wb") as out:
            out.write(base64.b64decode(data))

    def close(self):
        os.close(self.write_end)
        try:
            os.killpg(self.process.pid, signal.SIGKILL)  # its own session: it and its children, nobody else
        except ProcessLookupError:
            pass
        self.process.wait(60)
        os.close(self.read_end)
        self.profile.cleanup()
