package io.newapi.cli.command;

import io.newapi.cli.client.Failure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;

/**
 * What a command sees of the world.
 *
 * @param variables environment variables
 * @param home the user's home directory
 * @param in standard input
 * @param out standard output
 * @param err standard error
 * @param terminal the person who started the command, if there is one
 * @param clock the time
 */
public record Surroundings(
        Map<String, String> variables,
        Path home,
        InputStream in,
        PrintWriter out,
        PrintWriter err,
        Terminal terminal,
        InstantSource clock) {

    private static final int MOST_INPUT_BYTES = 1 << 20;

    /** A variable's value, empty if it is not set. */
    public String variable(String name) {
        return variables.getOrDefault(name, "");
    }

    /**
     * All of standard input as UTF-8 without the line end at its end.
     *
     * @throws Failure if it is larger than 1 MiB or cannot be read
     */
    public String input() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] part = new byte[8192];
        try {
            for (int read = in.read(part); read >= 0; read = in.read(part)) {
                bytes.write(part, 0, read);
                if (bytes.size() > MOST_INPUT_BYTES) {
                    throw Failure.ofUsage("standard input is larger than " + MOST_INPUT_BYTES + " bytes", "");
                }
            }
        } catch (IOException e) {
            throw Failure.ofUsage("cannot read standard input: " + e.getMessage(), "");
        }
        return withoutLineEnd(bytes.toString(StandardCharsets.UTF_8));
    }

    /** Without one line end at the end, which editors and {@code echo} add. */
    static String withoutLineEnd(String text) {
        String line = text.endsWith("\n") ? text.substring(0, text.length() - 1) : text;
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
