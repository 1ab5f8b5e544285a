#!/usr/bin/env bash
# Builds and runs the benchmarks and prints one table of median times.
#
#   scripts/bench.sh [--native] [--filter REGEX] [--repetitions N]
#
# --native   also the build tuned for this machine's processor
# A benchmark X that has a sibling X_textbook or X_reference is compared with it: the ratio says how
# many times faster X is. JSON of each program stays in build/<preset>/bench.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

presets=(bench)
filter=.
repetitions=5
while [ $# -gt 0 ]; do
  case "$1" in
    --native) presets+=(native) ;;
    --filter) filter=${2:?--filter needs a regular expression}; shift ;;
    --repetitions) repetitions=${2:?--repetitions needs a number}; shift ;;
    -h | --help) sed -n '2,8s/^# \{0,1\}//p' scripts/bench.sh; exit 0 ;;
    *) echo "scripts/bench.sh: unknown flag '$1' (see --help)" >&2; exit 2 ;;
  esac
  shift
done

packages_ensure "${packages_build[@]}" "${packages_bench[@]}"

results=()
for preset in "${presets[@]}"; do
  cmake --preset "$preset"
  cmake --build --preset "$preset"
  for source in bench/*_bench.cpp; do
    [ -e "$source" ] || continue
    name=$(basename "$source" .cpp)
    json=build/$preset/bench/$name.json
    rm -f "$json"
    echo "running $preset/$name" >&2
    "build/$preset/bench/$name" --benchmark_filter="$filter" --benchmark_repetitions="$repetitions" \
      --benchmark_report_aggregates_only=true --benchmark_out="$json" --benchmark_out_format=json >/dev/null
    # A program in which nothing matches the filter writes no results.
    if [ -s "$json" ]; then results+=("$preset=$json"); fi
  done
done
exec python3 -B scripts/bench_table.py ${results[@]+"${results[@]}"}
