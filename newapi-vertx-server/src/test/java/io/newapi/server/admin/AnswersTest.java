package io.newapi.server.admin;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is true of every answer, whatever the endpoint. */
class AnswersTest {

    private AdminServer server;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aQueryThatCannotBeDecodedIsTheCallersMistake() {
        // java.net's client would not send it
        assertThat(raw("GET /api/status?x=%zz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"))
                .startsWith("HTTP/1.1 400")
                .contains("query_invalid");
    }

    @Test
    void aRefusedRequestWithAShortBodyLeavesItsConnectionForTheNext() {
        String refused = "POST /api/user/login HTTP/1.1\r\nHost: h\r\nOrigin: http://evil.example\r\n"
                + "Content-Length: 20\r\n\r\n" + "x".repeat(20);
        String next = "GET /api/setup HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n";

        assertThat(raw(refused + next)).startsWith("HTTP/1.1 403").contains("HTTP/1.1 200");
    }

    @Test
    void aRefusedRequestWithALongBodyEndsItsConnection() {
        String refused = "POST /api/user/login HTTP/1.1\r\nHost: h\r\nOrigin: http://evil.example\r\n"
                + "Content-Length: 300000\r\n\r\n" + "x".repeat(10);

        assertThat(raw(refused).toLowerCase(java.util.Locale.ROOT))
                .startsWith("http/1.1 403")
                .contains("connection: close");
    }

    @Test
    void longAnswersAreCompressedForThoseWhoSaySo() throws Exception {
        HttpResponse<byte[]> compressed = status("br, gzip;q=0.5");
        assertThat(compressed.headers().firstValue("Content-Encoding")).contains("gzip");
        assertThat(compressed.headers().firstValue("Vary")).contains("Accept-Encoding");
        byte[] body;
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(compressed.body()))) {
            body = in.readAllBytes();
        }
        assertThat(new String(body, UTF_8)).contains("\"success\":true");

        for (String other : new String[] {"identity", "gzip;q=0", "x-gzip2"}) {
            HttpResponse<byte[]> plain = status(other);
            assertThat(plain.headers().firstValue("Content-Encoding")).isEmpty();
            assertThat(new String(plain.body(), UTF_8)).contains("\"success\":true");
        }
    }

    private HttpResponse<byte[]> status(String acceptEncoding) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://localhost:" + server.port() + "/api/status"))
                .header("Accept-Encoding", acceptEncoding)
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofByteArray());
    }

    /** Everything that the server sends until it ends the connection. */
    private String raw(String requests) {
        try (Socket socket = new Socket("localhost", server.port())) {
            socket.setSoTimeout(20_000);
            OutputStream out = socket.getOutputStream();
            out.write(requests.getBytes(US_ASCII));
            out.flush();
            StringBuilder text = new StringBuilder();
            BufferedReader in = new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
            for (int c = in.read(); c >= 0; c = in.read()) {
                text.append((char) c);
            }
            return text.toString();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
