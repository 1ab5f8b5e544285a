#!/usr/bin/env bash
# Another name of scripts/download_all_symbols.sh; --help there.
exec "$(dirname "${BASH_SOURCE[0]}")/../scripts/download_all_symbols.sh" "$@"
