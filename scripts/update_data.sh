#!/usr/bin/env bash
# Brings the downloaded bar files up to the last session that is over, and verifies them. For cron, before the open.
#
#   scripts/update_data.sh [--data-dir DIR] [flags of tools/update_data.py]
#
# Each file is continued from the source it came from. Prints what was added, what a vendor revised and what is missing;
# what verify-data says where it refuses something. A day that a vendor lacks is never jumped over. The exit code is the
# first bad one of the two: 3 a day is missing or bars are unsound, 4 keys, network or plan, 9 another process writes.
# Relative paths are below the repository. SENTIO_CLI names another binary.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

if [ "${1:-}" = -h ] || [ "${1:-}" = --help ]; then
  sed -n '2,9s/^# \{0,1\}//p' scripts/update_data.sh
  exit 0
fi
data=data/equities
arguments=("$@")
while [ $# -gt 0 ]; do
  case $1 in
    --data-dir) data=${2:-} ;;
    --data-dir=*) data=${1#*=} ;;
  esac
  shift
done
cli=${SENTIO_CLI:-build/release/src/cli/sentio_cli}
[ -x "$cli" ] || { echo "update_data.sh: there is no $cli; build it with scripts/quickstart.sh" >&2 && exit 2; }

code=0
python3 -B tools/update_data.py "${arguments[@]}" || code=$?
case $code in
  0 | 3) ;; # what is there can be verified
  *) exit "$code" ;;
esac
said=$(mktemp)
trap 'rm -f -- "$said"' EXIT
status=0
"$cli" verify-data --all --data-dir "$data" >"$said" 2>&1 || status=$?
if [ "$status" -ne 0 ]; then
  cat -- "$said"
  if [ "$code" -eq 0 ]; then code=$status; fi
fi
exit "$code"
