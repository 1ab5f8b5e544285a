#!/usr/bin/env bash
# Makes a virtual environment with the packages of a requirements file, once per version of that file:
#
#   scripts/python_env.sh [FOLDER REQUIREMENTS]    default: .venv tests/requirements.txt, for the Python tests
#
# Exit 0: ready, or nothing asked for. Exit 1: it could not be made, and the reason is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

venv=${1:-.venv}
requirements=${2:-tests/requirements.txt}
if ! grep -qsE '^[[:space:]]*[^#[:space:]]' "$requirements"; then
  echo "$requirements asks for nothing"
  exit 0
fi

# with_included FILE : FILE, and the files it names with -r, relative to it.
with_included() {
  local other
  cat "$1"
  sed -n 's/^-r //p' "$1" | while read -r other; do with_included "$(dirname "$1")/$other"; done
}

python=${PYTHON:-python3}
stamp=$venv/made-from
wanted=$("$python" -c 'import sys; print(sys.version)'; with_included "$requirements")
if [ -x "$venv/bin/python" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
  echo "$venv is up to date"
  exit 0
fi

rm -rf "$venv"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# Wheels only: TA-Lib's brings the C library, a source build would look for it on the system.
# Not compiled: Python compiles what is imported, and compiling all takes pip longer than the rest of its work.
if "$python" -m venv "$venv" >"$log" 2>&1 &&
  "$venv/bin/python" -m pip install --quiet --disable-pip-version-check --only-binary :all: --no-compile \
    --retries 2 --timeout 20 -r "$requirements" >>"$log" 2>&1; then
  printf '%s\n' "$wanted" >"$stamp"
  echo "$venv made from $requirements"
  exit 0
fi
rm -rf "$venv"
tail -n 5 "$log" >&2
echo "No $venv: $requirements could not be installed from the Python package index (no network?)." >&2
exit 1
