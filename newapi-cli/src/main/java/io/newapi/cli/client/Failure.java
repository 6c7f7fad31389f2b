package io.newapi.cli.client;

/** Ends a command with one line for people and an exit code for scripts. Neither text may carry a secret. */
public final class Failure extends RuntimeException {

    private static final int MOST_CHARS = 500;

    private final ExitCode code;
    private final String hint;

    /**
     * @param hint what to do about it, empty if there is nothing to say
     */
    public Failure(ExitCode code, String message, String hint) {
        super(message);
        this.code = code;
        this.hint = hint;
    }

    /** A wrong use that the option parser could not see. */
    public static Failure ofUsage(String message, String hint) {
        return new Failure(ExitCode.USAGE, message, hint);
    }

    /** The same failure with another hint. */
    public Failure withHint(String other) {
        return new Failure(code, String.valueOf(getMessage()), other);
    }

    /** How the program ends. */
    public ExitCode code() {
        return code;
    }

    /** Message and hint in one line, without characters that are not seen but act; texts of a server may hold any. */
    public String line() {
        String message = String.valueOf(getMessage());
        return oneLine(hint.isEmpty() ? message : message + " (" + hint + ")");
    }

    private static String oneLine(String text) {
        String line = text.replaceAll("[\\p{C}\\p{Zl}\\p{Zp}]+", " ").strip();
        return line.length() <= 2 * MOST_CHARS ? line : line.substring(0, 2 * MOST_CHARS) + "...";
    }
}
