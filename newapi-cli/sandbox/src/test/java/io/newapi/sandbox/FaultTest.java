package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.vertx.core.json.JsonObject;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The accidents, as a client sees them. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class FaultTest {

    private Sandbox sandbox;
    private Caller caller;

    @BeforeAll
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS).await();
        caller = new Caller(sandbox);
    }

    @AfterAll
    void stop() {
        sandbox.close().await();
    }

    @Test
    void aStatusFaultIsAnErrorObjectWithRetryAfter() {
        HttpResponse<String> response = caller.chat(wishing("{\"status\":429,\"retry_after\":2}"));

        assertThat(response.statusCode()).isEqualTo(429);
        assertThat(response.headers().firstValue("Retry-After")).contains("2");
        assertThat(new JsonObject(response.body()).getJsonObject("error").getString("code"))
                .isEqualTo("rate_limit_exceeded");
        assertThat(caller.chat(wishing("{\"fault\":\"status:500\"}")).statusCode())
                .isEqualTo(500);
    }

    @Test
    void aResetBeforeHeadersLeavesNoAnswer() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> caller.chat(wishing("{\"fault\":\"reset-before-headers\"}")));
    }

    @Test
    void aResetComesAfterExactlyTheWishedChunks() {
        List<String> events = caller.stream(wishing("{\"fault\":\"reset-after-chunk:3\",\"completion_tokens\":9}"));

        assertThat(events).hasSize(5).endsWith("cut");
        assertThat(events.get(3)).contains(" charlie");
    }

    @Test
    void aResetCutsAnAnswerInOnePiece() {
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> caller.chat(wishing("{\"fault\":\"reset-after-chunk:1\"}")));
    }

    @Test
    void aMalformedEventIsFollowedByTheRest() {
        List<String> events = caller.stream(wishing("{\"fault\":\"malformed-after-chunk:2\",\"completion_tokens\":4}"));

        assertThat(events).hasSize(9).endsWith("[DONE]", "end");
        assertThat(events.get(3)).endsWith("{\"conte");
        assertThat(events.get(4)).contains(" charlie");
    }

    @Test
    void anErrorEventEndsTheStreamWithoutDone() {
        List<String> events =
                caller.stream(wishing("{\"fault\":\"error-event-after-chunk:2\",\"completion_tokens\":4}"));

        assertThat(events).hasSize(5).endsWith("end");
        assertThat(new JsonObject(events.get(3)).getJsonObject("error").getString("type"))
                .isEqualTo("server_error");
    }

    @Test
    void withoutUsageNothingIsReported() {
        JsonObject body = wishing("{\"fault\":\"no-usage\",\"completion_tokens\":4}");
        JsonObject streamed = body.copy().put("stream_options", new JsonObject().put("include_usage", true));

        assertThat(caller.stream(streamed)).noneMatch(event -> event.contains("prompt_tokens"));
        assertThat(new JsonObject(caller.chat(body).body()).getJsonObject("usage"))
                .isNull();
    }

    @Test
    void withoutDoneTheStreamJustEnds() {
        List<String> events = caller.stream(wishing("{\"fault\":\"no-done\",\"completion_tokens\":1}"));

        assertThat(events).hasSize(4).endsWith("end").doesNotContain("[DONE]");
        assertThat(events.get(2)).contains("\"finish_reason\":\"stop\"");
    }

    @Test
    void aHugeLineIsOneEvent() {
        List<String> events = caller.stream(wishing("{\"fault\":\"huge-line:1000000\",\"completion_tokens\":1}"));

        assertThat(events.get(1)).hasSizeGreaterThan(1_000_000).contains("xxx");
        assertThat(events).endsWith("[DONE]", "end");
    }

    @Test
    void slowHeadersStillBringTheAnswer() {
        assertThat(caller.chat(wishing("{\"fault\":\"slow-headers:20\",\"latency_ms\":1}"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aFaultRateChoosesTheSameRequestsForTheSameSeed() {
        List<Integer> first = statuses(1);
        List<Integer> second = statuses(1);
        List<Integer> other = statuses(2);

        assertThat(first).isEqualTo(second).isNotEqualTo(other).contains(200, 503);
        assertThat(first.stream().filter(status -> status == 503).count()).isBetween(20L, 80L);
    }

    @Test
    void theStandardScriptCanBeReplacedWhileItRuns() {
        sandbox.play(Script.PLAIN.withFault(Fault.parse("status:418")));
        int before = caller.chat(Caller.saying("x")).statusCode();
        int replaced = caller.call("PUT", "/__sandbox/script", "{}").statusCode();
        int after = caller.chat(Caller.saying("x")).statusCode();

        assertThat(List.of(before, replaced, after)).containsExactly(418, 204, 200);
        assertThat(caller.call("PUT", "/__sandbox/script", "{\"falt\":1}").statusCode())
                .isEqualTo(400);
    }

    @ParameterizedTest
    @CsvSource({
        "status, status:503",
        "status:429, status:429",
        "Reset-After-Chunk:3, reset-after-chunk:3",
        "stall-after-chunk, stall-after-chunk:0",
        "no-usage, no-usage",
        "huge-line, huge-line:1048576",
        "none, none"
    })
    void aFaultIsReadAndWritten(String text, String normal) {
        assertThat(Fault.parse(text)).hasToString(normal);
        assertThat(Fault.parse(normal)).isEqualTo(Fault.parse(text));
    }

    @Test
    void anUnknownFaultIsRefusedWithItsName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.parse("earthquake"))
                .withMessageContaining("earthquake");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.parse("status:200"))
                .withMessageContaining("200");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Fault.parse("status:x"))
                .withMessageContaining("status:x");
    }

    private static List<Integer> statuses(long seed) {
        Sandbox flaky = Sandbox.start(SandboxOptions.DEFAULTS
                        .withScript(Script.PLAIN.withFault(Fault.parse("status:503")))
                        .withFaultRate(0.5, seed))
                .await();
        List<Integer> statuses = new ArrayList<>();
        Caller caller = new Caller(flaky);
        for (int i = 0; i < 100; i++) {
            statuses.add(caller.chat(Caller.saying("x")).statusCode());
        }
        flaky.close().await();
        return statuses;
    }

    private static JsonObject wishing(String wishes) {
        return Caller.saying("x").put("sandbox", new JsonObject(wishes));
    }
}
