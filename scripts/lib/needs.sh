# Read by scripts/test: one function for each program that tests need besides the JDK. Each takes what is installed,
# else installs it, adds to the array maven_settings what the tests must know, and fails if it is not to be had.

NODE_TESTS=newapi-vertx-server/src/test/node
OLDEST_NODE=20

# Installs packages of the distribution: install_packages "APT NAMES" "HOMEBREW NAMES". Names, not options: no quotes.
install_packages() {
    local sudo=""
    if [ "$(uname -s)" = Darwin ]; then
        command -v brew >/dev/null 2>&1 || return 1
        echo "Installing $2 with Homebrew"
        brew install $2 >>"$log" 2>&1
        return
    fi
    command -v apt-get >/dev/null 2>&1 || return 1
    if [ "$(id -u)" -ne 0 ]; then
        sudo -n true 2>/dev/null || return 1
        sudo="sudo -n"
    fi
    echo "Installing $1 with apt"
    {
        $sudo apt-get update -qq &&
            $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $1
    } >>"$log" 2>&1
}

node_is_new_enough() {
    local version
    command -v node >/dev/null 2>&1 && command -v npm >/dev/null 2>&1 || return 1
    version=$(node --version 2>/dev/null) || return 1
    version=${version#v}
    [ "${version%%.*}" -ge "$OLDEST_NODE" ] 2>/dev/null
}

# Node.js, and the client libraries from npm that the tests speak through.
provide_node() {
    local installed=$NODE_TESTS/node_modules/.package-lock.json
    if ! node_is_new_enough; then
        install_packages "nodejs npm" "node" || echo "Node.js could not be installed" >&2
        if ! node_is_new_enough; then
            echo "Node.js $OLDEST_NODE or later with npm is needed; found: $(node --version 2>/dev/null || echo none)" >&2
            return 1
        fi
    fi
    if [ ! -f "$installed" ] || [ "$NODE_TESTS/package-lock.json" -nt "$installed" ]; then
        echo "Installing the npm packages of $NODE_TESTS"
        if ! (cd "$NODE_TESTS" && npm ci --ignore-scripts --no-audit --no-fund) >>"$log" 2>&1; then
            echo "npm ci failed in $NODE_TESTS:" >&2
            tail -n 15 "$log" >&2
            return 1
        fi
    fi
    maven_settings+=("-Dnewapi.test.node=$(command -v node)")
}
