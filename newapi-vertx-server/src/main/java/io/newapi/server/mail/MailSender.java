package io.newapi.server.mail;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.newapi.server.outbound.OutboundAddresses;
import io.vertx.core.Vertx;
import jakarta.activation.DataHandler;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.util.ByteArrayDataSource;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.eclipse.angus.mail.util.MailSSLSocketFactory;

/**
 * Sends mail, each over a connection of its own. Certificates are checked against the JVM's trust store and for the server's
 * host; who logs in does so over TLS only. Where no login is wanted, TLS is used if the server has it. The server may be in a
 * private network, as most are, but not at a link-local address.
 *
 * <p>Blocks: for threads that may. Thread-safe.
 */
public final class MailSender {

    private static final int FIRST_REFUSAL = 400;
    private static final int FIRST_LASTING_REFUSAL = 500;

    /**
     * How much is waited for.
     *
     * @param connect for a connection
     * @param idle for the next bytes
     * @param total for all of it
     */
    public record Limits(Duration connect, Duration idle, Duration total) {}

    private final Vertx vertx;
    private final Limits limits;

    /**
     * Whoever is sent to has these limits.
     *
     * @param vertx tells the time
     */
    public MailSender(Vertx vertx, Limits limits) {
        this.vertx = vertx;
        this.limits = limits;
    }

    /**
     * Returns when the server has taken the mail.
     *
     * @throws MailFailure if it has not, or it is not known whether it has
     */
    public void send(MailServer server, Mail mail) {
        requireAddress("SMTPFrom", server.from());
        requireAddress("the receiver's address", mail.to());
        Session session = Session.getInstance(properties(server));
        SMTPTransport transport = new SMTPTransport(
                session, new URLName("smtp", server.host(), server.port(), null, server.account(), server.token()));
        AtomicBoolean late = new AtomicBoolean();
        try (Socket socket = new Socket()) {
            long timer = vertx.setTimer(limits.total().toMillis(), fired -> {
                late.set(true);
                end(socket);
            });
            try {
                transport.connect(connected(socket, server));
                MimeMessage message = message(session, server, mail);
                transport.sendMessage(message, message.getAllRecipients());
                hangUp(transport);
            } finally {
                vertx.cancelTimer(timer);
            }
        } catch (MessagingException e) {
            throw late.get() ? late(e) : refused(server, transport, e);
        } catch (IOException e) {
            throw late.get() ? late(e) : unreachable(e);
        }
    }

    private static void requireAddress(String what, String address) {
        if (!Mail.isAddress(address)) {
            throw new MailFailure(what + " is no mail address", true, null);
        }
    }

    private Properties properties(MailServer server) {
        Properties properties = new Properties();
        properties.put("mail.smtp.auth", Boolean.toString(server.wantsLogin()));
        // one that every server has, and that is safe over TLS
        properties.put("mail.smtp.auth.mechanisms", "PLAIN LOGIN");
        properties.put("mail.smtp.starttls.enable", Boolean.toString(!server.encrypted()));
        properties.put("mail.smtp.starttls.required", Boolean.toString(!server.encrypted() && server.wantsLogin()));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        properties.put("mail.smtp.ssl.socketFactory", trusting());
        properties.put("mail.smtp.timeout", Long.toString(limits.idle().toMillis()));
        return properties;
    }

    /** What is trusted may have been replaced since the JVM has started. */
    private static MailSSLSocketFactory trusting() {
        try {
            return new MailSSLSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has TLS", e);
        }
    }

    private Socket connected(Socket socket, MailServer server) throws IOException {
        String address = OutboundAddresses.allowed(server.host(), true)
                .orElseThrow(() -> new MailFailure("unknown host, or one that mail must not go to", false, null));
        // by the name that was given, as that is what its certificate must be for
        InetAddress named = InetAddress.getByAddress(
                server.host(), InetAddress.getByName(address).getAddress());
        socket.connect(
                new InetSocketAddress(named, server.port()),
                Math.toIntExact(limits.connect().toMillis()));
        socket.setSoTimeout(Math.toIntExact(limits.idle().toMillis()));
        return server.encrypted() ? encrypted(socket, server) : socket;
    }

    private static Socket encrypted(Socket socket, MailServer server) throws IOException {
        SSLSocket encrypted = (SSLSocket) trusting().createSocket(socket, server.host(), server.port(), true);
        SSLParameters parameters = encrypted.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        encrypted.setSSLParameters(parameters);
        encrypted.startHandshake();
        return encrypted;
    }

    private static MimeMessage message(Session session, MailServer server, Mail mail) throws MessagingException {
        String domain = server.from().substring(server.from().indexOf('@') + 1);
        MimeMessage message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + mail.id() + "@" + domain + ">");
            }
        };
        message.setFrom(new InternetAddress(server.from()));
        message.setRecipient(Message.RecipientType.TO, new InternetAddress(mail.to()));
        message.setSubject(mail.subject(), UTF_8.name());
        message.setHeader(
                "Date", DateTimeFormatter.RFC_1123_DATE_TIME.format(mail.date().atOffset(ZoneOffset.UTC)));
        message.setHeader("Auto-Submitted", "auto-generated");
        message.setDataHandler(
                new DataHandler(new ByteArrayDataSource(mail.text().getBytes(UTF_8), "text/plain; charset=utf-8")));
        message.saveChanges();
        return message;
    }

    /** Whatever comes of that, the mail was taken. */
    private static void hangUp(SMTPTransport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            // the connection is closed all the same
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // it is of no use any more
        }
    }

    private static MailFailure refused(MailServer server, SMTPTransport transport, MessagingException failure) {
        int status = transport.getLastReturnCode();
        if (status >= FIRST_REFUSAL) {
            return new MailFailure("status " + status, status >= FIRST_LASTING_REFUSAL, failure);
        }
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException ended) {
                return unreachable(ended);
            }
        }
        return server.wantsLogin() && !server.encrypted() && !transport.supportsExtension("STARTTLS")
                ? new MailFailure("it has no STARTTLS, and nobody logs in without TLS", true, failure)
                : new MailFailure("an answer that is not understood, status " + status, false, failure);
    }

    private static MailFailure late(Exception failure) {
        return new MailFailure("no answer in time", false, failure);
    }

    private static MailFailure unreachable(IOException failure) {
        if (failure instanceof SocketTimeoutException) {
            return late(failure);
        }
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return new MailFailure(String.valueOf(root.getMessage()), false, failure);
    }
}
