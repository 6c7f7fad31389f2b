package io.newapi.server.jobs;

import static io.newapi.server.jobs.NotifiedRoots.next;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.mail.MailSender;
import io.newapi.server.outbound.OutboundClient;
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
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
    private NotifiedRoots roots;
    private boolean privateAllowed = true;

    private record Received(String path, String authorization, String signature, Buffer body) {}

    @BeforeEach
    void open() {
        roots = new NotifiedRoots(directory);
    }

    @AfterEach
    void close() {
        roots.close();
        vertx.close().await();
    }

    private RootNotices notices(Duration total) {
        return notices(roots::enabled, total, 64);
    }

    private RootNotices notices(Supplier<List<UserRow>> told, Duration total, int mostWaiting) {
        return new RootNotices(
                told,
                new RootPost(
                        new OutboundClient(client, new OutboundClient.Limits(Duration.ofSeconds(5), LONG, total, 1024)),
                        () -> privateAllowed,
                        new MailSender(vertx, new MailSender.Limits(LONG, LONG, LONG)),
                        Optional::empty),
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

    private void rootAt(String url, String secret) {
        roots.add(
                "root of " + url.hashCode(),
                new JsonObject()
                        .put("notify_type", "webhook")
                        .put("webhook_url", url)
                        .put("webhook_secret", secret));
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
        assertThat(roots.logged).containsExactly("WARN A title: What has happened.");
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

            assertThat(next(roots.logged)).startsWith("WARN A title");
            assertThat(next(roots.logged)).isEqualTo("WARN root was not told of kind at http://127.0.0.1: status 307");
        }
        assertThat(received).hasSize(3).extracting(Received::path).containsOnly("/known-to-its-owner?key=sesame");
    }

    @Test
    void aPrivateAddressIsRefusedUnlessItIsAllowed() throws Exception {
        rootAt(server(answers(200)), "");
        privateAllowed = false;

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            next(roots.logged);
            assertThat(next(roots.logged))
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

            next(roots.logged);
            assertThat(next(roots.logged)).startsWith("WARN root was not told of kind at http://127.0.0.1: ");
        }
    }

    @Test
    void aRootWithoutAnAddressIsToldInTheLog() throws Exception {
        roots.add(
                "by mail",
                new JsonObject()
                        .put("notify_type", "email")
                        .put("notification_email", "root@example.com")
                        .put("webhook_url", server(answers(200))));
        roots.add("not at all", new JsonObject());

        try (RootNotices notices = notices(LONG)) {
            notices.tell(NOTICE);

            assertThat(next(roots.logged)).startsWith("WARN A title");
            assertThat(next(roots.logged))
                    .isEqualTo("WARN root has no address to be told at, or one for mail without a mail server,"
                            + " and is told in the log only");
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
            assertThat(roots.logged).hasSize(5).allMatch(line -> line.startsWith("WARN A title"));

            notices.tell(NOTICE);

            assertThat(roots.logged)
                    .last()
                    .isEqualTo("WARN too much waits to be told to root: kind is in the log alone");
        }
    }
}
