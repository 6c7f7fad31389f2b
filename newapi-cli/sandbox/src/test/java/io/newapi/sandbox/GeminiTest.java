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

/** Gemini's content. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(60)
class GeminiTest {

    private static final String MODEL = "/v1beta/models/gemini-2.5-flash:";
    private static final String TOOLS = """
            [{"function_declarations":[{"name":"get_weather","parameters":{"type":"OBJECT","properties":{
              "city":{"type":"STRING"}}}}]}]""";

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
    void anAnswerHasOneCandidateAndUsage() {
        JsonObject answer = answer(saying("two words"));

        assertThat(answer.getString("responseId")).startsWith("sandbox-");
        answer.remove("responseId");
        assertThat(answer.encode())
                .isEqualTo("{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"Echo: two words\"}],"
                        + "\"role\":\"model\"},\"finishReason\":\"STOP\",\"index\":0}],"
                        + "\"usageMetadata\":{\"promptTokenCount\":2,\"candidatesTokenCount\":3,\"totalTokenCount\":5,"
                        + "\"promptTokensDetails\":[{\"modality\":\"TEXT\",\"tokenCount\":2}]},"
                        + "\"modelVersion\":\"gemini-2.5-flash\"}");
    }

    @Test
    void aStreamOfEventsEndsWithReasonAndUsage() {
        List<String> events = caller.stream(MODEL + "streamGenerateContent?alt=sse", saying("x"));

        assertThat(events).hasSize(4).endsWith("end");
        assertThat(events.get(0)).contains("{\"text\":\"Echo:\"}", "{\"promptTokenCount\":1,\"totalTokenCount\":1}");
        assertThat(events.get(0)).doesNotContain("finishReason");
        assertThat(events.get(1)).contains("{\"text\":\" x\"}");
        assertThat(events.get(2)).contains("\"finishReason\":\"STOP\"", "\"candidatesTokenCount\":2");
    }

    @Test
    void withoutEventsAStreamIsOneList() {
        HttpResponse<String> response = caller.post(MODEL + "streamGenerateContent", saying("x"));

        assertThat(response.headers().firstValue("Content-Type")).contains("application/json; charset=UTF-8");
        JsonArray chunks = new JsonArray(response.body());
        assertThat(chunks).hasSize(3);
        assertThat(chunks.getJsonObject(2).getJsonObject("usageMetadata").getInteger("totalTokenCount"))
                .isEqualTo(3);
    }

    @Test
    void thoughtsAreMarkedAndTheFirstCallIsSigned() {
        JsonObject body = saying("call get_weather")
                .put("tools", new JsonArray(TOOLS))
                .put("generation_config", new JsonObject("{\"thinking_config\":{\"include_thoughts\":true}}"));

        JsonObject answer = answer(body);
        List<String> events = caller.stream(MODEL + "streamGenerateContent?alt=sse", body);

        JsonArray parts = answer.getJsonArray("candidates")
                .getJsonObject(0)
                .getJsonObject("content")
                .getJsonArray("parts");
        String call = "{\"functionCall\":{\"name\":\"get_weather\",\"args\":{\"city\":\"sandbox\"}},"
                + "\"thoughtSignature\":\"" + Signature.of("Thinking about: call get_weather") + "\"}";
        assertThat(parts.getJsonObject(0).encode())
                .isEqualTo("{\"text\":\"Thinking about: call get_weather\",\"thought\":true}");
        assertThat(parts.getJsonObject(1).encode()).isEqualTo(call);
        assertThat(answer.getJsonObject("usageMetadata").getInteger("thoughtsTokenCount"))
                .isEqualTo(4);
        assertThat(events.get(4)).contains(call);
    }

    @Test
    void aSchemaIsKept() {
        JsonObject config = new JsonObject("""
                {"responseMimeType":"application/json","responseSchema":{"type":"OBJECT","properties":{
                  "n":{"type":"INTEGER"}}}}""");

        JsonObject answer = answer(saying("x").put("generationConfig", config));

        assertThat(answer.encode()).contains("{\"text\":\"{\\\"n\\\":1}\"}");
    }

    @Test
    void tokensAreCounted() {
        assertThat(caller.post(MODEL + "countTokens", saying("one two three")).body())
                .isEqualTo("{\"totalTokens\":3}");
    }

    private JsonObject answer(JsonObject body) {
        return new JsonObject(caller.post(MODEL + "generateContent", body).body());
    }

    private static JsonObject saying(String text) {
        return new JsonObject("{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"" + text + "\"}]}]}");
    }
}
