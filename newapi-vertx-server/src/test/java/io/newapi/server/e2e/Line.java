package io.newapi.server.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One connection to a node, on which requests are made one after another, as a load balancer does. */
final class Line implements AutoCloseable {

    private final Socket socket;
    /** Each character is one byte. */
    private final BufferedReader in;

    /** What came back. */
    record Said(int status, Map<String, String> headers, String body) {
        String header(String name) {
            return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
        }
    }

    private Line(Socket socket) throws IOException {
        this.socket = socket;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
    }

    static Line to(int port) {
        try {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
            socket.setSoTimeout(60_000);
            return new Line(socket);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Asks on a connection of its own. */
    static Said once(int port, String method, String target, String... headers) {
        try (Line line = to(port)) {
            return line.ask(method, target, headers);
        }
    }

    /** A request with an empty body. */
    Said ask(String method, String target, String... headers) {
        try {
            StringBuilder request = new StringBuilder(method + " " + target + " HTTP/1.1\r\nHost: node\r\n");
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            request.append("Content-Length: 0\r\n\r\n");
            socket.getOutputStream().write(request.toString().getBytes(UTF_8));
            return read(method.equals("HEAD"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Said read(boolean headOnly) throws IOException {
        String first = in.readLine();
        if (first == null) {
            throw new IOException("the connection was closed");
        }
        Map<String, String> headers = new TreeMap<>();
        for (String header = in.readLine(); header != null && !header.isEmpty(); header = in.readLine()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        char[] body = new char[headOnly ? 0 : Integer.parseInt(headers.getOrDefault("content-length", "0"))];
        for (int read = 0; read < body.length; ) {
            int now = in.read(body, read, body.length - read);
            if (now < 0) {
                throw new IOException("the connection ended inside the answer");
            }
            read += now;
        }
        return new Said(
                Integer.parseInt(first.split(" ", -1)[1]),
                headers,
                new String(new String(body).getBytes(ISO_8859_1), UTF_8));
    }

    /** Whether the node has closed it in good order, waiting for it. */
    boolean isEnded() {
        try {
            return in.read() < 0;
        } catch (IOException reset) {
            return false;
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
