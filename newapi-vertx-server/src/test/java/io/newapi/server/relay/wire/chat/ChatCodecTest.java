package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.OpenAiFixtures.FACTS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.TERMS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.json;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.parse;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.pretty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.pricing.Usage;
import io.newapi.core.pricing.UsageSemantics;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.chat.Part.CacheMark;
import io.newapi.server.relay.wire.chat.Turn.Role;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole requests and answers of OpenAI's chat completions. */
class ChatCodecTest {

    private final ChatCodec codec = new ChatCodec();

    private Conversation read(String body) {
        return codec.read(parse(body), "", false);
    }

    private Conversation readMessages(String messages) {
        return read("{\"model\":\"m\",\"messages\":[" + messages + "]}");
    }

    private Conversation readWith(String fields) {
        return read("{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]," + fields + "}");
    }

    private Codec.Written write(String fields) {
        return codec.write(readWith(fields), TERMS);
    }

    private JsonObject messageOf(Part... parts) {
        Reply reply = new Reply("", "", List.of(parts), FinishReason.STOP, "", null);
        return codec.writeReply(reply, FACTS)
                .getJsonArray("choices")
                .getJsonObject(0)
                .getJsonObject("message");
    }

    // ---- requests ----

    @ParameterizedTest
    @ValueSource(strings = {"conversation", "media", "thoughts", "reasoning-model"})
    void aRequestIsTheSameWhenItIsReadAndWritten(String name) {
        JsonObject request = json("chat/" + name + ".json");

        Codec.Written written = codec.write(codec.read(request, "", false), TERMS);

        assertThat(pretty(written.body())).isEqualTo(pretty(request));
        assertThat(written.lost()).isEmpty();
    }

    @Test
    void aConversationIsHeldInTheOrderInWhichItWasSaid() {
        Conversation conversation = codec.read(json("chat/conversation.json"), "", false);

        assertThat(conversation.instructions()).containsExactly(Part.Text.of("Answer in one sentence."));
        assertThat(conversation.turns()).hasSize(5);
        assertThat(conversation.turns().get(1))
                .isEqualTo(new Turn(
                        Role.ASSISTANT,
                        List.of(
                                Part.Text.of("I will look."),
                                new Part.ToolCall("call_p", "weather", "{\"city\":\"Paris\"}", "", CacheMark.NONE),
                                new Part.ToolCall("call_o", "weather", "{\"city\":\"Oslo\"}", "", CacheMark.NONE))));
        assertThat(conversation.turns().get(2).parts())
                .containsExactly(
                        new Part.ToolResult("call_p", "", List.of(Part.Text.of("18 degrees")), false, CacheMark.NONE),
                        new Part.ToolResult(
                                "call_o",
                                "",
                                List.of(Part.Text.of("4 degrees"), Part.Text.of("rain")),
                                false,
                                CacheMark.NONE),
                        Part.Text.of("And tomorrow?"));
        assertThat(conversation.sampling().stop()).containsExactly("END", "STOP");
        assertThat(conversation.sampling().maxTokens()).isEqualTo(300);
        assertThat(conversation.stream()).isTrue();
    }

    @Test
    void messagesOfOneRoleBecomeOneTurnPartByPart() {
        Conversation conversation = readMessages("""
                {"role":"user","content":"\\"One\\""},{"role":"user","content":"Two"},
                {"role":"assistant","content":"A"},{"role":"assistant","content":"B"}""");

        assertThat(conversation.turns())
                .containsExactly(
                        new Turn(Role.USER, List.of(Part.Text.of("\"One\""), Part.Text.of("Two"))),
                        new Turn(Role.ASSISTANT, List.of(Part.Text.of("A"), Part.Text.of("B"))));
    }

    @Test
    void whatIsToldToTheModelLaterGoesToTheInstructions() {
        Conversation conversation = readMessages("""
                {"role":"system","content":"One"},{"role":"user","content":"Hi"},
                {"role":"developer","content":"Two"},{"role":"user","content":"Ho"}""");

        assertThat(conversation.instructions()).containsExactly(Part.Text.of("One"), Part.Text.of("Two"));
        assertThat(conversation.turns()).hasSize(1);
    }

    @Test
    void functionsOf2023AreTools() {
        Conversation conversation = read("""
                {"model":"m","functions":[{"name":"f","parameters":{"type":"object"}}],"function_call":{"name":"f"},
                "messages":[{"role":"user","content":"Hi"},
                {"role":"assistant","content":null,"function_call":{"name":"f","arguments":""}},
                {"role":"function","name":"f","content":"7"}]}""");

        assertThat(conversation.tools()).hasSize(1);
        assertThat(conversation.toolChoice()).isEqualTo(new ToolChoice(ToolChoice.Mode.NAMED, "f", null));
        Part.ToolCall call = (Part.ToolCall) conversation.turns().get(1).parts().get(0);
        Part.ToolResult result =
                (Part.ToolResult) conversation.turns().get(2).parts().get(0);
        assertThat(call.arguments()).isEqualTo("{}");
        assertThat(result.callId()).isEqualTo(call.id());
    }

    @Test
    void onlyAllowedToolsAreOffered() {
        Conversation conversation = readWith("""
                "tools":[{"type":"function","function":{"name":"a"}},{"type":"function","function":{"name":"b"}}],
                "tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required",
                "tools":[{"type":"function","function":{"name":"b"}}]}}""");

        assertThat(conversation.tools()).containsExactly(new Tool.Function("b", "", null, null, CacheMark.NONE));
        assertThat(conversation.toolChoice().mode()).isEqualTo(ToolChoice.Mode.REQUIRED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"reasoning_effort\":\"low\" | EFFORT | low | 0",
                "\"reasoning_effort\":\"none\" | OFF | '' | 0",
                "\"reasoning\":{\"max_tokens\":2000} | BUDGET | '' | 2000",
                "\"reasoning\":{\"effort\":\"high\"},\"reasoning_effort\":\"low\" | EFFORT | high | 0",
                "\"reasoning\":{\"enabled\":false} | OFF | '' | 0",
                "\"reasoning\":{\"enabled\":true} | ADAPTIVE | '' | 0",
                "\"thinking\":{\"type\":\"disabled\"} | OFF | '' | 0",
                "\"thinking\":{\"type\":\"enabled\",\"budget_tokens\":1500} | BUDGET | '' | 1500",
                "\"thinking\":{\"type\":\"enabled\"} | ADAPTIVE | '' | 0",
                "\"extra_body\":{\"google\":{\"thinking_config\":{\"thinking_budget\":900}}} | BUDGET | '' | 900",
                "\"extra_body\":{\"google\":{\"thinking_config\":{\"thinking_budget\":0}}} | OFF | '' | 0",
                "\"user\":\"u\" | UNSAID | '' | 0"
            })
    void thinkingIsAskedForInManyWays(String fields, Thinking.Mode mode, String effort, long budget) {
        Thinking thinking = readWith(fields).thinking();

        assertThat(thinking.mode()).isEqualTo(mode);
        assertThat(thinking.effort()).isEqualTo(effort);
        assertThat(thinking.budgetTokens()).isEqualTo(budget);
    }

    @Test
    void whatHasNoPlaceIsNamed() {
        Conversation conversation = read("""
                {"model":"m","logit_bias":{"1":2},"logprobs":true,"metadata":null,"service_tier":"flex",
                "messages":[{"role":"user","name":"Ann","content":"Hi"},{"role":"user","name":"Bob","content":"Ho"}]}""");

        assertThat(conversation.unheld())
                .containsExactlyInAnyOrder("messages[].name", "logit_bias", "logprobs", "service_tier");
        assertThat(codec.write(conversation, TERMS).lost()).contains("logit_bias");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gpt-4.1 | max_tokens | system | true",
                "openchat-3 | max_tokens | system | true",
                "o3-mini | max_completion_tokens | developer | false",
                "o1-mini | max_completion_tokens | system | false",
                "gpt-5-mini | max_completion_tokens | developer | false",
                "gpt-5-chat-latest | max_completion_tokens | developer | true"
            })
    void reasoningModelsAreAskedInTheirWay(String model, String limit, String instructor, boolean samples) {
        Conversation conversation = read("""
                {"model":"x","temperature":0.5,"top_p":0.4,"max_tokens":9,
                "messages":[{"role":"system","content":"S"},{"role":"user","content":"Hi"}]}""");

        Codec.Written written = codec.write(conversation.withModel(model), TERMS);

        assertThat(written.body().getValue(limit)).isEqualTo(9L);
        assertThat(written.body().getJsonArray("messages").getJsonObject(0).getString("role"))
                .isEqualTo(instructor);
        assertThat(written.body().containsKey("temperature")).isEqualTo(samples);
        assertThat(written.lost().contains("top_p")).isEqualTo(!samples);
    }

    @ParameterizedTest
    @CsvSource({
        "gpt-5.1, none, none",
        "gpt-5-mini, none, minimal",
        "o3, none, ''",
        "gpt-4o, high, ''",
        "o3, high, high",
        "some-model, none, ''",
        "some-model, xhigh, xhigh"
    })
    void effortIsOnlySaidToModelsThatKnowTheWord(String model, String effort, String said) {
        Conversation conversation =
                readWith("\"reasoning_effort\":\"" + effort + "\"").withModel(model);

        assertThat(codec.write(conversation, TERMS).body().getString("reasoning_effort", ""))
                .isEqualTo(said);
    }

    @Test
    void whatATargetDoesNotTakeIsNamed() {
        Codec.Written written =
                write("\"top_k\":5,\"stop\":[\"1\",\"2\",\"3\",\"4\",\"5\"],\"tool_choice\":\"required\"");

        assertThat(written.lost()).containsExactlyInAnyOrder("top_k", "stop", "tool_choice");
        assertThat(written.body().getJsonArray("stop")).hasSize(4);
        assertThat(written.body().containsKey("tool_choice")).isFalse();
    }

    @Test
    void picturesOfAResultAreSaidByTheUserBehindAllResults() {
        Media picture = new Media.Inline("image/png", "AAAA");
        Conversation conversation = readMessages("{\"role\":\"user\",\"content\":\"Hi\"}");
        Turn turn = new Turn(
                Role.USER,
                List.of(
                        new Part.ToolResult(
                                "c1", "", List.of(new Part.Image(picture, "", CacheMark.NONE)), true, CacheMark.NONE),
                        new Part.ToolResult("c2", "", List.of(Part.Text.of("two")), false, CacheMark.NONE),
                        Part.Text.of("Well?")));

        Codec.Written written = codec.write(withTurns(conversation, turn), TERMS);

        JsonArray messages = written.body().getJsonArray("messages");
        assertThat(messages).hasSize(3);
        assertThat(messages.getJsonObject(0).getString("tool_call_id")).isEqualTo("c1");
        assertThat(messages.getJsonObject(1).getString("content")).isEqualTo("two");
        JsonArray said = messages.getJsonObject(2).getJsonArray("content");
        assertThat(said.getJsonObject(0).getString("text")).contains("c1");
        assertThat(said.getJsonObject(1).getJsonObject("image_url").getString("url"))
                .isEqualTo("data:image/png;base64,AAAA");
        assertThat(said.getJsonObject(2).getString("text")).isEqualTo("Well?");
        assertThat(written.lost()).containsExactly("is_error");
    }

    private static Conversation withTurns(Conversation in, Turn... turns) {
        return new Conversation(
                in.model(),
                in.stream(),
                in.instructions(),
                List.of(turns),
                in.tools(),
                in.toolChoice(),
                in.sampling(),
                in.thinking(),
                in.form(),
                in.user(),
                in.unheld());
    }

    @Test
    void aDocumentOfWordsIsSaidAsWords() {
        Part words = new Part.Document(new Media.Inline("text/plain", "SGVsbG8="), "", CacheMark.FIVE_MINUTES);

        JsonObject body = codec.write(
                        withTurns(
                                readMessages("{\"role\":\"user\",\"content\":\"Hi\"}"),
                                new Turn(Role.USER, List.of(words))),
                        TERMS)
                .body();

        JsonObject part = body.getJsonArray("messages")
                .getJsonObject(0)
                .getJsonArray("content")
                .getJsonObject(0);
        assertThat(part.getString("text")).isEqualTo("Hello");
        assertThat(part.containsKey("cache_control")).isTrue();
    }

    @Test
    void thoughtsThatClientsHandBackInPiecesAreOne() {
        Conversation conversation = readMessages("""
                {"role":"user","content":"Hi"},{"role":"assistant","content":"Ho","reasoning":"abc","reasoning_details":[
                {"type":"reasoning.text","text":"a","index":0},{"type":"reasoning.text","text":"b","index":0},
                {"type":"reasoning.text","signature":"s1","index":0},{"type":"reasoning.text","text":"c","index":1},
                {"type":"reasoning.text","signature":"s2","index":1}]}""");

        assertThat(conversation.turns().get(1).parts())
                .containsExactly(new Part.Thought("ab", "s1"), new Part.Thought("c", "s2"), Part.Text.of("Ho"));
    }

    @Test
    void aSignatureAloneSignsTheTextBesideIt() {
        Conversation conversation = readMessages("""
                {"role":"user","content":"Hi"},{"role":"assistant","content":"Ho","reasoning_content":"abc",
                "reasoning_details":[{"type":"reasoning.text","signature":"s"}]}""");

        assertThat(conversation.turns().get(1).parts())
                .containsExactly(new Part.Thought("abc", "s"), Part.Text.of("Ho"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"modalities\":[\"text\",\"audio\"]",
                "\"n\":2",
                "\"tools\":[{\"type\":\"custom\",\"custom\":{\"name\":\"x\"}}]"
            })
    void whatWouldChangeTheAnswerIsRefused(String fields) {
        assertThatThrownBy(() -> write(fields)).isInstanceOf(Unsayable.class);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"max_tokens\":1073741824 | max_tokens",
                "\"n\":129 | n",
                "\"tool_choice\":\"maybe\" | tool_choice",
                "\"response_format\":{\"type\":\"xml\"} | response_format.type",
                "\"web_search_options\":{\"search_context_size\":\"huge\"} | web_search_options.search_context_size",
                "\"stop\":[1] | stop[0]"
            })
    void aMistakeIsToldWithItsPlace(String fields, String place) {
        assertThatThrownBy(() -> readWith(fields))
                .isInstanceOfSatisfying(
                        Unreadable.class,
                        complaint -> assertThat(complaint.field()).isEqualTo(place));
    }

    @Test
    void aRequestThatSaysNothingIsUnreadable() {
        assertThatThrownBy(() -> readMessages("")).isInstanceOf(Unreadable.class);
    }

    // ---- answers ----

    @Test
    void anAnswerIsTheSameWhenItIsReadAndWritten() {
        JsonObject answer = json("chat/reply.json");

        assertThat(pretty(codec.writeReply(codec.readReply(answer), FACTS))).isEqualTo(pretty(answer));
    }

    @Test
    void thoughtsPartsAndPicturesOfOtherVendorsAreRead() {
        Reply reply = codec.readReply(parse("""
                {"choices":[{"index":1,"message":{"content":"other"}},{"index":0,"finish_reason":"stop","message":{
                "content":[{"type":"thinking","thinking":[{"type":"text","text":"hm"}]},{"type":"text","text":"Hi"}],
                "images":[{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}],
                "tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]}}]}"""));

        assertThat(reply.parts())
                .containsExactly(
                        new Part.Thought("hm", ""),
                        Part.Text.of("Hi"),
                        new Part.Image(new Media.Inline("image/png", "AAAA"), "", CacheMark.NONE),
                        new Part.ToolCall("call_0", "f", "{\"a\":1}", "", CacheMark.NONE));
        assertThat(reply.finish()).isEqualTo(FinishReason.TOOL_CALLS);
        assertThat(reply.spent()).isNull();
    }

    @Test
    void allTextsOfAnAnswerAreJoinedAsTheyStand() {
        JsonObject message = messageOf(
                Part.Text.of("One "),
                new Part.Thought("a", ""),
                Part.Text.of("two."),
                new Part.Thought("b", ""),
                new Part.Image(new Media.Inline("image/png", "AAAA"), "", CacheMark.NONE));

        assertThat(message.getString("content")).isEqualTo("One two.![image](data:image/png;base64,AAAA)");
        assertThat(message.getString("reasoning_content")).isEqualTo("ab");
        assertThat(message.containsKey("reasoning_details")).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "stop, STOP, stop",
        "length, LENGTH, length",
        "max_tokens, LENGTH, length",
        "content_filter, CONTENT_FILTER, content_filter",
        "function_call, TOOL_CALLS, tool_calls"
    })
    void anAnswerSaysWhyItEnds(String word, FinishReason finish, String written) {
        Reply reply = codec.readReply(
                parse("{\"choices\":[{\"message\":{\"content\":\"x\"},\"finish_reason\":\"" + word + "\"}]}"));

        assertThat(reply.finish()).isEqualTo(finish);
        assertThat(codec.writeReply(reply, FACTS)
                        .getJsonArray("choices")
                        .getJsonObject(0)
                        .getString("finish_reason"))
                .isEqualTo(written);
    }

    @Test
    void usageOfAnthropicIsWrittenAsOpenAiCounts() {
        Usage usage = Usage.of(100, 20)
                .withCachedTokens(4000)
                .withCacheWriteTokens(2000)
                .withSemantics(UsageSemantics.ANTHROPIC);

        JsonObject written = OpenAiUsage.chat(new Spent(usage, 5));

        assertThat(written.getLong("prompt_tokens")).isEqualTo(6100);
        assertThat(written.getLong("total_tokens")).isEqualTo(6120);
        assertThat(OpenAiUsage.read(written, CompletionCount.WITH_REASONING))
                .isEqualTo(new Spent(Usage.of(6100, 20).withCachedTokens(4000).withCacheWriteTokens(2000), 5));
        assertThat(OpenAiUsage.read(OpenAiUsage.responses(new Spent(usage, 5)), CompletionCount.WITH_REASONING))
                .isEqualTo(new Spent(Usage.of(6100, 20).withCachedTokens(4000).withCacheWriteTokens(2000), 5));
    }

    @Test
    void zeroThatWasCountedIsZero() {
        assertThat(OpenAiUsage.read(
                        parse("{\"prompt_tokens\":0,\"completion_tokens\":0}"), CompletionCount.WITH_REASONING))
                .isEqualTo(OpenAiFixtures.NOTHING);
        assertThat(OpenAiUsage.read(parse("{\"cost\":1}"), CompletionCount.WITH_REASONING))
                .isNull();
    }

    @Test
    void aProviderMayCountThoughtsInTheTotalOnly() {
        Reply reply = new ChatCodec(CompletionCount.REASONING_IN_TOTAL).readReply(parse("""
                {"choices":[{"message":{"content":"x"}}],
                "usage":{"prompt_tokens":10,"completion_tokens":5,"total_tokens":40,
                "completion_tokens_details":{"reasoning_tokens":25}}}"""));

        assertThat(reply.spent()).isEqualTo(new Spent(Usage.of(10, 30), 25));
    }

    @Test
    void anAnswerWithoutAChoiceIsUnreadable() {
        assertThatThrownBy(() -> codec.readReply(parse("{\"choices\":[]}"))).isInstanceOf(Unreadable.class);
    }
}
