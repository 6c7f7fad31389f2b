# Read by scripts/run --demo: a mock upstream, and a node that is set up for it. What was done is kept as files in
# the data folder, one for each step, so that the next start repeats nothing.

DEMO_MODEL=gpt-4o
DEMO_QUOTA=500000
demo_folder=$data/demo
cli_config=$data/cli/config.json

. "$root/scripts/lib/profile.sh"

# The command line as the demo needs it, whatever the shell is set up for.
newapi() {
    (
        unset "${!NEWAPI_@}"
        export NEWAPI_CONFIG=$cli_config NEWAPI_URL=$node_url
        exec "$root/scripts/newapi" "$@"
    )
}

# Does a step of the set-up, unless it was done before. Usage: once NAME COMMAND...; NAME keeps what the command prints,
# which is something: a file without anything in it is left from a full disk.
once() {
    local name=$1
    shift
    if [ -s "$demo_folder/$name" ]; then return; fi
    { "$@" >"$demo_folder/$name.now" && [ -s "$demo_folder/$name.now" ]; } || die "the demo could not be set up: $name. Another folder starts afresh: ./scripts/run --demo --data DIR"
    mv "$demo_folder/$name.now" "$demo_folder/$name"
}

# ---- the mock upstream: on the port that it had last time, if that is free

start_sandbox() {
    local wanted=0 tries=0
    local log=${log_dir:-$demo_folder}/sandbox-console.log said=$demo_folder/sandbox-said.$$
    mkdir -p "$demo_folder"
    if [ -f "$demo_folder/sandbox-port" ]; then
        wanted=$(cat "$demo_folder/sandbox-port")
        if answers "$wanted"; then wanted=0; fi
    fi
    : >"$said"
    start "$said" "$log" "$data" "$JAVA" $(java_options) -jar "$root/$SANDBOX_JAR" --host 127.0.0.1 --port "$wanted"
    sandbox_pid=$started
    sandbox_url=""
    until [ -n "$sandbox_url" ]; do
        if ! kill -0 "$sandbox_pid" 2>/dev/null; then
            tail -n 20 "$said" "$log" >&2
            rm -f "$said"
            die "the sandbox ended; its log is $log"
        fi
        tries=$((tries + 1))
        if [ "$tries" -ge 600 ]; then die "the sandbox did not start within a minute; its log is $log"; fi
        sleep 0.1
        sandbox_url=$(sed -n 's,.*\(http://127\.0\.0\.1:[0-9][0-9]*\).*,\1,p' "$said" | head -n 1)
    done
    # It says no more.
    rm -f "$said"
    echo "Sandbox upstream: $sandbox_url"
}

# ---- the node, through the command line

prepare_demo() {
    mkdir -p "$data/cli"
    # By now the node has the data folder for itself.
    echo "${sandbox_url##*:}" >"$demo_folder/sandbox-port"
    move_profile
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

# A token goes only to the address that its profile names: when the node has moved to another port, so has the profile.
move_profile() {
    local before=""
    if [ -s "$demo_folder/url" ]; then before=$(cat "$demo_folder/url"); fi
    if [ -n "$before" ] && [ "$before" != "$node_url" ] && [ -f "$cli_config" ]; then
        sed 's,"'"${before//./\\.}"'","'"$node_url"'",' "$cli_config" >"$cli_config.now"
        mv "$cli_config.now" "$cli_config"
    fi
    echo "$node_url" >"$demo_folder/url"
}

# Prints the new channel's id.
add_channel() {
    echo sandbox | newapi channel add --name sandbox --type openai --base-url "$sandbox_url" --key-stdin \
        --models "$DEMO_MODEL" --output json | sed -n 's/.*"id" *: *\([0-9][0-9]*\).*/\1/p' | head -n 1
}

# The password is for people: it goes to the terminal, and into no file.
set_up_root() { newapi setup --generate-password >&2 && echo "set up"; }

# Before a command that is printed: what it needs to reach this node in the shell that this script was called from.
cli_setting() {
    local variable
    if [ -n "${NEWAPI_CLI_JAR:-}" ]; then printf 'NEWAPI_CLI_JAR= '; fi
    if [ "$data" = "$root/data" ] && takes_demo_profile "$cli_config"; then return; fi
    for variable in NEWAPI_URL NEWAPI_TOKEN NEWAPI_PROFILE; do
        if [ -n "${!variable:-}" ]; then printf '%s= ' "$variable"; fi
    done
    printf 'NEWAPI_CONFIG=%s ' "$(typed "$cli_config")"
}

show_demo() {
    local body='{"model":"'$DEMO_MODEL'","messages":[{"role":"user","content":"Hello"}]}'
    cat <<TEXT

Ask a model (the mock answers under this name):
  curl $node_url/v1/chat/completions \\
    -H 'Authorization: Bearer $(cat "$demo_folder/token")' \\
    -H 'Content-Type: application/json' -d '$body'

See what it cost:
  $(cli_setting)$(typed "$root/scripts/newapi") log list
  $(cli_setting)$(typed "$root/scripts/newapi") log list --explain
TEXT
}
