package io.newapi.server.relay.wire.chat;

import static io.newapi.server.relay.wire.chat.OpenAiFixtures.FACTS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.TERMS;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.json;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.parse;
import static io.newapi.server.relay.wire.chat.OpenAiFixtures.pretty;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.relay.wire.chat.Part.CacheMark;
import io.newapi.server.relay.wire.chat.Turn.Role;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole requests and answers of OpenAI's responses, and what becomes of them in the chat format and back. */
class ResponsesCodecTest {

    private final ResponsesCodec codec = new ResponsesCodec();
    private final ChatCodec chat = new ChatCodec();

    private Conversation readInput(String items) {
        return codec.read(parse("{\"model\":\"m\",\"input\":[" + items + "]}"), "", false);
    }

    private Conversation readWith(String fields) {
        return codec.read(parse("{\"model\":\"m\",\"input\":\"Hi\"," + fields + "}"), "", false);
    }

    // ---- requests ----

    @Test
    void aRequestIsTheSameWhenItIsReadAndWritten() {
        JsonObject request = json("responses/conversation.json");

        Codec.Written written = codec.write(codec.read(request, "", false), TERMS);

        assertThat(pretty(written.body())).isEqualTo(pretty(request));
        assertThat(written.lost()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "conversation | frequency_penalty,presence_penalty,seed,stop",
                "media | ''",
                "thoughts | cache_control",
                "reasoning-model | stop"
            })
    void aChatRequestIsSaidAsOneForAResponse(String name, String lost) {
        Conversation conversation = chat.read(json("chat/" + name + ".json"), "", false);

        Codec.Written written = codec.write(conversation, TERMS);

        assertThat(pretty(written.body())).isEqualTo(pretty(json("responses/from-chat-" + name + ".json")));
        assertThat(String.join(",", written.lost())).isEqualTo(lost);
    }

    @Test
    void aRequestForAResponseIsSaidAsAChatRequest() {
        Codec.Written written = chat.write(codec.read(json("responses/for-chat.json"), "", false), TERMS);

        assertThat(pretty(written.body())).isEqualTo(pretty(json("chat/from-responses-conversation.json")));
        assertThat(written.lost()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"conversation", "media", "thoughts", "reasoning-model"})
    void whatBothFormatsCanSayComesBackFromTheOther(String name) {
        Conversation conversation = chat.read(json("chat/" + name + ".json"), "", false);

        Conversation back = codec.read(codec.write(conversation, TERMS).body(), "", false);

        assertThat(withoutMarks(back.turns())).isEqualTo(withoutMarks(conversation.turns()));
        assertThat(back.form()).isEqualTo(conversation.form());
        assertThat(back.toolChoice()).isEqualTo(conversation.toolChoice());
        assertThat(back.thinking()).isEqualTo(conversation.thinking());
        assertThat(back.sampling().maxTokens())
                .isEqualTo(conversation.sampling().maxTokens());
    }

    /** Marks for a cache are what one of them cannot say. */
    private static List<String> withoutMarks(List<Turn> turns) {
        return turns.stream()
                .map(turn -> turn.toString().replaceAll("FIVE_MINUTES|ONE_HOUR", "NONE"))
                .toList();
    }

    @Test
    void inputMayBeOneText() {
        assertThat(readWith("\"stream\":true").turns())
                .containsExactly(new Turn(Role.USER, List.of(Part.Text.of("Hi"))));
    }

    @Test
    void instructionsAmongTheInputGoToTheInstructions() {
        Conversation conversation = codec.read(
                parse("{\"model\":\"m\",\"instructions\":\"One\",\"input\":[{\"role\":\"user\",\"content\":\"Hi\"},"
                        + "{\"role\":\"developer\",\"content\":\"Two\"}]}"),
                "",
                false);

        assertThat(conversation.instructions()).containsExactly(Part.Text.of("One"), Part.Text.of("Two"));
    }

    @Test
    void aThoughtWithAnEmptySummaryIsNoHiddenOne() {
        Conversation conversation = readInput("""
                {"role":"user","content":"Hi"},
                {"type":"reasoning","summary":[{"type":"summary_text","text":""}],"encrypted_content":"s"},
                {"type":"reasoning","summary":[],"encrypted_content":"h"},{"type":"reasoning","summary":[]}""");

        assertThat(conversation.turns().get(1).parts())
                .containsExactly(new Part.Thought("", "s"), new Part.HiddenThought("h"));
    }

    @Test
    void recordsOfAProvidersToolsAreNamed() {
        Conversation conversation =
                readInput("{\"role\":\"user\",\"content\":\"Hi\"},{\"type\":\"web_search_call\",\"id\":\"ws_1\"}");

        assertThat(conversation.unheld()).containsExactly("input[].web_search_call");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"previous_response_id\":\"resp_1\"",
                "\"conversation\":\"conv_1\"",
                "\"prompt\":{\"id\":\"p\"}",
                "\"context_management\":[]",
                "\"background\":true",
                "\"tool_choice\":{\"type\":\"file_search\"}",
                "\"tools\":[{\"type\":\"file_search\"}]",
                "\"tools\":[{\"type\":\"custom\",\"name\":\"x\"}]",
                "\"input\":[{\"type\":\"item_reference\",\"id\":\"x\"}]",
                "\"input\":[{\"type\":\"custom_tool_call\",\"call_id\":\"x\",\"name\":\"n\",\"input\":\"i\"}]"
            })
    void whatOnlyOneProviderKnowsIsRefused(String fields) {
        assertThatThrownBy(() -> chat.write(readWith(fields), TERMS)).isInstanceOf(Unsayable.class);
    }

    @Test
    void severalChoicesCannotBeSaid() {
        Conversation conversation = chat.read(
                parse("{\"model\":\"m\",\"n\":2,\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]}"), "", false);

        assertThatThrownBy(() -> codec.write(conversation, TERMS))
                .isInstanceOfSatisfying(
                        Unsayable.class, refusal -> assertThat(refusal.what()).isEqualTo("several choices"));
    }

    @Test
    void whatHasNoPlaceIsNamed() {
        assertThat(readWith("""
                        "truncation":"auto","metadata":{"a":"b"},"include":["message.output_text.logprobs"],
                        "text":{"verbosity":"low"},"reasoning":{"effort":"low","context":"auto"}""").unheld())
                .containsExactlyInAnyOrder(
                        "truncation",
                        "metadata",
                        "include.message.output_text.logprobs",
                        "text.verbosity",
                        "reasoning.context");
    }

    @Test
    void instructionsThatNobodyElseFollowsAreTheInput() {
        Conversation conversation = chat.read(
                parse("{\"model\":\"m\",\"messages\":[{\"role\":\"system\",\"content\":\"Tell a joke.\"}]}"),
                "",
                false);

        JsonObject body = codec.write(conversation, TERMS).body();

        assertThat(body.containsKey("instructions")).isFalse();
        assertThat(body.getJsonArray("input").getJsonObject(0).getString("content"))
                .isEqualTo("Tell a joke.");
    }

    @Test
    void thoughtsWithoutASignatureAreNotHandedBack() {
        Conversation conversation = chat.read(parse("""
                {"model":"m","messages":[{"role":"user","content":"Hi"},
                {"role":"assistant","content":"Ho","reasoning_content":"hm"},{"role":"user","content":"Hi"}]}"""), "", false);

        Codec.Written written = codec.write(conversation, TERMS);

        assertThat(written.body().getJsonArray("input")).hasSize(3);
        assertThat(written.lost()).containsExactly("reasoning_content");
    }

    // ---- answers ----

    @Test
    void anAnswerInChatIsSaidAsAResponseAndBack() {
        Reply reply = chat.readReply(json("chat/reply.json"));

        JsonObject response = codec.writeReply(reply, FACTS);

        assertThat(pretty(response)).isEqualTo(pretty(json("responses/from-chat-reply.json")));
        assertThat(codec.readReply(response)).isEqualTo(reply);
    }

    @Test
    void aResponseIsSaidAsAnAnswerInChat() {
        Reply reply = codec.readReply(json("responses/reply.json"));

        assertThat(reply.model()).isEqualTo("gpt-5.1-2025-11-13");
        assertThat(pretty(chat.writeReply(reply, FACTS))).isEqualTo(pretty(json("chat/from-responses-reply.json")));
    }

    @Test
    void everyPartOfAnAnswerComesBack() {
        Reply reply = new Reply(
                "resp_1",
                "m",
                List.of(
                        new Part.HiddenThought("h"),
                        new Part.Thought("", "s"),
                        Part.Text.of("a"),
                        Part.Text.of("b"),
                        new Part.Refusal("no"),
                        new Part.Image(new Media.Inline("image/png", "AAAA"), "", CacheMark.NONE),
                        Part.Text.of("c")),
                FinishReason.CONTENT_FILTER,
                "",
                null);

        assertThat(codec.readReply(codec.writeReply(reply, FACTS))).isEqualTo(reply);
    }

    @ParameterizedTest
    @ValueSource(strings = {"failed", "cancelled", "queued", "in_progress"})
    void whatIsNotCompleteIsNoAnswer(String status) {
        assertThatThrownBy(() -> codec.readReply(parse("{\"status\":\"" + status + "\",\"output\":[]}")))
                .isInstanceOf(Unreadable.class);
    }
}
