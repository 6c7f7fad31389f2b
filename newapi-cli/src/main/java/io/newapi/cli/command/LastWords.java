package io.newapi.cli.command;

import java.io.PrintWriter;
import java.util.function.Supplier;

/** What is said if the program is ended from outside, by Ctrl-C for example. */
final class LastWords {

    private LastWords() {}

    /** The result of {@code work}; whoever ends the program meanwhile reads {@code words}. */
    static <T> T during(Supplier<T> work, PrintWriter err, String words) {
        Thread hook = new Thread(
                () -> {
                    err.println(words);
                    err.flush();
                },
                "last-words");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            return work.get();
        } finally {
            forget(hook);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException ending) {
            // they are being said
        }
    }
}
