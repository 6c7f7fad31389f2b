package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** OpenAI's responses. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ResponsesTest {

    private static final String PATH = "/v1/responses";
    private static final String TOOLS = """
            [{"type":"function","name":"get_weather","parameters":{"type":"object","properties":{
              "city":{"type":"string"}}}}]""";

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
    void anAnswerHasItsTextAsAMessage() {
        JsonObject answer = answer(asking("two words"));

        assertThat(answer.getString("object")).isEqualTo("response");
        assertThat(answer.getString("status")).isEqualTo("completed");
        JsonObject message = answer.getJsonArray("output").getJsonObject(0);
        assertThat(message.getString("id")).startsWith("msg_sandbox_");
        message.remove("id");
        assertThat(message.encode())
                .isEqualTo(
                        "{\"type\":\"message\",\"status\":\"completed\",\"role\":\"assistant\",\"content\":["
                                + "{\"type\":\"output_text\",\"text\":\"Echo: two words\",\"annotations\":[],\"logprobs\":[]}]}");
        assertThat(answer.getJsonObject("usage").encode())
                .isEqualTo("{\"input_tokens\":2,\"input_tokens_details\":{\"cached_tokens\":0},\"output_tokens\":3,"
                        + "\"output_tokens_details\":{\"reasoning_tokens\":0},\"total_tokens\":5}");
    }

    @Test
    void aStreamHasEveryEventInItsOrderWithItsNumber() {
        JsonObject body = asking("call get_weather")
                .put("tools", new JsonArray(TOOLS))
                .put("stream", true)
                .put("sandbox", new JsonObject("{\"thinking\":\"a b\",\"chunks\":2}"));

        List<JsonObject> events = events(body);

        assertThat(events)
                .extracting(event -> event.getString("type"))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.reasoning_summary_part.added",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.delta",
                        "response.reasoning_summary_text.done",
                        "response.reasoning_summary_part.done",
                        "response.output_item.done",
                        "response.output_item.added",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.delta",
                        "response.function_call_arguments.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events)
                .extracting(event -> event.getInteger("sequence_number"))
                .isEqualTo(IntStream.range(0, events.size()).boxed().toList());
        assertThat(events.get(12).getString("arguments")).isEqualTo("{\"city\":\"sandbox\"}");
        JsonObject completed = events.get(14).getJsonObject("response");
        assertThat(completed.getJsonArray("output").getJsonObject(0).getString("type"))
                .isEqualTo("reasoning");
        assertThat(completed.getJsonArray("output").getJsonObject(1))
                .isEqualTo(events.get(13).getJsonObject("item"));
        assertThat(completed
                        .getJsonObject("usage")
                        .getJsonObject("output_tokens_details")
                        .encode())
                .isEqualTo("{\"reasoning_tokens\":2}");
    }

    @Test
    void aStreamedTextIsAPartOfAnItem() {
        List<JsonObject> events = events(asking("x").put("stream", true));

        assertThat(events)
                .extracting(event -> event.getString("type"))
                .containsExactly(
                        "response.created",
                        "response.in_progress",
                        "response.output_item.added",
                        "response.content_part.added",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.done",
                        "response.content_part.done",
                        "response.output_item.done",
                        "response.completed");
        assertThat(events.get(4).getString("item_id"))
                .isEqualTo(events.get(2).getJsonObject("item").getString("id"));
        assertThat(events.get(6).getString("text")).isEqualTo("Echo: x");
    }

    @Test
    void anAnswerThatReachesItsLimitIsIncomplete() {
        String text = "word ".repeat(30).strip();

        JsonObject answer = answer(asking(text).put("max_output_tokens", 16));
        List<JsonObject> events =
                events(asking(text).put("max_output_tokens", 16).put("stream", true));

        assertThat(answer.getString("status")).isEqualTo("incomplete");
        assertThat(answer.getJsonObject("incomplete_details").getString("reason"))
                .isEqualTo("max_output_tokens");
        assertThat(events.get(events.size() - 1).getString("type")).isEqualTo("response.incomplete");
    }

    @Test
    void aSchemaIsKept() {
        JsonObject format = new JsonObject("""
                {"format":{"type":"json_schema","name":"n","schema":{"type":"object","properties":{
                  "list":{"type":"array","items":{"type":"integer"}},"inner":{"type":"object","properties":{
                  "flag":{"type":"boolean"}}}}}}}""");

        JsonObject message =
                answer(asking("x").put("text", format)).getJsonArray("output").getJsonObject(0);

        assertThat(message.getJsonArray("content").getJsonObject(0).getString("text"))
                .isEqualTo("{\"list\":[1],\"inner\":{\"flag\":true}}");
    }

    @Test
    void reasoningIsEncryptedWhenItIsAskedFor() {
        JsonObject body = asking("x")
                .put("reasoning", new JsonObject().put("effort", "low"))
                .put("include", new JsonArray().add("reasoning.encrypted_content"));

        JsonObject reasoning = answer(body).getJsonArray("output").getJsonObject(0);

        assertThat(reasoning.getString("encrypted_content")).isEqualTo(Signature.of("Thinking about: x"));
        assertThat(reasoning.getJsonArray("summary").getJsonObject(0).getString("text"))
                .isEqualTo("Thinking about: x");
    }

    private JsonObject answer(JsonObject body) {
        return new JsonObject(caller.post(PATH, body).body());
    }

    private List<JsonObject> events(JsonObject body) {
        List<String> seen = caller.stream(PATH, body);
        assertThat(seen).endsWith("end");
        return seen.subList(0, seen.size() - 1).stream().map(JsonObject::new).toList();
    }

    private static JsonObject asking(String text) {
        return new JsonObject().put("model", "m").put("input", text);
    }
}
