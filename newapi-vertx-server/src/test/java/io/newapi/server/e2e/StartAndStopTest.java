package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalFailure;
import io.newapi.core.quota.WriterId;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import io.newapi.server.NewApiServer;
import io.newapi.server.StartFailure;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stands in the way of a start is named, and a stop waits for what is under way. */
class StartAndStopTest {

    private static final long PLENTY = 1_000_000_000;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private DataDirectory directory;

    @BeforeEach
    void prepare() {
        directory = DataDirectory.create(path);
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void aSecondNodeInTheSameDataDirectoryIsRefusedByName() {
        try (TestNode first = TestNode.start(directory)) {
            assertThat(first.port()).isPositive();
            try (NewApiServer second = new NewApiServer(TestNode.config(directory, Map.of()))) {
                assertThatThrownBy(second::start)
                        .isInstanceOf(JournalFailure.class)
                        .hasMessageContaining(path.toString());
            }
        }
    }

    @Test
    void thePortThatIsInUseIsNamedAndTheDirectoryIsFreeAgain() throws IOException {
        try (ServerSocket other = new ServerSocket(0)) {
            String port = Integer.toString(other.getLocalPort());
            try (NewApiServer node = new NewApiServer(TestNode.config(directory, Map.of("PORT", port)))) {
                assertThatThrownBy(node::start)
                        .isInstanceOf(StartFailure.class)
                        .hasMessageContaining(port)
                        .hasMessageContaining("PORT");
            }
        }

        try (TestNode node = TestNode.start(directory)) {
            assertThat(node.port()).isPositive();
        }
    }

    @Test
    void aJournalThatTheDatabaseDoesNotKnowIsReportedAtEveryStartAndKept() throws IOException {
        Path journals = path.resolve("newapi-journal");
        WriterId stranger = WriterId.random(new SecureRandom());
        try (JournalDirectory owned = JournalDirectory.open(journals)) {
            owned.create(stranger).close();
        }

        for (int start = 1; start <= 2; start++) {
            try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
                assertThat(node.output())
                        .contains("ERROR")
                        .contains(journals + " holds journals of 1 earlier runs that this database does not know")
                        .contains(stranger.hex());
            }
        }

        assertThat(journals.resolve("journal-" + stranger.hex() + ".0")).exists();
    }

    @Test
    void aStopLetsARunningStreamEndAndBooksIt() {
        Sandbox upstream = upstreams.start(
                Script.PLAIN.withUsage(7, 100, 0).withChunks(100).withDelays(Duration.ZERO, Duration.ofMillis(20)));
        directory.channel("only", upstream.url(), 0);
        Key key = directory.unlimitedToken(directory.user("someone", PLENTY), "key");
        CompletableFuture<Reply> answer;
        try (TestNode node = TestNode.start(directory)) {
            answer = new Caller(node.url())
                    .send(key, Caller.question(BY_RATIO, "Tell me a story").put("stream", true));
            Eventually.until(
                    "the stream runs", () -> upstream.requests().stream().anyMatch(request -> request.chunks() > 2));

            node.stop();
        }

        Reply reply = answer.join();
        assertThat(reply.complete()).as(reply.body()).isTrue();
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charge(reply.requestId()).quota()).isEqualTo(7 + 2 * 100);
    }

    @Test
    void aStopEndsALiveConnectionThatWouldNotEndAndBooksIt() throws Exception {
        Sandbox upstream = upstreams.start(Script.PLAIN.withUsage(7, 100, 0).withChunks(1));
        directory.channel("only", upstream.url(), 0);
        Key key = directory.unlimitedToken(directory.user("someone", PLENTY), "key");
        LiveMessages heard = new LiveMessages();
        HttpClient client = HttpClient.newHttpClient();
        try (TestNode node = TestNode.start(directory, Map.of("SHUTDOWN_TIMEOUT_SECONDS", "1"))) {
            WebSocket socket = client.newWebSocketBuilder()
                    .header("Authorization", "Bearer " + key.text())
                    .buildAsync(URI.create(node.url().replace("http", "ws") + "/v1/realtime?model=" + BY_RATIO), heard)
                    .get(20, TimeUnit.SECONDS);
            heard.awaitThat("session.created");
            var unused = socket.sendText("{\"type\":\"response.create\"}", true);
            heard.awaitThat("response.done");

            node.stop();
        }

        heard.awaitThat("shutting_down");
        assertThat(heard.code().get(20, TimeUnit.SECONDS)).isEqualTo(1001);
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges()).hasSize(1);
        assertThat(books.charges().get(0).quota()).isEqualTo(7 + 2 * 100);
    }

    @Test
    void aNodeThatWasStoppedGoesOnWhereItWas() {
        directory.channel(
                "only", upstreams.start(Script.PLAIN.withUsage(10, 10, 0)).url(), 0);
        long user = directory.user("someone", PLENTY);
        Key key = directory.limitedToken(user, "key", 1000);

        for (int run = 1; run <= 2; run++) {
            try (TestNode node = TestNode.start(directory)) {
                Reply reply = new Caller(node.url()).call(key, Caller.question(BY_RATIO, "Once more"));
                assertThat(reply.complete()).as(reply.body()).isTrue();
            }
            Books books = Books.read(directory).agree().nothingLeased();
            assertThat(books.token(key).used()).isEqualTo(run * 30L);
            assertThat(books.user(user).left()).isEqualTo(PLENTY - run * 30L);
        }
    }
}
