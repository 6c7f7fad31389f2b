package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.estimate.TextEstimator;
import io.newapi.sandbox.Fault;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A channel that fails before anything was sent to the client is replaced by another, and only the other is charged. */
class FailoverTest {

    private static final long PLENTY = 1_000_000_000;
    private static final long PREFERRED = 10;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private DataDirectory directory;
    private Key key;
    private Map<String, String> settings = Map.of();

    @BeforeEach
    void prepare() {
        directory = DataDirectory.create(path);
        key = directory.unlimitedToken(directory.user("someone", PLENTY), "key");
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @ParameterizedTest
    @CsvSource({
        "status:500, false",
        "status:500, true",
        "status:429, false",
        "status:429, true",
        "status:401, false",
        "reset-before-headers, false",
        "reset-before-headers, true"
    })
    void anotherChannelAnswersWhenTheFirstFails(String fault, boolean stream) {
        Sandbox broken = upstreams.failing(fault);

        assertSecondAnswers(broken.url(), stream);

        assertThat(broken.requests()).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void anotherChannelAnswersWhenTheFirstRefusesConnections(boolean stream) throws IOException {
        String nobody;
        try (ServerSocket closed = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "http://127.0.0.1:" + closed.getLocalPort();
        }

        assertSecondAnswers(nobody, stream);
    }

    @Test
    void anotherChannelAnswersWhenTheFirstTakesNoConnectionInTime() throws IOException {
        settings = Map.of("NEWAPI_CONNECT_TIMEOUT_SECONDS", "1");
        InetAddress here = InetAddress.getLoopbackAddress();
        List<Socket> waiting = new ArrayList<>();
        try (ServerSocket full = new ServerSocket(0, 1, here)) {
            while (mayWait(full, waiting)) {
                assertThat(waiting).hasSizeLessThan(100);
            }
            assertSecondAnswers("http://127.0.0.1:" + full.getLocalPort(), false);
        } finally {
            for (Socket socket : waiting) {
                socket.close();
            }
        }
    }

    /** Whether one more connection is let in where nobody takes them. */
    private static boolean mayWait(ServerSocket full, List<Socket> waiting) throws IOException {
        Socket socket = new Socket();
        waiting.add(socket);
        try {
            socket.connect(full.getLocalSocketAddress(), 200);
            return true;
        } catch (SocketTimeoutException e) {
            return false;
        }
    }

    @Test
    void anotherChannelAnswersWhenTheFirstDoesNotBeginInTime() {
        settings = Map.of("NEWAPI_FIRST_BYTE_TIMEOUT_SECONDS", "1");

        assertSecondAnswers(upstreams.failing("slow-headers:60000").url(), true);
    }

    private void assertSecondAnswers(String firstUrl, boolean stream) {
        long first = directory.channel("first", firstUrl, PREFERRED);
        long second = directory.channel("second", upstreams.start(Script.PLAIN).url(), 0);

        Reply reply = call(question(PER_CALL, stream));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(reply.complete()).as(reply.body()).isTrue();
        Books books = Books.read(directory).agree().nothingLeased();
        Charged charge = books.charge(reply.requestId());
        assertThat(charge.channelId()).isEqualTo(second);
        assertThat(charge.usedChannels()).containsExactly(Long.toString(first), Long.toString(second));
        assertThat(books.charges()).hasSize(1);
        assertThat(books.channelUsed(first)).isZero();
        assertThat(books.channelUsed(second)).isEqualTo(CALL_UNITS);
    }

    @Test
    void asManyChannelsAreTriedAsTheStoredOptionSays() {
        directory.options(Map.of("RetryTimes", "1"));
        Sandbox first = upstreams.failing("status:500");
        Sandbox second = upstreams.failing("status:502");
        Sandbox third = upstreams.start(Script.PLAIN);
        directory.channel("first", first.url(), 30);
        directory.channel("second", second.url(), 20);
        directory.channel("third", third.url(), 10);

        Reply reply = call(question(PER_CALL, false));

        assertThat(reply.status()).isEqualTo(502);
        assertThat(first.requests()).hasSize(1);
        assertThat(second.requests()).hasSize(1);
        assertThat(third.requests()).isEmpty();
        assertNothingCharged();
    }

    @Test
    void withoutRetriesTheFirstFailureIsTheAnswer() {
        directory.options(Map.of("RetryTimes", "0"));
        Sandbox second = upstreams.start(Script.PLAIN);
        directory.channel("first", upstreams.failing("status:500").url(), PREFERRED);
        directory.channel("second", second.url(), 0);

        Reply reply = call(question(PER_CALL, false));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(second.requests()).isEmpty();
        assertNothingCharged();
    }

    @Test
    void aRequestThatTheUpstreamCallsWrongIsNotTriedElsewhere() {
        Sandbox second = upstreams.start(Script.PLAIN);
        directory.channel("first", upstreams.failing("status:400").url(), PREFERRED);
        directory.channel("second", second.url(), 0);

        Reply reply = call(question(PER_CALL, false));

        assertThat(reply.status()).isEqualTo(400);
        assertThat(second.requests()).isEmpty();
        assertNothingCharged();
    }

    @ParameterizedTest
    @ValueSource(strings = {"reset-after-chunk:3", "error-event-after-chunk:3", "stall-after-chunk:3"})
    void nothingIsTriedAgainAfterAByteWasSent(String fault) {
        settings = Map.of("STREAMING_TIMEOUT", "1");
        Script script = Script.PLAIN.withContent("one two three four five six");
        Sandbox first = upstreams.start(script.withFault(Fault.parse(fault)));
        Sandbox second = upstreams.start(script);
        long channel = directory.channel("first", first.url(), PREFERRED);
        directory.channel("second", second.url(), 0);

        Reply reply = call(question(BY_RATIO, true));

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("three").doesNotContain("four").contains("\"error\"");
        assertThat(second.requests()).isEmpty();
        Books books = Books.read(directory).agree().nothingLeased();
        Charged charge = books.charge(reply.requestId());
        assertThat(charge.channelId()).isEqualTo(channel);
        assertThat(charge.estimated()).isTrue();
        assertThat(charge.completionTokens())
                .isEqualTo(TextEstimator.forModel(BY_RATIO).estimate("one two three"));
        assertThat(charge.quota()).isEqualTo(charge.promptTokens() + 2 * charge.completionTokens());
    }

    private Reply call(JsonObject question) {
        try (TestNode node = TestNode.start(directory, settings)) {
            return new Caller(node.url()).call(key, question);
        }
    }

    private static JsonObject question(String model, boolean stream) {
        return Caller.question(model, "Is anybody there?").put("stream", stream);
    }

    private void assertNothingCharged() {
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges()).isEmpty();
    }
}
