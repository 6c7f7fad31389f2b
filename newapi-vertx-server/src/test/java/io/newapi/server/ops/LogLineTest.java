package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLineTest {

    private final LogLine text = new TextLine(ZoneOffset.UTC);
    private final LogLine json = new JsonLine(ZoneId.of("Asia/Tokyo"));

    @Test
    void aTextLineSaysWhenWhereAndWhat() {
        assertThat(text.write(event("served", null)))
                .isEqualTo("2026-11-01T08:00:00.123Z INFO  [loop-0] io.newapi.Relay: served");
    }

    @Test
    void fieldsStandBehindTheMessage() {
        LoggingEvent event = event("served", null);
        event.setKeyValuePairs(List.of(new KeyValuePair("status", 200), new KeyValuePair("key", "hunter2")));

        assertThat(text.write(event)).endsWith(": served status=200 key=***");
    }

    @Test
    void nobodyCanForgeATextLine() {
        assertThat(text.write(event("a\r\n2026-11-01 ERROR \u001b[31mforged\u2028\tb", null)))
                .endsWith(": a\\r\\n2026-11-01 ERROR \\u001b[31mforged\\u2028\\tb");
    }

    @Test
    void aStackTraceStaysOnTheLine() {
        String line = text.write(event("failed", new IllegalStateException("no key=hunter2 here")));

        assertThat(line)
                .contains(": failed | java.lang.IllegalStateException: no key=*** here\\n\\tat io.newapi")
                .doesNotContain("\n")
                .doesNotContain("hunter2");
    }

    @Test
    void aJsonLineIsOneObject() throws Exception {
        LoggingEvent event = event("said \"hi\"\nto sk-abcdefghijkl", new IllegalStateException("why"));
        event.setKeyValuePairs(List.of(
                new KeyValuePair("status", 200),
                new KeyValuePair("stream", true),
                new KeyValuePair("model", "gpt-4o"),
                new KeyValuePair("token", "hunter2")));

        String line = json.write(event);
        JsonNode object = new ObjectMapper().readTree(line);

        assertThat(line).doesNotContain("\n");
        assertThat(object.get("time").textValue()).isEqualTo("2026-11-01T17:00:00.123+09:00");
        assertThat(object.get("level").textValue()).isEqualTo("INFO");
        assertThat(object.get("logger").textValue()).isEqualTo("io.newapi.Relay");
        assertThat(object.get("thread").textValue()).isEqualTo("loop-0");
        assertThat(object.get("message").textValue()).isEqualTo("said \"hi\"\nto sk-***");
        assertThat(object.get("fields").toString())
                .isEqualTo("{\"status\":200,\"stream\":true,\"model\":\"gpt-4o\",\"token\":\"***\"}");
        assertThat(object.get("error").textValue()).startsWith("java.lang.IllegalStateException: why\n\tat ");
    }

    @Test
    void aJsonLineLeavesOutWhatThereIsNot() throws Exception {
        assertThat(new ObjectMapper()
                        .readTree(json.write(event("served", null)))
                        .fieldNames())
                .toIterable()
                .containsExactly("time", "level", "logger", "thread", "message");
    }

    @Test
    void aVeryLongMessageIsCut() {
        assertThat(text.write(event("x".repeat(100_000), null)))
                .hasSizeLessThan(LogLine.MAX_CHARS + 200)
                .endsWith("x...");
    }

    private static LoggingEvent event(String message, @Nullable Throwable error) {
        LoggingEvent event = new LoggingEvent(
                LogLineTest.class.getName(),
                new LoggerContext().getLogger("io.newapi.Relay"),
                Level.INFO,
                message,
                error,
                null);
        event.setInstant(Instant.parse("2026-11-01T08:00:00.123Z"));
        event.setThreadName("loop-0");
        return event;
    }
}
