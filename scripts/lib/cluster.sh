# Read by scripts/cluster: the programs of a cluster on one machine. Each has a folder in $dir and a file in $dir/run, which
# holds the number of its process and when that began. Works in bash 3.2, which macOS has.

NODES="master slave-1 slave-2"

# The port of a program.
port_of() {
    case $1 in
        nginx) echo "$port" ;;
        master) echo $((port + 1)) ;;
        slave-1) echo $((port + 2)) ;;
        slave-2) echo $((port + 3)) ;;
        mariadb) echo $((port + 6)) ;;
        redis) echo $((port + 7)) ;;
    esac
}

# ---- processes

# When a process began; nothing if there is none, or nothing but its exit status. With its number it names one process for ever.
began() {
    case $(ps -o stat= -p "$1" 2>/dev/null) in "" | Z*) return ;; esac
    ps -o lstart= -p "$1" 2>/dev/null | tr -s ' '
}

# The number of the process of program $1; fails if it does not run.
running() {
    local pid since
    { read -r pid && read -r since; } 2>/dev/null <"$dir/run/$1" || return 1
    [ "$(began "$pid")" = "$since" ] || return 1
    echo "$pid"
}

# Starts program $1 and notes its process. Usage: launch NAME FOLDER COMMAND...
launch() {
    local name=$1 folder=$2
    shift 2
    start "$dir/$name/console.log" "$dir/$name/console.log" "$folder" "$@"
    printf '%s\n%s\n' "$started" "$(began "$started")" >"$dir/run/$name"
}

# Waits until a command succeeds, or program $1 has ended. Usage: await NAME COMMAND...
await() {
    local name=$1 tries=0
    shift
    until "$@"; do
        if ! running "$name" >/dev/null; then
            tail -n 20 "$dir/$name/console.log" >&2
            die "$name has ended; its output is in $dir/$name"
        fi
        tries=$((tries + 1))
        [ "$tries" -lt 1200 ] || die "$name did not come up within two minutes; its output is in $dir/$name"
        sleep 0.1
    done
}

require_free() {
    if answers "$(port_of "$1")"; then
        die "port $(port_of "$1") is in use, which $1 needs. Choose others: ./scripts/cluster up --port N"
    fi
}

# ---- programs of the distribution

# Where the server program $1 is; its folder is often not on the PATH of ordinary users.
server_program() {
    local folder
    for folder in $(echo "$PATH" | tr ':' ' ') /usr/sbin /usr/bin /usr/local/bin /opt/homebrew/bin; do
        if [ -x "$folder/$1" ]; then
            echo "$folder/$1"
            return
        fi
    done
    return 1
}

require_programs() {
    local program missing=""
    for program in mariadbd mariadb-install-db redis-server nginx; do
        server_program "$program" >/dev/null || missing="$missing $program"
    done
    if [ -n "$missing" ]; then
        echo "cluster: not installed:$missing" >&2
        echo "  Debian, Ubuntu: sudo apt-get install mariadb-server redis-server nginx-light" >&2
        echo "  macOS:          brew install mariadb redis nginx" >&2
        exit 1
    fi
}

# ---- secrets: made once, and in files that are their owner's alone

secret() {
    if [ ! -s "$dir/secrets/$1" ]; then
        od -An -N 24 -tx1 /dev/urandom | tr -d ' \n' >"$dir/secrets/$1.now"
        mv "$dir/secrets/$1.now" "$dir/secrets/$1"
    fi
    cat "$dir/secrets/$1"
}

# ---- starting

start_mariadb() {
    local folder=$dir/mariadb user=()
    if running mariadb >/dev/null; then return; fi
    require_free mariadb
    mkdir -p "$folder"
    if [ "$(id -u)" -eq 0 ]; then user=(--user=root); fi
    if [ ! -d "$folder/data/mysql" ]; then
        rm -rf "$folder/data"
        "$(server_program mariadb-install-db)" --no-defaults "--datadir=$folder/data" --skip-test-db ${user[@]+"${user[@]}"} \
            >"$folder/install.log" 2>&1 || die "the database could not be made; see $folder/install.log"
    fi
    # Carried out at each start.
    cat >"$folder/init.sql" <<SQL
create database if not exists \`new-api\` character set utf8mb4;
create user if not exists 'newapi'@'127.0.0.1' identified by '$(secret mariadb)';
grant all on \`new-api\`.* to 'newapi'@'127.0.0.1';
SQL
    # The socket is in the data folder: the path of another may be too long for one.
    launch mariadb "$folder" "$(server_program mariadbd)" --no-defaults "--datadir=$folder/data" --socket=socket \
        "--pid-file=$folder/pid" "--port=$(port_of mariadb)" --bind-address=127.0.0.1 --skip-name-resolve \
        "--init-file=$folder/init.sql" --character-set-server=utf8mb4 ${user[@]+"${user[@]}"}
    await mariadb answers "$(port_of mariadb)"
}

start_redis() {
    local folder=$dir/redis
    if running redis >/dev/null; then return; fi
    require_free redis
    mkdir -p "$folder"
    cat >"$folder/redis.conf" <<CONFIGURATION
port $(port_of redis)
bind 127.0.0.1
requirepass $(secret redis)
save ""
appendonly no
CONFIGURATION
    launch redis "$folder" "$(server_program redis-server)" "$folder/redis.conf"
    await redis answers "$(port_of redis)"
}

# Usage: start_cluster_node NAME TYPE
start_cluster_node() {
    local name=$1 folder=$dir/$1
    if running "$name" >/dev/null; then return; fi
    require_free "$name"
    mkdir -p "$folder"
    cat >"$folder/.env" <<SETTINGS
# Written by scripts/cluster at each start.
PORT=$(port_of "$name")
NODE_TYPE=$2
NODE_NAME=$name
SQL_DSN='newapi:$(secret mariadb)@tcp(127.0.0.1:$(port_of mariadb))/new-api'
REDIS_CONN_STRING=redis://127.0.0.1:$(port_of redis)
REDIS_PASSWORD=$(secret redis)
SESSION_SECRET=$(secret session)
CRYPTO_SECRET=$(secret crypto)
FRONTEND_BASE_URL=http://127.0.0.1:$port
SETTINGS
    # Without what the shell happens to be set up for.
    # shellcheck disable=SC2046
    launch "$name" "$folder" env -i PATH="$PATH" HOME="${HOME:-$dir}" LANG=C.UTF-8 \
        "$JAVA" -Xmx512m $(java_options) -jar "$root/$SERVER_JAR" --log-dir "$folder/logs"
}

# The file that is shipped, with the addresses of this machine and places that are not root's.
start_nginx() {
    local folder=$dir/nginx kind own=""
    if running nginx >/dev/null; then return; fi
    require_free nginx
    mkdir -p "$folder"
    for kind in client_body proxy fastcgi uwsgi scgi; do own="$own ${kind}_temp_path $folder/$kind;"; done
    sed -e "s,listen 80;,listen 127.0.0.1:$port;," \
        -e "s,^http {,http {$own," \
        -e "s,/dev/stdout,$folder/access.log," \
        -e "s,/dev/stderr,$folder/error.log," \
        -e "s,new-api-master:3000,127.0.0.1:$(port_of master)," \
        -e "s,new-api-slave-1:3000,127.0.0.1:$(port_of slave-1)," \
        -e "s,new-api-slave-2:3000,127.0.0.1:$(port_of slave-2)," \
        examples/cluster/nginx.conf >"$folder/nginx.conf"
    launch nginx "$folder" "$(server_program nginx)" -p "$folder" -e "$folder/error.log" -c "$folder/nginx.conf" \
        -g "daemon off; pid $folder/pid;"
    await nginx answers "$port"
}

cluster_up() {
    local name
    require_programs
    build_programs
    umask 077
    mkdir -p "$dir/run" "$dir/secrets" "$dir/cli"
    if [ "$port" != "$(cat "$dir/port" 2>/dev/null || echo "$port")" ]; then
        for name in nginx $NODES mariadb redis; do
            if running "$name" >/dev/null; then die "it runs on other ports: ./scripts/cluster down, then up"; fi
        done
        # The profile names the address that it is for.
        if [ -f "$dir/cli/config.json" ]; then
            sed "s,127.0.0.1:$(cat "$dir/port")\",127.0.0.1:$port\"," "$dir/cli/config.json" >"$dir/cli/config.json.now"
            mv "$dir/cli/config.json.now" "$dir/cli/config.json"
        fi
    fi
    echo "$port" >"$dir/port"
    start_mariadb
    start_redis
    # The tables are made by the first.
    start_cluster_node master master
    await master is_ok "$(port_of master)" /api/status
    start_cluster_node slave-1 slave
    start_cluster_node slave-2 slave
    await slave-1 is_ok "$(port_of slave-1)" /api/status
    await slave-2 is_ok "$(port_of slave-2)" /api/status
    start_nginx
    if [ ! -f "$dir/cli/config.json" ]; then cluster_cli setup --url "http://127.0.0.1:$port" --generate-password; fi
    cat <<TEXT
All of it      http://127.0.0.1:$port   (nginx; API and pages)
The nodes      http://127.0.0.1:$(port_of master) (master), :$(port_of slave-1) and :$(port_of slave-2) (slaves)
Data and logs  $dir

The user root was made by the first start, which printed its password. The command line is set up:
  NEWAPI_CONFIG=$dir/cli/config.json ./scripts/newapi channel list
  ./scripts/cluster status
  ./scripts/cluster down
TEXT
}

# The command line, as this cluster needs it.
cluster_cli() {
    (
        unset "${!NEWAPI_@}"
        export NEWAPI_CONFIG=$dir/cli/config.json
        exec "$root/scripts/newapi" "$@"
    )
}

# ---- looking and stopping

cluster_status() {
    local name pid state bad=0
    for name in nginx $NODES mariadb redis; do
        if pid=$(running "$name"); then
            state="running"
            case " $NODES " in
                *" $name "*) if is_ok "$(port_of "$name")" /readyz; then state="ready"; else state="not ready" bad=1; fi ;;
            esac
        else
            pid=- state="not running" bad=1
        fi
        printf '%-9s port %-5s  process %-8s %s\n' "$name" "$(port_of "$name")" "$pid" "$state"
    done
    return "$bad"
}

# Asks for an end, in the order of those who need each other, and waits for it.
cluster_down() {
    local name pid
    stop_one nginx QUIT
    for name in $NODES; do
        if pid=$(running "$name"); then kill -TERM "$pid" 2>/dev/null || true; fi
    done
    for name in $NODES redis mariadb; do stop_one "$name" TERM; done
    echo "Stopped. The data is in $dir."
}

# Usage: stop_one NAME SIGNAL
stop_one() {
    local pid tries=0
    if pid=$(running "$1"); then
        kill "-$2" "$pid" 2>/dev/null || true
        while running "$1" >/dev/null; do
            tries=$((tries + 1))
            if [ "$tries" -ge 600 ]; then
                echo "$1 does not end; killing it" >&2
                kill -KILL "$pid" 2>/dev/null || true
                break
            fi
            sleep 0.1
        done
    fi
    rm -f "$dir/run/$1"
}
