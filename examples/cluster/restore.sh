#!/usr/bin/env bash
# Puts a backup of backup.sh back in the place of what is there.
set -euo pipefail
. "$(dirname "$0")/database.sh"

usage() {
    cat <<'TEXT'
Usage: restore.sh [--env-file FILE] --replace FOLDER

Replaces the databases that SQL_DSN, LOG_SQL_DSN and SQLITE_PATH name, in the
environment or in FILE, by those of the backup FOLDER. Stop all nodes before: a
database that somebody is connected to is not touched. SQLITE_PATH is relative to
the current folder, as it is for a node.

Afterwards
 - what was charged since the backup was made is forgotten, like every other
   change. Leave the data directories of the nodes as they are all the same: what
   a node that was killed had not booked is in its journal;
 - start a node that may be the master, then the others;
 - ask for an audit: newapi audit. What nodes held of the balances when the
   backup was made comes back after two minutes (NEWAPI_LEDGER_RECLAIM_SECONDS);
 - Redis keeps nothing. Where nodes of New API share it, delete their keys
   token:* and user:*, or they go on with balances of before.
TEXT
}

replace=false
while [ $# -gt 0 ]; do
    case $1 in
        --env-file) [ $# -ge 2 ] || die "--env-file needs a file"; read_settings "$2"; shift 2 ;;
        --replace) replace=true; shift ;;
        -h | --help) usage; exit 0 ;;
        -*) usage >&2; exit 2 ;;
        *) break ;;
    esac
done
[ $# -eq 1 ] && $replace || { usage >&2; exit 2; }
backup=$1
[ -f "$backup/SHA256SUMS" ] || die "$backup is not a backup"
(cd "$backup" && sha256sum --check --quiet SHA256SUMS) || die "$backup is damaged; nothing was changed"

umask 077
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Runs what is read on the server.
on_server() { "$(first_program mariadb mysql)" "--defaults-extra-file=$work/client.cnf" --batch --skip-column-names "$@"; }

# Usage: check_free DSN
check_free() {
    local others
    open_server "$1" "$work/client.cnf"
    others=$(echo "select count(*) from information_schema.processlist where db = database() and id <> connection_id()" |
        on_server "$database") || die "the database of $database cannot be reached; nothing was changed"
    [ "$others" = 0 ] || die "$others connections use the database $database: stop all nodes first; nothing was changed"
}

# Usage: load DSN FILE
load() {
    open_server "$1" "$work/client.cnf"
    # Tables that are younger than the backup go, too.
    echo "drop database \`$database\`; create database \`$database\` character set utf8mb4" | on_server ||
        die "the database $database could not be emptied"
    gunzip -c "$2" | on_server "$database" || die "loading broke off: do it again before any node starts"
}

logs=false
if [ -f "$backup/logs.sql.gz" ]; then
    is_server "${LOG_SQL_DSN:-}" || die "the backup has a database of logs, and LOG_SQL_DSN names none"
    logs=true
fi
if [ -f "$backup/database.sql.gz" ]; then
    is_server "${SQL_DSN:-}" || die "the backup is of a server, and SQL_DSN names none"
    check_free "$SQL_DSN"
    if $logs; then check_free "$LOG_SQL_DSN"; fi
    load "$SQL_DSN" "$backup/database.sql.gz"
else
    if is_server "${SQL_DSN:-}"; then die "the backup is of a SQLite file, and SQL_DSN names a server"; fi
    if $logs; then check_free "$LOG_SQL_DSN"; fi
    file=$(sqlite_file)
    if [ -f "$file" ]; then
        if [ -n "$(find /proc/[0-9]*/fd -lname "$(realpath "$file")" -print -quit 2>/dev/null)" ]; then
            die "$file is in use: stop the node first; nothing was changed"
        fi
    fi
    gunzip -c "$backup/database.sqlite.gz" >"$file.restored"
    rm -f "$file-wal" "$file-shm"
    mv "$file.restored" "$file"
fi
if $logs; then load "$LOG_SQL_DSN" "$backup/logs.sql.gz"; fi
echo "Restored from $backup. Start a node that may be the master, then the others, and ask for an audit: newapi audit"
