# Read by the other scripts: finds a JDK. Works in bash 3.2, which macOS has.

OLDEST_JAVA=17

# Where a java may be, best first, one per line; in the folder $1 only, if given.
java_candidates() {
    if [ -n "$1" ]; then
        echo "$1/bin/java"
        echo "$1/Contents/Home/bin/java"
        return
    fi
    if [ -n "${JAVA_HOME:-}" ]; then echo "$JAVA_HOME/bin/java"; fi
    command -v java || true
    if [ -x /usr/libexec/java_home ]; then
        echo "$(/usr/libexec/java_home -v "$OLDEST_JAVA+" 2>/dev/null)/bin/java"
    fi
}

# Version and home of the JDK that the program $1 belongs to, as "VERSION HOME"; nothing if there is none.
jdk_facts() {
    local settings home version
    if [ ! -x "$1" ]; then return; fi
    settings=$("$1" -XshowSettings:properties -version 2>&1) || return 0
    home=$(echo "$settings" | sed -n 's/^ *java\.home = //p')
    version=$(echo "$settings" | sed -n 's/^ *java\.specification\.version = //p')
    if [ -x "$home/bin/javac" ]; then echo "${version#1.} $home"; fi
}

# Sets and exports JAVA_HOME, and sets JAVA and JAVA_VERSION: from the folder $1 if given, else from JAVA_HOME,
# the PATH, or where macOS keeps its JDKs. Fails with a message if none is new enough.
use_jdk() {
    local candidate facts found=""
    while IFS= read -r candidate; do
        facts=$(jdk_facts "$candidate")
        if [ -z "$facts" ]; then continue; fi
        found="$found ${facts%% *}"
        if [ "${facts%% *}" -ge "$OLDEST_JAVA" ]; then
            JAVA_VERSION=${facts%% *}
            JAVA_HOME=${facts#* }
            JAVA=$JAVA_HOME/bin/java
            export JAVA_HOME
            return 0
        fi
    done <<LIST
$(java_candidates "$1")
LIST
    if [ -n "$found" ]; then
        echo "A JDK of version $OLDEST_JAVA or later is needed; found:$found. Set JAVA_HOME to a newer one." >&2
    elif [ -n "$1" ]; then
        echo "There is no JDK in $1." >&2
    else
        echo "A JDK of version $OLDEST_JAVA or later is needed (a JRE has no compiler). Install one, or set JAVA_HOME." >&2
    fi
    return 1
}
