#!/usr/bin/env bash
# Runs the tests in an instrumented build and prints the line coverage of src/ and include/.
#
#   scripts/coverage.sh [--min PERCENT] [--html FILE]
#
# Exit 1 where a test fails, 2 (gcovr's) where the coverage is under the minimum, 80 %.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

minimum=80
report=()
while [ $# -gt 0 ]; do
  case "$1" in
    --min) minimum=${2:?--min needs a number}; shift ;;
    --html) report=(--html-details "${2:?--html needs a file name}"); shift ;;
    -h | --help) sed -n '2,6s/^# \{0,1\}//p' scripts/coverage.sh; exit 0 ;;
    *) echo "scripts/coverage.sh: unknown flag '$1' (see --help)" >&2; exit 2 ;;
  esac
  shift
done

packages_ensure "${packages_build[@]}" "${packages_test[@]}" "${packages_coverage[@]}"
cmake --preset coverage
cmake --build --preset coverage
# Counters of an earlier run would add to this one's.
find build/coverage -name '*.gcda' -delete
ctest --test-dir build/coverage --output-on-failure -j2 || exit 1
exec gcovr --root . --object-directory build/coverage --filter 'src/' --filter 'include/' \
  --exclude-throw-branches --print-summary --sort-percentage --fail-under-line "$minimum" \
  ${report[@]+"${report[@]}"} build/coverage
