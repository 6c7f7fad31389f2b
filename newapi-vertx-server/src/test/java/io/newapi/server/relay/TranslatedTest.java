package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients of one format, and upstreams that speak another: what is asked and answered is the same, and so is the charge. */
class TranslatedTest {

    /** Ten text units read at one unit each, four written at two. */
    private static final long PRICE = 10 + 2 * 4;

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    /** How a client of a format asks for the weather, and reads the answer. */
    private enum Client {
        CHAT("/v1/chat/completions", "/v1/chat/completions") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("max_tokens", 100)
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "system")
                                                .put("content", "Be brief."))
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put("content", "Rain?")));
            }

            @Override
            String text(JsonObject answer) {
                return answer.getJsonArray("choices")
                        .getJsonObject(0)
                        .getJsonObject("message")
                        .getString("content");
            }

            @Override
            String streamedText(JsonObject event) {
                JsonArray choices = event.getJsonArray("choices");
                return choices.isEmpty()
                        ? ""
                        : choices.getJsonObject(0).getJsonObject("delta").getString("content", "");
            }

            @Override
            boolean isEnd(String body) {
                return body.contains("\"finish_reason\":\"stop\"") && body.endsWith("data: [DONE]\n\n");
            }
        },
        MESSAGES("/v1/messages", "/v1/messages") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("max_tokens", 100)
                        .put("system", "Be brief.")
                        .put(
                                "messages",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put("content", "Rain?")));
            }

            @Override
            String text(JsonObject answer) {
                return answer.getJsonArray("content").getJsonObject(0).getString("text");
            }

            @Override
            String streamedText(JsonObject event) {
                JsonObject delta = event.getJsonObject("delta", new JsonObject());
                return delta.getString("text", "");
            }

            @Override
            boolean isEnd(String body) {
                return body.contains("\"stop_reason\":\"end_turn\"")
                        && body.endsWith("event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n");
            }
        },
        RESPONSES("/v1/responses", "/v1/responses") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("model", Chat.MODEL)
                        .put("max_output_tokens", 100)
                        .put("instructions", "Be brief.")
                        .put("input", "Rain?");
            }

            @Override
            String text(JsonObject answer) {
                return answer.getJsonArray("output")
                        .getJsonObject(0)
                        .getJsonArray("content")
                        .getJsonObject(0)
                        .getString("text");
            }

            @Override
            String streamedText(JsonObject event) {
                return event.getString("type", "").equals("response.output_text.delta") ? event.getString("delta") : "";
            }

            @Override
            boolean isEnd(String body) {
                return body.contains("event: response.completed\n");
            }
        },
        GEMINI(
                "/v1beta/models/" + Chat.MODEL + ":generateContent",
                "/v1beta/models/" + Chat.MODEL + ":streamGenerateContent?alt=sse") {
            @Override
            JsonObject question() {
                return new JsonObject()
                        .put("generationConfig", new JsonObject().put("maxOutputTokens", 100))
                        .put(
                                "systemInstruction",
                                new JsonObject()
                                        .put("parts", new JsonArray().add(new JsonObject().put("text", "Be brief."))))
                        .put(
                                "contents",
                                new JsonArray()
                                        .add(new JsonObject()
                                                .put("role", "user")
                                                .put(
                                                        "parts",
                                                        new JsonArray().add(new JsonObject().put("text", "Rain?")))));
            }

            @Override
            String text(JsonObject answer) {
                return texts(answer);
            }

            @Override
            String streamedText(JsonObject event) {
                return texts(event);
            }

            @Override
            boolean isEnd(String body) {
                return body.contains("\"finishReason\":\"STOP\"");
            }

            private static String texts(JsonObject answer) {
                StringBuilder texts = new StringBuilder();
                answer.getJsonArray("candidates")
                        .getJsonObject(0)
                        .getJsonObject("content", new JsonObject())
                        .getJsonArray("parts", new JsonArray())
                        .forEach(part -> texts.append(((JsonObject) part).getString("text", "")));
                return texts.toString();
            }
        };

        private final String path;
        private final String streamPath;

        Client(String path, String streamPath) {
            this.path = path;
            this.streamPath = streamPath;
        }

        abstract JsonObject question();

        abstract String text(JsonObject answer);

        abstract String streamedText(JsonObject event);

        abstract boolean isEnd(String body);

        String stream() {
            JsonObject body = question();
            return (this == GEMINI ? body : body.put("stream", true)).encode();
        }
    }

    /** An upstream of a type that answers "No, sun." */
    private enum Provider {
        OPENAI(
                27,
                "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                        + "\"message\":{\"role\":\"assistant\",\"content\":\"No, sun.\"},\"finish_reason\":\"stop\"}],"
                        + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14}}",
                "data:"
                        + " {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"No,\"}}]}\n\n",
                "data: {\"id\":\"c\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\""
                        + " sun.\"},\"finish_reason\":\"stop\"}]}\n\n",
                "data: {\"id\":\"c\",\"choices\":[],\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4}}\n\n",
                "data: [DONE]\n\n"),
        ANTHROPIC(
                14,
                "{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[{\"type\":\"text\",\"text\":\"No,"
                        + " sun.\"}],\"stop_reason\":\"end_turn\",\"stop_sequence\":null,"
                        + "\"usage\":{\"input_tokens\":10,\"output_tokens\":4}}",
                "event: message_start\n"
                        + "data:"
                        + " {\"type\":\"message_start\",\"message\":{\"id\":\"msg\",\"type\":\"message\",\"role\":\"assistant\",\"model\":\"m\",\"content\":[],\"usage\":{\"input_tokens\":10,\"output_tokens\":1}}}\n\n",
                "event: content_block_start\ndata: {\"type\":\"content_block_start\",\"index\":0,\"content_block\":"
                        + "{\"type\":\"text\",\"text\":\"\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                        + "{\"type\":\"text_delta\",\"text\":\"No,\"}}\n\n",
                "event: content_block_delta\ndata: {\"type\":\"content_block_delta\",\"index\":0,\"delta\":"
                        + "{\"type\":\"text_delta\",\"text\":\" sun.\"}}\n\n",
                "event: content_block_stop\ndata: {\"type\":\"content_block_stop\",\"index\":0}\n\n",
                "event: message_delta\ndata: {\"type\":\"message_delta\",\"delta\":{\"stop_reason\":\"end_turn\","
                        + "\"stop_sequence\":null},\"usage\":{\"output_tokens\":4}}\n\n",
                "event: message_stop\ndata: {\"type\":\"message_stop\"}\n\n"),
        GOOGLE(
                24,
                "{\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"No, sun.\"}],\"role\":\"model\"},"
                        + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,"
                        + "\"candidatesTokenCount\":4,\"totalTokenCount\":14}}",
                "data:"
                        + " {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\"No,\"}],\"role\":\"model\"},\"index\":0}]}\n\n",
                "data: {\"candidates\":[{\"content\":{\"parts\":[{\"text\":\" sun.\"}],\"role\":\"model\"},"
                        + "\"finishReason\":\"STOP\",\"index\":0}],\"usageMetadata\":{\"promptTokenCount\":10,"
                        + "\"candidatesTokenCount\":4,\"totalTokenCount\":14}}\n\n");

        private final int type;
        private final String whole;
        private final String events;

        Provider(int type, String whole, String... events) {
            this.type = type;
            this.whole = whole;
            this.events = String.join("", events);
        }

        List<String> events() {
            return List.of(events.split("(?<=\n\n)"));
        }

        void stream(ScriptedUpstream.Reply reply) {
            reply.streamHead();
            events().forEach(reply::chunk);
            reply.end();
        }
    }

    private static Stream<Arguments> pairs() {
        return Stream.of(Client.values())
                .flatMap(client -> Stream.of(Provider.values()).map(provider -> Arguments.of(client, provider)));
    }

    private ScriptedUpstream upstream(Provider provider, Consumer<ScriptedUpstream.Reply> script) {
        ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx, script);
        relay.channel(upstream.url(), made -> made.type(provider.type));
        return upstream;
    }

    private RawClient.Reply post(String path, String body) {
        try (RawClient connection = relay.connect()) {
            return connection.post(path, body).reply();
        }
    }

    private static String streamedText(Client client, String body) {
        StringBuilder text = new StringBuilder();
        for (String line : body.split("\n", -1)) {
            if (line.startsWith("data: {")) {
                text.append(client.streamedText(new JsonObject(line.substring("data: ".length()))));
            }
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyClientIsAnsweredByEveryProviderInItsOwnFormat(Client client, Provider provider) {
        ScriptedUpstream upstream = upstream(provider, reply -> reply.json(200, provider.whole));
        relay.start();

        RawClient.Reply reply = post(client.path, client.question().encode());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(client.text(new JsonObject(reply.body()))).isEqualTo("No, sun.");
        assertThat(upstream.bodies().get(0)).contains("Be brief.", "Rain?", "100");
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void everyClientGetsEveryProvidersStreamInItsOwnFormat(Client client, Provider provider) {
        upstream(provider, provider::stream);
        relay.start();

        RawClient.Reply reply = post(client.streamPath, client.stream());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.header("Content-Type")).isEqualTo("text/event-stream");
        assertThat(streamedText(client, reply.body())).isEqualTo("No, sun.");
        assertThat(client.isEnd(reply.body())).as(reply.body()).isTrue();
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @ParameterizedTest
    @MethodSource("pairs")
    void aStreamThatIsCutEndsWithAnErrorInTheClientsFormat(Client client, Provider provider) {
        upstream(provider, reply -> {
            reply.streamHead();
            provider.events().stream()
                    .limit(provider == Provider.ANTHROPIC ? 3 : 1)
                    .forEach(reply::chunk);
            reply.cut();
        });
        relay.start();

        RawClient.Reply reply = post(client.streamPath, client.stream());

        assertThat(streamedText(client, reply.body().replaceAll("data: \\{[^\n]*\"error\"[^\n]*\n", "")))
                .isEqualTo("No,");
        assertThat(reply.body()).contains("\"error\":{");
        assertThat(client.isEnd(reply.body())).isFalse();
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
    }

    /** Nothing of it could be passed on before all of it is there. */
    @Test
    void anEventThatIsTooLongToBeTranslatedEndsTheStreamWithAnError() {
        upstream(Provider.GOOGLE, reply -> {
            reply.streamHead();
            reply.chunk(Provider.GOOGLE.events().get(0));
            reply.chunk("data: {\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"");
            IntStream.range(0, 17).forEach(piece -> reply.chunk("A".repeat(1024 * 1024)));
        });
        relay.start();

        RawClient.Reply reply = post(Client.CHAT.streamPath, Client.CHAT.stream());

        assertThat(reply.body()).contains("No,", "too long to be translated");
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
    }

    @Test
    void whatWaitsToBeTranslatedIsCountedAndNoMoreThanThereIsRoomFor() {
        BodyMemory.Share others = relay.memory.share();
        assertThat(others.take(RelayHarness.MEMORY_BYTES - 1024 * 1024)).isTrue();
        upstream(Provider.GOOGLE, reply -> {
            reply.streamHead();
            reply.chunk(Provider.GOOGLE.events().get(0));
            reply.chunk("data: {\"candidates\":[{\"content\":{\"parts\":[{\"inlineData\":{\"data\":\"");
            IntStream.range(0, 3).forEach(piece -> reply.chunk("A".repeat(1024 * 1024)));
        });
        relay.start();

        RawClient.Reply reply = post(Client.CHAT.streamPath, Client.CHAT.stream());

        assertThat(reply.body()).contains("No,", "memory_busy");
        others.close();
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
        relay.awaitFreeMemory();
    }

    @Test
    void whatTheProviderDoesNotGetIsNamed() {
        upstream(Provider.ANTHROPIC, reply -> reply.json(200, Provider.ANTHROPIC.whole));
        relay.start();

        RawClient.Reply reply =
                post(Client.CHAT.path, Client.CHAT.question().put("seed", 7).encode());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-Newapi-Not-Passed-On")).isEqualTo("seed");
        relay.finish();
    }

    @Test
    void whatAClientWritesInPlaceOfANameIsNotRepeatedInAHeader() {
        upstream(Provider.ANTHROPIC, reply -> reply.json(200, Provider.ANTHROPIC.whole));
        relay.start();
        JsonObject odd = Client.CHAT
                .question()
                .put("a\r\nSet-Cookie: b", 1)
                .put("x".repeat(10_000), 1)
                .put("logit_bias", new JsonObject().put("1", 2));

        RawClient.Reply reply = post(Client.CHAT.path, odd.encode());

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.header("X-Newapi-Not-Passed-On")).isEqualTo("logit_bias");
        assertThat(reply.header("Set-Cookie")).isEmpty();
        relay.finish();
        assertThat(relay.charges()).containsExactly(PRICE);
    }

    @Test
    void aFieldOfSeveralMessagesIsNamedOnceAndWhatAnEarlierAnswerShowedToo() {
        upstream(Provider.OPENAI, reply -> reply.json(200, Provider.OPENAI.whole));
        relay.start();
        JsonObject body = new JsonObject("""
            {"contents":[{"role":"user","parts":[{"text":"a","videoMetadata":{"fps":1}},
            {"text":"b","videoMetadata":{"fps":1}}]},
            {"role":"model","parts":[{"inlineData":{"mimeType":"image/png","data":"iVBORw0KGgo="}}]},
            {"role":"user","parts":[{"text":"Again."}]}]}
            """);

        RawClient.Reply reply = post(Client.GEMINI.path, body.encode());

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.header("X-Newapi-Not-Passed-On"))
                .isEqualTo("contents[].parts[].videoMetadata, media_of_earlier_answers");
        relay.finish();
    }

    @Test
    void anEventThatIsTooLongToBePassedAtOnceIsTranslatedWhole() {
        String longText = "y".repeat(300_000);
        upstream(Provider.OPENAI, reply -> {
            reply.streamHead();
            String event = "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + longText + "\"}}]}\n\n";
            for (int at = 0; at < event.length(); at += 50_000) {
                reply.chunk(event.substring(at, Math.min(event.length(), at + 50_000)));
            }
            Provider.OPENAI.events().subList(1, 4).forEach(reply::chunk);
            reply.end();
        });
        relay.start();

        RawClient.Reply reply = post(Client.MESSAGES.streamPath, Client.MESSAGES.stream());

        assertThat(streamedText(Client.MESSAGES, reply.body())).isEqualTo(longText + " sun.");
        assertThat(Client.MESSAGES.isEnd(reply.body())).isTrue();
        relay.finish();
    }

    @Test
    void whatOneProvidersFormatHasNoWordsForIsAskedOfAnother() {
        ScriptedUpstream first = upstream(Provider.ANTHROPIC, reply -> reply.json(200, Provider.ANTHROPIC.whole));
        ScriptedUpstream second = upstream(Provider.OPENAI, reply -> reply.json(200, Provider.OPENAI.whole));
        relay.start();

        assertThat(post(Client.CHAT.path, Client.CHAT.question().put("n", 2).encode())
                        .status())
                .isEqualTo(200);

        assertThat(first.calls()).isZero();
        assertThat(second.calls()).isEqualTo(1);
        relay.finish();
    }

    @Test
    void whatNoProvidersFormatHasWordsForIsRefusedAndCostsNothing() {
        ScriptedUpstream only = upstream(Provider.ANTHROPIC, reply -> reply.json(200, Provider.ANTHROPIC.whole));
        relay.start();

        RawClient.Reply reply =
                post(Client.CHAT.path, Client.CHAT.question().put("n", 2).encode());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("not_expressible");
        assertThat(only.calls()).isZero();
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{\"temperature\":\"warm\"}", "{\"tools\":[{\"type\":\"function\",\"function\":3}]}"})
    void whatCannotBeReadIsRefusedByName(String odd) {
        ScriptedUpstream only = upstream(Provider.ANTHROPIC, reply -> reply.json(200, Provider.ANTHROPIC.whole));
        relay.start();
        JsonObject body = Client.CHAT.question().mergeIn(new JsonObject(odd));

        RawClient.Reply reply = post(Client.CHAT.path, body.encode());

        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.body()).contains("invalid_request");
        assertThat(only.calls()).isZero();
        relay.finish();
    }

    @Test
    void anUpstreamsErrorIsToldInTheClientsFormat() {
        upstream(
                Provider.ANTHROPIC,
                reply -> reply.json(
                        529,
                        "{\"type\":\"error\",\"error\":{\"type\":\"overloaded_error\",\"message\":\"Overloaded\"}}"));
        relay.start();

        RawClient.Reply reply =
                post(Client.GEMINI.path, Client.GEMINI.question().encode());

        assertThat(reply.status()).isEqualTo(529);
        assertThat(new JsonObject(reply.body()).getJsonObject("error").getString("message"))
                .startsWith("Overloaded");
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }
}
