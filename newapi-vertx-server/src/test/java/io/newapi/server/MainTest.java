package io.newapi.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a node that cannot start says, and how its process ends. */
@Timeout(120)
class MainTest {

    @TempDir
    Path directory;

    @Test
    void aLogDirectoryThatCannotBeMadeIsAnErrorInOneLine() throws Exception {
        Path inTheWay = Files.createFile(directory.resolve("logs"));
        ByteArrayOutputStream err = new ByteArrayOutputStream();

        int exit = Main.run(
                Map.of(),
                directory,
                List.of(),
                new PrintStream(new ByteArrayOutputStream(), true, UTF_8),
                new PrintStream(err, true, UTF_8));

        assertThat(exit).isEqualTo(1);
        assertThat(err.toString(UTF_8))
                .startsWith("error: cannot write log files to " + inTheWay)
                .contains("--log-dir")
                .hasLineCount(1);
    }

    @Test
    void aDatabaseThatCannotBeOpenedIsAnErrorInOneLine() throws Exception {
        Ended ended = start(Map.of("SQLITE_PATH", "missing/one-api.db"));

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("error: the node cannot start: cannot open the SQLite database ")
                .contains("its directory does not exist")
                .hasLineCount(1);
    }

    @Test
    void whatFailsInTheBackgroundWhileStartingIsSaidAsItIs() throws Exception {
        Path journal = Files.createDirectory(directory.resolve("newapi-journal"));
        Files.createDirectory(journal.resolve("journal-" + "0".repeat(32) + ".0"));

        Ended ended = start(Map.of());

        assertThat(ended.exit()).isEqualTo(1);
        assertThat(ended.err())
                .startsWith("error: the node cannot start: ")
                .contains(journal.toString())
                .doesNotContain("CompletionException")
                .hasLineCount(1);
    }

    private record Ended(int exit, String err) {}

    private Ended start(Map<String, String> settings) throws IOException, InterruptedException {
        Path err = directory.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        // as the manifest of the node's jar has it
                        "--enable-native-access=ALL-UNNAMED",
                        "-Dorg.jooq.no-logo=true",
                        "-Dorg.jooq.no-tips=true",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Main.class.getName())
                .directory(directory.toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().put("PORT", "0");
        builder.environment().putAll(settings);
        Process process = builder.start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return new Ended(process.exitValue(), Files.readString(err));
    }
}
