package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** Anthropic's messages. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class MessagesTest {

    private static final String PATH = "/v1/messages";
    private static final String[] VERSION = {"anthropic-version", "2023-06-01"};
    private static final String TOOLS = """
            [{"name":"get_weather","input_schema":{"type":"object","properties":{"city":{"type":"string"}}}}]""";

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
    void anAnswerHasContentAndUsage() {
        JsonObject body = saying("two words")
                .put("sandbox", new JsonObject("{\"prompt_tokens\":10,\"cached_tokens\":3,\"cache_write_tokens\":2}"));

        JsonObject answer = new JsonObject(caller.post(PATH, body, VERSION).body());

        assertThat(answer.getString("id")).startsWith("msg_sandbox_");
        answer.remove("id");
        assertThat(answer.encode())
                .isEqualTo("{\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\","
                        + "\"content\":[{\"type\":\"text\",\"text\":\"Echo: two words\"}],"
                        + "\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":5,\"cache_creation_input_tokens\":2,"
                        + "\"cache_read_input_tokens\":3,\"output_tokens\":3,\"cache_creation\":{"
                        + "\"ephemeral_5m_input_tokens\":2,\"ephemeral_1h_input_tokens\":0},"
                        + "\"service_tier\":\"standard\"}}");
    }

    @Test
    void aStreamGoesFromStartToStop() {
        List<String> events = caller.stream(PATH, saying("x").put("stream", true), VERSION);

        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"text\",\"text\":\"\"}}",
                        "{\"type\":\"ping\"}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\"Echo:\"}}",
                        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"type\":\"text_delta\",\"text\":\" x\"}}",
                        "{\"type\":\"content_block_stop\",\"index\":0}",
                        "{\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\",\"stop_sequence\":null},"
                                + "\"usage\":{\"input_tokens\":1,\"cache_creation_input_tokens\":0,"
                                + "\"cache_read_input_tokens\":0,\"output_tokens\":2}}",
                        "{\"type\":\"message_stop\"}",
                        "end");
        JsonObject message = new JsonObject(events.get(0)).getJsonObject("message");
        assertThat(message.getJsonArray("content")).isEmpty();
        assertThat(message.getJsonObject("usage").getInteger("output_tokens")).isEqualTo(1);
    }

    @Test
    void eventsAreNamed() {
        String stream =
                caller.post(PATH, saying("x").put("stream", true), VERSION).body();

        assertThat(stream)
                .startsWith("event: message_start\ndata: {")
                .endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
    }

    @Test
    void thinkingIsSignedAndAToolIsUsedInFragments() {
        JsonObject body = saying("call get_weather")
                .put("tools", new JsonArray(TOOLS))
                .put("stream", true)
                .put("max_tokens", 2000)
                .put("thinking", new JsonObject("{\"type\":\"enabled\",\"budget_tokens\":1024}"));

        List<String> events = caller.stream(PATH, body, VERSION);

        assertThat(String.join("\n", events))
                .contains(
                        "{\"type\":\"thinking\",\"thinking\":\"\",\"signature\":\"\"}",
                        "{\"type\":\"thinking_delta\",\"thinking\":\"Thinking\"}",
                        "{\"type\":\"signature_delta\",\"signature\":\""
                                + Signature.of("Thinking about: call get_weather") + "\"}",
                        "\"name\":\"get_weather\",\"input\":{}}",
                        "{\"type\":\"input_json_delta\",\"partial_json\":\"{\\\"city\"}",
                        "\"stop_reason\":\"tool_use\"");
    }

    @Test
    void aWholeAnswerThinksAndUsesTools() {
        JsonObject body = saying("please call get_weather")
                .put("tools", new JsonArray(TOOLS))
                .put("thinking", new JsonObject("{\"type\":\"adaptive\"}"));

        JsonObject answer = new JsonObject(caller.post(PATH, body, VERSION).body());

        JsonObject thinking = answer.getJsonArray("content").getJsonObject(0);
        JsonObject use = answer.getJsonArray("content").getJsonObject(1);
        assertThat(thinking.getString("signature")).isEqualTo(Signature.of(thinking.getString("thinking")));
        assertThat(use.getString("type")).isEqualTo("tool_use");
        assertThat(use.getString("id")).startsWith("toolu_");
        assertThat(use.getJsonObject("input").encode()).isEqualTo("{\"city\":\"sandbox\"}");
        assertThat(answer.getString("stop_reason")).isEqualTo("tool_use");
    }

    @Test
    void whatWasAnsweredCanBeSentBack() {
        JsonObject body = saying("call get_weather").put("tools", new JsonArray(TOOLS));
        JsonArray content = new JsonObject(caller.post(PATH, body, VERSION).body()).getJsonArray("content");
        String id = content.getJsonObject(0).getString("id");
        body.getJsonArray("messages")
                .add(new JsonObject().put("role", "assistant").put("content", content))
                .add(new JsonObject("{\"role\":\"user\",\"content\":[{\"type\":\"tool_result\",\"tool_use_id\":\"" + id
                        + "\",\"content\":\"sunny\"}]}"));

        HttpResponse<String> answer = caller.post(PATH, body, VERSION);

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"end_turn\"");
    }

    @Test
    void tokensAreCountedWithoutALimit() {
        JsonObject body = saying("one two three");
        body.remove("max_tokens");

        assertThat(caller.post(PATH + "/count_tokens", body, VERSION).body()).isEqualTo("{\"input_tokens\":3}");
    }

    @Test
    void theVersionIsRequired() {
        HttpResponse<String> answer = caller.post(PATH, saying("x"));

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new JsonObject(answer.body()).getString("type")).isEqualTo("error");
        assertThat(new JsonObject(answer.body()).getJsonObject("error").encode())
                .isEqualTo(
                        "{\"type\":\"invalid_request_error\",\"message\":\"anthropic-version: header is required\"}");
    }

    private static JsonObject saying(String text) {
        return Caller.saying(text).put("max_tokens", 100);
    }
}
