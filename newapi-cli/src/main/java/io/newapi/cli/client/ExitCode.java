package io.newapi.cli.client;

/** How the program ends; scripts may rely on the numbers. */
public enum ExitCode {
    /** It is done. */
    OK(0),
    /** The server understood and refused. */
    REFUSED(1),
    /** The command line is wrong. */
    USAGE(2),
    /** No connection, no answer in time, or no gateway at the address. */
    UNREACHABLE(3),
    /** No credential, or one that the server does not accept. */
    NOT_AUTHENTICATED(4),
    /** What was named does not exist. */
    NOT_FOUND(5),
    /** What was checked is not in order. */
    DIFFERENCES(6),
    /** A fault of this program, or its output was lost. */
    INTERNAL(70);

    private final int number;

    ExitCode(int number) {
        this.number = number;
    }

    /** What the operating system is told. */
    public int number() {
        return number;
    }
}
