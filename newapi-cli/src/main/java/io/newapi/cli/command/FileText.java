package io.newapi.cli.command;

import io.newapi.cli.client.Failure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads small texts from files that the command line names. */
final class FileText {

    private static final long MOST_BYTES = 1 << 20;

    private FileText() {}

    /** The file as UTF-8 without the line end at its end; at most 1 MiB. */
    static String read(Path file) {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw Failure.ofUsage(file + " is larger than " + MOST_BYTES + " bytes", "");
            }
            return Surroundings.withoutLineEnd(Files.readString(file));
        } catch (IOException e) {
            throw Failure.ofUsage("cannot read " + file + ": " + e.getMessage(), "");
        }
    }
}
