#!/usr/bin/env bash
# Downloads the last sessions of the 6 or the 12 instruments of the configurations into data/equities.
#
#   scripts/download_all_symbols.sh [6|12] [flags of tools/data_downloader.py]
#
# 6 (the default): TQQQ SQQQ SPXL SDS UVXY SVXY. 12: SVIX SVXY TQQQ UPRO QQQ SPY SH PSQ SDS SQQQ UVXY UVIX. 30 sessions
# unless --days or --start-date says otherwise. Relative paths are below the repository. Exit codes as the tool's.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

symbols=six
case ${1:-} in
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' scripts/download_all_symbols.sh
    exit 0
    ;;
  6) shift ;;
  12) symbols=twelve && shift ;;
  -* | '') ;;
  *)
    echo "download_all_symbols.sh: $1 is neither 6 nor 12 (--help)" >&2
    exit 2
    ;;
esac
exec python3 -B tools/data_downloader.py --symbols "$symbols" "$@"
