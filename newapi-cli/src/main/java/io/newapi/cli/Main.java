package io.newapi.cli;

import io.newapi.cli.command.NewApiCommand;
import io.newapi.cli.command.Surroundings;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;

/** Runs one command in this process's surroundings and ends the process with its exit code. */
public final class Main {

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (Boolean.getBoolean("newapi.rehearsal")) {
            Rehearsal.run();
            return;
        }
        Surroundings surroundings = new Surroundings(
                System.getenv(),
                Path.of(System.getProperty("user.home", ".")),
                System.in,
                writer(FileDescriptor.out),
                writer(FileDescriptor.err),
                new ConsoleTerminal(),
                InstantSource.system());
        System.exit(NewApiCommand.run(surroundings, arguments));
    }

    /** UTF-8 whatever the locale says: JSON has no other encoding, and names are written in all scripts. */
    private static PrintWriter writer(FileDescriptor descriptor) {
        return new PrintWriter(new OutputStreamWriter(new FileOutputStream(descriptor), StandardCharsets.UTF_8), false);
    }
}
