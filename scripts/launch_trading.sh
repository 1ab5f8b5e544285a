#!/usr/bin/env bash
# One start of trading, checked first: a replay, the paper account or real money.
#
#   scripts/launch_trading.sh mock|paper|real [--yes-real-money] [--backup-dir DIR] [flags of sentio_cli mock or live]
#
#   mock    replays --date D (the last day that every instrument has bars of), after `config check`
#   paper   trades today on the paper account, after `doctor`
#   real    trades real money, after `doctor`. A terminal asks for the word REAL; without one (cron) it needs
#           --yes-real-money and SENTIO_REAL_TRADING=yes in the environment, which no script sets; --dry-run neither
#
# Paper and real start only where doctor finds nothing to refuse; with --adopt, which is there for that, also past exit
# 5. Then logs not written to for 30 days are packed into --backup-dir (backups) and deleted by weekly_maintenance.sh:
# never state, latches or journals. The binary takes the place of this script, so that signals reach it.
# Relative paths are below the repository. Exit code: the one of what ended it. SENTIO_CLI names another binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

die() {
  echo "launch_trading.sh: $2" >&2
  exit "$1"
}
step() { echo "launch_trading.sh: $*" >&2; }  # standard output is the binary's

usage() { sed -n '2,14s/^# \{0,1\}//p' scripts/launch_trading.sh; }
mode=${1:-}
case $mode in
  mock | paper | real) shift ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

logs=logs
data=data/equities
backups=backups
yes=false adopt=false dry_run=false day_named=false
flags=()   # of the run
setup=()   # those that say which configuration and instruments, for `config`
shared=()  # those that doctor takes, too
kind=
while [ $# -gt 0 ]; do
  case $1 in
    --yes-real-money) yes=true && shift && continue ;;
    --backup-dir) [ $# -ge 2 ] || die 2 "--backup-dir needs a value"
      backups=$2 && shift 2 && continue ;;
  esac
  # A word without a dash is a value of the flag before it.
  case ${1%%=*} in
    --config | --symbols | --symbols-config) kind=setup ;;
    --data-dir | --log-dir | --env-file | --warmup-days | --warmup-state | --jobs | --alpaca-feed | --exchange | --ca-file | \
      --allow-short-warmup) kind=shared ;;
    -*) kind= ;;
  esac
  case $1 in
    --log-dir) logs=${2:-} ;;
    --log-dir=*) logs=${1#*=} ;;
    --data-dir) data=${2:-} ;;
    --data-dir=*) data=${1#*=} ;;
    --adopt) adopt=true ;;
    --dry-run) dry_run=true ;;
    --date | --date=* | --start-date | --start-date=*) day_named=true ;;
  esac
  flags+=("$1")
  if [ "$kind" = setup ]; then setup+=("$1"); fi
  if [ -n "$kind" ]; then shared+=("$1"); fi
  shift
done
[ -n "$logs" ] || die 2 "--log-dir needs a value"
if $yes && [ "$mode" != real ]; then die 2 "--yes-real-money is for real"; fi

cli=${SENTIO_CLI:-build/release/src/cli/sentio_cli}
[ -x "$cli" ] || die 2 "there is no $cli; build it with scripts/quickstart.sh"

# What is packed and deleted is never worth a day that does not start.
rotate_logs() {
  [ -d "$logs" ] || return 0
  local said
  said=$(scripts/weekly_maintenance.sh --log-dir "$logs" --backup-dir "$backups" --only-old 2>&1) ||
    said+=" (logs stay as they are)"
  step "logs: ${said//$'\n'/; }"
}

if [ "$mode" = mock ]; then
  said=$("$cli" config check "${setup[@]}")
  step "configuration $said"
  if ! $day_named; then
    # shellcheck disable=SC2046  # symbols are words
    day=$(python3 -B tools/last_session.py "$data" $("$cli" config show "${setup[@]}" |
      python3 -c 'import json, sys; print(*json.load(sys.stdin)["active_symbols"])'))
    flags=(--date "$day" "${flags[@]}")
  fi
  rotate_logs
  step "sentio_cli mock ${flags[*]}"
  exec "$cli" mock "${flags[@]}"
fi

if [ "$mode" = real ]; then
  if $yes; then
    [ "${SENTIO_REAL_TRADING:-}" = yes ] || die 2 "--yes-real-money also needs SENTIO_REAL_TRADING=yes in the environment"
    flags=(--yes "${flags[@]}")
  elif [ ! -t 0 ] && ! $dry_run; then
    die 2 "real asks for the word REAL on a terminal; without one it needs --yes-real-money and SENTIO_REAL_TRADING=yes"
  fi
fi
step "sentio_cli doctor --$mode ${shared[*]}"
status=0
"$cli" doctor "--$mode" "${shared[@]}" >&2 || status=$?
if [ "$status" -eq 5 ] && $adopt; then
  step "doctor ended with exit code 5; --adopt takes over what our orders do not explain"
elif [ "$status" -ne 0 ]; then
  step "not started: doctor ended with exit code $status"
  exit "$status"
fi
rotate_logs
step "sentio_cli live --$mode ${flags[*]}"
exec "$cli" live "--$mode" "${flags[@]}"
