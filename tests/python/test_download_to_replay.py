"""Download, extract, learn and replay, as the user guide types them, against an exchange-sim that serves recorded bars."""

import datetime
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
from zoneinfo import ZoneInfo

import pytest

from tools_support import ROOT, sentio

DAY, LAST, DOWNLOADED = "2025-10-14", "2025-10-13", 30  # today, the session before it, sessions before today
KEY, SECRET = "exchange-key", "exchange-secret"
MORNING = datetime.datetime.fromisoformat(DAY + "T09:00").replace(tzinfo=ZoneInfo("America/New_York"))
UNTIL = "09:45"  # of today's trading
STATE = "logs/warmup_state.bin"


@pytest.fixture(scope="module")
def exchange(tmp_path_factory):
    """Its address. Time stands still at today's open; the bars of 30 sessions before are history."""
    folder = tmp_path_factory.mktemp("recorded")
    generator = [sys.executable, "-B", ROOT / "tools" / "generate_multi_symbol_data.py", "-q", "--output", folder]
    subprocess.run([*generator, "--days", str(DOWNLOADED + 1), "--end-date", DAY], check=True)
    command = [os.environ["SENTIO_CLI"], "exchange-sim", "--date", DAY, "--to", UNTIL, "--port", "0", "--data-dir", folder,
               "--history-days", str(DOWNLOADED), "--json"]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE)
    yield json.loads(process.stdout.readline())["url"]
    process.terminate()
    process.wait(60)
    process.stdout.close()


class Repository:
    """What a clone has, without the sources."""

    def __init__(self, root, exchange):
        self.root, self.exchange = root, exchange
        for name in ("config", "scripts", "tools"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
        for folder in ("data/equities", "logs", "bin", "build/release/src/cli"):
            (root / folder).mkdir(parents=True)
        (root / "build/release/src/cli/sentio_cli").symlink_to(os.environ["SENTIO_CLI"])
        self.keys = {"ALPACA_PAPER_API_KEY": KEY, "ALPACA_PAPER_SECRET_KEY": SECRET}

    def put(self, name, text):
        (self.root / "bin" / name).write_text(text)
        (self.root / "bin" / name).chmod(0o755)

    def run(self, *command, **environment):
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SENTIO_", "ALPACA_", "POLYGON_", "MASSIVE_"))}
        path = [self.root / "bin", self.root / "build/release/src/cli", pathlib.Path(sys.executable).parent, kept["PATH"]]
        done = subprocess.run(list(map(str, command)), cwd=self.root, capture_output=True, text=True, stdin=subprocess.DEVNULL,
                              env={**kept, "PATH": ":".join(map(str, path)), "AT_NEW_YORK_NOW": str(MORNING.timestamp()),
                                   **self.keys, **environment})
        assert SECRET not in done.stdout + done.stderr
        return done

    def read(self, name):
        return (self.root / name).read_bytes()

    def state_of_the_folder(self, last, *more):
        """What `warmup-multi` writes without an extract."""
        sentio("warmup-multi", "--data", self.root / "data/equities", "--end-date", last, "--output", self.root / "other.bin", "-q", *more)
        return self.read("other.bin")


@pytest.fixture
def repository(tmp_path, exchange):
    return Repository(tmp_path / "repo sitory", exchange)


def typed():
    """The commands of the user guide's section, the download from the exchange of this test."""
    section = (ROOT / "docs" / "user-guide.md").read_text(encoding="utf-8").partition("\n## From download to replay\n")[2]
    commands = re.search(r"```bash\n(.*?)```", section, re.S)[1]
    assert commands.count("tools/data_downloader.py ") == 1
    return re.sub(r"(tools/data_downloader\.py .*)", r'\1 --exchange "$EXCHANGE"', commands)


def test_as_the_user_guide_types_it(repository):
    done = repository.run("bash", "-euo", "pipefail", "-c", typed(), EXCHANGE=repository.exchange)
    assert done.returncode == 0, done.stderr
    assert "20 sessions, 2025-09-15 to 2025-10-10, 6 symbols" in done.stdout
    manifest = json.loads(repository.read("data/equities/manifest.json"))["files"]
    assert {(e["source"], e["detail"], e["sessions"], e["last"][:10]) for e in manifest.values()} == {("alpaca", "exchange-sim", 30, LAST)}
    assert repository.read(STATE) == repository.state_of_the_folder("2025-10-10")
    sentio("mock", "--date", LAST, "--data-dir", repository.root / "data/equities", "--log-dir", repository.root / "other", "-q")
    for kind in ("signals", "decisions", "trades"):
        ours = repository.read(f"logs/mock_trading/{kind}_{LAST}.jsonl")
        assert ours.count(b"\n") > 10 and ours == repository.read(f"other/mock_trading/{kind}_{LAST}.jsonl"), kind


def test_in_one_command_and_then_a_day(repository):
    two = ("--symbols", "TQQQ,SQQQ")
    prepare = ("scripts/comprehensive_warmup_multi.sh", "--exchange", repository.exchange, *two)
    refused = repository.run(*prepare, ALPACA_PAPER_SECRET_KEY="wrong")
    assert refused.returncode == 4 and "the download failed with exit code 4; logs/warmup_state.bin was not written" in refused.stderr
    assert list((repository.root / "logs").iterdir()) == []
    done = repository.run(*prepare)
    assert done.returncode == 0, done.stderr
    assert f"{STATE} is for the session after {LAST}" in done.stdout
    assert repository.read(STATE) == repository.state_of_the_folder(LAST, *two)
    day = repository.run("scripts/launch_trading.sh", "paper", "--exchange", repository.exchange, "--warmup-state", STATE, *two)
    assert day.returncode == 0, day.stderr
    assert repository.read(f"logs/live_trading/trades_{DAY}.jsonl").count(b"\n") > 0


def test_the_first_run_on_real_bars(repository):
    repository.put("cmake", "#!/bin/sh\n")
    repository.put("dpkg-query", "#!/bin/sh\nprintf installed\n")
    repository.put("python3", f'#!/bin/sh\ncase "$2" in tools/data_downloader.py) set -- "$@" --exchange {repository.exchange} ;; esac\n'
                              f'exec {sys.executable} "$@"\n')
    (repository.root / "scripts/setup_tools.sh").write_text("#!/bin/sh\n")  # the packages are there
    (repository.root / "config.env").write_text("".join(f"{name}={value}\n" for name, value in repository.keys.items()))
    repository.keys = {}
    done = repository.run("scripts/quickstart.sh", "--real")
    assert done.returncode == 0, done.stderr
    assert f"Replaying {LAST}" in done.stdout and f"\nDate: {LAST}\n" in done.stdout and "SYNTHETIC" not in done.stdout
    (repository.root / "config.env").unlink()
    assert repository.run("scripts/quickstart.sh", "--real").returncode == 4
