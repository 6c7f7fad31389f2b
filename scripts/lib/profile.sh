# Read by scripts/newapi and scripts/run, in any POSIX shell: which profile file the command line takes.

# Whether a command line that was told nothing takes the demo's profile file $1: nothing else says which gateway is
# meant, neither a variable nor a profile file of the user's own.
takes_demo_profile() {
    [ -r "$1" ] || return 1
    [ -z "${NEWAPI_CONFIG:-}${NEWAPI_URL:-}${NEWAPI_TOKEN:-}${NEWAPI_PROFILE:-}" ] || return 1
    # A relative XDG_CONFIG_HOME is to be ignored, as the program does.
    case ${XDG_CONFIG_HOME:-} in
        /*) [ ! -e "$XDG_CONFIG_HOME/newapi/config.json" ] ;;
        *) [ ! -e "${HOME:-}/.config/newapi/config.json" ] ;;
    esac
}
