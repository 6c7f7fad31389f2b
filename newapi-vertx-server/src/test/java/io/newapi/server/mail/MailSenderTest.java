package io.newapi.server.mail;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.SmtpServer;
import io.newapi.server.testing.SmtpServer.Taken;
import io.newapi.server.testing.TrustStore;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Mail to a server that speaks SMTP. */
class MailSenderTest {

    private static final String TOKEN = "hunter2-and-more";
    private static final Instant NOW = Instant.ofEpochSecond(1_700_000_000);
    private static final Mail MAIL =
            new Mail("id-1", NOW, "root@example.com", "A title", "What has happened.\n.\nThe end.\n");
    private static final Duration LONG = Duration.ofMinutes(1);

    @TempDir
    static Path folder;

    private static Certificate certificate;

    private final Vertx vertx = Vertx.vertx();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private final MailSender sender = new MailSender(vertx, new MailSender.Limits(LONG, LONG, LONG));

    @BeforeAll
    static void makeCertificate() {
        certificate = Certificate.in(folder, "mail.test");
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable one : opened) {
            one.close();
        }
        vertx.close().await();
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private static MailServer server(SmtpServer smtp, boolean encrypted, String token) {
        return new MailServer("127.0.0.1", smtp.port(), encrypted, "gateway@example.com", token, "");
    }

    private MailFailure refused(MailServer server, Mail mail) {
        return catchThrowableOfType(MailFailure.class, () -> sender.send(server, mail));
    }

    @Test
    void aMailIsSentAfterALoginOverTls() throws InterruptedException {
        opened(new TrustStore(certificate));
        SmtpServer smtp = opened(SmtpServer.withStartTls(certificate));

        sender.send(server(smtp, false, TOKEN), MAIL);

        Taken taken = smtp.next();
        assertThat(taken.encrypted()).isTrue();
        assertThat(taken.login()).isEqualTo("gateway@example.com " + TOKEN);
        assertThat(taken.from()).isEqualTo("gateway@example.com");
        assertThat(taken.to()).containsExactly("root@example.com");
        assertThat(taken.message().lines())
                .contains(
                        "Subject: A title",
                        "From: gateway@example.com",
                        "To: root@example.com",
                        "Message-ID: <id-1@example.com>",
                        "Date: Tue, 14 Nov 2023 22:13:20 GMT",
                        "Auto-Submitted: auto-generated");
        assertThat(taken.message()).contains("\n\nWhat has happened.\n.\nThe end.\n");
    }

    @Test
    void whereTheConnectionBeginsWithTlsItDoes() throws InterruptedException {
        opened(new TrustStore(certificate));
        SmtpServer smtp = opened(SmtpServer.withTls(certificate));

        sender.send(server(smtp, true, TOKEN), MAIL);

        Taken taken = smtp.next();
        assertThat(taken.encrypted()).isTrue();
        assertThat(taken.login()).isEqualTo("gateway@example.com " + TOKEN);
    }

    @Test
    void port465IsAlwaysEncrypted() {
        assertThat(new MailServer("mail", 465, false, "", "", "").encrypted()).isTrue();
        assertThat(new MailServer("mail", 587, false, "", "", "").encrypted()).isFalse();
    }

    @Test
    void whoDoesNotLogInUsesTlsIfItIsThere() throws InterruptedException {
        opened(new TrustStore(certificate));
        SmtpServer with = opened(SmtpServer.withStartTls(certificate));
        SmtpServer without = opened(SmtpServer.plain());

        sender.send(server(with, false, ""), MAIL);
        sender.send(server(without, false, ""), MAIL);

        assertThat(with.next().encrypted()).isTrue();
        Taken taken = without.next();
        assertThat(taken.encrypted()).isFalse();
        assertThat(taken.login()).isEmpty();
    }

    @Test
    void nobodyLogsInWithoutTls() {
        SmtpServer smtp = opened(SmtpServer.plain());

        MailFailure failure = refused(server(smtp, false, TOKEN), MAIL);

        assertThat(failure).hasMessageContaining("STARTTLS");
        assertThat(smtp.isEmpty()).isTrue();
    }

    @Test
    void aCertificateThatIsNotBelievedEndsIt() {
        SmtpServer asked = opened(SmtpServer.withStartTls(certificate));
        SmtpServer atOnce = opened(SmtpServer.withTls(certificate));

        assertThat(refused(server(asked, false, TOKEN), MAIL)).hasMessageContaining("certification path");
        assertThat(refused(server(asked, false, ""), MAIL)).hasMessageContaining("certification path");
        assertThat(refused(server(atOnce, true, TOKEN), MAIL)).hasMessageContaining("certification path");
        assertThat(asked.isEmpty() && atOnce.isEmpty()).isTrue();
    }

    @Test
    void aCertificateForAnotherHostEndsItToo() {
        opened(new TrustStore(certificate));
        SmtpServer asked = opened(SmtpServer.withStartTls(certificate));
        SmtpServer atOnce = opened(SmtpServer.withTls(certificate));

        for (SmtpServer smtp : List.of(asked, atOnce)) {
            MailServer byName = new MailServer("localhost", smtp.port(), smtp == atOnce, "me@example.com", TOKEN, "");
            assertThat(refused(byName, MAIL)).hasMessageMatching(".*[Nn]o (name|subject).*");
        }
        assertThat(asked.isEmpty() && atOnce.isEmpty()).isTrue();
    }

    @Test
    void aSubjectStaysOneLineAndMayHaveAnyLetters() throws InterruptedException {
        SmtpServer smtp = opened(SmtpServer.plain());
        MailServer server = server(smtp, false, "");

        sender.send(server, new Mail("id", NOW, "root@example.com", "One\r\nBcc: all@example.com\n\nTwo", "Text"));
        sender.send(server, new Mail("id", NOW, "root@example.com", "Ein Knoten fehlt: größer", "Füße"));

        Taken first = smtp.next();
        assertThat(first.message().lines()).contains("Subject: One Bcc: all@example.com Two");
        assertThat(first.to()).containsExactly("root@example.com");
        Taken second = smtp.next();
        assertThat(second.message()).matches(text -> text.chars().allMatch(letter -> letter < 128));
        assertThat(second.message()).contains("Subject: =?UTF-8?").endsWith("\n\nRsO8w59l\n");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "root",
                "root@example.com\r\nRCPT TO:<all@example.com>",
                "root@example.com,all@example.com",
                "Root <root@example.com>",
                "root@example.com (Root)",
                "root@[127.0.0.1]",
                "größer@example.com"
            })
    void whatIsNoPlainAddressIsNotWrittenTo(String address) {
        SmtpServer smtp = opened(SmtpServer.plain());
        MailServer from = new MailServer("127.0.0.1", smtp.port(), false, "", "", address);

        MailFailure failure = refused(server(smtp, false, ""), new Mail("id", NOW, address, "Title", "Text"));

        assertThat(failure).hasMessage("the receiver's address is no mail address");
        assertThat(failure.isLasting()).isTrue();
        assertThat(refused(from, MAIL)).hasMessage("SMTPFrom is no mail address");
        assertThat(smtp.connections()).isZero();
    }

    @Test
    void whatAServerSaysOfALoginIsNotRepeated() {
        opened(new TrustStore(certificate));
        SmtpServer smtp = opened(SmtpServer.withStartTls(certificate));
        smtp.answer("AUTH", "535 what is {told}?");

        MailFailure failure = refused(server(smtp, false, TOKEN), MAIL);

        assertThat(failure).hasMessage("status 535");
        assertThat(failure.isLasting()).isTrue();
        String told = Base64.getEncoder().encodeToString(("\0gateway@example.com\0" + TOKEN).getBytes(UTF_8));
        assertThat(server(smtp, false, TOKEN).toString()).doesNotContain(TOKEN, told);
        assertThat(smtp.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "MAIL", "RCPT", "DATA", "MESSAGE"})
    void whatIsRefusedForNowMayBeTakenLater(String command) {
        SmtpServer smtp = opened(SmtpServer.plain());
        smtp.answer(command, "451 later");

        MailFailure failure = refused(server(smtp, false, ""), MAIL);

        assertThat(failure).hasMessage("status 451");
        assertThat(failure.isLasting()).isFalse();
        assertThat(smtp.isEmpty()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"GREETING", "EHLO", "DATA", "MESSAGE"})
    void aServerThatStandsStillIsNotWaitedForAndItsConnectionEnds(String command) throws InterruptedException {
        SmtpServer smtp = opened(SmtpServer.plain());
        smtp.answer(command, "");
        MailSender hasty = new MailSender(vertx, new MailSender.Limits(LONG, LONG, Duration.ofMillis(200)));

        assertThatThrownBy(() -> hasty.send(server(smtp, false, ""), MAIL))
                .isInstanceOf(MailFailure.class)
                .hasMessage("no answer in time");
        smtp.awaitEnd();
    }

    @Test
    void aServerThatIsNotThereIsNamed() {
        SmtpServer smtp = SmtpServer.plain();
        smtp.close();

        assertThat(refused(server(smtp, false, TOKEN), MAIL)).hasMessageContaining("Connection refused");
    }
}
