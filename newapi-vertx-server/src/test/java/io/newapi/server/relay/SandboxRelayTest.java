package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Fault;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.SandboxOptions;
import io.newapi.sandbox.Script;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The relay in front of the mock provider: its accidents, one by one and all together. */
class SandboxRelayTest {

    private static final Script FIVE = Script.PLAIN.withUsage(9, 5, 0).withContent("one two three four five");
    private static final long PRICE = 9 + 2 * 5;

    private final RelayHarness relay =
            new RelayHarness(RelayHarness.silence(Duration.ofSeconds(2), Duration.ofMillis(400)));

    @AfterEach
    void close() {
        relay.close();
    }

    private Sandbox sandbox(Script script) {
        Sandbox sandbox = RelayHarness.await(Sandbox.start(relay.vertx, SandboxOptions.DEFAULTS.withScript(script)));
        relay.channel(sandbox.url());
        return sandbox;
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void aCallIsAnsweredAndCharged(boolean stream) {
        Sandbox sandbox = sandbox(FIVE);
        relay.start();

        RawClient.Reply reply = relay.chat(Chat.request(stream));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("five");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
        assertThat(sandbox.counts().answered()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"no-done, true", "no-usage, false", "malformed-after-chunk:2, true", "huge-line:2000000, true"})
    void aStreamWithAFlawEndsInOrder(String fault, boolean exact) {
        sandbox(FIVE.withFault(Fault.parse(fault)));
        relay.start();

        RawClient.Reply reply = relay.chat(Chat.request(true));

        assertThat(reply.orderly()).isTrue();
        assertThat(reply.body()).endsWith("data: [DONE]\n\n");
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
        if (exact) {
            assertThat(relay.charges()).containsExactly(PRICE);
        } else {
            assertThat(relay.charges().get(0)).isPositive();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-after-chunk:3", "stall-after-chunk:3", "error-event-after-chunk:3"})
    void aStreamThatBreaksOffEndsWithAnErrorAndIsCharged(String fault) {
        sandbox(FIVE.withFault(Fault.parse(fault)));
        relay.start();

        RawClient.Reply reply = relay.chat(Chat.request(true));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.orderly()).isTrue();
        assertThat(reply.body()).contains("three", "\"error\"").doesNotContain("[DONE]");
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
        assertThat(relay.charges().get(0)).isPositive();
    }

    /** Providers begin with a chunk that names the role: it has gone to the client, so there is no second try. */
    @ParameterizedTest
    @ValueSource(strings = {"reset-after-chunk:0", "stall-after-chunk:0", "error-event-after-chunk:0"})
    void aStreamThatBreaksOffBehindItsRoleIsNotTriedAgain(String fault) {
        sandbox(FIVE.withFault(Fault.parse(fault)));
        Sandbox second = sandbox(FIVE);
        relay.retries(1).start();

        RawClient.Reply reply = relay.chat(Chat.request(true));

        assertThat(reply.body()).contains("\"role\"", "\"error\"").doesNotContain("five");
        relay.finish();
        assertThat(second.counts().received()).isZero();
        assertThat(relay.charges()).containsExactly(Chat.estimatedPrompt(Chat.request(true)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"status:503", "reset-before-headers", "slow-headers:60000"})
    void aStreamThatNeverBeganIsTriedElsewhere(String fault) {
        sandbox(Script.PLAIN.withFault(Fault.parse(fault)));
        sandbox(FIVE);
        relay.retries(1).start();

        RawClient.Reply reply = relay.chat(Chat.request(true));

        assertThat(reply.body()).contains("five").endsWith("data: [DONE]\n\n");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    /** Whatever happens, in whatever order: no reservation stays open, no unit is lost, no call is charged twice. */
    @Test
    void manyCallsWithManyAccidentsLeaveNothingBehind() {
        Random random = new Random(42);
        sandbox(FIVE);
        relay.retries(1).start();
        HttpClient client = relay.vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false), new PoolOptions().setHttp1MaxSize(50));
        String[] faults = {
            "none",
            "status:500",
            "reset-before-headers",
            "reset-after-chunk:2",
            "stall-after-chunk:2",
            "malformed-after-chunk:1",
            "error-event-after-chunk:2",
            "no-usage",
            "no-done"
        };
        List<Future<?>> calls = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            String fault = faults[random.nextInt(faults.length)];
            String body = Chat.request(random.nextInt(4) > 0)
                    .replaceFirst("\\{", "{\"sandbox\":{\"fault\":\"" + fault + "\",\"chunk_delay_ms\":2},");
            int leaveAfter = random.nextInt(3) == 0 ? 1 + random.nextInt(40) : 0;
            calls.add(call(client, body, leaveAfter));
        }
        RelayHarness.await(Future.join(calls).otherwiseEmpty());

        relay.finish();
        assertThat(relay.charges()).hasSizeBetween(100, 300);
    }

    private Future<?> call(HttpClient client, String body, int leaveAfterMillis) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("127.0.0.1")
                .setPort(relay.port())
                .setURI("/v1/chat/completions")
                .putHeader("Authorization", "Bearer sk-" + RelayHarness.KEY);
        return client.request(options).compose(request -> {
            if (leaveAfterMillis > 0) {
                leave(request, leaveAfterMillis);
            }
            return request.send(Buffer.buffer(body)).compose(response -> response.body());
        });
    }

    private void leave(HttpClientRequest request, int afterMillis) {
        relay.vertx.setTimer(afterMillis, now -> request.reset());
    }
}
