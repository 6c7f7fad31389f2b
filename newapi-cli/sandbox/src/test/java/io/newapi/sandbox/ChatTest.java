package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;

/** What the sandbox answers when nothing goes wrong. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class ChatTest {

    private static final JsonObject WEATHER_TOOL = new JsonObject("""
            {"type":"function","function":{"name":"get_weather","parameters":{"type":"object","properties":{
              "city":{"type":"string"},"days":{"type":"integer"},"unit":{"type":"string","enum":["C","F"]},
              "exact":{"type":"boolean"}}}}}""");
    private static final String WEATHER_ARGUMENTS = "{\"city\":\"sandbox\",\"days\":1,\"unit\":\"C\",\"exact\":true}";

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
    void anAnswerEchoesTheQuestionAndCountsWords() {
        HttpResponse<String> response = caller.chat(Caller.saying("two words"));

        JsonObject answer = new JsonObject(response.body());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(answer.getString("object")).isEqualTo("chat.completion");
        assertThat(answer.getString("model")).isEqualTo("m");
        assertThat(choice(answer).getString("finish_reason")).isEqualTo("stop");
        assertThat(choice(answer).getJsonObject("message").getString("content")).isEqualTo("Echo: two words");
        assertThat(answer.getJsonObject("usage").encode())
                .isEqualTo("{\"prompt_tokens\":2,\"completion_tokens\":3,\"total_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":0},"
                        + "\"completion_tokens_details\":{\"reasoning_tokens\":0}}");
    }

    @Test
    void aStreamOpensWithTheRoleAndEndsWithReasonAndDone() {
        List<String> events = caller.stream(Caller.saying("two words"));

        assertThat(events).hasSize(7).endsWith("[DONE]", "end");
        assertThat(delta(events.get(0)).encode()).isEqualTo("{\"role\":\"assistant\",\"content\":\"\"}");
        assertThat(events.subList(1, 4))
                .extracting(event -> delta(event).getString("content"))
                .containsExactly("Echo:", " two", " words");
        assertThat(choice(new JsonObject(events.get(4))).getString("finish_reason"))
                .isEqualTo("stop");
        assertThat(events.subList(0, 5)).noneMatch(event -> event.contains("usage"));
    }

    @Test
    void aUsageChunkWithoutChoicesComesLastWhenItIsAskedFor() {
        JsonObject body = Caller.saying("two words").put("stream_options", new JsonObject().put("include_usage", true));

        List<String> events = caller.stream(body);

        JsonObject last = new JsonObject(events.get(events.size() - 3));
        assertThat(last.getJsonArray("choices")).isEmpty();
        assertThat(last.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(2);
        assertThat(last.getJsonObject("usage").getInteger("completion_tokens")).isEqualTo(3);
        assertThat(events.subList(0, events.size() - 3)).allMatch(event -> event.contains("\"usage\":null"));
    }

    @Test
    void theSandboxObjectSetsTheReportedFigures() {
        JsonObject body = Caller.saying("x")
                .put("sandbox", new JsonObject("{\"prompt_tokens\":100,\"completion_tokens\":20,\"cached_tokens\":7}"));

        JsonObject answer = new JsonObject(caller.chat(body).body());

        JsonObject usage = answer.getJsonObject("usage");
        assertThat(usage.getInteger("prompt_tokens")).isEqualTo(100);
        assertThat(usage.getInteger("completion_tokens")).isEqualTo(20);
        assertThat(usage.getInteger("total_tokens")).isEqualTo(120);
        assertThat(usage.getJsonObject("prompt_tokens_details").getInteger("cached_tokens"))
                .isEqualTo(7);
        assertThat(choice(answer).getJsonObject("message").getString("content").split(" "))
                .hasSize(20);
    }

    @Test
    void theHeaderWinsOverTheBodyAndTheBodyOverMetadata() {
        JsonObject body = Caller.saying("x")
                .put(
                        "metadata",
                        new JsonObject()
                                .put("sandbox", "{\"prompt_tokens\":1,\"completion_tokens\":1,\"cached_tokens\":1}"))
                .put("sandbox", new JsonObject("{\"prompt_tokens\":2,\"completion_tokens\":2}"));

        String answer = caller.chat(body, "X-Sandbox", "{\"prompt_tokens\":3}").body();

        assertThat(new JsonObject(answer).getJsonObject("usage").encode())
                .startsWith("{\"prompt_tokens\":3,\"completion_tokens\":2,\"total_tokens\":5,"
                        + "\"prompt_tokens_details\":{\"cached_tokens\":1}");
    }

    @Test
    void aMisspeltWishIsRefusedWithItsName() {
        JsonObject body = Caller.saying("x").put("sandbox", new JsonObject("{\"promt_tokens\":1}"));

        HttpResponse<String> response = caller.chat(body);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(response.body()).contains("promt_tokens");
    }

    @Test
    void aStreamHasAsManyChunksAsWished() {
        JsonObject body = Caller.saying("x").put("sandbox", new JsonObject("{\"content\":\"a b c d\",\"chunks\":2}"));

        List<String> events = caller.stream(body);

        assertThat(events.subList(1, 3))
                .extracting(event -> delta(event).getString("content"))
                .containsExactly("a b", " c d");
        assertThat(delta(events.get(3))).isEmpty();
    }

    @Test
    void moreChunksThanWordsRepeatTheWords() {
        JsonObject body = Caller.saying("x").put("sandbox", new JsonObject("{\"content\":\"a b\",\"chunks\":5}"));

        assertThat(caller.stream(body).subList(1, 6))
                .extracting(event -> delta(event).getString("content"))
                .containsExactly("a", " b", " a", " b", " a");
    }

    @Test
    void anEchoStopsAtTheTokenLimit() {
        JsonObject answer = new JsonObject(
                caller.chat(Caller.saying("a b c").put("max_tokens", 2)).body());

        assertThat(choice(answer).getString("finish_reason")).isEqualTo("length");
        assertThat(choice(answer).getJsonObject("message").getString("content")).isEqualTo("Echo: a");
        assertThat(answer.getJsonObject("usage").getInteger("completion_tokens"))
                .isEqualTo(2);
    }

    @Test
    void callingAToolByNameAnswersWithArgumentsOfItsTypes() {
        JsonObject body = Caller.saying("please call get_weather now").put("tools", new JsonArray().add(WEATHER_TOOL));

        JsonObject answer = new JsonObject(caller.chat(body).body());

        JsonObject call = choice(answer)
                .getJsonObject("message")
                .getJsonArray("tool_calls")
                .getJsonObject(0);
        assertThat(choice(answer).getString("finish_reason")).isEqualTo("tool_calls");
        assertThat(call.getString("type")).isEqualTo("function");
        assertThat(call.getJsonObject("function").getString("name")).isEqualTo("get_weather");
        assertThat(call.getJsonObject("function").getString("arguments")).isEqualTo(WEATHER_ARGUMENTS);
    }

    @Test
    void aStreamedToolCallComesInFragmentsThatJoinToItsArguments() {
        JsonObject body = Caller.saying("hello")
                .put("tools", new JsonArray().add(WEATHER_TOOL))
                .put("tool_choice", new JsonObject("{\"type\":\"function\",\"function\":{\"name\":\"get_weather\"}}"));

        List<String> events = caller.stream(body);

        List<JsonObject> calls = events.subList(1, events.size() - 3).stream()
                .map(event -> delta(event).getJsonArray("tool_calls").getJsonObject(0))
                .collect(Collectors.toList());
        assertThat(calls).hasSizeGreaterThan(3).allMatch(call -> call.getInteger("index") == 0);
        assertThat(calls.get(0).getString("id")).startsWith("call_");
        assertThat(calls.get(0).getJsonObject("function").getString("name")).isEqualTo("get_weather");
        assertThat(calls.stream()
                        .map(call -> call.getJsonObject("function").getString("arguments"))
                        .collect(Collectors.joining()))
                .isEqualTo(WEATHER_ARGUMENTS);
    }

    @Test
    void afterAToolsResultTheAnswerIsText() {
        JsonObject body = Caller.saying("call get_weather").put("tools", new JsonArray().add(WEATHER_TOOL));
        body.getJsonArray("messages")
                .add(new JsonObject("""
                        {"role":"assistant","content":null,"tool_calls":[
                          {"id":"c","type":"function","function":{"name":"get_weather","arguments":"{}"}}]}"""))
                .add(new JsonObject("{\"role\":\"tool\",\"tool_call_id\":\"c\",\"content\":\"sunny\"}"));

        JsonObject answer = new JsonObject(caller.chat(body).body());

        assertThat(choice(answer).getString("finish_reason")).isEqualTo("stop");
    }

    @Test
    void textPartsCountLikeText() {
        JsonObject body = new JsonObject("""
                {"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"one two"},
                  {"type":"image_url","image_url":{"url":"data:"}},{"type":"text","text":"three"}]}]}""");

        JsonObject answer = new JsonObject(caller.chat(body).body());

        assertThat(answer.getJsonObject("usage").getInteger("prompt_tokens")).isEqualTo(3);
        assertThat(choice(answer).getJsonObject("message").getString("content")).isEqualTo("Echo: one two three");
    }

    @Test
    void equalRequestsHaveEqualAnswersButForTheirIds() {
        JsonObject first = new JsonObject(caller.chat(Caller.saying("same")).body());
        JsonObject second = new JsonObject(caller.chat(Caller.saying("same")).body());

        assertThat(first.remove("id")).isNotEqualTo(second.remove("id"));
        assertThat(first).isEqualTo(second);
    }

    @Test
    void modelsAreListed() {
        JsonObject list = new JsonObject(caller.call("GET", "/v1/models", "").body());

        assertThat(list.getString("object")).isEqualTo("list");
        assertThat(list.getJsonArray("data").getJsonObject(0).getString("id")).isEqualTo("gpt-4o");
    }

    @Test
    void whatIsNoChatRequestIsRefused() {
        assertThat(caller.call("POST", "/v1/chat/completions", "no json").statusCode())
                .isEqualTo(400);
        assertThat(caller.call("POST", "/v1/chat/completions", "{\"model\":\"m\"}")
                        .statusCode())
                .isEqualTo(400);
        assertThat(caller.call("GET", "/v1/nothing", "").statusCode()).isEqualTo(404);
    }

    private static JsonObject choice(JsonObject answer) {
        return answer.getJsonArray("choices").getJsonObject(0);
    }

    private static JsonObject delta(String event) {
        return choice(new JsonObject(event)).getJsonObject("delta");
    }
}
