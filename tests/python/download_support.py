"""A local vendor and the tools' command lines, for the tests of downloads and updates."""

import importlib.util
import os
import subprocess
import sys
from datetime import date
from typing import NamedTuple

import pytest

from tools_support import ROOT

sys.path.insert(0, str(ROOT / "tools"))

from sentio_tools import bar_files, command  # noqa: E402
from vendor_server import KEYS, VendorServer, bars_of  # noqa: E402

FIRST, LAST = date(2025, 7, 1), date(2025, 8, 29)  # with a half day and a holiday; 43 sessions


class Said(NamedTuple):
    code: int
    out: str
    err: str


def load(name):
    spec = importlib.util.spec_from_file_location(name, ROOT / "tools" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    sys.path.insert(0, str(ROOT / "tools"))
    spec.loader.exec_module(module)
    return module


class Tools:
    """Runs a tool against the server: `run` in this process, which is quicker, or `start` as a process."""

    def __init__(self, server, folder, monkeypatch, capsys):
        self.server, self.folder, self.output = server, folder, folder / "bars"
        self._patch, self._capsys = monkeypatch, capsys
        self._keys = [f"{name}={text}" for name, text in KEYS.items()]
        (folder / "config.env").write_text("\n".join(self._keys) + "\n")

    def common(self):
        return ["--exchange", self.server.url, "--env-file", str(self.folder / "config.env"), "--retry-wait", "0",
                "--requests-per-minute", "0"]

    def run(self, tool, *arguments, common=True):
        module = load(tool)
        self._patch.setattr(sys, "argv", [f"{tool}.py", *map(str, arguments), *(self.common() if common else ())])
        try:
            code = command.run(module.main)
        except SystemExit as end:  # argparse
            code = end.code
        said = self._capsys.readouterr()
        return Said(code, said.out, said.err)

    def download(self, *arguments, symbols="AAA", source="polygon"):
        flags = ["--symbols", symbols, "--output", self.output, "--source", source]
        if "--days" not in arguments and "--start-date" not in arguments:
            flags += ["--start-date", FIRST, "--end-date", LAST]
        return self.run("download_historical_data", *flags, *arguments)

    def start(self, tool, *arguments, **more):
        words = [sys.executable, ROOT / "tools" / f"{tool}.py", *arguments, *self.common()]
        return subprocess.Popen(list(map(str, words)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                cwd=self.folder, **more)

    def rows(self, symbol="AAA", folder=None):
        """{epoch minute: numbers} of what was written."""
        frame = bar_files.bar_file(bar_files.find_bar_file(folder or self.output, symbol))
        minutes = (frame["start"].astype("int64") // (60 * 10**9)).tolist()
        return dict(zip(minutes, frame[["open", "high", "low", "close", "volume"]].itertuples(index=False, name=None)))

    def expected(self, symbol="AAA", first=FIRST, last=LAST, lacking=()):
        """The server's bars of regular sessions."""
        wanted = {}
        for session in bar_files.calendar.sessions_between(first, last):
            start = session.open_epoch_minutes
            if session.day not in lacking:
                wanted |= {m: v for m, v in self.server.bars[symbol].items() if start <= m < start + session.minutes}
        return wanted


@pytest.fixture
def tools(tmp_path, monkeypatch, capsys):
    for name in list(os.environ):
        if name in KEYS or name.startswith(("ALPACA_", "MASSIVE_")) or name == "AT_NEW_YORK_NOW":
            monkeypatch.delenv(name)
    server = VendorServer()
    server.bars = {"AAA": bars_of(FIRST, LAST), "BBB": bars_of(FIRST, LAST, 2.5)}
    yield Tools(server, tmp_path, monkeypatch, capsys)
    server.shutdown()
    server.server_close()
