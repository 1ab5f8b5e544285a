#!/usr/bin/env bash
# Makes .venv-tools, where the Python tools run: downloads, the frames of tools/sentio_tools, tools/examples.
#
#   scripts/setup_tools.sh
#
# Needs Python 3.11 or later (PYTHON names another than python3) and, the first time, the network. Run it again at any
# time: what is done is not done twice. Exit 0: ready. Exit 1: it could not be made, and the reason is printed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

case "${1:-}" in
  -h | --help)
    sed -n '2,7s/^# \{0,1\}//p' scripts/setup_tools.sh
    exit 0
    ;;
  ?*)
    echo "unknown: $1 (scripts/setup_tools.sh takes --help only)" >&2
    exit 2
    ;;
esac

python=${PYTHON:-python3}
if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
  echo "$python is not Python 3.11 or later; name one that is: PYTHON=python3.11 scripts/setup_tools.sh" >&2
  exit 1
fi
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
  echo "$python has no module venv; on Debian and Ubuntu: apt-get install python3-venv" >&2
  exit 1
fi
scripts/python_env.sh .venv-tools tools/requirements.txt

# So that `import sentio_tools` works from any folder.
site=$(.venv-tools/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$PWD/tools" >"$site/sentio_tools.pth"
.venv-tools/bin/python -c 'import sentio_tools'
cat <<'TEXT'
Try, after a run of sentio_cli mock (docs/python.md):
  .venv-tools/bin/python tools/examples/query_with_duckdb.py losing-trades
  .venv-tools/bin/python tools/examples/tear_sheet.py
TEXT
