#!/usr/bin/env bash
# The operator's cron entries: prints them, or puts them into your crontab.
#
#   scripts/install_cron.sh [--install|--remove] [flags of operator_job.sh, for example --real --config FILE]
#
#   (nothing)   print the block
#   --install   put it into the crontab, in place of the one that is there
#   --remove    take it out again
#   --zone ZONE the zone that cron runs in, where it is not this machine's
#
# New York time: doctor 09:00, live 09:20, after-close 16:15 (Monday to Friday), weekly 10:00 (Saturday), monthly 11:00
# (the 1st). Debian's cron knows no CRON_TZ, and the hours of another zone change up to four times a year; so each job
# is entered at every time of this machine's clock that is that New York time on some day of ten years, and
# at_new_york.sh lets the right one through. Holidays and half days are the binary's affair (exit code 8).
set -euo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
begin="# >>> sentio: made by scripts/install_cron.sh; changes here are lost >>>"
end="# <<< sentio <<<"

action=print
real=false
flags=()
while [ $# -gt 0 ]; do
  case $1 in
    --install | --remove) action=${1#--} && shift ;;
    --zone) [ $# -ge 2 ] || { echo "install_cron.sh: --zone needs a value" >&2 && exit 2; }
      export TZ=$2 && shift 2 ;;
    -h | --help) sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
    --real) real=true && shift ;;
    --paper) shift ;;
    --config | --symbols | --symbols-config | --data-dir | --log-dir | --backup-dir | --env-file | --targets | --alert-cmd | --dashboard-port)
      [ $# -ge 2 ] || { echo "install_cron.sh: $1 needs a value" >&2 && exit 2; }
      flags+=("$1" "$2") && shift 2 ;;
    *) echo "install_cron.sh: unknown argument $1" >&2 && exit 2 ;;
  esac
done
if $real; then flags=(--real "${flags[@]}"); else flags=(--paper "${flags[@]}"); fi
case "$root ${flags[*]}" in *$'\n'*) echo "install_cron.sh: a crontab line cannot hold a line break" >&2 && exit 2 ;; esac
if [ -n "${TZ:-}" ] && [ ! -e "/usr/share/zoneinfo/$TZ" ]; then
  echo "install_cron.sh: no such time zone: $TZ" >&2 && exit 2
fi

# Quoted for sh, and for cron, which takes % for a line break.
quoted() {
  local word
  for word; do
    if [[ $word =~ ^[A-Za-z0-9_./:=,+-]+$ ]]; then printf ' %s' "$word"; else printf " '%s'" "${word//\'/\'\\\'\'}"; fi
  done | sed 's/%/\\%/g'
}

# Every day of ten years as "2026-11-28 6 28": date, weekday, day of the month.
days() {
  local today
  today=$(date -u -d "@${AT_NEW_YORK_NOW:-$(date +%s)}" +%F)
  seq 0 3652 | sed "s/.*/$today + & days/" | date -u -f - '+%F %u %-d'
}

# entries JOB HH:MM DAYS, where DAYS is a pattern of "weekday day-of-month".
entries() {
  local job=$1 at=$2 pattern=$3 format='%-M %-H * * %u' minute hour day month weekday
  if [ "$job" = monthly ]; then format='%-M %-H %-d * *'; fi
  grep -E "^[0-9-]+ $pattern\$" <<<"$all_days" | sed -E "s/^([0-9-]+) .*/TZ=\"America\/New_York\" \1 $at/" |
    date -f - "+$format" | LC_ALL=C sort -u | LC_ALL=C sort -s -n -k2,2 -k1,1 | {
    local time='' list='' line
    emit() {
      if [ -z "$time" ]; then return; fi
      if [ "$job" = monthly ]; then line="$time $list * *"; else line="$time * * $list"; fi
      echo "$line cd$(quoted "$root") && scripts/at_new_york.sh $at scripts/operator_job.sh $job$(quoted "${flags[@]}")"
    }
    while read -r minute hour day month weekday; do
      if [ "$job" != monthly ]; then day=$weekday; fi
      if [ "$minute $hour" = "$time" ]; then
        list+=",$day"
      else
        emit
        time="$minute $hour" list=$day
      fi
    done
    emit
  }
}

all_days=$(days)
block() {
  echo "$begin"
  echo "# Each job stands at every local time that may be its New York time; at_new_york.sh picks the right one."
  if $real; then echo "# --real trades only where this crontab also says SENTIO_REAL_TRADING=yes; that line is yours to write."; fi
  entries doctor 09:00 '[1-5] [0-9]+'
  entries live 09:20 '[1-5] [0-9]+'
  entries after-close 16:15 '[1-5] [0-9]+'
  entries weekly 10:00 '6 [0-9]+'
  entries monthly 11:00 '[1-7] 1'
  echo "$end"
}

if [ "$action" = print ]; then
  block
  exit 0
fi

command -v crontab >/dev/null || { echo "install_cron.sh: there is no crontab command; install cron, or see scripts/systemd" >&2 && exit 1; }
# "no crontab for USER" is an empty one; anything else that fails must not end in an empty crontab.
said=$(mktemp)
trap 'rm -f -- "$said"' EXIT
if ! old=$(crontab -l 2>"$said" && echo .); then
  grep -qi 'no crontab' "$said" || { cat "$said" >&2 && exit 1; }
  old=.
fi
old=${old%.}
if [ "$(grep -cxF "$begin" <<<"$old")" != "$(grep -cxF "$end" <<<"$old")" ]; then
  echo "install_cron.sh: the sentio block in the crontab has lost one of its ends; repair it with crontab -e" >&2
  exit 1
fi
kept=$(printf '%s' "$old" | awk -v b="$begin" -v e="$end" '$0 == b { skip = 1 } !skip { print } $0 == e { skip = 0 }')
if [ "$action" = remove ]; then
  new=$kept
else
  new=${kept:+$kept$'\n'}$(block)
fi
printf '%s' "${new:+$new$'\n'}" | crontab -
echo "crontab: sentio's block $([ "$action" = remove ] && echo removed || echo installed)"
