# Read by scripts/run: building, starting and stopping the programs. Works in bash 3.2, which macOS has.

SERVER_JAR=newapi-vertx-server/target/newapi-server.jar
SANDBOX_JAR=newapi-cli/sandbox/target/newapi-sandbox.jar
CLI_JAR=newapi-cli/target/newapi-cli.jar
BUILT=target/programs-built

node_pid=""
sandbox_pid=""

# ---- building

# Something that was changed since the last build, if anything was.
newer_source() {
    find pom.xml newapi-core newapi-cli newapi-vertx-server \
        \( -name target -o -name test -o -name node_modules \) -prune -o \
        -type f \( -path '*/src/*' -o -name pom.xml \) -newer "$BUILT" -print | head -n 1
}

build_programs() {
    local jar missing=""
    for jar in "$SERVER_JAR" "$SANDBOX_JAR" "$CLI_JAR"; do
        if [ ! -f "$jar" ]; then missing=$jar; fi
    done
    if [ -z "$missing" ] && [ -f "$BUILT" ] && [ -z "$(newer_source)" ]; then return; fi
    if [ -n "$missing" ]; then
        echo "Building; the first time this downloads libraries and takes a few minutes ..."
    else
        echo "Building what has changed ..."
    fi
    mkdir -p target
    # As old as the start of the build: a change made meanwhile is built next time.
    touch "$BUILT.now"
    if ! ./mvnw -B -ntp -Pquick -pl newapi-vertx-server,newapi-cli,newapi-cli/sandbox -am package >target/build.log 2>&1; then
        grep -E '^\[(ERROR|WARNING)\] .' target/build.log | head -n 30 >&2
        die "the build failed; all of its output is in $PWD/target/build.log"
    fi
    mv "$BUILT.now" "$BUILT"
}

# ---- settings

# Sets port and shutdown_seconds as the node will have them. Asks the node itself: it alone knows how its file .env is to
# be read.
ask_for_settings() {
    local settings
    settings=$(cd "$data" && "$JAVA" $(java_options) -jar "$root/$SERVER_JAR" \
        --check-config ${port_option:+--port "$port_option"}) || die "a node cannot start with these settings"
    port=$(printf '%s\n' "$settings" | sed -n 's/^PORT=\([0-9]*\) .*/\1/p')
    shutdown_seconds=$(printf '%s\n' "$settings" | sed -n 's/^SHUTDOWN_TIMEOUT_SECONDS=\([0-9]*\) .*/\1/p')
}

# ---- talking to a port of this machine, without a program for it

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Whether GET $2 on port $1 is answered with 200.
is_ok() {
    (
        exec 3<>"/dev/tcp/127.0.0.1/$1" || exit 1
        printf 'GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n' "$2" >&3
        read -r -t 5 _ code _ <&3 && [ "$code" = 200 ]
    ) 2>/dev/null
}

# ---- starting

# Starts a program in the background as a process group of its own, so that Ctrl-C reaches this script only, which then
# stops one after the other. Nothing is cut off a file that another run may be writing to. Sets "started".
# Usage: start OUTPUT ERRORS FOLDER COMMAND...; files, or - for where this script writes to.
start() {
    local output=$1 errors=$2 folder=$3
    shift 3
    set -m
    (
        if [ "$output" != - ]; then exec >>"$output"; fi
        if [ "$errors" != - ]; then exec 2>>"$errors"; fi
        cd "$folder" && exec "$@"
    ) </dev/null &
    started=$!
    set +m
}

java_options() {
    # Netty uses Unsafe, of which JDK 24 and later warn.
    if [ "$JAVA_VERSION" -ge 24 ]; then echo "--sun-misc-unsafe-memory-access=allow"; fi
}

# With a log folder the node's lines are in newapi.log, which is rotated; beside it is kept what the JVM itself says.
start_node() {
    local output=- errors=- tries=0
    if [ -n "$log_dir" ]; then
        output=/dev/null
        errors=$log_dir/node-console.log
        # What is behind this is of this start.
        console_bytes=$(($(wc -c 2>/dev/null <"$errors" || echo 0)))
    fi
    # JAVA_OPTS is a list of options: it is meant to be split.
    # shellcheck disable=SC2046,SC2086
    PORT=$port start "$output" "$errors" "$data" \
        "$JAVA" $(java_options) ${JAVA_OPTS:-} -jar "$root/$SERVER_JAR" --log-dir "$log_dir"
    node_pid=$started
    until is_ok "$port" /api/status; do
        if ! kill -0 "$node_pid" 2>/dev/null; then node_died; fi
        tries=$((tries + 1))
        if [ "$tries" -ge 1200 ]; then
            show_node_log
            die "the node did not become ready within two minutes"
        fi
        sleep 0.1
    done
}

node_died() {
    local status=0
    wait "$node_pid" || status=$?
    node_pid=""
    echo "The node ended with status $status." >&2
    show_node_log
    exit 1
}

show_node_log() {
    if [ -z "$log_dir" ]; then return; fi
    echo "The end of its log ($log_dir/newapi.log):" >&2
    tail -n 20 "$log_dir/newapi.log" >&2 || true
    echo "What it said besides ($log_dir/node-console.log):" >&2
    tail -c "+$((console_bytes + 1))" "$log_dir/node-console.log" | tail -n 20 >&2
}

# Until Ctrl-C, or until the node ends by itself.
watch_node() {
    wait "$node_pid" || true
    node_died
}

# ---- stopping

# Asks process $1 to end, and waits for it as long as calls may go on and half a minute for the books; called $2.
stop_program() {
    local tries=0 seconds=8
    case ${shutdown_seconds:-} in "" | *[!0-9]* | ??????*) ;; *) seconds=$shutdown_seconds ;; esac
    seconds=$((seconds + 35))
    if [ -z "$1" ]; then return; fi
    kill -TERM "$1" 2>/dev/null || return 0
    while kill -0 "$1" 2>/dev/null; do
        tries=$((tries + 1))
        if [ "$tries" -ge $((seconds * 10)) ]; then
            echo "The $2 did not end within $seconds seconds; killing it." >&2
            kill -KILL "$1" 2>/dev/null || true
            return
        fi
        sleep 0.1
    done
}

# The node first: requests that it still relays need the upstream.
stop_programs() {
    trap '' INT TERM HUP
    # The terminal may be gone: nothing here may depend on being able to say something.
    set +e
    if [ -n "$node_pid" ]; then echo "Stopping ..." 2>/dev/null; fi
    stop_program "$node_pid" node
    stop_program "$sandbox_pid" sandbox
}
