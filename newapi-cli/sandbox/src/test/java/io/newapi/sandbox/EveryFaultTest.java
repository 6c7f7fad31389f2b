package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Every accident in every format, as a client sees it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class EveryFaultTest {

    private Sandbox sandbox;
    private Caller caller;

    @BeforeAll
    void start() {
        sandbox = Sandbox.start(SandboxOptions.DEFAULTS).await();
        caller = new Caller(sandbox);
    }

    @BeforeEach
    void forget() {
        sandbox.clear();
    }

    @AfterAll
    void stop() {
        sandbox.close().await();
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnAccidentTheAnswerIsComplete(EveryFormat format) {
        List<String> events = format.stream(caller, "{}");

        assertThat(events).endsWith("end");
        assertThat(events.get(events.size() - 2)).contains(format.last());
        assertThat(String.join("\n", events)).contains(" three", ":77");
        assertThat(format.whole(caller, "{}").body()).contains("one two three", ":77");
        assertThat(sandbox.counts()).isEqualTo(new Counts(2, 0, 2, 0, 0, 0));
    }

    @ParameterizedTest
    @EnumSource
    void aStatusIsAnErrorInTheProvidersShape(EveryFormat format) {
        HttpResponse<String> response = format.rawStream(caller, "{'fault':'status:503','retry_after':3}");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("Retry-After")).contains("3");
        assertThat(response.body()).contains(format.unavailable());
        assertThat(format.whole(caller, "{'status':503}").body()).contains(format.unavailable());
    }

    @ParameterizedTest
    @EnumSource
    void aRedirectionNamesAnotherPath(EveryFormat format) {
        HttpResponse<String> response = format.rawStream(caller, "{'fault':'redirect:307'}");

        assertThat(response.statusCode()).isEqualTo(307);
        assertThat(response.headers().firstValue("Location").orElse("")).startsWith("/redirected/");
    }

    @ParameterizedTest
    @EnumSource
    void aResetBeforeHeadersLeavesNothing(EveryFormat format) {
        assertThat(format.stream(caller, "{'fault':'reset-before-headers'}")).containsExactly("cut");
    }

    @ParameterizedTest
    @EnumSource
    void aResetComesAfterTheWishedChunks(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'reset-after-chunk:2'}");

        assertThat(events).endsWith("cut");
        assertThat(String.join("\n", events)).contains(" two").doesNotContain(" three");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> format.whole(caller, "{'fault':'reset-after-chunk:2'}"));
    }

    @ParameterizedTest
    @EnumSource
    void aResetBeforeUsageLeavesTheTextAlone(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'reset-before-usage'}");

        assertThat(events).endsWith("cut");
        assertThat(String.join("\n", events)).contains(" three").doesNotContain(":77");
    }

    @ParameterizedTest
    @EnumSource
    void aResetAfterUsageLeavesOnlyTheLastWordOut(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'reset-after-usage'}");

        assertThat(events).endsWith("cut");
        assertThat(String.join("\n", events)).contains(":77").doesNotContain("[DONE]", "message_stop");
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> format.whole(caller, "{'fault':'reset-after-usage'}"));
    }

    @ParameterizedTest
    @EnumSource
    void aStallLastsUntilTheClientGoes(EveryFormat format) throws IOException {
        assertStaysOpen(format, "{'fault':'stall-after-chunk:2'}", 2);
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessStreamLastsUntilTheClientGoes(EveryFormat format) throws IOException {
        assertStaysOpen(format, "{'fault':'endless'}", 500);
    }

    @ParameterizedTest
    @EnumSource
    void anEndlessAnswerInOnePieceGoesOnWithBlanks(EveryFormat format) throws IOException {
        try (InputStream whole = format.openWhole(caller, "{'fault':'endless'}").body()) {
            assertThat(whole.readNBytes(1 << 20)).hasSize(1 << 20).endsWith(' ');
            assertThat(sandbox.counts().active()).isEqualTo(1);
        }
        await(() -> sandbox.counts().clientGone() == 1);
    }

    private void assertStaysOpen(EveryFormat format, String wishes, long chunks) throws IOException {
        try (InputStream stream = format.open(caller, wishes).body()) {
            byte[] part = new byte[1 << 12];
            while (sandbox.requests().get(0).chunks() < chunks) {
                assertThat(stream.read(part)).isPositive();
            }
            assertThat(sandbox.counts().active()).isEqualTo(1);
        }
        await(() -> sandbox.counts().clientGone() == 1);
    }

    @ParameterizedTest
    @EnumSource
    void aMalformedEventIsFollowedByTheRest(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'malformed-after-chunk:1'}");

        assertThat(events).anyMatch(event -> event.startsWith("{") && !event.endsWith("}"));
        assertThat(events.get(events.size() - 2)).contains(format.last());
        assertThat(format.whole(caller, "{'fault':'malformed-after-chunk:1'}").body())
                .startsWith("{")
                .doesNotEndWith("}");
    }

    @ParameterizedTest
    @EnumSource
    void aBadFrameIsFollowedByTheRest(EveryFormat format) {
        String stream =
                format.rawStream(caller, "{'fault':'bad-frame-after-chunk:1'}").body();

        assertThat(stream).contains("\n<bad frame \uFFFD(\n", " two", format.last());
    }

    @ParameterizedTest
    @EnumSource
    void anErrorEventEndsTheStream(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'error-event-after-chunk:1'}");

        assertThat(events).endsWith("end");
        assertThat(events.get(events.size() - 2)).contains("error", "The sandbox fails with status 500.");
        assertThat(String.join("\n", events)).contains("one").doesNotContain(" two", format.last());
        assertThat(format.whole(caller, "{'fault':'error-event-after-chunk:1'}").statusCode())
                .isEqualTo(200);
    }

    @ParameterizedTest
    @EnumSource
    void withoutUsageThereAreNoFigures(EveryFormat format) {
        assertThat(String.join("\n", format.stream(caller, "{'fault':'no-usage'}")))
                .contains(" three")
                .doesNotContainPattern("_tokens\":[0-9]|TokenCount")
                .endsWith("end");
        assertThat(format.whole(caller, "{'fault':'no-usage'}").body())
                .doesNotContainPattern("_tokens\":[0-9]|TokenCount");
    }

    @ParameterizedTest
    @EnumSource
    void zeroUsageIsReportedAsNought(EveryFormat format) {
        String stream = String.join("\n", format.stream(caller, "{'fault':'zero-usage'}"));

        assertThat(stream).containsPattern("\"(prompt_tokens|input_tokens|promptTokenCount)\":0");
        assertThat(stream).doesNotContain(":77");
        assertThat(format.whole(caller, "{'fault':'zero-usage'}").body())
                .containsPattern("\"(completion_tokens|output_tokens|candidatesTokenCount)\":0");
    }

    @ParameterizedTest
    @EnumSource
    void withoutItsLastEventTheStreamJustEnds(EveryFormat format) {
        List<String> events = format.stream(caller, "{'fault':'no-done'}");

        assertThat(events).endsWith("end");
        assertThat(String.join("\n", events)).contains(" three").doesNotContain(format.last());
    }

    @ParameterizedTest
    @EnumSource
    void aHugeLineIsOneEvent(EveryFormat format) {
        assertThat(format.stream(caller, "{'fault':'huge-line:100000'}"))
                .anyMatch(event -> event.length() > 100_000)
                .anyMatch(event -> event.contains(" three"));
        assertThat(format.whole(caller, "{'fault':'huge-line:100000'}").body()).hasSizeGreaterThan(100_000);
    }

    @ParameterizedTest
    @EnumSource
    void theRightAnswerMayHaveTheWrongType(EveryFormat format) {
        HttpResponse<String> stream = format.rawStream(caller, "{'fault':'wrong-content-type'}");
        HttpResponse<String> whole = format.whole(caller, "{'fault':'wrong-content-type'}");

        assertThat(List.of(stream, whole))
                .allMatch(response ->
                        response.headers().firstValue("Content-Type").orElse("").startsWith("text/html"))
                .allMatch(response -> response.body().contains("three"));
    }

    @ParameterizedTest
    @EnumSource
    void aSlowAnswerIsComplete(EveryFormat format) {
        assertThat(String.join("\n", format.stream(caller, "{'fault':'slow-headers:5','chunk_delay_ms':2}")))
                .contains(" three")
                .endsWith("end");
    }

    private static void await(BooleanSupplier condition) {
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("did not happen within 30 s");
            }
            Thread.onSpinWait();
        }
    }
}
