package io.newapi.server.testing;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.crypto.Cipher;

/**
 * As much of a MySQL 8.2 server as logging in by {@code caching_sha2_password} over plain TCP takes, after the manual's
 * description of protocol 10. A query for a variable is answered with the isolation of transactions, every other one with
 * success. What happens is noted, in order.
 */
public final class ScriptedMySql implements AutoCloseable {

    /** How it lets users in. */
    public enum LogIn {
        /** It has seen the password before: a scramble of it is enough. */
        REMEMBERED,
        /** It must see the password itself. */
        FORGOTTEN
    }

    private static final int NONCE_BYTES = 20;
    private static final String PLUGIN = "caching_sha2_password";

    private static final int CONNECT_WITH_DB = 0x8;

    /** LONG_PASSWORD, CONNECT_WITH_DB, PROTOCOL_41, TRANSACTIONS, SECURE_CONNECTION, PLUGIN_AUTH with long data. */
    private static final int CAPABILITIES = 0x1 | CONNECT_WITH_DB | 0x200 | 0x2000 | 0x8000 | 0x80000 | 0x200000;

    private static final int STATUS_AUTOCOMMIT = 2;
    private static final int UTF8MB4 = 45;
    private static final int QUIT = 1;
    private static final int QUERY = 3;
    private static final int VAR_STRING = 0xfd;
    private static final int WANTS_KEY = 2;

    private final LogIn logIn;
    private final String password;
    private final ServerSocket listening;
    private final KeyPair keys;
    private final List<String> events = new CopyOnWriteArrayList<>();
    private volatile boolean onlyOne;

    private ScriptedMySql(LogIn logIn, String password, ServerSocket listening, KeyPair keys) {
        this.logIn = logIn;
        this.password = password;
        this.listening = listening;
        this.keys = keys;
    }

    /** A server that knows one password, whoever has it. */
    public static ScriptedMySql start(LogIn logIn, String password) {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(2048);
            ScriptedMySql server = new ScriptedMySql(
                    logIn,
                    password,
                    new ServerSocket(0, 50, InetAddress.getLoopbackAddress()),
                    generator.generateKeyPair());
            start(server::accept);
            return server;
        } catch (IOException | GeneralSecurityException e) {
            throw new IllegalStateException("cannot start", e);
        }
    }

    /** A server that knows the password of the first connection, and lets in nobody after it. */
    public static ScriptedMySql startForOne(LogIn logIn, String password) {
        ScriptedMySql server = start(logIn, password);
        server.onlyOne = true;
        return server;
    }

    /** Where it listens, on 127.0.0.1. */
    public int port() {
        return listening.getLocalPort();
    }

    /** What has happened. */
    public List<String> events() {
        return events;
    }

    @Override
    public void close() {
        try {
            listening.close();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot stop listening", e);
        }
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(work, "scripted-mysql");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                start(() -> serve(client));
            } catch (IOException e) {
                // closed
            }
        }
    }

    private void serve(Socket client) {
        try (Socket closing = client) {
            Packets packets = new Packets(closing);
            if (letIn(packets)) {
                answerQueries(packets);
            }
        } catch (IOException e) {
            // the client has left
        } catch (GeneralSecurityException e) {
            events.add("broken: " + e);
        }
    }

    // ---- logging in ----

    private boolean letIn(Packets packets) throws IOException, GeneralSecurityException {
        byte[] nonce = nonce();
        packets.send(greeting(nonce));
        Response response = Response.read(packets.receive());
        byte[] scramble = response.scramble;
        if (!response.plugin.equals(PLUGIN)) {
            // the client has answered by what it prefers, whatever the greeting said
            nonce = nonce();
            packets.send(concat(new byte[] {(byte) 0xfe}, text(PLUGIN), nonce, new byte[1]));
            scramble = packets.receive();
        }
        if (logIn == LogIn.REMEMBERED) {
            boolean right = Arrays.equals(scramble, scramble(nonce)) && (!onlyOne || events.isEmpty());
            events.add(right ? "scramble accepted" : "scramble refused");
            if (right) {
                packets.send(new byte[] {1, 3});
            }
            return end(packets, right);
        }
        packets.send(new byte[] {1, 4});
        byte[] asked = packets.receive();
        if (asked.length != 1 || asked[0] != WANTS_KEY) {
            events.add("password sent in clear");
            return end(packets, false);
        }
        events.add("key asked for");
        packets.send(concat(new byte[] {1}, publicKey().getBytes(StandardCharsets.US_ASCII)));
        boolean right = password.equals(decrypted(packets.receive(), nonce));
        events.add(right ? "encrypted password accepted" : "encrypted password refused");
        return end(packets, right);
    }

    private boolean end(Packets packets, boolean right) throws IOException {
        packets.send(right ? ok() : error(1045, "28000", "Access denied for user"));
        return right;
    }

    /** Without zeros, as servers make it: clients read up to one. */
    private static byte[] nonce() {
        byte[] nonce = new byte[NONCE_BYTES];
        SecureRandom random = new SecureRandom();
        for (int i = 0; i < nonce.length; i++) {
            nonce[i] = (byte) (1 + random.nextInt(126));
        }
        return nonce;
    }

    private byte[] greeting(byte[] nonce) {
        return concat(
                new byte[] {10},
                text("8.2.0"),
                number(7, 4),
                Arrays.copyOf(nonce, 8),
                new byte[1],
                number(CAPABILITIES, 2),
                number(UTF8MB4, 1),
                number(STATUS_AUTOCOMMIT, 2),
                number(CAPABILITIES >>> 16, 2),
                number(NONCE_BYTES + 1, 1),
                new byte[10],
                Arrays.copyOfRange(nonce, 8, NONCE_BYTES),
                new byte[1],
                text(PLUGIN));
    }

    /** What the client says to a greeting. */
    private static final class Response {
        private final byte[] scramble;
        private final String plugin;

        private Response(byte[] scramble, String plugin) {
            this.scramble = scramble;
            this.plugin = plugin;
        }

        /** Flags, a name, a scramble, the database if the flags say so, and how the scramble was made. */
        private static Response read(byte[] bytes) {
            int scrambleAt = endOfText(bytes, 32) + 1;
            int end = scrambleAt + bytes[scrambleAt - 1];
            boolean named = (bytes[0] & CONNECT_WITH_DB) != 0;
            int plugin = named ? endOfText(bytes, end) : end;
            return new Response(
                    Arrays.copyOfRange(bytes, scrambleAt, end),
                    new String(bytes, plugin, endOfText(bytes, plugin) - plugin - 1, StandardCharsets.US_ASCII));
        }

        /** Behind the zero that ends it. */
        private static int endOfText(byte[] bytes, int from) {
            int at = from;
            while (bytes[at] != 0) {
                at++;
            }
            return at + 1;
        }
    }

    /** SHA-256 of the password, exclusive-or SHA-256 of its SHA-256 of SHA-256 and the nonce. */
    private byte[] scramble(byte[] nonce) throws GeneralSecurityException {
        MessageDigest sha = MessageDigest.getInstance("SHA-256");
        byte[] once = sha.digest(password.getBytes(StandardCharsets.UTF_8));
        byte[] twice = sha.digest(once);
        sha.update(twice);
        sha.update(nonce);
        return xor(once, sha.digest());
    }

    private String decrypted(byte[] encrypted, byte[] nonce) throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPWithSHA-1AndMGF1Padding");
        cipher.init(Cipher.DECRYPT_MODE, keys.getPrivate());
        byte[] plain = xor(cipher.doFinal(encrypted), nonce);
        return new String(plain, 0, plain.length - 1, StandardCharsets.UTF_8);
    }

    private String publicKey() {
        return "-----BEGIN PUBLIC KEY-----\n"
                + Base64.getMimeEncoder(64, new byte[] {'\n'})
                        .encodeToString(keys.getPublic().getEncoded())
                + "\n-----END PUBLIC KEY-----\n";
    }

    private static byte[] xor(byte[] bytes, byte[] with) {
        byte[] result = bytes.clone();
        for (int i = 0; i < result.length; i++) {
            result[i] ^= with[i % with.length];
        }
        return result;
    }

    // ---- queries ----

    private void answerQueries(Packets packets) throws IOException {
        while (true) {
            byte[] command = packets.receive();
            if (command[0] == QUIT) {
                return;
            }
            String query = new String(command, 1, command.length - 1, StandardCharsets.UTF_8);
            if (command[0] == QUERY && query.toLowerCase(Locale.ROOT).startsWith("select")) {
                answerWithIsolation(packets);
            } else {
                packets.send(ok());
            }
        }
    }

    /** One column, one row. */
    private static void answerWithIsolation(Packets packets) throws IOException {
        packets.send(new byte[] {1});
        packets.send(concat(
                counted("def"),
                counted(""),
                counted(""),
                counted(""),
                counted("isolation"),
                counted(""),
                new byte[] {0x0c},
                number(UTF8MB4, 2),
                number(255, 4),
                number(VAR_STRING, 1),
                number(0, 5)));
        packets.send(endOfRows());
        packets.send(counted("REPEATABLE-READ"));
        packets.send(endOfRows());
    }

    private static byte[] endOfRows() {
        return concat(new byte[] {(byte) 0xfe}, number(0, 2), number(STATUS_AUTOCOMMIT, 2));
    }

    private static byte[] ok() {
        return concat(new byte[] {0, 0, 0}, number(STATUS_AUTOCOMMIT, 2), number(0, 2));
    }

    private static byte[] error(int code, String state, String message) {
        return concat(
                new byte[] {(byte) 0xff}, number(code, 2), ("#" + state + message).getBytes(StandardCharsets.US_ASCII));
    }

    // ---- bytes ----

    private static byte[] text(String text) {
        return (text + '\0').getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] counted(String text) {
        return concat(number(text.length(), 1), text.getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] number(int number, int bytes) {
        byte[] result = new byte[bytes];
        for (int i = 0; i < bytes; i++) {
            result[i] = (byte) (number >>> (8 * i));
        }
        return result;
    }

    private static byte[] concat(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    /** Three bytes of length, one that counts, and the content. */
    private static final class Packets {
        private final DataInputStream in;
        private final OutputStream out;
        private int next;

        private Packets(Socket socket) throws IOException {
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        private void send(byte[] content) throws IOException {
            out.write(concat(number(content.length, 3), number(next++, 1), content));
            out.flush();
        }

        private byte[] receive() throws IOException {
            int length = in.readUnsignedByte() | in.readUnsignedByte() << 8 | in.readUnsignedByte() << 16;
            next = in.readUnsignedByte() + 1;
            return in.readNBytes(length);
        }
    }
}
