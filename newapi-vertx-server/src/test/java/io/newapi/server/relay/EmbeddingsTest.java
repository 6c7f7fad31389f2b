package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Embeddings: what comes passes unchanged, and what was read is charged. */
class EmbeddingsTest {

    private static final int ANTHROPIC = 14;

    private static final String PATH = "/v1/embeddings";
    private static final String ASK =
            "{\"model\":\"" + Chat.MODEL + "\", \"input\":[\"Hello\",\"world\"],\"dimensions\":256}";
    private static final String ANSWER = "{\"object\":\"list\",\"data\":[{\"object\":\"embedding\",\"index\":0,"
            + "\"embedding\":[0.1,-0.2]}],\"model\":\"m\",\"usage\":{\"prompt_tokens\":7,\"total_tokens\":7}}";

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private ScriptedUpstream upstream(int type, String answer) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, answer));
        relay.channel(upstream.url(), made -> made.type(type));
        return upstream;
    }

    private RawClient.Reply post(String path, String body) {
        try (RawClient client = relay.connect()) {
            return client.post(path, body).reply();
        }
    }

    @Test
    void areRelayedAsTheyAreAndChargedForWhatWasRead() {
        ScriptedUpstream upstream = upstream(1, ANSWER);
        relay.start();

        RawClient.Reply reply = post(PATH, ASK);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(ANSWER);
        assertThat(upstream.bodies()).containsExactly(ASK);
        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1/embeddings HTTP/1.1")
                .contains("Authorization: Bearer " + RelayHarness.CHANNEL_KEY);
        relay.finish();
        // seven text units at one unit each
        assertThat(relay.charges()).containsExactly(7L);
        assertThat(relay.log().other()).doesNotContain("local_count_tokens");
    }

    @ParameterizedTest
    @CsvSource({
        "1, /v1/embeddings",
        "17, /compatible-mode/v1/embeddings",
        "26, /api/paas/v4/embeddings",
        "38, /v1/embeddings",
        "45, /api/v3/embeddings",
        "3, /openai/deployments/other/embeddings?api-version=2025-04-01-preview"
    })
    void goWhereTheProviderTakesThemWithItsOwnNameOfTheModel(int type, String path) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, ANSWER));
        relay.channel(upstream.url(), made -> made.type(type).modelMapping(Map.of(Chat.MODEL, "other")))
                .start();

        assertThat(post(PATH, ASK).status()).isEqualTo(200);

        assertThat(upstream.heads().get(0)).startsWith("POST " + path + " HTTP/1.1");
        assertThat(upstream.bodies()).containsExactly(ASK.replace(Chat.MODEL, "other"));
        relay.finish();
    }

    @Test
    void ofAnEngineHaveTheModelInThePath() {
        ScriptedUpstream upstream = upstream(1, ANSWER);
        relay.start();

        RawClient.Reply reply = post("/v1/engines/" + Chat.MODEL + "/embeddings", "{\"input\":\"Hello\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(upstream.bodies()).containsExactly("{\"model\":\"" + Chat.MODEL + "\",\"input\":\"Hello\"}");
        relay.finish();
        assertThat(relay.charges()).containsExactly(7L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,2,3,4]               | 4",
                "[[1,2,3],[4,5]]         | 5",
                "\"Hello world\"         | 3",
                "[\"Hello\",\" world\"]  | 4"
            })
    void whoseUsageNobodyTellsAreChargedForTheEstimate(String input, long charged) {
        upstream(1, "{\"object\":\"list\",\"data\":[],\"usage\":{\"prompt_tokens\":0,\"total_tokens\":0}}");
        relay.start();

        post(PATH, "{\"model\":\"" + Chat.MODEL + "\",\"input\":" + input + "}");

        relay.finish();
        assertThat(relay.charges()).containsExactly(charged);
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"} | input",
                "{\"model\":\"m\",\"input\":\"\"} | input",
                "{\"model\":\"m\",\"input\":[]} | input",
                "{\"input\":\"x\"} | model",
                "{\"model\":\"m\",\"input\":\"x\",\"input\":\"y\"} | input",
                "{\"model\":\"m\",\"input\":\"x\",\"Model\":\"y\"} | model"
            })
    void withoutInputOrWithTwoAreRefused(String body, String field) {
        relay.start();

        RawClient.Reply reply = post(PATH, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"param\":\"" + field + "\"");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void areNotAskedOfAProviderThatHasNoneWhileThereIsAnother() {
        ScriptedUpstream messages = upstream(ANTHROPIC, "{}");
        upstream(1, ANSWER);
        relay.start();

        assertThat(post(PATH, ASK).status()).isEqualTo(200);

        assertThat(messages.heads()).isEmpty();
        relay.finish();
    }

    @Test
    void thatNoProviderOfTheModelHasAreRefused() {
        ScriptedUpstream messages = upstream(ANTHROPIC, "{}");
        relay.start();

        RawClient.Reply reply = post(PATH, ASK);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"code\":\"endpoint_not_supported\"", "\"param\":\"model\"");
        assertThat(messages.heads()).isEmpty();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    // ---- of a provider that has them in another form

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                // counted by the provider, and not: "Hello" and "world" 1.02 each, and two ends of lines 0.5 each
                "\"float\"  | ,\"usageMetadata\":{\"promptTokenCount\":9} | [0.5,-2]     | 9",
                "\"float\"  |                                           | [0.5,-2]     | 4",
                // 0.5 is 3F000000, -2 is C0000000, the least byte first
                "\"base64\" |                                           | \"AAAAPwAAAMA=\" | 4"
            })
    void areTranslatedForGoogle(String encoding, String usage, String embedding, long charged) {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.json(
                        200,
                        "{\"embeddings\":[{\"values\":[0.5,-2]},{\"values\":[0.5,-2]}]" + (usage == null ? "" : usage)
                                + "}"));
        relay.channel(upstream.url(), made -> made.type(24).modelMapping(Map.of(Chat.MODEL, "gemini-embedding-001")))
                .start();

        RawClient.Reply reply =
                post(PATH, ASK.replace("{\"model\"", "{\"user\":\"x\",\"encoding_format\":" + encoding + ",\"model\""));

        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1beta/models/gemini-embedding-001:batchEmbedContents HTTP/1.1");
        String asked = "{\"model\":\"models/gemini-embedding-001\",\"content\":{\"parts\":[{\"text\":\"%s\"}]},"
                + "\"outputDimensionality\":256}";
        assertThat(upstream.bodies())
                .containsExactly("{\"requests\":[" + asked.formatted("Hello") + "," + asked.formatted("world") + "]}");
        String one = "{\"object\":\"embedding\",\"index\":%d,\"embedding\":" + embedding + "}";
        assertThat(reply.body())
                .isEqualTo("{\"object\":\"list\",\"data\":[" + one.formatted(0) + "," + one.formatted(1)
                        + "],\"model\":\"" + Chat.MODEL + "\",\"usage\":{\"prompt_tokens\":" + charged
                        + ",\"total_tokens\":" + charged + "}}");
        assertThat(reply.header("X-Newapi-Not-Passed-On")).isEqualTo("user");
        relay.finish();
        assertThat(relay.charges()).containsExactly(charged);
    }

    @Test
    void inTextUnitsCannotBeSaidToGoogle() {
        ScriptedUpstream google = upstream(24, "{}");
        relay.start();

        RawClient.Reply reply = post(PATH, "{\"model\":\"" + Chat.MODEL + "\",\"input\":[1,2]}");

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"code\":\"not_expressible\"", "text units in place of texts");
        assertThat(google.heads()).isEmpty();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void thatGoogleDoesNotGiveCostNothing() {
        upstream(24, "{\"embeddings\":[{}]}");
        relay.start();

        assertThat(post(PATH, ASK).status()).isEqualTo(502);

        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"error\":{\"message\":\"no\"}}", "[]", "no"})
    void thatFailCostNothing(String answer) {
        upstream(1, answer);
        relay.start();

        assertThat(post(PATH, ASK).status()).isEqualTo(502);

        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }
}
