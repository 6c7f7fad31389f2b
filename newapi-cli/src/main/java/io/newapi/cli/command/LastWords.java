package io.newapi.cli.command;

import java.io.PrintWriter;

/** What is said if the program is ended from outside, by Ctrl-C for example, before this is closed. */
final class LastWords implements AutoCloseable {

    private final Thread hook;

    LastWords(PrintWriter err, String words) {
        hook = new Thread(
                () -> {
                    err.println(words);
                    err.flush();
                },
                "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    @Override
    public void close() {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // they are being said
        }
    }
}
