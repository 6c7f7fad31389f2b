package io.newapi.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Lets a process stand still, as a machine does that is suspended or has no memory left: its connections stay. */
public final class Freezing {

    private Freezing() {}

    /** From now on it does nothing. */
    public static void freeze(Process process) {
        freeze(process.pid());
    }

    /** The same for a process of that number. */
    static void freeze(long process) {
        signal(process, "-STOP");
    }

    /** It goes on where it was frozen. */
    public static void thaw(Process process) {
        thaw(process.pid());
    }

    /** The same for a process of that number. */
    static void thaw(long process) {
        signal(process, "-CONT");
    }

    private static void signal(long process, String name) {
        try {
            Process kill = new ProcessBuilder("kill", name, Long.toString(process)).start();
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IllegalStateException("kill " + name + " did not work");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot send a signal", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
