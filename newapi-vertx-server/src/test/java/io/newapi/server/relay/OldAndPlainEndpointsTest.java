package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Completions, moderations, reranking, and Google's embeddings and counts: what comes passes unchanged, and is charged. */
class OldAndPlainEndpointsTest {

    private static final int GEMINI = 24;
    private static final int COHERE = 34;

    private static final String COMPLETIONS = "/v1/completions";
    private static final String COMPLETE =
            "{\"model\":\"" + Chat.MODEL + "\",\"prompt\":\"Once upon\",\"max_tokens\":20}";
    private static final String STREAM = COMPLETE.replace("{\"model\"", "{\"stream\":true,\"model\"");
    private static final String RERANK = "{\"model\":\"" + Chat.MODEL
            + "\",\"query\":\"deep learning\",\"documents\":[\"one\",{\"text\":\"two\"}],\"top_n\":1}";
    private static final String RANKED = "{\"results\":[{\"index\":0,\"relevance_score\":0.9}]";
    private static final String GEMINI_MODEL = "/v1beta/models/" + Chat.MODEL;

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

    // ---- completions

    @Test
    void aCompletionIsRelayedAsItIs() {
        String answer = "{\"object\":\"text_completion\",\"choices\":[{\"text\":\" a time\",\"index\":0,"
                + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":2,\"completion_tokens\":3}}";
        ScriptedUpstream upstream = upstream(1, answer);
        relay.start();

        RawClient.Reply reply = post(COMPLETIONS, COMPLETE);

        assertThat(reply.body()).isEqualTo(answer);
        assertThat(upstream.bodies()).containsExactly(COMPLETE);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/completions HTTP/1.1");
        relay.finish();
        // two units read at one each, three written at two
        assertThat(relay.charges()).containsExactly(8L);
    }

    @Test
    void aStreamedCompletionIsAskedForItsUsageWhichTheClientDoesNotSee() {
        String text = "{\"object\":\"text_completion\",\"choices\":[{\"text\":\" a time\",\"index\":0,"
                + "\"finish_reason\":\"stop\"}]}";
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.streamHead().event(text).usage(2, 3).done().end());
        relay.channel(upstream.url()).start();

        RawClient.Reply reply = post(COMPLETIONS, STREAM);

        assertThat(reply.body()).isEqualTo("data: " + text + "\n\ndata: [DONE]\n\n");
        assertThat(upstream.bodies().get(0)).contains("\"stream_options\":{\"include_usage\":true}");
        relay.finish();
        assertThat(relay.charges()).containsExactly(8L);
    }

    @Test
    void aStreamedCompletionWithoutUsageIsChargedForItsTextAndSaysSo() {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx,
                reply -> reply.streamHead()
                        .event("{\"choices\":[{\"text\":\" a time\",\"index\":0,\"finish_reason\":\"stop\"}]}")
                        .done()
                        .end());
        relay.channel(upstream.url()).start();

        RawClient.Reply reply = post(
                COMPLETIONS, STREAM.replace("{\"stream\"", "{\"stream_options\":{\"include_usage\":true},\"stream\""));

        assertThat(reply.body()).contains("\"object\":\"text_completion\"", "\"completion_tokens\":");
        relay.finish();
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
        assertThat(relay.charges().get(0)).isPositive();
    }

    // ---- responses made shorter

    @ParameterizedTest
    @CsvSource({"'', test-model", "other-openai-compact, other", "other, other"})
    void aConversationIsCompactedByAModelWithAPriceOfItsOwnWhichTheProviderKnowsByItsUsualName(
            String mapped, String named) {
        String model = Chat.MODEL + "-openai-compact";
        String ask = "{\"model\":\"" + Chat.MODEL + "\",\"input\":[{\"role\":\"user\",\"content\":\"Hello\"}]}";
        String answer = "{\"id\":\"r\",\"object\":\"response.compaction\",\"output\":[{\"type\":\"compaction\","
                + "\"encrypted_content\":\"x\"}],\"usage\":{\"input_tokens\":10,\"output_tokens\":0,\"total_tokens\":10}}";
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, answer));
        relay.channel(
                        upstream.url(),
                        made -> made.models(List.of(model))
                                .modelMapping(mapped.isEmpty() ? Map.of() : Map.of(model, mapped)))
                .ratio(model, "3")
                .start();

        RawClient.Reply reply = post("/v1/responses/compact", ask);

        assertThat(reply.body()).isEqualTo(answer);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/responses/compact HTTP/1.1");
        assertThat(upstream.bodies()).containsExactly(ask.replace(Chat.MODEL, named));
        relay.finish();
        // ten units at three each
        assertThat(relay.charges()).containsExactly(30L);
    }

    // ---- moderations

    @Test
    void aModerationIsOfTheModelThatItIsChargedAs() {
        ScriptedUpstream upstream = ScriptedUpstream.start(
                relay.vertx, reply -> reply.json(200, "{\"id\":\"m\",\"results\":[{\"flagged\":false}]}"));
        relay.channel(upstream.url(), made -> made.models(List.of("text-moderation-stable")))
                .ratio("text-moderation-stable", "2")
                .start();

        RawClient.Reply reply = post("/v1/moderations", "{\"input\":\"Hello world\"}");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(upstream.bodies())
                .containsExactly("{\"model\":\"text-moderation-stable\",\"input\":\"Hello world\"}");
        relay.finish();
        // "Hello", " " and "world" and the end of the line: 1.02 + 0.42 + 1.02 + 0.5 = 2.96, so 3 units, at two each
        assertThat(relay.charges()).containsExactly(6L);
    }

    // ---- reranking

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1  | ,\"usage\":{\"total_tokens\":11}} | 11",
                "38 | ,\"usage\":{\"total_tokens\":11,\"prompt_tokens\":10}} | 11",
                "40 | ,\"meta\":{\"tokens\":{\"input_tokens\":12,\"output_tokens\":0}}} | 12",
                "34 | ,\"meta\":{\"billed_units\":{\"input_tokens\":13}}} | 13"
            })
    void rerankingIsChargedForWhatWasRead(int type, String usage, long charged) {
        ScriptedUpstream upstream = upstream(type, RANKED + usage);
        relay.start();

        RawClient.Reply reply = post("/v1/rerank", RERANK);

        assertThat(reply.body()).isEqualTo(RANKED + usage);
        assertThat(upstream.bodies()).containsExactly(RERANK);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1/rerank HTTP/1.1");
        relay.finish();
        assertThat(relay.charges()).containsExactly(charged);
    }

    @Test
    void rerankingThatOnlyCountsSearchesIsChargedForTheEstimate() {
        upstream(COHERE, RANKED + ",\"meta\":{\"billed_units\":{\"search_units\":1}}}");
        relay.start();

        assertThat(post("/v1/rerank", RERANK).status()).isEqualTo(200);

        relay.finish();
        assertThat(relay.log().other()).contains("\"local_count_tokens\":true");
        assertThat(relay.charges().get(0)).isBetween(4L, 12L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/v1/rerank      | {\"model\":\"m\",\"documents\":[\"a\"]} | query",
                "/v1/rerank      | {\"model\":\"m\",\"query\":\"a\",\"documents\":[]} | documents",
                "/v1/rerank      | {\"model\":\"m\",\"query\":\"a\"} | documents",
                "/v1/rerank      | {\"query\":\"a\",\"documents\":[\"a\"]} | model",
                "/v1/moderations | {\"model\":\"m\"} | input",
                "/v1/completions | {\"model\":\"m\",\"prompt\":\"\"} | prompt",
                "/v1/completions | {\"model\":\"m\",\"prompt\":\"a\",\"n\":1000} | n",
                "/v1/completions | {\"model\":\"m\",\"prompt\":\"a\",\"best_of\":0} | best_of"
            })
    void whatLacksSomethingIsRefused(String path, String body, String field) {
        relay.start();

        RawClient.Reply reply = post(path, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"param\":\"" + field + "\"");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    // ---- Google

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":embedContent | {\"model\":\"models/test-model\",\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}",
                ":embedContent | {\"content\":{\"parts\":[{\"text\":\"Hello\"}]},\"taskType\":\"RETRIEVAL_QUERY\"}",
                ":batchEmbedContents | {\"requests\":[{\"model\":\"models/test-model\",\"content\":{\"parts\":[{\"text\":\"a\"}]}}"
                        + ",{\"model\":\"models/test-model\",\"content\":{\"parts\":[{\"text\":\"b\"}]}}]}"
            })
    void googlesEmbeddingsNameTheModelTwiceAndBothAreTheProviders(String action, String body) {
        String answer = "{\"embedding\":{\"values\":[0.1]},\"usageMetadata\":{\"promptTokenCount\":9}}";
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, answer));
        relay.channel(upstream.url(), made -> made.type(GEMINI).modelMapping(Map.of(Chat.MODEL, "gemini-embedding")))
                .start();

        RawClient.Reply reply = post(GEMINI_MODEL + action, body);

        assertThat(reply.body()).isEqualTo(answer);
        assertThat(upstream.heads().get(0)).startsWith("POST /v1beta/models/gemini-embedding" + action + " HTTP/1.1");
        assertThat(upstream.bodies()).containsExactly(body.replace(Chat.MODEL, "gemini-embedding"));
        relay.finish();
        assertThat(relay.charges()).containsExactly(9L);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                ":embedContent | {}",
                ":embedContent | {\"model\":\"models/other\",\"content\":{\"parts\":[{\"text\":\"Hello\"}]}}",
                ":batchEmbedContents | {\"requests\":[]}",
                ":countTokens | {}"
            })
    void whatGooglesClientsLeaveOutIsSaidInTheirFormat(String action, String body) {
        relay.start();

        RawClient.Reply reply = post(GEMINI_MODEL + action, body);

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("\"status\":\"INVALID_ARGUMENT\"");
        relay.finish();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"contents\":[{\"parts\":[{\"text\":\"Hello world\"}]}]}",
                "{\"generateContentRequest\":{\"contents\":[{\"parts\":[{\"text\":\"Hello world\"}]}]}}"
            })
    void textUnitsAreCountedForGooglesClientsToo(String body) {
        relay.start();

        RawClient.Reply reply = post(GEMINI_MODEL + ":countTokens", body);

        assertThat(new JsonObject(reply.body())).isEqualTo(new JsonObject().put("totalTokens", 3));
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }
}
