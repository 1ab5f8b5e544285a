#!/usr/bin/env bash
# Builds everything and runs every check and test; the exit code is that of the tests.
#
#   scripts/test.sh [flags of ctest, for example -R Ledger]
#
# Installs missing packages first. Tests against real bars run where SENTIO_TEST_MARKET_DATA names
# their folder, and skip, visibly, elsewhere.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

step() { printf '\n[%s s] %s\n' "$SECONDS" "$*"; }

step "Packages"
packages_ensure "${packages_build[@]}" "${packages_test[@]}" "${packages_package[@]}"

step "Checks: shell and Python syntax, includes"
for script in scripts/*.sh scripts/package/*.sh tools/*.sh .ci/run; do
  bash -n "$script"
done
python3 -B - tools scripts tests <<'PYTHON'
import pathlib, sys
for folder in sys.argv[1:]:
    for path in sorted(pathlib.Path(folder).rglob("*.py")):
        compile(path.read_bytes(), str(path), "exec")
PYTHON
python3 -B scripts/check_includes.py

step "Python environment (beside the build)"
python_log=$(mktemp)
trap 'rm -f "$python_log"' EXIT
{ scripts/python_env.sh || echo "Python tests that need it will skip."; } >"$python_log" 2>&1 &
python_environment=$!

step "Building"
cmake --preset check
cmake --build --preset check
wait "$python_environment"
cat "$python_log"

step "Testing"
# Twice the cores: the tests of live trading wait for each other's processes more than they compute.
ctest --test-dir build/check --output-on-failure -j"$(($(nproc) * 2))" "$@"
