package io.newapi.server.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;

/** Lets a process stand still, as a machine does that is suspended or has no memory left: its connections stay. */
public final class Freezing {

    private Freezing() {}

    /** From now on it does nothing. */
    public static void freeze(Process process) {
        signal(process, "-STOP");
    }

    /** It goes on where it was frozen. */
    public static void thaw(Process process) {
        signal(process, "-CONT");
    }

    private static void signal(Process process, String name) {
        try {
            Process kill = new ProcessBuilder("kill", name, Long.toString(process.pid())).start();
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
