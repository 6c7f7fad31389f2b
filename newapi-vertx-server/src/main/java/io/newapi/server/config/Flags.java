package io.newapi.server.config;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line: {@code --name value} or {@code --name=value}, with one dash or two.
 *
 * @param port the text of {@code --port}; null if it was not given
 * @param logDir the value of {@code --log-dir}; empty for no log file, null if it was not given
 * @param action what is asked for
 */
record Flags(@Nullable String port, @Nullable String logDir, Action action) {

    static final int DEFAULT_PORT = 3000;

    static final String USAGE = """
            Usage: newapi-server [flags]

              --port N          port to listen on (default 3000); the variable PORT wins
              --log-dir DIR     directory of log files; empty for no file (default /app/logs where
                                it is there and can be written to, as in containers, else ./logs)
              --check-config    check the configuration, print it with secrets masked, and exit
              --help-env        print all environment variables and exit
              --version         print the version and exit
              --help            print this and exit

            Settings are environment variables, or lines NAME=value in a file .env in the working directory.
            """;

    /** What the process is asked to do. */
    enum Action {
        SERVE,
        CHECK_CONFIG,
        HELP_ENV,
        VERSION,
        HELP
    }

    /** The command line cannot be understood; the message says why. */
    static final class BadFlagException extends Exception {
        BadFlagException(String message) {
            super(message);
        }
    }

    /** @throws BadFlagException if a flag is unknown or its value is missing or wrong */
    static Flags parse(List<String> args) throws BadFlagException {
        Deque<String> rest = new ArrayDeque<>(args);
        Flags flags = new Flags(null, null, Action.SERVE);
        while (!rest.isEmpty()) {
            String arg = rest.removeFirst();
            String flag = arg.startsWith("--") ? arg.substring(2) : arg.startsWith("-") ? arg.substring(1) : "";
            int equals = flag.indexOf('=');
            String name = equals < 0 ? flag : flag.substring(0, equals);
            String value = equals < 0 ? null : flag.substring(equals + 1);
            flags = switch (name) {
                case "port" -> new Flags(port(required(arg, value, rest)), flags.logDir(), flags.action());
                case "log-dir" -> new Flags(flags.port(), required(arg, value, rest), flags.action());
                case "check-config" -> flags.with(Action.CHECK_CONFIG, arg, value);
                case "help-env" -> flags.with(Action.HELP_ENV, arg, value);
                case "version" -> flags.with(Action.VERSION, arg, value);
                case "help", "h" -> flags.with(Action.HELP, arg, value);
                default -> throw new BadFlagException("unknown argument: " + Settings.printable(arg));
            };
        }
        return flags;
    }

    private static String required(String arg, @Nullable String value, Deque<String> rest) throws BadFlagException {
        if (value != null) {
            return value;
        }
        if (rest.isEmpty()) {
            throw new BadFlagException(arg + " needs a value");
        }
        return rest.removeFirst();
    }

    private static String port(String text) throws BadFlagException {
        try {
            HttpConfig.PORT.kind().reader().read(text, warning -> {});
            return text;
        } catch (BadValueException e) {
            throw new BadFlagException("--port " + e.expected() + ", but is '" + Settings.printable(text) + "'");
        }
    }

    /** The first action asked for wins. */
    private Flags with(Action asked, String arg, @Nullable String value) throws BadFlagException {
        if (value != null && !value.equals("true") && !value.equals("false")) {
            throw new BadFlagException(Settings.printable(arg) + " is on or off: it takes no value but true or false");
        }
        boolean on = !"false".equals(value) && action == Action.SERVE;
        return on ? new Flags(port, logDir, asked) : this;
    }
}
