package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of Anthropic's and Google's formats, and upstreams that speak them too: what comes passes unchanged, and is charged. */
class OwnFormatsTest {

    private static final int ANTHROPIC = 14;
    private static final int GEMINI = 24;
    private static final int DEEPSEEK = 43;

    private static final String MESSAGES = "/v1/messages";
    private static final String GENERATE = "/v1beta/models/" + Chat.MODEL + ":generateContent";
    private static final String STREAM = "/v1beta/models/" + Chat.MODEL + ":streamGenerateContent";

    private static final String ASK = "{\"model\":\"" + Chat.MODEL + "\",\"max_tokens\":100,\"system\":\"Be brief.\","
            + "\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
    private static final String ASK_STREAM = ASK.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String ASK_GEMINI = "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"Hello\"}]}]}";

    private static final String ANSWER =
            "{\"id\":\"msg_1\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                    + "\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                    + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4}}";

    private static final String START = event(
            "message_start",
            "{\"type\":\"message_start\",\"message\":{\"id\":\"msg_1\",\"content\":[],"
                    + "\"usage\":{\"input_tokens\":10,\"cache_read_input_tokens\":0,\"output_tokens\":1}}}");
    private static final String TEXT = event(
            "content_block_delta",
            "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Hello there\"}}");
    private static final String DELTA = event(
            "message_delta",
            "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\"},\"usage\":{\"output_tokens\":4}}");
    private static final String STOP = event("message_stop", "{\"type\":\"message_stop\"}");

    private static final String FIRST_CHUNK = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Hel\"}],"
            + "\"role\":\"model\"},\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,\"totalTokenCount\":10}}";
    private static final String LAST_CHUNK = "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"lo\"}],"
            + "\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,"
            + "\"candidatesTokenCount\":3,\"thoughtsTokenCount\":1,\"totalTokenCount\":14}}";

    /** Ten text units read at one unit each, four written at two. */
    private static final long PRICE = 10 + 2 * 4;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private static String event(String name, String data) {
        return "event: " + name + "\ndata: " + data + "\n\n";
    }

    private ScriptedUpstream upstream(int type, Consumer<ScriptedUpstream.Reply> script) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, script);
        relay.channel(upstream.url(), made -> made.type(type));
        return upstream;
    }

    private RawClient.Reply post(String path, String body, String... headers) {
        try (RawClient client = relay.connect()) {
            return client.post(path, body, headers).reply();
        }
    }

    private static Consumer<ScriptedUpstream.Reply> streaming(String... events) {
        return reply -> {
            reply.streamHead();
            Stream.of(events).forEach(reply::chunk);
            reply.end();
        };
    }

    // ---- Anthropic

    @Test
    void aMessageIsRelayedAsItIsWithTheKeyAndVersionWhereTheyBelong() {
        ScriptedUpstream upstream = upstream(ANTHROPIC, reply -> reply.json(200, ANSWER));
        relay.start();

        RawClient.Reply reply = post(MESSAGES, ASK, "anthropic-version: 2026-10-21", "anthropic-beta: x-1");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(ANSWER);
        assertThat(upstream.bodies()).containsExactly(ASK);
        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1/messages HTTP/1.1")
                .contains("x-api-key: " + RelayHarness.CHANNEL_KEY)
                .contains("anthropic-version: 2026-10-21", "anthropic-beta: x-1")
                .doesNotContain("Authorization");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aVendorWhoTakesMessagesTooIsAskedThereWithTheKeyInItsOwnHeader() {
        ScriptedUpstream upstream = upstream(DEEPSEEK, reply -> reply.json(200, ANSWER));
        relay.start();

        assertThat(post(MESSAGES, ASK).status()).isEqualTo(200);

        assertThat(upstream.heads().get(0))
                .startsWith("POST /anthropic/v1/messages HTTP/1.1")
                .contains("Authorization: Bearer " + RelayHarness.CHANNEL_KEY, "anthropic-version: 2023-06-01");
        relay.finish();
    }

    @Test
    void aStreamOfMessagesPassesUnchanged() {
        upstream(ANTHROPIC, streaming(START, TEXT, DELTA, STOP));
        relay.start();

        RawClient.Reply reply = post(MESSAGES, ASK_STREAM);

        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.body()).isEqualTo(START + TEXT + DELTA + STOP);
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aStreamThatHasSaidWhyItEndsGetsItsLastEventAlsoWhenTheUpstreamForgetsIt() {
        upstream(ANTHROPIC, streaming(START, TEXT, DELTA));
        relay.start();

        assertThat(post(MESSAGES, ASK_STREAM).body()).isEqualTo(START + TEXT + DELTA + STOP);
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aStreamThatIsCutIsChargedForItsPromptAndForWhatWasWritten() {
        upstream(ANTHROPIC, reply -> reply.streamHead().chunk(START).chunk(TEXT).cut());
        relay.start();

        RawClient.Reply reply = post(MESSAGES, ASK_STREAM);

        assertThat(reply.body())
                .startsWith(START + TEXT + "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\"");
        relay.finish();
        assertThat(relay.charges().get(0)).isGreaterThan(10 + 2);
        assertThat(relay.log().promptTokens()).isEqualTo(10);
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
    }

    @Test
    void anErrorInsideAStreamIsNotCharged() {
        upstream(
                ANTHROPIC,
                streaming(event(
                        "error",
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}")));
        relay.start();

        RawClient.Reply reply = post(MESSAGES, ASK_STREAM);

        assertThat(reply.status()).isEqualTo(502);
        assertThat(reply.body()).contains("\"type\":\"error\"", "Overloaded");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @Test
    void whatWasReadFromTheCacheStandsBesideThePrompt() {
        upstream(
                ANTHROPIC,
                reply -> reply.json(
                        200,
                        ANSWER.replace("\"input_tokens\":10", "\"input_tokens\":10,\"cache_read_input_tokens\":90")));
        relay.start();

        post(MESSAGES, ASK);

        relay.finish();
        assertThat(relay.log().promptTokens()).isEqualTo(10);
        assertThat(relay.charges().get(0)).isGreaterThanOrEqualTo(PRICE);
        assertThat(relay.log().other()).contains("\"cache_tokens\":90");
    }

    @Test
    void textUnitsAreCountedHereAndCostNothing() {
        relay.start();

        RawClient.Reply reply = post("/v1/messages/count_tokens", ASK);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(new JsonObject(reply.body()).getLong("input_tokens")).isBetween(3L, 20L);
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"model\":\"m\"} | messages",
                "{\"messages\":[{}]} | model",
                "{\"model\":\"m\",\"messages\":{}} | messages",
                "{\"model\":\"m\",\"model\":\"n\",\"messages\":[{}]} | model",
                "{\"model\":\"m\",\"messages\":[{}],\"max_tokens\":-1} | max_tokens"
            })
    void whatIsNoMessageIsRefusedInItsFormat(String body, String field) {
        relay.start();

        RawClient.Reply reply = post(MESSAGES, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"type\":\"error\"", "\"type\":\"invalid_request_error\"", field);
        relay.finish();
    }

    // ---- Google

    @Test
    void contentIsGeneratedAsItIsWithTheKeyAndTheMappedModelWhereTheyBelong() {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, LAST_CHUNK));
        relay.channel(upstream.url(), made -> made.type(GEMINI).modelMapping(Map.of(Chat.MODEL, "gemini-2.5-pro")))
                .start();

        RawClient.Reply reply = post(GENERATE, ASK_GEMINI);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).isEqualTo(LAST_CHUNK);
        assertThat(upstream.bodies()).containsExactly(ASK_GEMINI);
        assertThat(upstream.heads().get(0))
                .startsWith("POST /v1beta/models/gemini-2.5-pro:generateContent HTTP/1.1")
                .contains("x-goog-api-key: " + RelayHarness.CHANNEL_KEY)
                .doesNotContain("Authorization");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x-goog-api-key: " + RelayHarness.KEY, "Authorization: Bearer " + RelayHarness.KEY})
    void theKeyMayComeAsGooglesClientsSendIt(String header) {
        upstream(GEMINI, reply -> reply.json(200, LAST_CHUNK));
        relay.start();
        try (RawClient client = relay.connect()) {
            String request = "POST " + GENERATE + " HTTP/1.1\r\nHost: x\r\n" + header + "\r\nContent-Length: "
                    + ASK_GEMINI.length() + "\r\n\r\n" + ASK_GEMINI;

            assertThat(client.send(request).reply().status()).isEqualTo(200);
        }
        relay.finish();
    }

    @Test
    void aStreamOfEventsPassesUnchanged() {
        ScriptedUpstream upstream =
                upstream(GEMINI, streaming("data: " + FIRST_CHUNK + "\r\n\r\n", "data: " + LAST_CHUNK + "\r\n\r\n"));
        relay.start();

        RawClient.Reply reply = post(STREAM + "?alt=sse", ASK_GEMINI);

        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(reply.body()).isEqualTo("data: " + FIRST_CHUNK + "\r\n\r\ndata: " + LAST_CHUNK + "\n\n");
        assertThat(upstream.heads().get(0)).contains(STREAM + "?alt=sse HTTP/1.1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aStreamIsAListWhereEventsWereNotAskedFor() {
        upstream(GEMINI, streaming(": hello\n\n", "data: " + FIRST_CHUNK + "\n\n", "data: " + LAST_CHUNK + "\n\n"));
        relay.start();

        RawClient.Reply reply = post(STREAM, ASK_GEMINI);

        assertThat(reply.header("Content-Type")).isEqualTo("application/json");
        assertThat(new JsonArray(reply.body()))
                .containsExactly(new JsonObject(FIRST_CHUNK), new JsonObject(LAST_CHUNK));
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aListThatIsCutEndsWithTheError() {
        upstream(
                GEMINI,
                reply -> reply.streamHead()
                        .chunk("data: " + FIRST_CHUNK + "\n\n")
                        .cut());
        relay.start();

        JsonArray list = new JsonArray(post(STREAM, ASK_GEMINI).body());

        assertThat(list.getJsonObject(0)).isEqualTo(new JsonObject(FIRST_CHUNK));
        assertThat(list.getJsonObject(1).getJsonObject("error").getInteger("code"))
                .isEqualTo(502);
        relay.finish();
        assertThat(relay.charges())
                .containsExactly(10 + 2 * TextEstimator.forModel(Chat.MODEL).estimate("Hel"));
    }

    @Test
    void aPromptThatIsNotAnsweredIsAnAnswer() {
        String blocked =
                "{\"promptFeedback\":{\"blockReason\":\"SAFETY\"},\"usageMetadata\":{\"promptTokenCount\":10}}";
        upstream(GEMINI, streaming("data: " + blocked + "\n\n"));
        relay.start();

        assertThat(post(STREAM + "?alt=sse", ASK_GEMINI).body()).isEqualTo("data: " + blocked + "\n\n");
        relay.finish();
        assertThat(relay.charges()).containsExactly(10L);
    }

    @Test
    void anErrorOfGooglesIsToldInItsFormat() {
        upstream(
                GEMINI,
                reply -> reply.json(
                        400,
                        "{\"error\":{\"code\":400,\"message\":\"no such field\",\"status\":\"INVALID_ARGUMENT\"}}"));
        relay.start();

        RawClient.Reply reply = post(GENERATE, ASK_GEMINI);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"status\":\"INVALID_ARGUMENT\"", "no such field");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    // ---- OpenAI's responses

    private static final String RESPOND =
            "{\"model\":\"" + Chat.MODEL + "\",\"input\":\"Hello\",\"previous_response_id\":\"resp_0\"}";
    private static final String RESPONSE =
            "{\"id\":\"resp_1\",\"object\":\"response\",\"status\":\"completed\",\"error\":null,"
                    + "\"output\":[{\"type\":\"message\",\"role\":\"assistant\",\"content\":[{\"type\":\"output_text\","
                    + "\"text\":\"Hi\"}]}],\"usage\":{\"input_tokens\":10,\"output_tokens\":4,\"total_tokens\":14}}";
    private static final String CREATED = event(
            "response.created",
            "{\"type\":\"response.created\",\"response\":{\"id\":\"resp_1\",\"status\":\"in_progress\",\"error\":null,"
                    + "\"usage\":null}}");
    private static final String WORDS =
            event("response.output_text.delta", "{\"type\":\"response.output_text.delta\",\"delta\":\"Hello there\"}");

    @Test
    void aResponseIsRelayedAsItIsAlsoWhereItGoesOnWithAnother() {
        ScriptedUpstream upstream = upstream(1, reply -> reply.json(200, RESPONSE));
        relay.start();

        RawClient.Reply reply = post("/v1/responses", RESPOND);

        assertThat(reply.body()).isEqualTo(RESPONSE);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/responses HTTP/1.1");
        assertThat(upstream.bodies()).containsExactly(RESPOND);
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"completed", "incomplete"})
    void aStreamOfResponsesPassesUnchanged(String end) {
        String last = event(
                "response." + end,
                "{\"type\":\"response." + end + "\",\"response\":" + RESPONSE.replace("completed", end) + "}");
        upstream(1, streaming(CREATED, WORDS, last));
        relay.start();

        assertThat(post("/v1/responses", RESPOND.replace("{\"model", "{\"stream\":true,\"model"))
                        .body())
                .isEqualTo(CREATED + WORDS + last);
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aResponseThatFailsIsAnErrorAndCostsItsPrompt() {
        upstream(
                1,
                streaming(
                        CREATED,
                        event(
                                "response.failed",
                                "{\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"code\":"
                                        + "\"server_error\",\"message\":\"broken\"}}}")));
        relay.start();

        String request = RESPOND.replace("{\"model", "{\"stream\":true,\"model");
        RawClient.Reply reply = post("/v1/responses", request);

        assertThat(reply.body()).startsWith(CREATED);
        assertThat(Seen.of(new ResponsesSpeaker(), reply.body())).isEqualTo(Seen.part("", "broken"));
        relay.finish();
        assertThat(relay.charges())
                .containsExactly(new ResponsesSpeaker()
                        .read(new JsonObject(request), true)
                        .estimatedPromptTokens());
    }

    @Test
    void whatGoesOnWithAnotherResponseCannotBeAskedOfAProviderWithoutThem() {
        ScriptedUpstream other = upstream(ANTHROPIC, reply -> reply.json(200, ANSWER));
        relay.start();

        assertThat(post("/v1/responses", RESPOND).body()).contains("not_expressible");

        assertThat(other.calls()).isZero();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }
}
