package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Channels that want the answers to chat completions to look otherwise than they come. */
class StyledAnswersTest {

    private static final String CHAT = "/v1/chat/completions";
    private static final String DONE = "data: [DONE]\n\n";
    private static final String USAGE = "data: " + Chat.usage(10, 4) + "\n\n";

    /** Ten text units read at one unit each, four written at two. */
    private static final long PRICE = 10 + 2 * 4;

    private static final String VENDORS_ANSWER = "{\"id\":\"c\",\"choices\":[{\"index\":0,\"own\":1,"
            + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\",\"reasoning_content\":\"Hm\",\"own\":2,"
            + "\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"own\":3,"
            + "\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]},\"finish_reason\":\"stop\"}],"
            + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14,\"own\":4},\"own\":5}";

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private String ask(int type, String setting, boolean stream, Consumer<ScriptedUpstream.Reply> script) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, script);
        relay.channel(upstream.url(), made -> made.type(type)).shape("", "", setting);
        relay.start();
        String body;
        try (RawClient client = relay.connect()) {
            body = client.post(CHAT, Chat.request(stream)).reply().body();
        }
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
        return body;
    }

    private static Consumer<ScriptedUpstream.Reply> streaming(String... events) {
        return reply -> {
            reply.streamHead();
            Stream.of(events).forEach(reply::chunk);
            reply.end();
        };
    }

    private static String chunk(String delta, String more) {
        return "data: {\"id\":\"c\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                + "\"delta\":" + delta + more + "}]}\n\n";
    }

    private static String chunk(String delta) {
        return chunk(delta, ",\"finish_reason\":null");
    }

    private static List<JsonObject> chunks(String stream) {
        assertThat(stream).endsWith(DONE);
        return Stream.of(stream.split("\n\n"))
                .filter(event -> event.startsWith("data: {"))
                .map(event -> new JsonObject(event.substring("data: ".length())))
                .filter(chunk -> !chunk.getJsonArray("choices").isEmpty())
                .toList();
    }

    private static JsonObject choice(JsonObject answer) {
        return answer.getJsonArray("choices").getJsonObject(0);
    }

    private static List<String> contents(String stream) {
        return chunks(stream).stream()
                .map(chunk -> choice(chunk).getJsonObject("delta").getString("content", ""))
                .filter(content -> !content.isEmpty())
                .toList();
    }

    // ---- thinking_to_content

    @Test
    void whatIsThoughtStandsInTheTextOfAStream() {
        String stream = ask(
                1,
                "{\"thinking_to_content\":true}",
                true,
                streaming(
                        chunk("{\"role\":\"assistant\",\"content\":\"\"}"),
                        chunk("{\"content\":null,\"reasoning_content\":\"Let me\"}"),
                        chunk("{\"content\":\"\",\"reasoning\":\" see\",\"reasoning_details\":[{\"text\":\" see\"}]}"),
                        chunk("{\"content\":\"Hel\",\"reasoning_content\":null}"),
                        chunk("{\"content\":\"lo\"}"),
                        chunk("{}", ",\"finish_reason\":\"stop\""),
                        USAGE,
                        DONE));

        assertThat(contents(stream)).containsExactly("<think>\nLet me", " see", "\n</think>\nHel", "lo");
        assertThat(stream).doesNotContain("reasoning");
    }

    @Test
    void aThoughtEndsWithTheAnswerWhereNothingElseIsSaid() {
        String stream = ask(
                1,
                "{\"thinking_to_content\":true}",
                true,
                streaming(
                        chunk("{\"reasoning_content\":\"Hm\"}"),
                        chunk("{\"content\":\"\"}", ",\"finish_reason\":\"length\""),
                        USAGE,
                        DONE));

        assertThat(contents(stream)).containsExactly("<think>\nHm", "\n</think>\n");
    }

    @Test
    void aThoughtEndsBeforeACall() {
        String stream = ask(
                1,
                "{\"thinking_to_content\":true}",
                true,
                streaming(
                        chunk("{\"reasoning_content\":\"Hm\"}"),
                        chunk(
                                "{\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]}"),
                        chunk("{}", ",\"finish_reason\":\"tool_calls\""),
                        USAGE,
                        DONE));

        assertThat(contents(stream)).containsExactly("<think>\nHm", "\n</think>\n");
        assertThat(choice(chunks(stream).get(1)).getJsonObject("delta").getJsonArray("tool_calls"))
                .hasSize(1);
    }

    @Test
    void eventsThatComeInPiecesAreWaitedFor() {
        String thought = chunk("{\"reasoning_content\":\"Hm\"}");
        String stream = ask(
                1,
                "{\"thinking_to_content\":true}",
                true,
                streaming(
                        thought.substring(0, 50),
                        thought.substring(50)
                                + chunk("{\"content\":\"Hello\"}", ",\"finish_reason\":\"stop\"")
                                        .substring(0, 20),
                        chunk("{\"content\":\"Hello\"}", ",\"finish_reason\":\"stop\"")
                                .substring(20),
                        USAGE,
                        DONE));

        assertThat(contents(stream)).containsExactly("<think>\nHm", "\n</think>\nHello");
    }

    @Test
    void soItIsWhereTheProviderSpeaksAnotherFormat() {
        String stream = ask(
                24,
                "{\"thinking_to_content\":true}",
                true,
                streaming(
                        "data: {\"candidates\":[{\"content\":{\"role\":\"model\",\"parts\":["
                                + "{\"text\":\"Hm\",\"thought\":true},{\"text\":\"Hello\"}]},\"finishReason\":\"STOP\"}],"
                                + "\"usageMetadata\":{\"promptTokenCount\":10,\"candidatesTokenCount\":4,\"totalTokenCount\":14}}\n\n"));

        assertThat(contents(stream)).containsExactly("<think>\nHm", "\n</think>\nHello");
    }

    @Test
    void aWholeAnswerKeepsItsThoughts() {
        String answer = ask(1, "{\"thinking_to_content\":true}", false, reply -> reply.json(200, VENDORS_ANSWER));

        assertThat(answer).isEqualTo(VENDORS_ANSWER);
    }

    // ---- force_format

    @Test
    void aWholeAnswerHasTheFieldsOfTheFormatOnly() {
        JsonObject answer =
                new JsonObject(ask(1, "{\"force_format\":true}", false, reply -> reply.json(200, VENDORS_ANSWER)));

        assertThat(answer.encode()).doesNotContain("\"own\"");
        assertThat(answer.getString("id")).isEqualTo("c");
        assertThat(answer.getString("object")).isEqualTo("chat.completion");
        assertThat(answer.getString("model")).isEqualTo(Chat.MODEL);
        assertThat(answer.getLong("created")).isPositive();
        assertThat(choice(answer).getJsonObject("message"))
                .isEqualTo(new JsonObject()
                        .put("role", "assistant")
                        .put("content", "Hi")
                        .put("reasoning_content", "Hm")
                        .put(
                                "tool_calls",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("id", "t")
                                                .put("type", "function")
                                                .put(
                                                        "function",
                                                        new JsonObject()
                                                                .put("name", "f")
                                                                .put("arguments", "{}")))));
        assertThat(answer.getJsonObject("usage").fieldNames())
                .containsExactlyInAnyOrder("prompt_tokens", "completion_tokens", "total_tokens");
    }

    @Test
    void soHasEachChunkOfAStream() {
        String stream = ask(
                1,
                "{\"force_format\":true}",
                true,
                streaming(
                        ": a comment\n\n",
                        "data: {\"own\":1,\"choices\":[{\"index\":0,\"own\":2,\"delta\":{\"content\":\"Hi\",\"own\":3}}]}\n\n",
                        chunk("{}", ",\"finish_reason\":\"stop\""),
                        USAGE,
                        DONE));

        assertThat(stream).startsWith(": a comment\n\n").doesNotContain("\"own\"");
        JsonObject first = chunks(stream).get(0);
        assertThat(first.getString("object")).isEqualTo("chat.completion.chunk");
        assertThat(choice(first))
                .isEqualTo(new JsonObject().put("index", 0).put("delta", new JsonObject().put("content", "Hi")));
    }

    @Test
    void bothMayBeWanted() {
        String stream = ask(
                1,
                "{\"force_format\":true,\"thinking_to_content\":true}",
                true,
                streaming(
                        chunk("{\"reasoning_content\":\"Hm\",\"own\":1}"),
                        chunk("{\"content\":\"Hello\"}", ",\"finish_reason\":\"stop\""),
                        USAGE,
                        DONE));

        assertThat(contents(stream)).containsExactly("<think>\nHm", "\n</think>\nHello");
        assertThat(stream).doesNotContain("\"own\"");
    }
}
