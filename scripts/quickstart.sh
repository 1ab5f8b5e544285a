#!/usr/bin/env bash
# From a fresh clone to the report of one replayed day, in one command. Safe to run again.
#
#   scripts/quickstart.sh [--real] [flags of `sentio_cli mock`]
#
# Installs the packages missing to build and run (none when all are there), builds sentio_cli, makes
# SYNTHETIC bars where data/equities has none, and replays the last day of the data.
#
# --real downloads 30 sessions of real bars of the default six first, and replays the last of them. It needs keys of
# Polygon or Alpaca in config.env or in the environment; without them it ends with exit code 4, and nothing is done.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  sed -n '2,10s/^# \{0,1\}//p' scripts/quickstart.sh
  exit 0
fi

real=false
flags=()
for word; do
  if [ "$word" = --real ]; then real=true; else flags+=("$word"); fi
done
set -- "${flags[@]}"

symbols=(TQQQ SQQQ SPXL SDS UVXY SVXY)
step() { printf '\n[%s s] %s\n' "$SECONDS" "$*"; }

has_bars() { compgen -G "$1/*_RTH_NH.csv" >/dev/null || compgen -G "$1/*_RTH_NH.csv.gz" >/dev/null; }
has_all_bars() {
  local symbol
  for symbol in "${symbols[@]}"; do
    [ -e "$1/${symbol}_RTH_NH.csv" ] || [ -e "$1/${symbol}_RTH_NH.csv.gz" ] || return 1
  done
}

# has_keys NAME... : whether all are set. What reads them checks them; here it only counts that there is something.
has_keys() {
  local name
  for name; do
    [ -n "${!name:-}" ] || grep -qsE "^[[:space:]]*(export[[:space:]]+)?$name=[\"']?[^\"'[:space:]#]" config.env || return 1
  done
}
if $real; then
  if ! has_keys POLYGON_API_KEY && ! has_keys MASSIVE_API_KEY && ! has_keys ALPACA_PAPER_API_KEY ALPACA_PAPER_SECRET_KEY &&
    ! has_keys ALPACA_API_KEY ALPACA_SECRET_KEY; then
    next=$([ -e config.env ] && echo "fill in config.env (config.env.example shows how)" ||
      echo "cp config.env.example config.env && chmod 600 config.env and fill it in")
    echo "quickstart.sh: --real needs POLYGON_API_KEY, or ALPACA_PAPER_API_KEY and ALPACA_PAPER_SECRET_KEY: $next" >&2
    exit 4
  fi
  packages_build+=(python3-venv)
fi

step "Packages"
packages_ensure "${packages_build[@]}"

data=data/equities
if $real; then
  if has_bars "$data" && [ ! -e "$data/manifest.json" ]; then
    # Made-up bars, or somebody's own: downloads are put beside neither.
    data=data/real
    echo "data/equities holds bars that were not downloaded; the real ones go to $data (--data-dir $data)"
  fi
  step "Python packages for the download (a minute the first time)"
  scripts/setup_tools.sh >/dev/null
  step "Downloading 30 sessions of ${symbols[*]} into $data"
  python3 -B tools/data_downloader.py --symbols "$(IFS=, && echo "${symbols[*]}")" --days 30 --output "$data"
fi

step "Building sentio_cli (two minutes the first time)"
cmake --preset release
cmake --build --preset release

if ! $real && has_bars "$data" && ! has_all_bars "$data"; then
  # Somebody's own bars, but not of these six: made-up ones do not belong beside them.
  data=build/quickstart/equities
  echo "data/equities lacks some of ${symbols[*]}; using synthetic bars in $data"
fi
if ! $real && ! has_all_bars "$data"; then
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
