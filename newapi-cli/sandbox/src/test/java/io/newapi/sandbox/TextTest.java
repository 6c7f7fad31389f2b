package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Older completions, embeddings, moderations and rankings. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class TextTest {

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
    void aCompletionIsTextAndUsage() {
        JsonObject answer = answer("/v1/completions", "{'model':'m','prompt':'two words'}");

        assertThat(answer.getString("object")).isEqualTo("text_completion");
        assertThat(answer.getJsonArray("choices").encode())
                .isEqualTo("[{\"text\":\"Echo: two words\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]");
        assertThat(answer.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(5);
    }

    @Test
    void aStreamedCompletionEndsWithReasonUsageAndDone() {
        List<String> events = caller.stream(
                "/v1/completions",
                json(
                        "{'model':'m','prompt':['a b'],'stream':true,'max_tokens':2,'stream_options':{'include_usage':true}}"));

        assertThat(events).hasSize(6).endsWith("[DONE]", "end");
        assertThat(events.get(1)).contains("\"text\":\" a\"");
        assertThat(events.get(2)).contains("\"finish_reason\":\"length\"");
        assertThat(events.get(3)).contains("\"choices\":[]", "\"completion_tokens\":2");
    }

    @Test
    void anEmbeddingIsTheSameForTheSameTextAndOfLengthOne() {
        JsonObject answer = answer("/v1/embeddings", "{'model':'m','input':['a b','a b','c'],'dimensions':8}");

        JsonArray data = answer.getJsonArray("data");
        assertThat(vector(data, 0)).hasSize(8).isEqualTo(vector(data, 1)).isNotEqualTo(vector(data, 2));
        double squares = vector(data, 0).stream()
                .mapToDouble(value -> ((Number) value).doubleValue())
                .map(value -> value * value)
                .sum();
        assertThat(squares).isCloseTo(1, within(0.0001));
        assertThat(data.getJsonObject(2).getInteger("index")).isEqualTo(2);
        assertThat(answer.getJsonObject("usage").encode()).isEqualTo("{\"prompt_tokens\":5,\"total_tokens\":5}");
    }

    @Test
    void anEmbeddingInBase64IsTheSameVector() {
        JsonObject plain = answer("/v1/embeddings", "{'model':'m','input':[1,2],'dimensions':3}");
        JsonObject encoded =
                answer("/v1/embeddings", "{'model':'m','input':[1,2],'dimensions':3,'encoding_format':'base64'}");

        byte[] bytes = Base64.getDecoder()
                .decode(encoded.getJsonArray("data").getJsonObject(0).getString("embedding"));
        ByteBuffer floats = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(bytes).hasSize(12);
        for (Object value : vector(plain.getJsonArray("data"), 0)) {
            assertThat(floats.getFloat()).isEqualTo(((Number) value).floatValue());
        }
    }

    @Test
    void googleEmbedsOneOrMany() {
        JsonObject one = answer(
                "/v1beta/models/e:embedContent", "{'content':{'parts':[{'text':'a'}]},'outputDimensionality':2}");
        JsonObject many = answer(
                "/v1beta/models/e:batchEmbedContents",
                "{'requests':[{'model':'models/e','content':{'parts':[{'text':'a'}]},'outputDimensionality':2}]}");

        assertThat(one.getJsonObject("embedding").getJsonArray("values")).hasSize(2);
        assertThat(many.getJsonArray("embeddings").getJsonObject(0)).isEqualTo(one.getJsonObject("embedding"));
    }

    @Test
    void aModerationFlagsTheCategoryThatIsNamed() {
        JsonArray results =
                answer("/v1/moderations", "{'input':['peace','much Violence']}").getJsonArray("results");

        assertThat(results.getJsonObject(0).getBoolean("flagged")).isFalse();
        assertThat(results.getJsonObject(1).getBoolean("flagged")).isTrue();
        assertThat(results.getJsonObject(1).getJsonObject("categories").getBoolean("violence"))
                .isTrue();
    }

    @Test
    void aRankingPutsTheDocumentWithMostOfTheQuerysWordsFirst() {
        JsonObject answer = answer(
                "/v1/rerank",
                "{'model':'m','query':'red car','documents':['a boat','a car',{'text':'a red car'}],'top_n':2,"
                        + "'return_documents':true}");

        assertThat(answer.getJsonArray("results").encode())
                .isEqualTo("[{\"index\":2,\"relevance_score\":1.0,\"document\":{\"text\":\"a red car\"}},"
                        + "{\"index\":1,\"relevance_score\":0.5,\"document\":{\"text\":\"a car\"}}]");
        assertThat(answer.getJsonObject("usage").getInteger("total_tokens")).isEqualTo(9);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/completions | {'model':'m'} | Missing required parameter: 'prompt'
            /v1/embeddings | {'input':'x'} | you must provide a model
            /v1/embeddings | {'model':'m'} | Missing required parameter: 'input'
            /v1/embeddings | {'model':'m','input':''} | cannot be an empty string
            /v1/embeddings | {'model':'m','input':'x','encoding_format':'hex'} | Invalid value: 'hex'
            /v1/moderations | {} | Missing required parameter: 'input'
            /v1/rerank | {'model':'m','documents':['x']} | Missing required parameter: 'query'
            /v1/rerank | {'model':'m','query':'x'} | Missing required parameter: 'documents'
            /v1beta/models/e:embedContent | {} | content is not specified
            /v1beta/models/e:batchEmbedContents | {'requests':[{'model':'models/f'}]} | model must be the one of the path
            """)
    void whatIsMissingIsRefused(String path, String body, String why) {
        HttpResponse<String> answer = caller.post(path, json(body));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(answer.body()).contains(why);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            /v1/embeddings | {'model':'m','input':'x','dimensions':2}
            /v1/rerank | {'model':'m','query':'x','documents':['x']}
            /openai/deployments/m/embeddings?api-version=1 | {'input':'x','dimensions':2}
            """)
    void usageIsReportedAsWished(String path, String body) {
        assertThat(wishing(path, body, "{'prompt_tokens':77}").body()).contains("\"total_tokens\":77");
        assertThat(wishing(path, body, "{'fault':'zero-usage'}").body()).contains("\"total_tokens\":0");
        assertThat(wishing(path, body, "{'fault':'no-usage'}").body()).doesNotContain("usage");
        assertThat(wishing(path, body, "{'status':429,'retry_after':1}").statusCode())
                .isEqualTo(429);
        assertThat(wishing(path, body, "{'fault':'malformed-after-chunk'}").body())
                .doesNotEndWith("}");
        assertThat(wishing(path, body, "{'fault':'error-event-after-chunk'}").body())
                .startsWith("{\"error\"");
    }

    private HttpResponse<String> wishing(String path, String body, String wishes) {
        return caller.post(path, json(body), "X-Sandbox", wishes.replace('\'', '"'));
    }

    private JsonObject answer(String path, String body) {
        HttpResponse<String> answer = caller.post(path, json(body));
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return new JsonObject(answer.body());
    }

    private static JsonArray vector(JsonArray data, int index) {
        return data.getJsonObject(index).getJsonArray("embedding");
    }

    private static JsonObject json(String text) {
        return new JsonObject(text.replace('\'', '"'));
    }
}
