package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A client that a test leads by the hand: it reads when it is told to, and leaves when it is told to. */
final class RawClient implements AutoCloseable {

    private final Socket socket;
    private final InputStream in;
    private final StringBuilder read = new StringBuilder();
    private int taken;

    /** An answer. */
    record Reply(int status, Map<String, String> headers, String body, boolean orderly) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private RawClient(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedInputStream(socket.getInputStream(), 1 << 16);
    }

    static RawClient connect(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(20_000);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Connects with a small window, so that a server's writes are soon held up. */
    static RawClient connectSlow(int port) {
        try {
            Socket socket = new Socket();
            socket.setReceiveBufferSize(16 * 1024);
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            socket.setSoTimeout(20_000);
            return new RawClient(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient send(String text) {
        return send(text.getBytes(UTF_8));
    }

    RawClient send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            socket.getOutputStream().flush();
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    RawClient post(String path, String body, String... headers) {
        return post(path, body.getBytes(UTF_8), headers);
    }

    RawClient post(String path, byte[] body, String... headers) {
        return send(path, "application/json", body, headers);
    }

    RawClient send(String path, String contentType, String body, String... headers) {
        return send(path, contentType, body.getBytes(UTF_8), headers);
    }

    private RawClient send(String path, String contentType, byte[] body, String... headers) {
        StringBuilder request = new StringBuilder("POST " + path + " HTTP/1.1\r\nHost: gateway\r\n"
                + "Authorization: Bearer sk-" + RelayHarness.KEY
                + "\r\nContent-Type: " + contentType + "\r\nContent-Length: "
                + body.length + "\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request + "\r\n").send(body);
    }

    RawClient chat(String body) {
        return post("/v1/chat/completions", body);
    }

    RawClient get(String target, String... headers) {
        StringBuilder request = new StringBuilder("GET " + target + " HTTP/1.1\r\nHost: gateway\r\n");
        for (String header : headers) {
            request.append(header).append("\r\n");
        }
        return send(request + "\r\n");
    }

    /** Reads until the text has come; what was read still belongs to the answer. */
    RawClient awaitText(String text) {
        try {
            while (read.indexOf(text) < 0) {
                int b = in.read();
                if (b < 0) {
                    throw new AssertionError("the connection ended after: " + read);
                }
                read.append((char) b);
            }
            return this;
        } catch (IOException e) {
            throw new AssertionError("after: " + read, e);
        }
    }

    /** Reads one answer to its end, and leaves the connection open. */
    Reply reply() {
        try {
            return readReply();
        } catch (IOException e) {
            throw new AssertionError("after: " + read, e);
        }
    }

    private Reply readReply() throws IOException {
        read.delete(0, taken);
        taken = 0;
        awaitText("\r\n\r\n");
        int headEnd = read.indexOf("\r\n\r\n") + 4;
        String[] lines = read.substring(0, headEnd).split("\r\n", -1);
        read.delete(0, headEnd);
        int status = Integer.parseInt(lines[0].split(" ", -1)[1]);
        Map<String, String> headers = new LinkedHashMap<>();
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            if (colon > 0) {
                headers.put(
                        lines[i].substring(0, colon).toLowerCase(Locale.ROOT),
                        lines[i].substring(colon + 1).strip());
            }
        }
        if (status == 100) {
            return new Reply(status, headers, "", true);
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean orderly = headers.containsKey("transfer-encoding")
                ? readChunks(body)
                : readBytes(body, Integer.parseInt(headers.getOrDefault("content-length", "0")));
        return new Reply(status, headers, body.toString(UTF_8), orderly);
    }

    private boolean readChunks(ByteArrayOutputStream body) throws IOException {
        while (true) {
            int length = Integer.parseInt(line(), 16);
            if (!readBytes(body, length)) {
                return false;
            }
            line();
            if (length == 0) {
                return true;
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        while (line.indexOf("\r\n") < 0) {
            int b = next();
            if (b < 0) {
                throw new IOException("the connection ended inside the answer");
            }
            line.append((char) b);
        }
        return line.substring(0, line.length() - 2);
    }

    private boolean readBytes(ByteArrayOutputStream body, int length) throws IOException {
        for (int i = 0; i < length; i++) {
            int b = next();
            if (b < 0) {
                return false;
            }
            body.write(b);
        }
        return true;
    }

    private int next() throws IOException {
        if (taken < read.length()) {
            return read.charAt(taken++);
        }
        return in.read();
    }

    /** Whether the server has closed the connection, waiting for it. */
    boolean awaitEnd() {
        try {
            return in.read() < 0;
        } catch (IOException e) {
            return e.getMessage() != null && e.getMessage().contains("reset");
        }
    }

    /** Leaves without a word. */
    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
