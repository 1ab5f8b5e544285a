#!/usr/bin/env bash
# From a fresh clone to the report of one replayed day, in one command. Safe to run again.
#
#   scripts/quickstart.sh [flags of `sentio_cli mock`]
#
# Installs the packages missing to build and run (none when all are there), builds sentio_cli, makes
# SYNTHETIC bars where data/equities has none, and replays the last day of the data.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  sed -n '2,7s/^# \{0,1\}//p' scripts/quickstart.sh
  exit 0
fi

symbols=(TQQQ SQQQ SPXL SDS UVXY SVXY)
step() { printf '\n[%s s] %s\n' "$SECONDS" "$*"; }

has_bars() { compgen -G "$1/*_RTH_NH.csv" >/dev/null || compgen -G "$1/*_RTH_NH.csv.gz" >/dev/null; }
has_all_bars() {
  local symbol
  for symbol in "${symbols[@]}"; do
    [ -e "$1/${symbol}_RTH_NH.csv" ] || [ -e "$1/${symbol}_RTH_NH.csv.gz" ] || return 1
  done
}

step "Packages"
packages_ensure "${packages_build[@]}"

step "Building sentio_cli (two minutes the first time)"
cmake --preset release
cmake --build --preset release

data=data/equities
if has_bars "$data" && ! has_all_bars "$data"; then
  # Somebody's own bars, but not of these six: made-up ones do not belong beside them.
  data=build/quickstart/equities
  echo "data/equities lacks some of ${symbols[*]}; using synthetic bars in $data"
fi
if ! has_all_bars "$data"; then
  step "Making SYNTHETIC bars in $data: 25 sessions, of which 20 are warm-up"
  python3 tools/generate_multi_symbol_data.py --output "$data" --days 25
fi
day=$(python3 tools/last_session.py "$data" "${symbols[@]}")

step "Replaying $day: sentio_cli mock --date $day --data-dir $data $*"
report=logs/mock_trading/analysis_report.txt
shown=$(mktemp)
trap 'rm -f "$shown"' EXIT
status=0
build/release/src/cli/sentio_cli mock --date "$day" --data-dir "$data" "$@" | tee "$shown" || status=$?
if [ "$status" -eq 0 ] && ! grep -q 'TRADING SESSION ANALYSIS REPORT' "$shown"; then
  cat "$report"
fi

if [ "$status" -eq 0 ]; then
  step "Done. The report is in $report, the day's files beside it."
else
  step "sentio_cli ended with exit code $status"
fi
exit "$status"
