package io.newapi.server.testing;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLSocket;

/**
 * A mail server of a test, at 127.0.0.1: it speaks SMTP (RFC 5321, 3207, 4954), keeps what it takes, and refuses what it is
 * told to.
 */
public final class SmtpServer implements AutoCloseable {

    /** When TLS begins. */
    private enum Tls {
        NEVER,
        WHEN_ASKED,
        AT_ONCE
    }

    /**
     * What came in one go.
     *
     * @param encrypted whether all of it but the greeting was
     * @param login account and token, with a blank between them; empty if nobody logged in
     * @param from the sender's address of the envelope
     * @param to the receivers' addresses of the envelope
     * @param message headers and text, lines ending with a line feed
     */
    public record Taken(boolean encrypted, String login, String from, List<String> to, String message) {}

    private final Tls tls;
    private final Optional<Certificate> certificate;
    private final ServerSocket listener;
    private final BlockingQueue<Taken> taken = new LinkedBlockingQueue<>();
    private final BlockingQueue<Taken> refused = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final AtomicInteger connections = new AtomicInteger();

    private SmtpServer(Tls tls, Optional<Certificate> certificate) {
        this.tls = tls;
        this.certificate = certificate;
        try {
            this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot listen", e);
        }
        daemon(this::listen);
    }

    private static void daemon(Runnable work) {
        Thread thread = new Thread(work, "smtp-server");
        thread.setDaemon(true);
        thread.start();
    }

    private void listen() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                connections.incrementAndGet();
                daemon(() -> serve(socket));
            } catch (IOException e) {
                // it was closed, or one that came has gone
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            new Session(tls == Tls.AT_ONCE ? encrypted(socket) : socket).run();
        } catch (IOException e) {
            // whoever has come has gone, or did not believe the certificate
        } finally {
            closed.add("closed");
        }
    }

    private SSLSocket encrypted(Socket socket) throws IOException {
        SSLSocket encrypted = (SSLSocket)
                certificate.orElseThrow().context().getSocketFactory().createSocket(socket, null, true);
        encrypted.setUseClientMode(false);
        encrypted.startHandshake();
        return encrypted;
    }

    /** One without TLS. */
    public static SmtpServer plain() {
        return new SmtpServer(Tls.NEVER, Optional.empty());
    }

    /** One that begins TLS with STARTTLS, and lets people log in only then. */
    public static SmtpServer withStartTls(Certificate certificate) {
        return new SmtpServer(Tls.WHEN_ASKED, Optional.of(certificate));
    }

    /** One that speaks nothing but TLS. */
    public static SmtpServer withTls(Certificate certificate) {
        return new SmtpServer(Tls.AT_ONCE, Optional.of(certificate));
    }

    /** Where it listens. */
    public int port() {
        return listener.getLocalPort();
    }

    /**
     * From now on this is the answer to a command: to {@code GREETING} where a connection begins, to {@code MESSAGE}
     * where a mail ends. Empty for none; <code>{told}</code> in it is what a login has told.
     */
    public void answer(String command, String answer) {
        answers.put(command, answer);
    }

    /** The next mail that it has taken. */
    public Taken next() throws InterruptedException {
        return next(taken);
    }

    /** The next mail that it has read and not taken. */
    public Taken nextRefused() throws InterruptedException {
        return next(refused);
    }

    private static Taken next(BlockingQueue<Taken> mails) throws InterruptedException {
        Taken next = mails.poll(60, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("waited for a mail for a minute in vain");
        }
        return next;
    }

    /** Whether it has taken none but those that were looked at. */
    public boolean isEmpty() {
        return taken.isEmpty();
    }

    /** How many connections there were. */
    public int connections() {
        return connections.get();
    }

    /** Waits for the end of a connection. */
    public void awaitEnd() throws InterruptedException {
        if (closed.poll(60, TimeUnit.SECONDS) == null) {
            throw new AssertionError("waited for the end of a connection for a minute in vain");
        }
    }

    @Override
    public void close() {
        try {
            listener.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop to listen", e);
        }
    }

    /** One connection; confined to its thread. */
    private final class Session {

        private Socket socket;
        private BufferedReader in;
        private String login = "";
        private String from = "";
        private final List<String> to = new ArrayList<>();

        Session(Socket socket) throws IOException {
            this.socket = socket;
            this.in = reader(socket);
        }

        private static BufferedReader reader(Socket socket) throws IOException {
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
        }

        void run() throws IOException {
            say("GREETING", "220 mail.test ESMTP");
            String line = in.readLine();
            while (line != null) {
                command(line.toUpperCase(Locale.ROOT).replaceFirst(" .*", ""), line);
                line = in.readLine();
            }
        }

        private void say(String command, String usual) throws IOException {
            write(answers.getOrDefault(command, usual));
        }

        private void write(String answer) throws IOException {
            if (!answer.isEmpty()) {
                socket.getOutputStream().write((answer + "\r\n").getBytes(UTF_8));
            }
        }

        private void command(String command, String line) throws IOException {
            switch (command) {
                case "EHLO", "HELO" -> say("EHLO", capabilities());
                case "STARTTLS" -> {
                    say(command, "220 go ahead");
                    socket = encrypted(socket);
                    in = reader(socket);
                }
                case "AUTH" -> login(line);
                case "MAIL" -> {
                    from = address(line);
                    to.clear();
                    say(command, "250 ok");
                }
                case "RCPT" -> {
                    to.add(address(line));
                    say(command, "250 ok");
                }
                case "DATA" -> {
                    say(command, "354 go ahead");
                    if (!answers.containsKey(command)) {
                        take();
                    }
                }
                case "QUIT" -> say(command, "221 bye");
                default -> say(command, "502 not known");
            }
        }

        private String capabilities() {
            if (socket instanceof SSLSocket) {
                return "250-mail.test\r\n250 AUTH PLAIN";
            }
            return tls == Tls.WHEN_ASKED ? "250-mail.test\r\n250 STARTTLS" : "250 mail.test";
        }

        private void login(String line) throws IOException {
            String told = line.substring("AUTH PLAIN ".length());
            // on whose behalf, who, and the token
            String[] parts = new String(Base64.getDecoder().decode(told), UTF_8).split("\0", -1);
            login = parts[1] + " " + parts[2];
            write(answers.getOrDefault("AUTH", "235 welcome").replace("{told}", told));
        }

        private void take() throws IOException {
            StringBuilder message = new StringBuilder();
            String line = in.readLine();
            while (line != null && !line.equals(".")) {
                message.append(line.startsWith(".") ? line.substring(1) : line).append('\n');
                line = in.readLine();
            }
            (answers.containsKey("MESSAGE") ? refused : taken)
                    .add(new Taken(socket instanceof SSLSocket, login, from, List.copyOf(to), message.toString()));
            say("MESSAGE", "250 taken");
        }

        private static String address(String line) {
            return line.substring(line.indexOf('<') + 1, line.indexOf('>'));
        }
    }
}
