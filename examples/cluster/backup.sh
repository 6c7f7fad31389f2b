#!/usr/bin/env bash
# Writes a backup of a cluster's database, or of a node's SQLite file, while nodes serve.
set -euo pipefail
. "$(dirname "$0")/database.sh"

usage() {
    cat <<'TEXT'
Usage: backup.sh [--env-file FILE] FOLDER

Makes a new folder newapi-TIME in FOLDER and prints its name. In it are
database.sql.gz, logs.sql.gz if logs have a database of their own, or
database.sqlite.gz; and SHA256SUMS. All that is in one file is of one moment:
nodes may go on serving.

The databases are those that SQL_DSN, LOG_SQL_DSN and SQLITE_PATH name, in the
environment or in FILE (an .env of compose, a newapi.env of systemd);
SQLITE_PATH is relative to the current folder, as it is for a node.
Needs mariadb-dump or mysqldump, or sqlite3.

Not in it: the data directories of the nodes. Leave them where they are.
TEXT
}

while [ $# -gt 0 ]; do
    case $1 in
        --env-file) [ $# -ge 2 ] || die "--env-file needs a file"; read_settings "$2"; shift 2 ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) break ;;
    esac
done
[ $# -eq 1 ] || { usage >&2; exit 2; }
[ -d "$1" ] || die "there is no folder $1"

umask 077
result=$1/newapi-$(date -u +%Y%m%dT%H%M%SZ)
work=$(mktemp -d "$1/.newapi-XXXXXX")
trap 'rm -rf "$work"' EXIT

# The whole of a database as it is when this begins. Usage: dump DSN FILE
dump() {
    local program options=(--single-transaction --quick --skip-lock-tables --no-tablespaces --hex-blob --default-character-set=utf8mb4)
    program=$(first_program mariadb-dump mysqldump)
    # Only MySQL's has these two.
    if "$program" --help | grep -q -- --set-gtid-purged; then
        options+=(--set-gtid-purged=OFF --column-statistics=0)
    fi
    open_server "$1" "$work/client.cnf"
    "$program" "--defaults-extra-file=$work/client.cnf" "${options[@]}" "$database" >"$work/dump" || die "the database could not be read"
    # It ends with this line, or something is missing.
    tail -n 1 "$work/dump" | grep -q '^-- Dump completed' || die "the dump is not complete"
    gzip -c "$work/dump" >"$2"
    rm -f "$work/dump" "$work/client.cnf"
}

mkdir "$work/backup"
if is_server "${SQL_DSN:-}"; then
    dump "$SQL_DSN" "$work/backup/database.sql.gz"
else
    file=$(sqlite_file)
    [ -f "$file" ] || die "there is no database $file"
    "$(first_program sqlite3)" "$file" ".timeout 30000" ".backup '$work/copy'" || die "$file could not be read"
    gzip -c "$work/copy" >"$work/backup/database.sqlite.gz"
fi
# Its rows come from the journals, each once: it may be of a later moment than the main database, not of an earlier one.
if is_server "${LOG_SQL_DSN:-}" && [ "$LOG_SQL_DSN" != "${SQL_DSN:-}" ]; then
    dump "$LOG_SQL_DSN" "$work/backup/logs.sql.gz"
fi
(cd "$work/backup" && sha256sum -- * >SHA256SUMS)
mv "$work/backup" "$result"
echo "$result"
