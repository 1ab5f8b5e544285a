#!/usr/bin/env bash
# One job of the operator's day, week or month, as cron and systemd start it.
#
#   scripts/operator_job.sh JOB [--paper|--real] [--config FILE]... [--symbols A,B] [--data-dir DIR] [--log-dir DIR]
#                           [--backup-dir DIR] [--env-file FILE] [--targets NAME] [--alert-cmd COMMAND] [--dashboard-port N]
#
#   doctor       sentio_cli doctor: prints its page where it holds a WARN or FAIL
#   live         sentio_cli live until the day's end
#   after-close  analyze-mrd and the HTML report of today (New York's)
#   weekly       analyze-mrd --week TODAY, then weekly_maintenance.sh
#   monthly      the HTML report of the previous month
#
# Relative paths are below SENTIO_HOME, the repository where that is unset. What is printed also goes to LOG-DIR/operator.log. Jobs other than live, which
# does so itself, run the alert command when they fail. The exit code is the first bad one of what was run; 8, no
# session today, ends a job quietly. SENTIO_CLI names another binary; AT_NEW_YORK_NOW (epoch seconds) another now.
set -euo pipefail
scripts=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cd "${SENTIO_HOME:-$scripts/..}"

usage() {
  sed -n '2,10s/^# \{0,1\}//p' "$scripts/operator_job.sh"
}
job=${1:-}
case $job in
  doctor | live | after-close | weekly | monthly) shift ;;
  -h | --help) usage && exit 0 ;;
  *) usage >&2 && exit 2 ;;
esac

account=--paper
logs=logs
backups=backups
alert=
setup=() data=() env_file=() targets=() port=()
while [ $# -gt 0 ]; do
  case $1 in
    --paper | --real) account=$1 && shift && continue ;;
  esac
  [ $# -ge 2 ] || { echo "operator_job.sh: $1 needs a value, or is unknown" >&2 && exit 2; }
  case $1 in
    --config | --symbols | --symbols-config) setup+=("$1" "$2") ;;
    --data-dir) data=("$1" "$2") ;;
    --log-dir) logs=$2 ;;
    --backup-dir) backups=$2 ;;
    --env-file) env_file=("$1" "$2") ;;
    --targets) targets=("$1" "$2") ;;
    --alert-cmd) alert=$2 ;;
    --dashboard-port) port=("$1" "$2") ;;
    *) echo "operator_job.sh: unknown argument $1" >&2 && exit 2 ;;
  esac
  shift 2
done

cli=${SENTIO_CLI:-build/release/src/cli/sentio_cli}
mkdir -p -- "$logs"
[ -x "$cli" ] || { echo "operator_job.sh: there is no $cli; build it with scripts/quickstart.sh" >&2 && exit 2; }
now=${AT_NEW_YORK_NOW:-$(date +%s)}
today=$(TZ=America/New_York date -d "@$now" +%F)

if [ "$job" = live ]; then
  flags=("$account" -q --log-dir "$logs")
  if [ "$account" = --real ]; then flags+=(--yes); fi  # counts only beside SENTIO_REAL_TRADING=yes in the environment
  if [ -n "$alert" ]; then flags+=(--alert-cmd "$alert"); fi
  # The binary itself is what a supervisor watches, signals and starts again.
  exec > >(tee -a -- "$logs/operator.log") 2>&1
  exec "$cli" live "${flags[@]}" "${setup[@]}" "${data[@]}" "${env_file[@]}"
fi

code=0
run() {
  local status=0
  "$@" || status=$?
  if [ "$code" -eq 0 ]; then code=$status; fi
}
perform() {
  local month
  case $job in
    doctor) run "$cli" doctor "$account" -q --log-dir "$logs" "${setup[@]}" "${data[@]}" "${env_file[@]}" "${port[@]}" ;;
    after-close)
      run "$cli" analyze-mrd --date "$today" --mode live --log-dir "$logs" "${targets[@]}"
      if [ "$code" -eq 8 ]; then return; fi
      mkdir -p -- "$logs/reports"
      run "$cli" report --date "$today" --mode live --html "$logs/reports/day_$today.html" --log-dir "$logs" "${data[@]}" "${targets[@]}"
      ;;
    weekly)
      run "$cli" analyze-mrd --week "$today" --mode live --log-dir "$logs" "${targets[@]}"
      run "$scripts/weekly_maintenance.sh" --log-dir "$logs" --backup-dir "$backups"
      ;;
    monthly)
      month=$(date -u -d "${today%-*}-01 - 1 day" +%Y-%m)
      mkdir -p -- "$logs/reports"
      run "$cli" report --month "$month" --mode live --html "$logs/reports/month_$month.html" --log-dir "$logs" "${data[@]}" "${targets[@]}"
      ;;
  esac
}

said=$(mktemp)
trap 'rm -f -- "$said"' EXIT
perform >"$said" 2>&1
if [ "$code" -ne 8 ]; then cat -- "$said"; fi  # a holiday is nothing to be mailed
if [ -s "$said" ] || [ "$code" -ne 0 ]; then
  { echo "--- $today $job: exit code $code" && cat -- "$said"; } >>"$logs/operator.log"
fi
if [ "$code" -ne 0 ] && [ "$code" -ne 8 ] && [ -n "$alert" ]; then
  SENTIO_ALERT_LEVEL=error SENTIO_ALERT_TITLE="sentio $job" SENTIO_ALERT_TEXT="$job ended with exit code $code" \
    sh -c "$alert" <"$said" || echo "operator_job.sh: the alert command failed" >&2
fi
exit "$code"
