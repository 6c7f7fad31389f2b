package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.server.relay.TranslationMatrix.Cell;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every accident of a stream, for clients of each format before providers of each: what the client has seen in the end, who was
 * asked, and what it cost. {@code docs/accidents.md} says the same in words.
 *
 * <p>There are always two channels, and one may be tried after the other.
 */
class AccidentsInEveryFormatTest {

    private static final String TEXT = Speaker.FIRST_PIECE + Speaker.OTHER_PIECE;
    private static final String BROKE_OFF = "the upstream broke off its stream";
    private static final String SILENT = "the upstream was silent for too long";
    private static final String OVERLOADED = "too much to do";

    /** What the provider reports: ten text units read at one unit each, four written at two. */
    private static final long BY_USAGE = 10 + 2 * 4;

    private static final Duration SOON = Duration.ofMillis(150);
    private static final Duration LATE = Duration.ofSeconds(30);

    private final List<ScriptedUpstream> upstreams = new ArrayList<>();
    private RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    static Stream<Cell> streams() {
        return TranslationMatrix.cells()
                .filter(cell -> cell.capability() == Capability.STREAMED && cell.isServedByNodes());
    }

    /** One provider of another format for each client, and between them each format that clients are translated to. */
    static Stream<Cell> translated() {
        return streams()
                .filter(cell ->
                        cell.provider().format() == another(cell.client().format()));
    }

    private static WireFormat another(WireFormat client) {
        return switch (client) {
            case CHAT -> WireFormat.MESSAGES;
            case RESPONSES -> WireFormat.GEMINI;
            default -> WireFormat.CHAT;
        };
    }

    /** What takes its time is tried with these: for each client a provider of its own format and one of another. */
    static Stream<Cell> some() {
        return Stream.concat(streams().filter(Cell::isNative), translated());
    }

    /** With what becomes of the answer of a client that has gone. */
    static Stream<Arguments> left() {
        return some().flatMap(cell ->
                Stream.of(RelaySettings.OnClientGone.values()).map(onClientGone -> Arguments.of(cell, onClientGone)));
    }

    // ---- how a test goes

    private void use(RelaySettings settings) {
        relay.close();
        relay = new RelayHarness(settings);
    }

    private void start(Cell cell) {
        for (int channel = 0; channel < 2; channel++) {
            ScriptedUpstream upstream = ScriptedUpstream.start(relay.vertx);
            upstreams.add(upstream);
            relay.channel(
                    upstream.url(),
                    made -> made.type(cell.provider().channelType())
                            .modelMapping(Map.of(Chat.MODEL, cell.provider().model())));
        }
        relay.retries(1).start();
    }

    private ScriptedUpstream first() {
        return upstreams.get(0);
    }

    private ScriptedUpstream second() {
        return upstreams.get(1);
    }

    private static JsonObject question(Cell cell) {
        return cell.client().streaming(cell.client().question(Capability.PLAIN));
    }

    private RawClient ask(Cell cell) {
        return relay.connect().post(cell.client().path(true), question(cell).encode());
    }

    private static void begin(ScriptedUpstream.Reply answer, Cell cell, BreakingPoint until) {
        answer.streamHead();
        cell.provider().eventsUntil(until).forEach(answer::chunk);
    }

    /** What comes between two points, in one piece: a client that has some of it has a node that has seen all. */
    private static void goOn(ScriptedUpstream.Reply answer, Cell cell, BreakingPoint from, BreakingPoint until) {
        List<String> events = cell.provider().eventsUntil(until);
        answer.chunk(
                String.join("", events.subList(cell.provider().eventsUntil(from).size(), events.size())));
    }

    private static void end(ScriptedUpstream.Reply answer, Cell cell, BreakingPoint from) {
        String before = String.join("", cell.provider().eventsUntil(from));
        String rest = cell.provider().events(Capability.PLAIN).substring(before.length());
        if (!rest.isEmpty()) {
            answer.chunk(rest);
        }
        answer.end();
    }

    private static void answerWell(ScriptedUpstream.Reply answer, Cell cell) {
        begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
        end(answer, cell, BreakingPoint.IN_THE_MIDDLE);
    }

    private static Seen seen(Cell cell, RawClient client) {
        RawClient.Reply reply = client.reply();
        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.orderly()).isTrue();
        return Seen.of(cell.client(), reply.body());
    }

    private void assertAsked(int ofTheFirst, int ofTheSecond) {
        assertThat(List.of(first().calls(), second().calls())).containsExactly(ofTheFirst, ofTheSecond);
    }

    private void assertCharged(long units) {
        relay.finish();
        assertThat(relay.charges()).containsExactly(units);
    }

    private void assertNothingCharged() {
        relay.finish();
        assertThat(relay.charges()).isEmpty();
    }

    /** What the prompt and what was written cost by estimate; Anthropic reports the prompt when it begins. */
    private static long estimated(Cell cell, String written) {
        boolean promptReported = cell.provider().format() == WireFormat.MESSAGES && !written.isEmpty();
        long prompt =
                promptReported ? 10 : cell.client().read(question(cell), true).estimatedPromptTokens();
        return prompt + 2 * TextEstimator.forModel(Chat.MODEL).estimate(written);
    }

    // ---- the upstream is cut

    @ParameterizedTest
    @MethodSource("streams")
    void anUpstreamThatIsCutBeforeItsFirstByteIsReplaced(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            first().next().cut();
            answerWell(second().next(), cell);

            assertThat(seen(cell, client)).isEqualTo(Seen.all(TEXT));
        }
        assertAsked(1, 1);
        assertCharged(BY_USAGE);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void whereEveryUpstreamIsCutBeforeItsFirstByteTheClientIsTold(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            first().next().cut();
            second().next().streamHead().cut();
            RawClient.Reply reply = client.reply();

            assertThat(reply.status()).isEqualTo(502);
            assertThat(Seen.error(cell.client(), reply)).isEqualTo("the upstream sent an empty stream");
        }
        assertAsked(1, 1);
        assertNothingCharged();
    }

    @ParameterizedTest
    @MethodSource("streams")
    void anUpstreamThatIsCutInTheMiddleEndsTheStreamWithAnError(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
            answer.cut();

            assertThat(seen(cell, client)).isEqualTo(Seen.part(Speaker.FIRST_PIECE, BROKE_OFF));
        }
        assertAsked(1, 0);
        assertCharged(estimated(cell, Speaker.FIRST_PIECE));
    }

    /** Chat completions say before the usage why they end, and are whole with that. */
    @ParameterizedTest
    @MethodSource("streams")
    void anUpstreamThatIsCutBeforeItsUsageIsChargedByEstimate(Cell cell) {
        start(cell);
        boolean whole = cell.provider().format() == WireFormat.CHAT;
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.BEFORE_USAGE);
            answer.cut();

            assertThat(seen(cell, client)).isEqualTo(whole ? Seen.all(TEXT) : Seen.part(TEXT, BROKE_OFF));
        }
        assertAsked(1, 0);
        assertCharged(estimated(cell, TEXT));
    }

    @ParameterizedTest
    @MethodSource("streams")
    void anUpstreamThatIsCutAfterItsUsageHasAnsweredAsAWhole(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.AFTER_USAGE);
            answer.cut();

            assertThat(seen(cell, client)).isEqualTo(Seen.all(TEXT));
        }
        assertAsked(1, 0);
        assertCharged(BY_USAGE);
    }

    // ---- the client goes away

    @ParameterizedTest
    @MethodSource("left")
    void aClientThatLeavesBeforeTheFirstByte(Cell cell, RelaySettings.OnClientGone onClientGone) {
        clientLeaves(cell, BreakingPoint.BEFORE_THE_FIRST_BYTE, onClientGone);
    }

    @ParameterizedTest
    @MethodSource("left")
    void aClientThatLeavesInTheMiddle(Cell cell, RelaySettings.OnClientGone onClientGone) {
        clientLeaves(cell, BreakingPoint.IN_THE_MIDDLE, onClientGone);
    }

    @ParameterizedTest
    @MethodSource("left")
    void aClientThatLeavesBeforeTheUsage(Cell cell, RelaySettings.OnClientGone onClientGone) {
        clientLeaves(cell, BreakingPoint.BEFORE_USAGE, onClientGone);
    }

    @ParameterizedTest
    @MethodSource("left")
    void aClientThatLeavesAfterTheUsage(Cell cell, RelaySettings.OnClientGone onClientGone) {
        clientLeaves(cell, BreakingPoint.AFTER_USAGE, onClientGone);
    }

    /** Nobody else is asked; the upstream is cut and the client charged for what came, or the answer is read to its usage. */
    private void clientLeaves(Cell cell, BreakingPoint point, RelaySettings.OnClientGone onClientGone) {
        boolean drains = onClientGone == RelaySettings.OnClientGone.DRAIN;
        if (drains) {
            use(RelayHarness.draining(LATE, 1));
        }
        start(cell);
        RawClient client = ask(cell);
        ScriptedUpstream.Reply answer = first().next();
        if (point != BreakingPoint.BEFORE_THE_FIRST_BYTE) {
            begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
            client.awaitText(Speaker.FIRST_PIECE);
        }
        if (point == BreakingPoint.BEFORE_USAGE || point == BreakingPoint.AFTER_USAGE) {
            goOn(answer, cell, BreakingPoint.IN_THE_MIDDLE, point);
            client.awaitText(Speaker.OTHER_PIECE);
        }
        client.close();
        relay.awaitCloses(1);
        if (drains) {
            if (point == BreakingPoint.BEFORE_THE_FIRST_BYTE) {
                answer.streamHead();
            }
            end(answer, cell, point);
        } else if (point == BreakingPoint.AFTER_USAGE && cell.provider().isWholeWithUsage()) {
            answer.end();
        } else {
            answer.awaitCut();
        }

        boolean exact = drains || point == BreakingPoint.AFTER_USAGE;
        assertCharged(exact ? BY_USAGE : estimated(cell, writtenUntil(point)));
        assertAsked(1, 0);
    }

    private static String writtenUntil(BreakingPoint point) {
        return switch (point) {
            case BEFORE_THE_FIRST_BYTE -> "";
            case IN_THE_MIDDLE -> Speaker.FIRST_PIECE;
            case BEFORE_USAGE, AFTER_USAGE -> TEXT;
        };
    }

    // ---- the upstream says nothing, or nonsense, or too much

    @ParameterizedTest
    @MethodSource("some")
    void anUpstreamThatIsSilentFromTheBeginningIsReplaced(Cell cell) {
        use(RelayHarness.silence(SOON, LATE));
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply silent = first().next();
            answerWell(second().next(), cell);

            assertThat(seen(cell, client)).isEqualTo(Seen.all(TEXT));
            silent.awaitCut();
        }
        assertAsked(1, 1);
        assertCharged(BY_USAGE);
    }

    @ParameterizedTest
    @MethodSource("some")
    void anUpstreamThatStallsInTheMiddleIsCutAndTheClientTold(Cell cell) {
        use(RelayHarness.silence(LATE, SOON));
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply silent = first().next();
            begin(silent, cell, BreakingPoint.IN_THE_MIDDLE);

            assertThat(seen(cell, client)).isEqualTo(Seen.part(Speaker.FIRST_PIECE, SILENT));
            silent.awaitCut();
        }
        assertAsked(1, 0);
        assertCharged(estimated(cell, Speaker.FIRST_PIECE));
    }

    /** In its own format a client gets it as it is; there is nothing in it to translate. */
    @ParameterizedTest
    @MethodSource("streams")
    void anEventThatCannotBeReadIsNoReasonToBreakOff(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
            answer.event("{\"choices\":[{\"delta\":");
            end(answer, cell, BreakingPoint.IN_THE_MIDDLE);

            assertThat(seen(cell, client)).isEqualTo(new Seen(TEXT, true, "", cell.isNative() ? 1 : 0));
        }
        assertAsked(1, 0);
        assertCharged(BY_USAGE);
    }

    @ParameterizedTest
    @MethodSource("some")
    void anEventThatIsLongerThanWhatIsHeldArrivesWhole(Cell cell) {
        start(cell);
        String longer = "x".repeat(100_000);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next().streamHead();
            for (String event : cell.provider().eventsUntil(BreakingPoint.IN_THE_MIDDLE)) {
                answer.chunk(event.replace(Speaker.FIRST_PIECE, longer));
            }
            end(answer, cell, BreakingPoint.IN_THE_MIDDLE);

            assertThat(seen(cell, client)).isEqualTo(Seen.all(longer + Speaker.OTHER_PIECE));
        }
        assertAsked(1, 0);
        assertCharged(BY_USAGE);
    }

    @ParameterizedTest
    @MethodSource("translated")
    void anEventThatIsTooLongToBeTranslatedEndsTheStreamWithAnError(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
            answer.chunk("data: {\"picture\":\"");
            String megabyte = "A".repeat(1024 * 1024);
            IntStream.range(0, 17).forEach(piece -> answer.chunk(megabyte));

            assertThat(seen(cell, client))
                    .isEqualTo(
                            Seen.part(Speaker.FIRST_PIECE, "an event of the upstream's is too long to be translated"));
            answer.awaitCut();
        }
        assertAsked(1, 0);
        // what is too long to be read counts as a picture
        assertCharged(estimated(cell, Speaker.FIRST_PIECE) + 2 * 1400);
    }

    // ---- the upstream reports an error in an answer of success

    @ParameterizedTest
    @MethodSource("streams")
    void anUpstreamWhoseFirstEventIsAnErrorIsReplaced(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            first().next()
                    .streamHead()
                    .chunk(cell.provider().errorEvent(OVERLOADED))
                    .end();
            answerWell(second().next(), cell);

            assertThat(seen(cell, client)).isEqualTo(Seen.all(TEXT));
        }
        assertAsked(1, 1);
        assertCharged(BY_USAGE);
    }

    @ParameterizedTest
    @MethodSource("streams")
    void anErrorInTheMiddleEndsTheStreamWithTheClientsOwnError(Cell cell) {
        start(cell);
        try (RawClient client = ask(cell)) {
            ScriptedUpstream.Reply answer = first().next();
            begin(answer, cell, BreakingPoint.IN_THE_MIDDLE);
            answer.chunk(cell.provider().errorEvent(OVERLOADED)).end();

            assertThat(seen(cell, client)).isEqualTo(Seen.part(Speaker.FIRST_PIECE, OVERLOADED));
        }
        assertAsked(1, 0);
        assertCharged(estimated(cell, Speaker.FIRST_PIECE));
    }
}
