#!/usr/bin/env bash
# Packs the last week's logs into a verified archive, then deletes logs older than 30 days.
#
#   scripts/weekly_maintenance.sh [--log-dir DIR] [--backup-dir DIR] [--keep-days N] [--only-old] [--dry-run]
#
#   --log-dir DIR     what to look after (logs)
#   --backup-dir DIR  where archives go (backups); not inside the log folder
#   --keep-days N     delete logs not written to for more than N days (30)
#   --only-old        pack only what will be deleted, and let all journals lie: for every start (launch_trading.sh)
#   --dry-run         say what would be done
#
# Deletes only what some archive in the backup folder holds, byte for byte in size and time; what no archive holds
# yet goes into this one first. Never deletes state: learned states (warmup_state*), the circuit breaker's latches, status.json,
# runs.jsonl, locks, .maintenance_mode, and the newest journal of each folder. Safe to run again.
# Exit 0: done. 1: something failed, and nothing was deleted. 2: usage.
set -euo pipefail

logs=logs
backups=backups
keep_days=30
only_old=false
dry_run=false
die() {
  echo "weekly_maintenance.sh: $2" >&2
  exit "$1"
}
while [ $# -gt 0 ]; do
  case $1 in
    --log-dir | --backup-dir | --keep-days) [ $# -ge 2 ] || die 2 "$1 needs a value" ;;&
    --log-dir) logs=$2 && shift 2 ;;
    --backup-dir) backups=$2 && shift 2 ;;
    --keep-days) keep_days=$2 && shift 2 ;;
    --only-old) only_old=true && shift ;;
    --dry-run) dry_run=true && shift ;;
    -h | --help) sed -n '2,15s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" && exit 0 ;;
    *) die 2 "unknown argument $1" ;;
  esac
done
[[ $keep_days =~ ^[1-9][0-9]{0,4}$ ]] || die 2 "--keep-days $keep_days is not a number of days from 1 on"
[ -d "$logs" ] || die 2 "there is no log folder $logs; name it with --log-dir"
logs=$(realpath -- "$logs")
backups=$(realpath -m -- "$backups")
case $logs in / | "${HOME:-/}") die 2 "$logs is no log folder" ;; esac
case $backups/ in "$logs"/*) die 2 "the backup folder $backups lies inside the log folder" ;; esac

scratch=$(mktemp -d)
part=
trap 'rm -rf -- "$scratch"; if [ -n "$part" ]; then rm -f -- "$part"; fi' EXIT

# NUL-separated paths below the log folder, as "./folder/name"; links and devices are not ours.
list() { (cd -- "$logs" && find . -type f "$@" -print0 | LC_ALL=C sort -z); }

# Learned states, latches, what a running process writes, the record of all days.
state=(-name 'warmup_state*' -o -name 'breaker_*' -o -name .maintenance_mode -o -name status.json -o -name runs.jsonl
  -o -name '*.lock' -o -name flatten_request)
if $only_old; then state+=(-o -name 'journal_*.jsonl'); fi
# The newest journal of each folder: what the last day's positions are explained by. Names sort by date.
newest_journals() {
  local file previous=
  while IFS= read -r -d '' file; do
    if [ -n "$previous" ] && [ "${previous%/*}" != "${file%/*}" ]; then printf '%s\0' "$previous"; fi
    previous=$file
  done < <(list -name 'journal_*.jsonl')
  if [ -n "$previous" ]; then printf '%s\0' "$previous"; fi
}

list ! \( "${state[@]}" \) -mtime "+$((keep_days - 1))" >"$scratch/old"
newest_journals | LC_ALL=C sort -z >"$scratch/kept"
LC_ALL=C comm -z -23 "$scratch/old" "$scratch/kept" >"$scratch/old_logs"
if $only_old; then : >"$scratch/week"; else list -mtime -7 ! -name '*.lock' >"$scratch/week"; fi

# "size seconds path" of files, one NUL each, to compare with what archives hold.
stamps_of_files() { (cd -- "$logs" && xargs -0 -r stat --printf='%s %Y %n\0' --) | LC_ALL=C sort -z; }
# The same of an archive; fails where it is damaged.
stamps_of_archive() {
  python3 -B - "$1" <<'PYTHON'
import gzip, sys, tarfile
with gzip.open(sys.argv[1]) as stream, tarfile.open(fileobj=stream, mode="r|", encoding="utf-8", errors="surrogateescape") as archive:
    for member in archive:
        if member.isfile():
            source = archive.extractfile(member)
            while source.read(1 << 20):
                pass
            sys.stdout.buffer.write(b"%d %d %s\0" % (member.size, int(member.mtime), member.name.encode("utf-8", "surrogateescape")))
    while stream.read(1 << 20):
        pass  # to its checksum: a damaged archive must not count
PYTHON
}

: >"$scratch/held"
for archive in "$backups"/logs_*.tar.gz; do
  [ -f "$archive" ] || continue
  if stamps_of_archive "$archive" >"$scratch/one" 2>/dev/null; then
    cat "$scratch/one" >>"$scratch/held"
  else
    echo "weekly_maintenance.sh: $archive is damaged; what it held counts as not saved" >&2
  fi
done
LC_ALL=C sort -zu -o "$scratch/held" "$scratch/held"

cat "$scratch/week" "$scratch/old_logs" | LC_ALL=C sort -zu | stamps_of_files >"$scratch/wanted"
LC_ALL=C comm -z -23 "$scratch/wanted" "$scratch/held" | cut -z -d ' ' -f3- >"$scratch/to_pack"

count() { tr -cd '\0' <"$1" | wc -c; }
shown() { tr '\0' '\n' <"$1" | sed 's/^/  /'; }
if $dry_run; then
  echo "would pack $(count "$scratch/to_pack") files of $logs into $backups:"
  shown "$scratch/to_pack"
  echo "would delete $(count "$scratch/old_logs") files older than $keep_days days:"
  shown "$scratch/old_logs"
  exit 0
fi

if [ -s "$scratch/to_pack" ]; then
  mkdir -p -- "$backups" || die 1 "$backups cannot be made; nothing was deleted"
  archive=$backups/logs_$(date +%Y-%m-%d_%H%M%S).tar.gz
  part=$archive.part
  # A log that grows while it is read makes tar complain with 1: a live process runs. Its file is packed next week.
  status=0
  tar -C "$logs" -czf "$part" --null --no-recursion --verbatim-files-from -T "$scratch/to_pack" || status=$?
  [ "$status" -le 1 ] || die 1 "the archive cannot be written; nothing was deleted"
  stamps_of_archive "$part" >"$scratch/one" || die 1 "the archive cannot be read back; nothing was deleted"
  sync -- "$part" || die 1 "the archive cannot be written; nothing was deleted"
  mv -- "$part" "$archive" || die 1 "$archive cannot be made; nothing was deleted"
  part=
  cat "$scratch/one" >>"$scratch/held"
  LC_ALL=C sort -zu -o "$scratch/held" "$scratch/held"
  echo "packed $(count "$scratch/to_pack") files: $archive"
else
  echo "nothing new to pack"
fi

# Deleted is what is in an archive exactly as it lies here now.
stamps_of_files <"$scratch/old_logs" >"$scratch/old_stamps"
LC_ALL=C comm -z -12 "$scratch/old_stamps" "$scratch/held" | cut -z -d ' ' -f3- >"$scratch/to_delete"
(cd -- "$logs" && xargs -0 -r rm -f -- <"$scratch/to_delete")
echo "deleted $(count "$scratch/to_delete") files older than $keep_days days"
