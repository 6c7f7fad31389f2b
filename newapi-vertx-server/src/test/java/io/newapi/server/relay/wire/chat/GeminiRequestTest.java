package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.Golden.asking;
import static io.newapi.server.relay.wire.chat.Golden.model;
import static io.newapi.server.relay.wire.chat.Golden.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class GeminiRequestTest {

    private static final Part HELLO = Part.Text.of("Hello");
    private static final Part CALL = new Part.ToolCall("c1", "weather", "{}", "", Part.CacheMark.NONE);
    private static final Part SIGNED = new Part.ToolCall("c2", "weather", "{}", "CpcC", Part.CacheMark.NONE);

    private final Codec codec = GeminiCodec.events();

    private Codec.Written write(Conversation asked) {
        return codec.write(asked, Golden.TERMS);
    }

    private static Conversation thinking(String model, Thinking thinking) {
        return with(asking(model, user(HELLO)), Sampling.UNSAID, thinking, List.of(), AnswerForm.TEXT);
    }

    private static Conversation with(
            Conversation asked, Sampling sampling, Thinking thinking, List<Tool> tools, AnswerForm form) {
        return new Conversation(
                asked.model(),
                false,
                asked.instructions(),
                asked.turns(),
                tools,
                ToolChoice.UNSAID,
                sampling,
                thinking,
                form,
                "",
                List.of());
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-3-flash-preview,skip_thought_signature_validator",
        "gemini-flash-latest,skip_thought_signature_validator",
        "gemini-2.5-flash,''",
    })
    void anUnsignedCallSaysSoWhereItWouldBeRefused(String name, String signature) {
        JsonArray parts = parts(asking(name, user(HELLO), model(CALL, CALL)), 1);

        assertThat(parts.getJsonObject(0).getString("thoughtSignature", "")).isEqualTo(signature);
        assertThat(parts.getJsonObject(1).containsKey("thoughtSignature")).isFalse();
    }

    @Test
    void aSignatureIsWrittenWhereItWasAndNoOtherIsMadeUp() {
        JsonArray parts = parts(asking("gemini-3-flash", user(HELLO), model(CALL, SIGNED)), 1);

        assertThat(parts.getJsonObject(0).containsKey("thoughtSignature")).isFalse();
        assertThat(parts.getJsonObject(1).getString("thoughtSignature")).isEqualTo("CpcC");
    }

    @Test
    void whatAClientWritesWhoHasNoSignatureIsNone() {
        Conversation asked = asking("gemini-3-flash", user(HELLO), model(CALL));

        assertThat(codec.read(write(asked).body(), "gemini-3-flash", false).turns())
                .isEqualTo(asked.turns());
    }

    private JsonArray parts(Conversation asked, int turn) {
        return write(asked).body().getJsonArray("contents").getJsonObject(turn).getJsonArray("parts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gemini-3-flash-preview|minimal|{\"thinkingLevel\":\"MINIMAL\",\"includeThoughts\":true}",
                "gemini-3-pro-preview|medium|{\"thinkingLevel\":\"HIGH\",\"includeThoughts\":true}",
                "gemini-3.1-pro-preview|medium|{\"thinkingLevel\":\"MEDIUM\",\"includeThoughts\":true}",
                "gemini-3-pro-preview|none|{\"thinkingLevel\":\"LOW\"}",
                "gemini-2.5-flash|high|{\"thinkingBudget\":4096,\"includeThoughts\":true}",
                "gemini-2.5-flash|none|{\"thinkingBudget\":0}",
                "gemini-2.5-pro|none|{\"thinkingBudget\":128}",
                "gemini-2.0-flash|high|",
                "gemini-2.5-flash-image|high|",
            })
    void anEffortIsSaidAsTheModelWantsIt(String name, String effort, String config) {
        JsonObject generation =
                write(thinking(name, Thinking.effort(effort))).body().getJsonObject("generationConfig");

        assertThat(
                        generation == null
                                ? null
                                : generation.getJsonObject("thinkingConfig").encode())
                .isEqualTo(config);
    }

    @ParameterizedTest
    @CsvSource({
        "gemini-2.5-flash-lite,100,512",
        "gemini-2.5-flash,60000,24576",
        "gemini-2.5-pro,60000,32768",
        "gemini-2.5-pro,1,128",
    })
    void aBudgetIsOneThatTheModelHas(String name, long wanted, long said) {
        JsonObject generation =
                write(thinking(name, Thinking.budget(wanted))).body().getJsonObject("generationConfig");

        assertThat(generation.getJsonObject("thinkingConfig").getLong("thinkingBudget"))
                .isEqualTo(said);
    }

    @Test
    void aSchemaHasNoReferencesAndOnlyWordsThatAreRead() {
        JsonObject schema = Golden.parsed("""
            {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{
            "default":{"$ref":"#/$defs/town","description":"Where"},
            "tree":{"$ref":"#/$defs/tree"},
            "pair":{"type":"array","items":[{"type":"string","pattern":"a+"},{"type":["integer","null"]}]},
            "kind":{"oneOf":[{"const":"a"},{"enum":["b",null,true]}]},
            "both":{"allOf":[{"properties":{"x":{"type":"string"}},"required":["x"]},
            {"properties":{"y":{}},"required":["y","x"]}]},
            "map":{"type":"object","additionalProperties":{"type":"number","exclusiveMinimum":0}}},
            "additionalProperties":false,
            "$defs":{"town":{"type":"string","minLength":1,"description":"A town"},
            "tree":{"type":"object","properties":{"left":{"$ref":"#/$defs/tree"}}}}}
            """);

        assertThat(GeminiSchema.of(schema)).isEqualTo(Golden.parsed("""
            {"type":"object","properties":{
            "default":{"type":"string","description":"Where"},
            "tree":{"type":"object","properties":{"left":{"type":"object"}}},
            "pair":{"type":"array","prefixItems":[{"type":"string"},{"type":["integer","null"]}]},
            "kind":{"anyOf":[{"enum":["a"]},{"enum":["b"]}]},
            "both":{"properties":{"x":{"type":"string"},"y":{}},"required":["x","y"]},
            "map":{"type":"object","additionalProperties":{"type":"number"}}},
            "additionalProperties":false}
            """));
    }

    @Test
    void aSchemaThatGrowsWithoutEndIsCutOff() {
        JsonObject properties = new JsonObject();
        for (int i = 0; i < 12; i++) {
            properties.put("p" + i, new JsonObject().put("$ref", "#/$defs/d" + i));
        }
        JsonObject definitions = new JsonObject();
        for (int i = 0; i < 12; i++) {
            definitions.put("d" + i, new JsonObject().put("type", "object").put("properties", properties));
        }
        JsonObject schema = new JsonObject().put("properties", properties).put("$defs", definitions);

        assertThat(GeminiSchema.of(schema).encode()).hasSizeLessThan(1_000_000);
    }

    @Test
    void aLongChainOfReferencesIsCutOff() {
        JsonObject definitions = new JsonObject();
        for (int i = 0; i < 9000; i++) {
            definitions.put("d" + i, new JsonObject().put("$ref", "#/$defs/d" + (i + 1)));
        }
        JsonObject schema = new JsonObject().put("$ref", "#/$defs/d0").put("$defs", definitions);

        assertThat(GeminiSchema.of(schema)).isEqualTo(new JsonObject());
        assertThat(MessagesSchema.of(schema)).isEmpty();
    }

    @Test
    void anOldModelWithToolsIsToldInWordsToAnswerInJson() {
        Tool weather = new Tool.Function("weather", "", null, null, Part.CacheMark.NONE);
        Conversation asked = with(
                asking("gemini-2.5-flash", user(HELLO)),
                Sampling.UNSAID,
                Thinking.UNSAID,
                List.of(weather),
                AnswerForm.JSON);

        JsonObject old = write(asked).body();
        JsonObject current = write(asked.withModel("gemini-3-flash")).body();

        assertThat(old.getJsonObject("systemInstruction").encode()).contains("JSON object");
        assertThat(old.containsKey("generationConfig")).isFalse();
        assertThat(current.getJsonObject("generationConfig").getString("responseMimeType"))
                .isEqualTo("application/json");
    }

    @Test
    void resultsStandInTheOrderOfTheCallsWithTheirNames() {
        Part second = new Part.ToolCall("c2", "time", "{}", "", Part.CacheMark.NONE);
        Conversation asked = asking(
                "gemini-2.5-flash",
                user(HELLO),
                model(CALL, second),
                user(
                        HELLO,
                        new Part.ToolResult("c2", "", List.of(Part.Text.of("[1]")), false, Part.CacheMark.NONE),
                        new Part.ToolResult(
                                "c1",
                                "",
                                List.of(
                                        Part.Text.of("{\"sky\":1}"),
                                        new Part.Image(new Media.Inline("image/png", "aaaa"), "", Part.CacheMark.NONE)),
                                false,
                                Part.CacheMark.NONE)));

        assertThat(parts(asked, 2).encode())
                .isEqualTo("[{\"functionResponse\":{\"id\":\"c1\",\"name\":\"weather\",\"response\":{\"sky\":1}}},"
                        + "{\"inlineData\":{\"mimeType\":\"image/png\",\"data\":\"aaaa\"}},"
                        + "{\"functionResponse\":{\"id\":\"c2\",\"name\":\"time\",\"response\":{\"output\":\"[1]\"}}},"
                        + "{\"text\":\"Hello\"}]");
    }

    @Test
    void theFirstTurnIsTheClientsAndNoPartIsEmpty() {
        Conversation asked = asking("m", model(Part.Text.of("Welcome.")), user(Part.Text.of("")), model(HELLO));

        assertThat(write(asked).body().getJsonArray("contents").encode())
                .isEqualTo("[{\"role\":\"user\",\"parts\":[{\"text\":\"...\"}]},"
                        + "{\"role\":\"model\",\"parts\":[{\"text\":\"Welcome.\"},{\"text\":\"Hello\"}]}]");
    }

    @Test
    void safetyIsAsTheOperatorWantsIt() {
        Codec.WriteTerms terms = new Codec.WriteTerms(
                1, Map.of("HARM_CATEGORY_HATE_SPEECH", "OFF", "HARM_CATEGORY_HARASSMENT", "BLOCK_NONE"));

        assertThat(codec.write(asking("m", user(HELLO)), terms)
                        .body()
                        .getJsonArray("safetySettings")
                        .encode())
                .isEqualTo("[{\"category\":\"HARM_CATEGORY_HARASSMENT\",\"threshold\":\"BLOCK_NONE\"},"
                        + "{\"category\":\"HARM_CATEGORY_HATE_SPEECH\",\"threshold\":\"OFF\"}]");
    }

    @Test
    void whatHasNoPlaceIsNamed() {
        Conversation asked = codec.read(Golden.json("gemini/request-snake.json"), "gemini-3-flash", true);

        assertThat(asked.unheld())
                .containsExactlyInAnyOrder("safety_settings", "generation_config.response_modalities");
        assertThat(asked.stream()).isTrue();
        assertThat(asked.model()).isEqualTo("gemini-3-flash");
    }

    @Test
    void onlyTheFunctionsThatMayBeCalledAreLeft() {
        JsonObject body = Golden.json("gemini/request-tools.json");
        body.getJsonObject("toolConfig")
                .getJsonObject("functionCallingConfig")
                .put("allowedFunctionNames", new JsonArray().add("now").add("later"));

        Conversation asked = codec.read(body, "gemini-3-flash", false);

        assertThat(asked.toolChoice().mode()).isEqualTo(ToolChoice.Mode.REQUIRED);
        assertThat(asked.tools())
                .filteredOn(tool -> tool instanceof Tool.Function)
                .extracting(tool -> ((Tool.Function) tool).name())
                .containsExactly("now");
    }

    @Test
    void toolsAndContentsThatOnlyGoogleHasAreItsOwn() {
        Conversation asked = codec.read(Golden.parsed("""
            {"contents":[{"parts":[{"text":"Hello"}]}],"cachedContent":"cachedContents/x",
            "tools":[{"codeExecution":{}},{"urlContext":{}}]}
            """), "gemini-3-flash", false);

        assertThat(asked.tools())
                .containsExactly(
                        new Tool.Hosted("codeExecution"),
                        new Tool.Hosted("urlContext"),
                        new Tool.Hosted("cachedContent"));
    }

    static List<Conversation> unsayable() {
        Conversation hello = asking("gemini-3-flash", user(HELLO));
        return List.of(
                asking("m", user(new Part.Document(new Media.Stored("file-abc"), "", Part.CacheMark.NONE))),
                with(
                        hello,
                        new Sampling(0, null, null, null, null, null, null, List.of(), 2),
                        Thinking.UNSAID,
                        List.of(),
                        AnswerForm.TEXT),
                with(
                        hello,
                        new Sampling(0, null, null, null, null, null, null, List.of("1", "2", "3", "4", "5", "6"), 1),
                        Thinking.UNSAID,
                        List.of(),
                        AnswerForm.TEXT),
                with(hello, Sampling.UNSAID, Thinking.UNSAID, List.of(new Tool.Hosted("mcp")), AnswerForm.TEXT));
    }

    @ParameterizedTest
    @MethodSource("unsayable")
    void whatWouldMakeAnotherAnswerIsRefused(Conversation asked) {
        assertThatThrownBy(() -> write(asked)).isInstanceOf(Unsayable.class);
    }
}
