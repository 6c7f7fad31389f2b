# Read by scripts/run --demo: a mock upstream, and a node that is set up for it. What was done is kept as files in
# the data folder, one for each step, so that the next start repeats nothing.

DEMO_MODEL=gpt-4o
DEMO_QUOTA=500000
demo_folder=$data/demo
cli_config=$data/cli/config.json

newapi() { NEWAPI_CONFIG=$cli_config NEWAPI_URL=$node_url "$root/scripts/newapi" "$@"; }

# Does a step of the set-up, unless it was done before. Usage: once NAME COMMAND...; NAME keeps what the command prints.
once() {
    local name=$1
    shift
    if [ -f "$demo_folder/$name" ]; then return; fi
    "$@" >"$demo_folder/$name.now" || die "the demo could not be set up: $name. Another folder starts afresh: ./scripts/run --demo --data DIR"
    mv "$demo_folder/$name.now" "$demo_folder/$name"
}

# ---- the mock upstream: on the port that it had last time, if that is free

start_sandbox() {
    local log=$log_dir/sandbox-console.log wanted=0 tries=0
    mkdir -p "$demo_folder"
    if [ -f "$demo_folder/sandbox-port" ]; then
        wanted=$(cat "$demo_folder/sandbox-port")
        if answers "$wanted"; then wanted=0; fi
    fi
    start "$log" "$data" "$JAVA" $(java_options) -jar "$root/$SANDBOX_JAR" --host 127.0.0.1 --port "$wanted"
    sandbox_pid=$started
    sandbox_url=""
    until [ -n "$sandbox_url" ]; do
        if ! kill -0 "$sandbox_pid" 2>/dev/null; then
            tail -n 20 "$log" >&2
            die "the sandbox ended; its log is $log"
        fi
        tries=$((tries + 1))
        if [ "$tries" -ge 600 ]; then die "the sandbox did not start within a minute; its log is $log"; fi
        sleep 0.1
        sandbox_url=$(sed -n 's,.*\(http://127\.0\.0\.1:[0-9][0-9]*\).*,\1,p' "$log" | head -n 1)
    done
    echo "${sandbox_url##*:}" >"$demo_folder/sandbox-port"
    echo "Sandbox upstream: $sandbox_url"
}

# ---- the node, through the command line

prepare_demo() {
    mkdir -p "$data/cli"
    once root set_up_root
    if [ "$(cat "$demo_folder/upstream" 2>/dev/null)" != "$sandbox_url" ]; then
        # The mock moved to another port: its channel is made anew.
        if [ -f "$demo_folder/channel" ]; then
            newapi channel delete "$(cat "$demo_folder/channel")" >/dev/null || true
            rm -f "$demo_folder/channel"
        fi
        once channel add_channel
        echo "$sandbox_url" >"$demo_folder/upstream"
    fi
    once token newapi token create --name demo --quota "$DEMO_QUOTA" --key-only
}

# Prints the new channel's id.
add_channel() {
    echo sandbox | newapi channel add --name sandbox --type openai --base-url "$sandbox_url" --key-stdin \
        --models "$DEMO_MODEL" --output json | sed -n 's/.*"id" *: *\([0-9][0-9]*\).*/\1/p' | head -n 1
}

# The password is for people: it goes to the terminal, and into no file.
set_up_root() { newapi setup --generate-password >&2; }

show_demo() {
    local body='{"model":"'$DEMO_MODEL'","messages":[{"role":"user","content":"Hello"}]}'
    cat <<TEXT

Ask a model (the mock answers under this name):
  curl $node_url/v1/chat/completions \\
    -H 'Authorization: Bearer $(cat "$demo_folder/token")' \\
    -H 'Content-Type: application/json' -d '$body'

See what it cost:
  NEWAPI_CONFIG=$shown/cli/config.json $here/scripts/newapi log list
  NEWAPI_CONFIG=$shown/cli/config.json $here/scripts/newapi log list --explain
TEXT
}
