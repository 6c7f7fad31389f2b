package io.newapi.server.jobs;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserChange;
import io.newapi.server.store.UserOutcome;
import io.newapi.server.store.UserRow;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Root users with webhooks, behind which a real server listens. */
class RootNoticesTest {

    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final Notice NOTICE = new Notice("kind", "A title", "What has happened.", List.of("a", "b"));
    private static final List<Duration> NO_PAUSES = List.of(Duration.ZERO, Duration.ZERO);
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient();
    private final BlockingQueue<Received> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> logged = new LinkedBlockingQueue<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            logged.add(event.getLevel() + " " + event.getFormattedMessage());
        }
    };
    private final Logger logger = (Logger) LoggerFactory.getLogger(RootNotices.class);
    private Database database;
    private Stores stores;
    private boolean privateAllowed = true;

    private record Received(String path, String authorization, String signature, Buffer body) {}

    @BeforeEach
    void open() {
        appender.start();
        logger.addAppender(appender);
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
    }

    @AfterEach
    void close() {
        logger.detachAppender(appender);
        database.close();
        vertx.close().await();
    }

    private RootNotices notices(Duration total) {
        return notices(stores.users()::enabledRoots, total, 64);
    }

    private RootNotices notices(Supplier<List<UserRow>> roots, Duration total, int mostWaiting) {
        return new RootNotices(
                roots,
                client,
                new OutboundClient.Limits(Duration.ofSeconds(5), LONG, total, 1024),
                () -> privateAllowed,
                () -> NOW,
                NO_PAUSES,
                mostWaiting);
    }

    /** Where a server listens that notes what comes, and does this then. */
    private String server(Consumer<HttpServerRequest> then) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> request.body().onSuccess(body -> {
                    received.add(new Received(
                            request.uri(),
                            String.valueOf(request.getHeader("Authorization")),
                            String.valueOf(request.getHeader("X-Newapi-Signature")),
                            body));
                    then.accept(request);
                }))
                .listen(0, "127.0.0.1")
                .await();
        return "http://127.0.0.1:" + server.actualPort();
    }

    private static Consumer<HttpServerRequest> answers(int status) {
        return request -> request.response().setStatusCode(status).end();
    }

    private void root(String name, JsonObject setting) {
        UserOutcome created = stores.users().create(NewUser.of(name, "", name, 100, 0), 0);
        long id = ((UserOutcome.Saved) created).user().id();
        stores.users().update(id, UserChange.none().setting(setting.encode()), 0);
    }

    private void rootAt(String url, String secret) {
        root(
                "root of " + url.hashCode(),
                new JsonObject()
                        .put("notify_type", "webhook")
                        .put("webhook_url", url)
                        .put("webhook_secret", secret));
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited for a minute in vain");
        }
        return next;
    }

    @Test
    void aNoticeIsPostedWithASignatureOfItsBody() throws Exception {
        rootAt(server(answers(204)) + "/hook?for=root", "a secret");

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            Received post = next(received);
            assertThat(post.path()).isEqualTo("/hook?for=root");
            assertThat(post.body().toJsonObject()).isEqualTo(new JsonObject("""
                {"type": "kind", "title": "A title", "content": "What has happened.", "values": ["a", "b"],
                "timestamp": 1700000000}\
                """));
            assertThat(post.authorization()).isEqualTo("Bearer a secret");
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("a secret".getBytes(UTF_8), "HmacSHA256"));
            assertThat(post.signature())
                    .isEqualTo("sha256="
                            + HexFormat.of().formatHex(mac.doFinal(post.body().getBytes())));
        }
        assertThat(logged).containsExactly("WARN A title: What has happened.");
    }

    @Test
    void withoutASecretNothingIsSigned() throws Exception {
        rootAt(server(answers(200)), "");

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            Received post = next(received);
            assertThat(post.path()).isEqualTo("/");
            assertThat(post.authorization()).isEqualTo("null");
            assertThat(post.signature()).isEqualTo("null");
        }
    }

    @Test
    void aWebhookThatFailsIsTriedAgain() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        CountDownLatch taken = new CountDownLatch(1);
        rootAt(
                server(request -> {
                    boolean third = attempts.incrementAndGet() == 3;
                    answers(third ? 200 : 503).accept(request);
                    if (third) {
                        taken.countDown();
                    }
                }),
                "");

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);
            taken.await();
        }

        assertThat(received).hasSize(3);
        assertThat(received.stream().map(Received::body).distinct())
                .as("so that a receiver knows it again")
                .hasSize(1);
    }

    @Test
    void aRedirectIsNotFollowedAndWhatIsSecretIsNotInTheLog() throws Exception {
        String elsewhere = server(answers(200)) + "/elsewhere";
        String address = server(request -> request.response()
                .putHeader("Location", elsewhere)
                .setStatusCode(307)
                .end());
        rootAt(address + "/known-to-its-owner?key=sesame", "a secret");

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            assertThat(next(logged)).startsWith("WARN A title");
            assertThat(next(logged)).isEqualTo("WARN root was not told of kind at http://127.0.0.1: status 307");
        }
        assertThat(received).hasSize(3).extracting(Received::path).containsOnly("/known-to-its-owner?key=sesame");
    }

    @Test
    void aPrivateAddressIsRefusedUnlessItIsAllowed() throws Exception {
        rootAt(server(answers(200)), "");
        privateAllowed = false;

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            next(logged);
            assertThat(next(logged))
                    .isEqualTo("WARN root was not told of kind at http://127.0.0.1: 127.0.0.1 is in a network that"
                            + " requests must not go to");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void aWebhookThatHangsDelaysNoOther() throws Exception {
        rootAt(server(request -> {}) + "/hangs", "");
        rootAt(server(answers(200)) + "/answers", "");

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);
            notices.tell(NOTICE);

            assertThat(List.of(
                            next(received).path(),
                            next(received).path(),
                            next(received).path(),
                            next(received).path()))
                    .containsExactlyInAnyOrder("/hangs", "/hangs", "/answers", "/answers");
        }
    }

    @Test
    void aWebhookThatHangsIsGivenUp() throws Exception {
        rootAt(server(request -> {}), "");

        try (RootNotices notices = notices(Duration.ofMillis(50))) {
            notices.tell(NOTICE);

            next(logged);
            assertThat(next(logged)).startsWith("WARN root was not told of kind at http://127.0.0.1: ");
        }
    }

    @Test
    void aRootWithoutAWebhookIsToldInTheLog() throws Exception {
        root("by mail", new JsonObject().put("notify_type", "email").put("webhook_url", server(answers(200))));
        root("not at all", new JsonObject());

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            assertThat(next(logged)).startsWith("WARN A title");
            assertThat(next(logged)).isEqualTo("WARN root has no webhook, and is told in the log only");
        }
        assertThat(received).isEmpty();
    }

    @Test
    void whatComesWhileTooMuchWaitsIsInTheLogAlone() throws Exception {
        CountDownLatch databaseAnswers = new CountDownLatch(1);
        Supplier<List<UserRow>> slow = () -> {
            try {
                databaseAnswers.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return List.of();
        };

        try (RootNotices notices = notices(slow, LONG, 1)) {
            for (int i = 0; i < 5; i++) {
                notices.tell(NOTICE);
            }
            assertThat(logged).hasSize(5).allMatch(line -> line.startsWith("WARN A title"));

            notices.tell(NOTICE);

            assertThat(logged).last().isEqualTo("WARN too much waits to be told to root: kind is in the log alone");
        }
    }
}
