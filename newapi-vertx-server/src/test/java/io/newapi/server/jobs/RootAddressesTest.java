package io.newapi.server.jobs;

import static io.newapi.server.jobs.NotifiedRoots.next;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.mail.MailSender;
import io.newapi.server.mail.MailServer;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.SmtpServer;
import io.newapi.server.testing.TrustStore;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root users who are told by mail, Bark and Gotify, behind which real servers listen. */
class RootAddressesTest {

    private static final Notice NOTICE = new Notice("kind", "A title", "What has happened & more.", List.of("a", "b"));
    private static final Duration LONG = Duration.ofMinutes(1);
    private static final String TOLD_AT_LENGTH = "WARN A title: What has happened & more.";

    @TempDir
    Path directory;

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private final SmtpServer smtp = SmtpServer.plain();
    private NotifiedRoots roots;
    private RootNotices notices;
    private boolean privateAllowed = true;
    private Optional<MailServer> mailServer = Optional.of(server(smtp, ""));

    private record Asked(String method, String uri, String key, String body) {}

    @BeforeEach
    void open() {
        roots = new NotifiedRoots(directory);
        notices = new RootNotices(
                roots::enabled,
                new RootPost(
                        new OutboundClient(vertx.createHttpClient(), new OutboundClient.Limits(LONG, LONG, LONG, 1024)),
                        () -> privateAllowed,
                        new MailSender(vertx, new MailSender.Limits(LONG, LONG, LONG)),
                        () -> mailServer),
                () -> Instant.ofEpochSecond(1_700_000_000),
                List.of(Duration.ZERO, Duration.ZERO),
                64);
    }

    @AfterEach
    void close() {
        notices.close();
        roots.close();
        smtp.close();
        vertx.close().await();
    }

    private static MailServer server(SmtpServer smtp, String token) {
        return new MailServer("127.0.0.1", smtp.port(), false, "gateway@example.com", token, "");
    }

    private static JsonObject by(String type) {
        return new JsonObject().put("notify_type", type);
    }

    /** Where a server listens that notes what it is asked, and answers this. */
    private String web(Supplier<Integer> status) {
        HttpServer server = vertx.createHttpServer()
                .requestHandler(request -> answer(request, status))
                .listen(0, "127.0.0.1")
                .await();
        return "http://127.0.0.1:" + server.actualPort();
    }

    private void answer(HttpServerRequest request, Supplier<Integer> status) {
        request.body().onSuccess(body -> {
            asked.add(new Asked(
                    request.method().name(),
                    request.uri(),
                    String.valueOf(request.getHeader("X-Gotify-Key")),
                    body.toString()));
            request.response().setStatusCode(status.get()).end();
        });
    }

    @Test
    void everyRootWhoIsToldByMailGetsOne() throws InterruptedException {
        roots.add("set", by("email").put("notification_email", "set@example.com"));
        roots.add("own", by("email"), "own@example.com");
        roots.add("nothing", new JsonObject(), "nothing@example.com");
        roots.add("nowhere", by("email"));

        notices.tell(NOTICE);

        List<SmtpServer.Taken> mails = List.of(smtp.next(), smtp.next(), smtp.next());
        assertThat(mails.stream().map(mail -> mail.to().get(0)))
                .containsExactlyInAnyOrder("set@example.com", "own@example.com", "nothing@example.com");
        assertThat(mails)
                .allSatisfy(mail -> assertThat(mail.message())
                        .contains("\nSubject: A title\n", "\n\nWhat has happened & more.\n\nkind\n"));
        assertThat(smtp.isEmpty()).isTrue();
        assertThat(roots.logged).containsExactly(TOLD_AT_LENGTH);
    }

    @Test
    void aMailThatIsNotTakenNowIsSentAgainAndKnownAgain() throws InterruptedException {
        roots.add("root", by("email").put("notification_email", "root@example.com"));
        smtp.answer("MESSAGE", "451 later");

        notices.tell(NOTICE);

        next(roots.logged);
        assertThat(next(roots.logged))
                .isEqualTo("WARN root was not told of kind at a mailbox: status 451, from the mail server 127.0.0.1:"
                        + smtp.port());
        assertThat(List.of(smtp.nextRefused(), smtp.nextRefused(), smtp.nextRefused()))
                .extracting(mail -> mail.message().replaceFirst("(?s).*\nMessage-ID: ([^\n]*)\n.*", "$1"))
                .matches(ids -> ids.stream().distinct().count() == 1);
        assertThat(smtp.connections()).isEqualTo(3);
    }

    @Test
    void aLoginThatIsRefusedIsNotTriedAgainAndNotInTheLog(@TempDir Path folder) throws InterruptedException {
        Certificate certificate = Certificate.in(folder);
        roots.add("root", by("email").put("notification_email", "root@example.com"));
        try (TrustStore trusted = new TrustStore(certificate);
                SmtpServer strict = SmtpServer.withStartTls(certificate)) {
            assertThat(trusted).isNotNull();
            strict.answer("AUTH", "535 not {told}");
            mailServer = Optional.of(server(strict, "hunter2"));

            notices.tell(NOTICE);

            next(roots.logged);
            assertThat(next(roots.logged))
                    .isEqualTo("WARN root was not told of kind at a mailbox: status 535, from the mail server"
                            + " 127.0.0.1:" + strict.port());
            assertThat(strict.connections()).isEqualTo(1);
        }
    }

    @Test
    void barkIsAskedWithTheWordsInTheirPlaces() throws InterruptedException {
        roots.add("root", by("bark").put("bark_url", web(() -> 200) + "/key/{{title}}/{{content}}?group=gateway"));

        notices.tell(NOTICE);

        assertThat(next(asked))
                .isEqualTo(new Asked(
                        "GET", "/key/A%20title/What%20has%20happened%20%26%20more.?group=gateway", "null", ""));
    }

    @Test
    void gotifyIsSentAMessageAndItsTokenInAHeader() throws InterruptedException {
        roots.add(
                "root",
                by("gotify")
                        .put("gotify_url", web(() -> 200) + "/push/")
                        .put("gotify_token", "hunter2")
                        .put("gotify_priority", 8));

        notices.tell(NOTICE);

        Asked message = next(asked);
        assertThat(message.method() + " " + message.uri()).isEqualTo("POST /push/message");
        assertThat(message.key()).isEqualTo("hunter2");
        assertThat(new JsonObject(message.body()))
                .isEqualTo(new JsonObject()
                        .put("title", "A title")
                        .put("message", "What has happened & more.")
                        .put("priority", 8));
    }

    @Test
    void whatIsNotTakenByBarkOrGotifyIsInTheLogWithoutItsSecrets() throws InterruptedException {
        String refusing = web(() -> 500);
        roots.add("bark", by("bark").put("bark_url", refusing + "/hunter2/{{title}}"));
        roots.add("gotify", by("gotify").put("gotify_url", refusing).put("gotify_token", "hunter2"));

        notices.tell(NOTICE);

        next(roots.logged);
        assertThat(List.of(next(roots.logged), next(roots.logged)))
                .containsOnly("WARN root was not told of kind at http://127.0.0.1: status 500");
        assertThat(asked).hasSize(6);
    }

    @Test
    void neitherIsAskedInAPrivateNetworkUnlessThatIsAllowed() throws InterruptedException {
        privateAllowed = false;
        String near = web(() -> 200);
        roots.add("bark", by("bark").put("bark_url", near + "/{{title}}"));
        roots.add("gotify", by("gotify").put("gotify_url", near).put("gotify_token", "hunter2"));

        notices.tell(NOTICE);

        next(roots.logged);
        assertThat(List.of(next(roots.logged), next(roots.logged)))
                .containsOnly("WARN root was not told of kind at http://127.0.0.1: 127.0.0.1 is in a network that"
                        + " requests must not go to");
        assertThat(asked).isEmpty();
    }
}
