#!/usr/bin/env bash
# Runs a Python test in .venv:  scripts/run_python_test.sh tests/python/test_x.py [more arguments for pytest]
# Without a finished .venv it exits 77, which ctest shows as skipped (SKIP_RETURN_CODE 77).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
if [ ! -e "$root/.venv/made-from" ]; then
  echo "skipped: no .venv (scripts/python_env.sh makes it and says why it cannot)"
  exit 77
fi
export PYTHONPYCACHEPREFIX=$root/.venv/pycache  # packages are compiled once, and nothing lands beside the sources
exec "$root/.venv/bin/python" -m pytest -q -p no:cacheprovider "$@"
