package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.newapi.server.config.LogConfig;
import io.newapi.server.config.LogFormat;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;

class LoggingTest {

    @TempDir
    Path dir;

    /** One of its own, so that the logging of the other tests stays as it is. */
    private final LoggerContext context = new LoggerContext();

    @BeforeEach
    void equip() {
        context.setMDCAdapter(new LogbackMDCAdapter());
    }

    @AfterEach
    void stop() {
        context.stop();
    }

    @Test
    void linesGoToTheFileToo() throws Exception {
        Logging logging = start(new LogConfig(LogFormat.TEXT, false, dir.resolve("made/here")));
        logger("io.newapi.Relay").info("served {}", "sk-abcdefghijkl");
        logging.close();

        assertThat(Files.readAllLines(dir.resolve("made/here/newapi.log")))
                .singleElement()
                .asString()
                .endsWith("INFO  [" + Thread.currentThread().getName() + "] io.newapi.Relay: served sk-***");
    }

    @Test
    void everyJsonLineOfTheFileCanBeRead() throws Exception {
        Logging logging = start(new LogConfig(LogFormat.JSON, false, dir));
        logger("io.newapi.Relay").warn("two\nlines", new IllegalStateException("why"));
        logger("io.newapi.Relay").info("{\"not\": \"ours\"}");
        logging.close();

        List<String> lines = Files.readAllLines(dir.resolve("newapi.log"));
        assertThat(lines).hasSize(2);
        for (String line : lines) {
            assertThat(new ObjectMapper().readTree(line).get("logger").textValue())
                    .isEqualTo("io.newapi.Relay");
        }
    }

    @Test
    void librariesAreQuietAndDebugLinesAreLeftOut() {
        start(new LogConfig(LogFormat.TEXT, false, null));

        assertThat(logger("io.newapi.Relay").isInfoEnabled()).isTrue();
        assertThat(logger("io.newapi.Relay").isDebugEnabled()).isFalse();
        for (String chatty : List.of("io.vertx.core", "io.netty.util", "com.zaxxer.hikari.pool", "org.jooq.tools")) {
            assertThat(logger(chatty).isWarnEnabled()).isTrue();
            assertThat(logger(chatty).isInfoEnabled()).isFalse();
        }
    }

    @Test
    void debugRaisesOurOwnLinesMost() {
        start(new LogConfig(LogFormat.TEXT, true, null));

        assertThat(logger("io.newapi.Relay").isDebugEnabled()).isTrue();
        assertThat(logger("io.vertx.core").isInfoEnabled()).isTrue();
        assertThat(logger("io.netty.util").isDebugEnabled()).isFalse();
    }

    @Test
    void aFullFileIsMovedAsideAndTheOldestIsDropped() throws Exception {
        Files.writeString(dir.resolve("newapi.log"), "x".repeat(100));
        for (int start = 0; start < 4; start++) {
            // The size is looked at once a second, the first time with the first line.
            Logging logging = start(new LogConfig(LogFormat.TEXT, false, dir), new Logging.Rotation(50, 2));
            logger("io.newapi.Relay").info("start {}, and enough words to be longer than fifty bytes", start);
            logging.close();
        }

        try (var files = Files.list(dir)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrder("newapi.log", "newapi.1.log", "newapi.2.log");
        }
        assertThat(dir.resolve("newapi.log")).content().contains("start 3");
        assertThat(dir.resolve("newapi.2.log")).content().contains("start 1");
    }

    @Test
    void aDirectoryThatCannotBeMadeIsNamed() throws Exception {
        Path file = Files.writeString(dir.resolve("file"), "in the way");

        assertThatThrownBy(() -> start(new LogConfig(LogFormat.TEXT, false, file.resolve("logs"))))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write log files to " + file.resolve("logs")
                        + " (name another directory with --log-dir, or none with --log-dir=)");
    }

    @Test
    void aLogFileThatCannotBeWrittenIsNamed() throws Exception {
        Path inTheWay = Files.createDirectory(dir.resolve("newapi.log"));

        assertThatThrownBy(() -> start(new LogConfig(LogFormat.TEXT, false, dir)))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("cannot write the log file " + inTheWay
                        + " (name another directory with --log-dir, or none with --log-dir=)");
    }

    private Logging start(LogConfig config) {
        return start(config, Logging.Rotation.DEFAULT);
    }

    private Logging start(LogConfig config, Logging.Rotation rotation) {
        return Logging.start(context, config, ZoneOffset.UTC, rotation);
    }

    private Logger logger(String name) {
        return context.getLogger(name);
    }
}
