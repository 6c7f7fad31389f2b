# Read by backup.sh and restore.sh: which database a node has, and how to speak to it. For bash.

die() {
    echo "${0##*/}: $*" >&2
    exit 1
}

# Takes SQL_DSN, LOG_SQL_DSN and SQLITE_PATH from the file $1, as nodes, compose and systemd read it: NAME=value, maybe in quotes.
read_settings() {
    local line name value
    while IFS= read -r line || [ -n "$line" ]; do
        line=${line#export }
        name=${line%%=*}
        case $name in
            SQL_DSN | LOG_SQL_DSN | SQLITE_PATH) ;;
            *) continue ;;
        esac
        value=${line#*=}
        value=${value%$'\r'}
        case $value in
            \"*\") value=${value#\"} value=${value%\"} ;;
            \'*\') value=${value#\'} value=${value%\'} ;;
        esac
        printf -v "$name" %s "$value"
    done <"$1"
}

# The first of these programs that is installed; MariaDB and MySQL name them differently.
first_program() {
    local name
    for name in "$@"; do
        if command -v "$name" >/dev/null 2>&1; then
            echo "$name"
            return
        fi
    done
    die "none of these is installed: $*"
}

# Whether the text names a server; else the database is the SQLite file.
is_server() { case $1 in "" | local*) return 1 ;; *) return 0 ;; esac; }

# Splits user:password@tcp(host:port)/database?parameters, from its end, since a password may hold anything. Sets "database",
# and writes the file $2, which clients are told instead of the password, which other users of this machine would see.
open_server() {
    local rest=${1%/*} login address kind
    database=${1##*/}
    database=${database%%\?*}
    case $rest in *@*) login=${rest%@*} rest=${rest##*@} ;; *) login="" ;; esac
    kind=${rest%%(*}
    address=${rest#*(}
    address=${address%)}
    [ -n "$database" ] || die "the DSN names no database"
    {
        echo "[client]"
        echo "user=$(quoted "${login%%:*}")"
        case $login in *:*) echo "password=$(quoted "${login#*:}")" ;; esac
        case $kind in
            unix) echo "socket=$(quoted "$address")" ;;
            tcp)
                local port=3306
                case $address in
                    \[*\]:*) port=${address##*:} address=${address%:*} ;;
                    \[*\]) ;;
                    *:*) port=${address##*:} address=${address%:*} ;;
                esac
                address=${address#[}
                address=${address%]}
                echo "protocol=tcp"
                echo "host=$(quoted "${address:-127.0.0.1}")"
                echo "port=$port"
                ;;
            *) die "the DSN must be of the form user:password@tcp(host:port)/database" ;;
        esac
    } >"$2"
}

quoted() {
    local text=${1//\\/\\\\}
    printf '"%s"' "${text//\"/\\\"}"
}

sqlite_file() {
    local path=${SQLITE_PATH:-one-api.db}
    path=${path#file:}
    echo "${path%%\?*}"
}
