package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.Json;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Runs commands as a shell would, in a home directory and an environment of the test's own. */
final class Shell {

    static final Instant NOW = Instant.parse("2026-07-01T12:00:00Z");

    /** How a command ended. */
    record Result(int code, String out, String err) {

        JsonNode json() {
            try {
                return Json.parse(out.getBytes(StandardCharsets.UTF_8));
            } catch (IOException e) {
                throw new UncheckedIOException(out, e);
            }
        }
    }

    private final Path home;
    private final Map<String, String> variables = new HashMap<>();
    private final Deque<String> typed = new ArrayDeque<>();
    private String input = "";
    private boolean isDiskFull;

    Shell(Path home) {
        this.home = home;
    }

    Shell with(String variable, String value) {
        variables.put(variable, value);
        return this;
    }

    /** A caller whose credential is in the environment. */
    Shell loggedIn(FakeGateway gateway) {
        return with("NEWAPI_URL", gateway.url())
                .with("NEWAPI_TOKEN", "access-token-1")
                .with("NEWAPI_USER_ID", "1");
    }

    Shell input(String text) {
        input = text;
        return this;
    }

    /** What a person types, answer by answer; without any, nobody is there. */
    Shell typing(String... answers) {
        typed.addAll(List.of(answers));
        return this;
    }

    /** Whose standard output takes nothing, as a full disk does. */
    Shell withoutOutput() {
        isDiskFull = true;
        return this;
    }

    Path home() {
        return home;
    }

    Result run(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings surroundings = new Surroundings(
                Map.copyOf(variables),
                home,
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new PrintWriter(isDiskFull ? new FullDisk() : out),
                new PrintWriter(err),
                new Typist(),
                InstantSource.fixed(NOW));
        int code = NewApiCommand.run(surroundings, arguments);
        return new Result(code, out.toString(), err.toString());
    }

    static Surroundings quiet() {
        return new Surroundings(
                Map.of(),
                Path.of("/nonexistent"),
                new ByteArrayInputStream(new byte[0]),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                new Shell(Path.of("/nonexistent")).new Typist(),
                InstantSource.fixed(NOW));
    }

    private static final class FullDisk extends Writer {

        @Override
        public void write(char[] text, int from, int length) throws IOException {
            throw new IOException("No space left on device");
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
    }

    private final class Typist implements Terminal {

        @Override
        public Optional<String> ask(String question) {
            return Optional.ofNullable(typed.poll());
        }

        @Override
        public Optional<String> askSecret(String question) {
            return Optional.ofNullable(typed.poll());
        }
    }
}
