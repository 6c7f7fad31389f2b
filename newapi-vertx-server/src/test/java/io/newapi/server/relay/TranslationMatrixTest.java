package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.TranslationMatrix.Cell;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Codec;
import io.newapi.server.relay.wire.chat.ModelSuffix;
import io.newapi.server.relay.wire.chat.StreamTranslation;
import io.newapi.server.relay.wire.chat.Translator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every cell of the table in {@code docs/api.md}, there and back: through a node where a node asks so, else through the
 * translator alone. Nodes are shared, one for each kind of provider.
 */
class TranslationMatrixTest {

    private static final Map<WireFormat, Node> NODES = new EnumMap<>(WireFormat.class);

    /** What the provider read, and what came of its answer. */
    private record Exchanged(JsonObject asked, String answer) {}

    /** A node with one channel, whose provider answers what it is told to. */
    private static final class Node {
        private final RelayHarness relay = new RelayHarness();
        private final ScriptedUpstream upstream;
        private volatile Consumer<ScriptedUpstream.Reply> script = reply -> reply.json(500, "{}");

        private Node(Speaker provider) {
            upstream = ScriptedUpstream.start(relay.vertx, reply -> script.accept(reply));
            relay.channel(
                    upstream.url(),
                    made -> made.type(provider.channelType()).modelMapping(Map.of(Chat.MODEL, provider.model())));
            relay.start();
        }

        Exchanged post(String path, JsonObject body) {
            try (RawClient connection = relay.connect()) {
                RawClient.Reply reply = connection.post(path, body.encode()).reply();
                assertThat(reply.status()).as(reply.body()).isEqualTo(200);
                assertThat(reply.header("X-Newapi-Not-Passed-On")).isEmpty();
                List<String> bodies = upstream.bodies();
                return new Exchanged(new JsonObject(bodies.get(bodies.size() - 1)), reply.body());
            }
        }
    }

    @AfterAll
    static void close() {
        for (Node node : NODES.values()) {
            node.relay.finish();
            node.relay.close();
        }
        NODES.clear();
    }

    static Stream<Cell> whole() {
        return TranslationMatrix.cells().filter(cell -> cell.capability() != Capability.STREAMED);
    }

    static Stream<Cell> streamed() {
        return TranslationMatrix.cells().filter(cell -> cell.capability() != Capability.PLAIN);
    }

    @ParameterizedTest
    @MethodSource("whole")
    void aCallIsAskedInTheProvidersWordsAndAnsweredInTheClients(Cell cell) {
        JsonObject question = cell.client().question(cell.capability());

        Exchanged first = exchange(cell, question, false);

        assertThat(cell.provider().asked(first.asked())).isEqualTo(cell.asked());
        JsonObject answer = new JsonObject(first.answer());
        assertThat(cell.client().told(answer)).isEqualTo(cell.told());
        if (cell.capability() == Capability.REASONING) {
            Exchanged second = exchange(cell, cell.client().next(question, answer), false);
            assertThat(cell.provider().asked(second.asked())).isEqualTo(cell.askedNext());
        }
    }

    @ParameterizedTest
    @MethodSource("streamed")
    void aStreamIsToldInTheClientsEvents(Cell cell) {
        JsonObject question = cell.client().streaming(cell.client().question(cell.capability()));

        Exchanged first = exchange(cell, question, true);

        assertThat(cell.provider().asked(first.asked())).isEqualTo(cell.asked());
        JsonObject answer = cell.client().together(events(first.answer()));
        assertThat(cell.client().told(answer)).as(first.answer()).isEqualTo(cell.told());
        if (cell.capability() == Capability.REASONING) {
            Exchanged second = exchange(cell, cell.client().next(question, answer), true);
            assertThat(cell.provider().asked(second.asked())).isEqualTo(cell.askedNext());
        }
    }

    @Test
    void whatGoogleSignedIsNotHandedToAnthropic() {
        Speaker client = speaker(WireFormat.MESSAGES);
        JsonObject question = client.question(Capability.REASONING);
        Cell google = new Cell(client, speaker(WireFormat.GEMINI), Capability.REASONING);
        Cell anthropic = new Cell(client, client, Capability.REASONING);
        JsonObject answer = new JsonObject(exchange(google, question, false).answer());

        Exchanged goesOn = exchange(anthropic, client.next(question, answer), false);

        assertThat(client.asked(goesOn.asked()))
                .containsExactly(
                        "system Be brief.",
                        "text Rain?",
                        "text Wait.",
                        "call call_a weather {\"city\":\"Oslo\"}",
                        "result call_a 3 mm",
                        "tool weather [city]",
                        "limit 2000");
    }

    private static Speaker speaker(WireFormat format) {
        return TranslationMatrix.SPEAKERS.stream()
                .filter(speaker -> speaker.format() == format)
                .findFirst()
                .orElseThrow();
    }

    private static List<JsonObject> events(String stream) {
        List<JsonObject> events = new ArrayList<>();
        stream.lines()
                .filter(line -> line.startsWith("data: {"))
                .forEach(line -> events.add(new JsonObject(line.substring("data: ".length()))));
        return events;
    }

    private static Exchanged exchange(Cell cell, JsonObject question, boolean stream) {
        if (!cell.isServedByNodes()) {
            return translated(cell, question, stream);
        }
        Node node = NODES.computeIfAbsent(cell.provider().format(), format -> new Node(cell.provider()));
        node.script = reply -> {
            if (stream) {
                reply.streamHead();
                for (String event : cell.provider().events(cell.capability()).split("(?<=\n\n)", -1)) {
                    if (!event.isEmpty()) {
                        reply.chunk(event);
                    }
                }
                reply.end();
            } else {
                reply.json(200, cell.provider().answer(cell.capability()).encode());
            }
        };
        return node.post(cell.client().path(stream), question);
    }

    private static Exchanged translated(Cell cell, JsonObject question, boolean stream) {
        ClientRequest request = cell.client().read(question, stream);
        Translator translator = Translator.of(request, cell.provider().format(), CompletionCount.WITH_REASONING);
        Translator.Asked asked =
                translator.ask(ModelSuffix.none(cell.provider().model()), new Codec.WriteTerms(8192, Map.of()));
        assertThat(asked.lost()).isEmpty();
        Codec.ReplyFacts facts = new Codec.ReplyFacts("r", Chat.MODEL, 1, 10, true);
        return new Exchanged(
                new JsonObject(Buffer.buffer(asked.body())),
                stream ? stream(cell, translator.stream(facts)) : whole(cell, translator, facts));
    }

    private static String whole(Cell cell, Translator translator, Codec.ReplyFacts facts) {
        byte[] answer = cell.provider().answer(cell.capability()).encode().getBytes(UTF_8);
        return new String(translator.answer(answer, facts), UTF_8);
    }

    private static String stream(Cell cell, StreamTranslation translation) {
        Usage charged = cell.capability() == Capability.CACHE ? Usage.of(100, 4).withCachedTokens(40) : Usage.of(10, 4);
        Buffer events = Buffer.buffer(cell.provider().events(cell.capability()));
        return translation.of(events).appendBuffer(translation.end(charged)).toString();
    }
}
