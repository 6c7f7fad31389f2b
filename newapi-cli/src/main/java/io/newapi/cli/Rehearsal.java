package io.newapi.cli;

import io.newapi.cli.client.Json;
import io.newapi.cli.command.NewApiCommand;
import io.newapi.cli.command.Surroundings;
import io.newapi.cli.command.Terminal;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * Goes once through what most commands do, so that a JVM told to archive the classes that it loaded finds them loaded.
 * Prints nothing, reads no file, and connects to nobody but a port of this machine where nobody listens.
 */
final class Rehearsal {

    private Rehearsal() {}

    static void run() throws IOException {
        Map<String, String> variables =
                Map.of("NEWAPI_URL", "http://127.0.0.1:1", "NEWAPI_TOKEN", "none", "NEWAPI_USER_ID", "1");
        Surroundings nowhere = new Surroundings(
                variables,
                Path.of("/nonexistent"),
                InputStream.nullInputStream(),
                new PrintWriter(Writer.nullWriter()),
                new PrintWriter(Writer.nullWriter()),
                new Nobody(),
                InstantSource.system());
        NewApiCommand.run(nowhere, "--help");
        NewApiCommand.run(nowhere, "channel", "list");
        NewApiCommand.run(nowhere, "log", "list", "--explain", "-o", "json");
        NewApiCommand.run(
                nowhere,
                "price",
                "quote",
                "--model",
                "gpt-4o",
                "--prompt",
                "1",
                "--completion",
                "1",
                "--explain",
                "-o",
                "json");
        Json.parse("{\"data\":[1,1.5,true,null,\"text\"]}".getBytes(StandardCharsets.UTF_8));
    }

    /** Nobody to ask. */
    private static final class Nobody implements Terminal {

        @Override
        public Optional<String> ask(String question) {
            return Optional.empty();
        }

        @Override
        public Optional<String> askSecret(String question) {
            return Optional.empty();
        }
    }
}
