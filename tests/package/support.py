"""Shared by the tests of the Debian package (the environment variable SENTIO_BUILD_DIR names the build to pack)."""

import os
import pathlib
import re
import shutil
import subprocess
from typing import Dict, List, Optional

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("SENTIO_BUILD_DIR", ROOT / "build" / "package")).resolve()
CLI = BUILD / "src" / "cli" / "sentio_cli"
SKIPPED = 77  # shown by ctest as skipped


def why_nothing_is_packed() -> Optional[str]:
    missing = [name for name in ("cpack", "dpkg-deb", "dpkg-shlibdeps", "file") if not shutil.which(name)]
    return "needs " + ", ".join(missing) + " (packages_package in scripts/packages.sh)" if missing else None


def environment(**more: str) -> Dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SENTIO_") and k != "SOURCE_DATE_EPOCH"}
    return {**kept, **more}


def pack(output: pathlib.Path, umask: int = 0o022, **more: str) -> pathlib.Path:
    """The package of BUILD's program, in `output`."""
    done = subprocess.run([str(ROOT / "scripts" / "package.sh"), "--build-dir", str(BUILD), "--output", str(output)],
                          env=environment(**more), cwd="/", capture_output=True, text=True, umask=umask)
    if done.returncode != 0:
        raise AssertionError("package.sh: exit code %d\n%s%s" % (done.returncode, done.stdout, done.stderr))
    return pathlib.Path(done.stdout.splitlines()[-1])


def help_of(*path: str) -> str:
    return subprocess.run([str(CLI), *path, "--help"], env=environment(), check=True, capture_output=True, text=True).stdout


def commands(*path: str) -> List[str]:
    _, heading, rest = help_of(*path).partition("Subcommands:\n")
    return [line.split()[0] for line in rest.split("\n\n")[0].splitlines() if line[2] != " "] if heading else []


def all_paths() -> List[tuple]:
    """Every command, as ("config", "show"); the program itself is ()."""
    out = [()]
    for name in commands():
        out.append((name,))
        out += [(name, below) for below in commands(name)]
    return out


def flags(*path: str) -> List[str]:
    """Every name of every flag, in the help's order; examples do not count."""
    out = []
    for line in re.split(r"(?m)^Examples?:$", help_of(*path))[0].splitlines():
        if line.startswith("  -"):
            out += line.split()[0].split(",")
    return out
