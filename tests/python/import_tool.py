"""tools/import_bars.py as a person runs it, in this process: importing pandas anew for every case would take minutes."""

import os
import pathlib
import sys
from typing import NamedTuple

import pytest

from sentio_tools import command
from sentio_tools.importing.command import main


class Done(NamedTuple):
    code: int
    out: str
    err: str
    folder: pathlib.Path


@pytest.fixture
def tool(tmp_path, monkeypatch, capsys):
    """tool({name: bytes}, *arguments) puts the files into a folder and imports them into another, which stays."""
    assert os.environ.get("SENTIO_CLI"), "set SENTIO_CLI to the binary"
    monkeypatch.chdir(tmp_path)
    output = tmp_path / "output"

    def run(files, *arguments):
        sources = tmp_path / "sources"
        sources.mkdir(exist_ok=True)
        for name, data in files.items():
            (sources / name).write_bytes(data)
        named = [str(sources / name) for name in files]
        monkeypatch.setattr(sys, "argv", ["import_bars.py", *named, "--output", str(output), *map(str, arguments)])
        try:
            code = command.run(main)
        except SystemExit as ended:  # argparse
            code = ended.code
        shown = capsys.readouterr()
        return Done(code, shown.out, shown.err, output)

    return run
