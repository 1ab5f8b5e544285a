#!/usr/bin/env bash
# Runs a command if it is that time in New York now, whatever this machine's time zone is.
#
#   scripts/at_new_york.sh HH:MM COMMAND [ARGUMENTS]
#
# cron jobs run on the machine's clock, and Debian's cron sets CRON_TZ for nobody. So install_cron.sh makes two
# entries a job, at the two hours of the machine's clock that can be HH:MM in New York, and each of them asks here:
# one of them is right, the other one ends silently with exit code 0. Up to ten minutes late counts as that time: cron
# on a busy machine is late by seconds, and the two entries are an hour apart.
#
# For tests, AT_NEW_YORK_NOW (epoch seconds) stands for the current time.
set -euo pipefail

if [ $# -lt 2 ] || ! [[ $1 =~ ^([01][0-9]|2[0-3]):[0-5][0-9]$ ]]; then
  sed -n '2,4s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2
  exit 2
fi
wanted=$1
shift

now=${AT_NEW_YORK_NOW:-$(date +%s)}
# Not every machine has the time-zone database; without it New York would silently be London.
offset=$(TZ=America/New_York date -d "@$now" +%z)
if [ "$offset" != -0400 ] && [ "$offset" != -0500 ]; then
  echo "at_new_york.sh: this machine does not know New York's time zone; install tzdata" >&2
  exit 1
fi
clock=$(TZ=America/New_York date -d "@$now" +%H:%M)
minutes() { echo $((10#${1%:*} * 60 + 10#${1#*:})); }
late=$(($(minutes "$clock") - $(minutes "$wanted")))
if [ "$late" -lt 0 ] || [ "$late" -gt 10 ]; then
  exit 0
fi
exec "$@"
