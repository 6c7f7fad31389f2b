package io.newapi.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A program that is installed on this machine.
 *
 * @param path where it is
 */
public record InstalledProgram(Path path) {

    private static final List<String> FOLDERS = List.of("/usr/sbin", "/usr/bin", "/usr/local/bin", "/opt/homebrew/bin");

    /**
     * How it ended.
     *
     * @param output what it wrote, also as errors
     */
    public record Ended(int exit, String output) {}

    /**
     * The program, or the end of the calling test.
     *
     * @param name its name
     * @param need what {@code newapi.test.require} calls it
     * @param untested what remains unproven without it
     */
    public static InstalledProgram orLeaveOut(String name, String need, String untested) {
        return LeftOut.byBuildSettings().unlessFound(find(name), need, untested);
    }

    /** The program of that name, on the PATH or where servers are. */
    public static Optional<InstalledProgram> find(String name) {
        return Stream.concat(Stream.of(System.getenv().getOrDefault("PATH", "").split(":")), FOLDERS.stream())
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .map(InstalledProgram::new);
    }

    /** Runs it to its end. */
    public Ended run(Path folder, Map<String, String> environment, String... arguments) {
        return runWith("", folder, environment, arguments);
    }

    /**
     * The same.
     *
     * @param input what it reads
     */
    public Ended runWith(String input, Path folder, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(List.of(path.toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(input.getBytes(UTF_8));
            }
            String output = new String(process.getInputStream().readAllBytes(), UTF_8);
            return new Ended(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + path, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while " + path + " ran", e);
        }
    }
}
