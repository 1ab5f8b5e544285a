#!/usr/bin/env bash
# Writes what the package holds beside the repository's own files, as a tree below FOLDER (emptied first):
#
#   scripts/package/make_files.sh PROGRAM VERSION FOLDER
#
# The manual page and the completion made from PROGRAM's --help, the systemd user units with installed paths, copyright,
# changelog, and the licences of the libraries in it. SOURCE_DATE_EPOCH (seconds) dates them.
set -euo pipefail
program=$(realpath -- "$1") version=$2
mkdir -p -- "$3"
folder=$(realpath -- "$3")
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
# shellcheck source=scripts/packages.sh
source scripts/packages.sh

find "$folder" -mindepth 1 -delete
doc=$folder/share/doc/sentio
units=$folder/lib/systemd/user
mkdir -p -- "$folder/share/man/man1" "$folder/share/bash-completion/completions" "$units" "$doc/third-party"

python3 -B scripts/package/make_man_page.py "$program" | gzip -9n >"$folder/share/man/man1/sentio_cli.1.gz"
python3 -B scripts/package/make_completion.py "$program" >"$folder/share/bash-completion/completions/sentio_cli"

for unit in scripts/systemd/*; do
  sed -e 's#%h/sentio/scripts/#/usr/share/sentio/scripts/#' \
    -e '/^WorkingDirectory=/a Environment=SENTIO_HOME=%h/sentio SENTIO_CLI=/usr/bin/sentio_cli' \
    -e 's#^\[Unit\]$#&\nDocumentation=man:sentio_cli(1) file:///usr/share/doc/sentio/docs/PRODUCTION_WORKFLOW.md#' \
    "$unit" >"$units/${unit##*/}"
done

{
  echo "sentio, with the libraries whose licences are in third-party/ compiled in or linked."
  echo
  cat LICENSE
} >"$doc/copyright"
for entry in "${packages_build[@]}"; do
  for name in ${entry//|/ }; do
    case $name in lib* | nlohmann*) ;; *) continue ;; esac
    if [ -e "/usr/share/doc/$name/copyright" ]; then
      cat -- "/usr/share/doc/$name/copyright" >"$doc/third-party/$name"
    fi
  done
done

gzip -9n >"$doc/changelog.gz" <<TEXT
sentio ($version) unstable; urgency=medium

  * This version as it was committed.

 -- The sentio authors <authors@sentio.invalid>  $(LC_ALL=C date -u -R -d "@${SOURCE_DATE_EPOCH:?}")
TEXT
