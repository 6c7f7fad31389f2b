package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.Golden.asking;
import static io.newapi.server.relay.wire.chat.Golden.model;
import static io.newapi.server.relay.wire.chat.Golden.user;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class MessagesRequestTest {

    private static final Tool WEATHER =
            new Tool.Function("weather", "", new JsonObject().put("type", "object"), null, Part.CacheMark.NONE);
    private static final Part HELLO = Part.Text.of("Hello");

    private final Codec codec = new MessagesCodec();

    private static Conversation with(Conversation asked, Sampling sampling, Thinking thinking) {
        return with(asked, sampling, thinking, asked.tools(), asked.toolChoice(), asked.form());
    }

    private static Conversation with(
            Conversation asked,
            Sampling sampling,
            Thinking thinking,
            List<Tool> tools,
            ToolChoice choice,
            AnswerForm form) {
        return new Conversation(
                asked.model(),
                false,
                asked.instructions(),
                asked.turns(),
                tools,
                choice,
                sampling,
                thinking,
                form,
                asked.user(),
                List.of());
    }

    private static Sampling limit(long tokens) {
        return new Sampling(tokens, new BigDecimal("0.5"), new BigDecimal("0.9"), 5L, null, null, null, List.of(), 1);
    }

    private Codec.Written write(Conversation asked) {
        return codec.write(asked, Golden.TERMS);
    }

    @ParameterizedTest
    @CsvSource({
        // budget wanted, limit of the client, budget said, limit said; none said: 0
        "2000,4000,2000,4000",
        "10,4000,1024,4000",
        "5000,4000,3200,4000",
        "5000,1100,1024,1100",
        "5000,1024,0,1024",
        "9000,0,9000,17192",
        "2000,0,2000,8192",
    })
    void aBudgetIsAtLeast1024AndLessThanTheLimit(long wanted, long limit, long budget, long max) {
        Codec.Written written =
                write(with(asking("claude-sonnet-4-5", user(HELLO)), limit(limit), Thinking.budget(wanted)));

        JsonObject thinking = written.body().getJsonObject("thinking");
        assertThat(thinking == null ? 0 : thinking.getLong("budget_tokens")).isEqualTo(budget);
        assertThat(written.body().getLong("max_tokens")).isEqualTo(max);
        assertThat(written.lost().contains("reasoning_effort")).isEqualTo(budget == 0);
    }

    @Test
    void aModelThatThinksIsNotToldHowToChooseItsWords() {
        Codec.Written written =
                write(with(asking("claude-3-7-sonnet-latest", user(HELLO)), limit(4000), Thinking.effort("high")));

        assertThat(written.body().fieldNames()).contains("thinking").doesNotContain("temperature", "top_p", "top_k");
        assertThat(written.lost()).containsExactlyInAnyOrder("temperature", "top_p", "top_k");
    }

    @ParameterizedTest
    @CsvSource({
        "claude-3-5-haiku-20241022,temperature;top_p;top_k",
        "claude-opus-4-20250514,temperature;top_p;top_k",
        "claude-sonnet-4-5,temperature;top_k",
        "anthropic/claude-4.6-opus,temperature;top_k",
        "claude-opus-4-8,''",
        "claude-mythos-preview,''",
        "glm-5,temperature;top_p;top_k",
    })
    void aModelIsNotToldWhatItRefuses(String name, String said) {
        Codec.Written written = write(with(asking(name, user(HELLO)), limit(4000), Thinking.UNSAID));

        List<String> names = said.isEmpty() ? List.of() : List.of(said.split(";"));
        assertThat(List.of("temperature", "top_p", "top_k"))
                .filteredOn(written.body()::containsKey)
                .isEqualTo(names);
        assertThat(written.lost()).hasSize(3 - names.size());
    }

    @ParameterizedTest
    @CsvSource({
        "claude-opus-4-8,minimal,low",
        "claude-opus-4-8,xhigh,xhigh",
        "claude-opus-4-6,xhigh,high",
        "claude-opus-4-6,max,max",
    })
    void aNewModelThinksAsItLikesWithAnEffort(String name, String effort, String said) {
        JsonObject body = write(with(asking(name, user(HELLO)), limit(4000), Thinking.effort(effort)))
                .body();

        assertThat(body.getJsonObject("thinking"))
                .isEqualTo(new JsonObject().put("type", "adaptive").put("display", "summarized"));
        assertThat(body.getJsonObject("output_config").getString("effort")).isEqualTo(said);
    }

    @Test
    void thinkingDoesNotGoWithAToolThatMustBeCalled() {
        Conversation asked = with(
                asking("claude-sonnet-4-5", user(HELLO)),
                Sampling.UNSAID,
                Thinking.effort("high"),
                List.of(WEATHER),
                new ToolChoice(ToolChoice.Mode.NAMED, "weather", null),
                AnswerForm.TEXT);

        Codec.Written written = write(asked);

        assertThat(written.body().containsKey("thinking")).isFalse();
        assertThat(written.lost()).containsExactly("reasoning_effort");
    }

    @Test
    void thinkingStopsWhereTheThoughtBeforeACallIsMissing() {
        Part call = new Part.ToolCall("c1", "weather", "", "", Part.CacheMark.NONE);
        Part result = new Part.ToolResult("c1", "", List.of(HELLO), false, Part.CacheMark.NONE);
        Conversation unsigned =
                asking("claude-sonnet-4-5", user(HELLO), model(new Part.Thought("Hm.", ""), call), user(result));
        Conversation signed =
                asking("claude-sonnet-4-5", user(HELLO), model(new Part.Thought("Hm.", "sig"), call), user(result));

        Codec.Written without = write(with(unsigned, Sampling.UNSAID, Thinking.budget(2000)));
        Codec.Written withThought = write(with(signed, Sampling.UNSAID, Thinking.budget(2000)));

        assertThat(without.body().containsKey("thinking")).isFalse();
        assertThat(without.lost()).containsExactlyInAnyOrder("reasoning_effort", "reasoning_content");
        assertThat(withThought.body().containsKey("thinking")).isTrue();
        assertThat(withThought.lost()).isEmpty();
    }

    @Test
    void theFirstTurnIsTheClientsAndNoBlockIsEmpty() {
        Conversation asked = asking(
                "claude-sonnet-4-5",
                model(Part.Text.of("Welcome.")),
                user(Part.Text.of(" \n")),
                model(new Part.Thought("unsigned", ""), Part.Text.of("Well? ")));

        assertThat(write(asked).body().getJsonArray("messages").encode())
                .isEqualTo("[{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"...\"}]},"
                        + "{\"role\":\"assistant\",\"content\":[{\"type\":\"text\",\"text\":\"Welcome.\"},"
                        + "{\"type\":\"text\",\"text\":\"Well?\"}]}]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"''|{}", "{}|{}", "{\"a\":[1]}|{\"a\":[1]}", "nothing|{\"arguments\":\"nothing\"}"})
    void argumentsAreAnObjectWhateverTheModelWrote(String arguments, String input) {
        Part call = new Part.ToolCall("functions.weather:0", "weather", arguments, "", Part.CacheMark.NONE);

        JsonObject block = write(asking("m", user(HELLO), model(call)))
                .body()
                .getJsonArray("messages")
                .getJsonObject(1)
                .getJsonArray("content")
                .getJsonObject(0);

        assertThat(block.getJsonObject("input").encode()).isEqualTo(input);
        assertThat(block.getString("id")).isEqualTo("functions_weather_0");
    }

    @Test
    void anOldModelIsToldInWordsWhatItsAnswerMustLookLike() {
        AnswerForm form = new AnswerForm(AnswerForm.Kind.SCHEMA, "river", new JsonObject().put("type", "object"), true);
        Conversation asked = with(
                asking("claude-3-haiku-20240307", user(HELLO)),
                Sampling.UNSAID,
                Thinking.UNSAID,
                List.of(),
                ToolChoice.UNSAID,
                form);

        JsonObject body = write(asked).body();

        assertThat(body.getJsonArray("system").encode()).contains("JSON Schema: {\\\"type\\\":\\\"object\\\"}");
        assertThat(body.containsKey("output_config")).isFalse();
    }

    @Test
    void aSchemaIsSaidInTheWordsThatHoldAnAnswerToIt() {
        JsonObject schema = Golden.parsed("""
            {"type":"object","properties":{"a":{"$ref":"#/$defs/n"},"b":{"type":"array","minItems":3,
            "items":{"oneOf":[{"type":"string","maxLength":3,"format":"uuid"},{"const":7}]}}},
            "$defs":{"n":{"type":"number","minimum":1}},"required":["a"]}
            """);

        assertThat(MessagesSchema.of(schema)).contains(Golden.parsed("""
            {"type":"object","properties":{"a":{"type":"number"},"b":{"type":"array",
            "items":{"anyOf":[{"type":"string","format":"uuid"},{"const":7}]}}},
            "required":["a"],"additionalProperties":false}
            """));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"$ref\":\"#\"}",
                "{\"type\":\"object\",\"additionalProperties\":{\"type\":\"string\"}}",
                "{\"description\":\"anything\"}",
                "{\"$ref\":\"https://example.com/schema\"}"
            })
    void aSchemaThatCannotHoldAnAnswerHasNoSuchForm(String schema) {
        assertThat(MessagesSchema.of(Golden.parsed(schema))).isEmpty();
    }

    @Test
    void aSignatureOfGooglesComesBackInARedactedThought() {
        Part call = new Part.ToolCall("c1", "weather", "{}", "CpcC", Part.CacheMark.NONE);
        Reply reply = new Reply("", "", List.of(call), FinishReason.TOOL_CALLS, "", null);

        JsonObject answer = codec.writeReply(reply, Golden.FACTS);
        Conversation next = codec.read(
                new JsonObject()
                        .put("model", "m")
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "assistant")
                                                .put("content", answer.getJsonArray("content")))),
                "",
                false);

        assertThat(next.turns()).containsExactly(model(call));
        assertThat(codec.readReply(answer).parts()).containsExactly(call);
    }

    static List<Conversation> unsayable() {
        Conversation hello = asking("claude-sonnet-4-5", user(HELLO));
        Media.Inline wav = new Media.Inline("audio/wav", "UklGRg==");
        return List.of(
                asking("m", user(new Part.Audio(wav))),
                asking("m", user(new Part.Video(wav))),
                asking("m", user(new Part.Image(wav, "", Part.CacheMark.NONE))),
                asking("m", user(new Part.Document(wav, "", Part.CacheMark.NONE))),
                asking("m", user(new Part.Document(new Media.Stored("file-abc"), "", Part.CacheMark.NONE))),
                asking("m", user(HELLO), model(new Part.Image(wav, "", Part.CacheMark.NONE))),
                with(hello, new Sampling(0, null, null, null, null, null, null, List.of(), 2), Thinking.UNSAID),
                with(
                        hello,
                        Sampling.UNSAID,
                        Thinking.UNSAID,
                        List.of(new Tool.Hosted("code_interpreter")),
                        ToolChoice.UNSAID,
                        AnswerForm.TEXT));
    }

    @ParameterizedTest
    @MethodSource("unsayable")
    void whatWouldMakeAnotherAnswerIsRefused(Conversation asked) {
        assertThatThrownBy(() -> write(asked)).isInstanceOf(Unsayable.class);
    }

    @Test
    void whatHasNoPlaceIsNamed() {
        Conversation asked = codec.read(Golden.parsed("""
            {"model":"m","service_tier":"auto","metadata":{"team":"a"},
            "tools":[{"type":"web_search_20250305","name":"web_search","allowed_domains":["a.example"]}],
            "messages":[{"role":"user","content":""},{"role":"system","content":"Be brief."},
            {"role":"assistant","content":[{"type":"server_tool_use","id":"s","name":"web_search"}]},
            {"role":"user","content":[{"type":"document","source":{"type":"content","content":"A"},
            "context":"B","citations":{"enabled":true}}]}]}
            """), "", false);

        assertThat(asked.unheld())
                .containsExactlyInAnyOrder(
                        "service_tier",
                        "metadata.team",
                        "tools[0].allowed_domains",
                        "messages[1].role",
                        "messages[2].content[0].type",
                        "messages[3].content[0].citations");
        assertThat(asked.instructions()).containsExactly(new Part.Text("Be brief.", Part.CacheMark.NONE));
        assertThat(asked.turns()).containsExactly(user(Part.Text.of("B"), Part.Text.of("A")));
    }
}
