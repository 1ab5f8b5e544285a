#!/usr/bin/env bash
# From the data vendor to a learned state: download, verify, extract, learn.
#
#   scripts/comprehensive_warmup_multi.sh [--date D] [--blocks N] [--days N] [--source polygon|alpaca] [--no-download]
#                                         [--data-dir DIR] [--output FILE] [--config FILE]... [--symbols A,B] ...
#
#   --date D          the session the state is for; without it, the one after the last that is there and over
#   --blocks N        sessions to learn (20)
#   --days N          sessions to download, up to --date or to now (ten more than blocks)
#   --source NAME     polygon or alpaca (default: polygon where its key is set)
#   --env-file FILE   keys (config.env)
#   --exchange URL    a sentio_cli exchange-sim on this machine instead of the vendor
#   --no-download     take what is in the data folder; needs no keys
#   --data-dir DIR    bar files (data/equities)
#   --output FILE     the state (logs/warmup_state.bin); it appears whole or not at all
#   --config, --symbols, --symbols-config     as for sentio_cli: the state belongs to that configuration
#
# Relative paths are below the repository. The exit code is that of the step that failed, and no state is written then.
# SENTIO_CLI names another binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() {
  echo "comprehensive_warmup_multi.sh: $2" >&2
  exit "$1"
}
step() { printf '\n[%s s] %s\n' "$SECONDS" "$*"; }

data=data/equities
output=logs/warmup_state.bin
blocks=20
days=
download=true
date=() vendor=() setup=()
while [ $# -gt 0 ]; do
  case $1 in
    --no-download) download=false && shift && continue ;;
    -h | --help) sed -n '2,20s/^# \{0,1\}//p' scripts/comprehensive_warmup_multi.sh && exit 0 ;;
  esac
  case $1 in
    --date | --blocks | --days | --source | --env-file | --exchange | --data-dir | --output | --config | --symbols | --symbols-config)
      [ $# -ge 2 ] || die 2 "$1 needs a value" ;;
    *) die 2 "unknown argument $1" ;;
  esac
  case $1 in
    --date) date=("$1" "$2") ;;
    --blocks) blocks=$2 ;;
    --days) days=$2 ;;
    --source | --env-file | --exchange) vendor+=("$1" "$2") ;;
    --data-dir) data=$2 ;;
    --output) output=$2 ;;
    *) setup+=("$1" "$2") ;;
  esac
  shift 2
done
[[ $blocks =~ ^[1-9][0-9]{0,3}$ ]] || die 2 "--blocks $blocks is not a number of sessions"
: "${days:=$((blocks + 10))}"
cli=${SENTIO_CLI:-build/release/src/cli/sentio_cli}
[ -x "$cli" ] || die 2 "there is no $cli; build it with scripts/quickstart.sh"

# run WHAT COMMAND... : ends the script with the command's exit code where it fails.
run() {
  local what=$1 status=0
  shift
  "$@" || status=$?
  [ "$status" -eq 0 ] || die "$status" "$what failed with exit code $status; $output was not written"
}
extract() { python3 -B tools/extract_warmup_multi.py --symbols "$symbols" --blocks "$blocks" --data-dir "$data" "${date[@]}" "$@"; }

scratch=$(mktemp -d)
trap 'rm -rf -- "$scratch"' EXIT
run "the configuration" "$cli" config show "${setup[@]}" >"$scratch/config.json"
symbols=$(python3 -c 'import json, sys; print(",".join(json.load(sys.stdin)["active_symbols"]))' <"$scratch/config.json")

if $download; then
  step "Downloading $days sessions of $symbols into $data"
  run "the download" python3 -B tools/data_downloader.py --symbols "$symbols" --days "$days" "${date[@]/#--date/--end-date}" \
    --output "$data" "${vendor[@]}"
fi
run "looking for the sessions" extract --list >"$scratch/sessions"
first=$(head -n 1 "$scratch/sessions")
last=$(tail -n 1 "$scratch/sessions")

step "Verifying $first to $last"
run "verify-data" "$cli" verify-data --symbols "$symbols" --data-dir "$data" --start-date "$first" --end-date "$last"

step "Extracting $blocks blocks"
run "the extract" extract --output "$scratch/warmup.csv"

step "Learning: sentio_cli warmup-multi --end-date $last ${setup[*]}"
mkdir -p -- "$(dirname -- "$output")" || die 2 "$output cannot be written"
run "warmup-multi" "$cli" warmup-multi --data "$scratch/warmup.csv" --days "$blocks" --end-date "$last" --output "$output" -q "${setup[@]}"

step "Done: $output is for the session after $last"
