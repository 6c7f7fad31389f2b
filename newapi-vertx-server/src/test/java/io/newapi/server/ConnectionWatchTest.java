package io.newapi.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConnectionWatchTest {

    private static final Duration PERIOD = Duration.ofMillis(50);
    private static final String GET = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    private static final String HALF = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf";

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Void> forgotten = new CompletableFuture<>();

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /** Answers after so long, or never when it is negative. */
    private Socket connect(long answerMillis, boolean bodyAwaited) throws Exception {
        ConnectionWatch watch = new ConnectionWatch(vertx, PERIOD, PERIOD);
        HttpServer server = vertx.createHttpServer(
                        new HttpServerOptions().setPort(0).setHttp2ClearTextEnabled(false))
                .connectionHandler(watch::opened)
                .requestHandler(request -> {
                    watch.request(request, bodyAwaited);
                    if (answerMillis == 0) {
                        request.response().end("done");
                    } else if (answerMillis > 0) {
                        vertx.setTimer(answerMillis, late -> request.response().end("done"));
                    }
                });
        int port = server.listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS)
                .actualPort();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    /** What comes until the server closes the connection. */
    private static String readAll(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        return new String(in.readAllBytes(), US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost"})
    void whoSendsNoWholeRequestIsClosed(String begun) throws Exception {
        try (Socket socket = connect(0, false)) {
            socket.getOutputStream().write(begun.getBytes(US_ASCII));

            assertThat(readAll(socket)).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "GET / HTTP/1.1\r\nHost"})
    void whoHasItsAnswerAndSendsNoOtherRequestIsClosed(String begun) throws Exception {
        try (Socket socket = connect(0, false)) {
            socket.getOutputStream().write((GET + begun).getBytes(US_ASCII));

            assertThat(readAll(socket)).endsWith("done");
        }
    }

    @Test
    void whoWaitsForItsAnswerIsLeftAlone() throws Exception {
        try (Socket socket = connect(10 * PERIOD.toMillis(), false)) {
            socket.getOutputStream().write(GET.getBytes(US_ASCII));

            assertThat(readAll(socket)).endsWith("done");
        }
    }

    @Test
    void aConnectionThatHasBecomeASocketIsLeftAloneAndForgottenWhenItCloses() throws Exception {
        ConnectionWatch watch = new ConnectionWatch(vertx, PERIOD, PERIOD);
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setPort(0))
                .connectionHandler(watch::opened)
                .requestHandler(request -> {
                    watch.request(request, false);
                    request.toWebSocket().onSuccess(socket -> {
                        vertx.setTimer(10 * PERIOD.toMillis(), late -> socket.writeTextMessage("still here"));
                        socket.textMessageHandler(answer -> socket.close());
                    });
                });
        int port = server.listen().await(10, TimeUnit.SECONDS).actualPort();
        CompletableFuture<String> heard = new CompletableFuture<>();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        WebSocketClient client = vertx.createWebSocketClient();
        WebSocket socket = client.connect(port, "127.0.0.1", "/").await(10, TimeUnit.SECONDS);
        socket.closeHandler(end -> closed.complete(null)).textMessageHandler(heard::complete);

        assertThat(heard.get(10, TimeUnit.SECONDS)).isEqualTo("still here");
        assertThat(watch.connections()).hasSize(1);
        socket.writeTextMessage("bye");
        closed.get(10, TimeUnit.SECONDS);
        vertx.setPeriodic(5, look -> {
            if (watch.connections().isEmpty()) {
                vertx.cancelTimer(look);
                forgotten.complete(null);
            }
        });
        forgotten.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoNeverSendsTheRestOfABodyThatNobodyWatchesIsClosed() throws Exception {
        try (Socket socket = connect(-1, true)) {
            socket.getOutputStream().write(HALF.getBytes(US_ASCII));

            assertThat(readAll(socket)).isEmpty();
        }
    }

    @Test
    void aBodyThatSomebodyWatchesIsLeftAlone() throws Exception {
        try (Socket socket = connect(-1, false)) {
            socket.setSoTimeout(Math.toIntExact(10 * PERIOD.toMillis()));
            socket.getOutputStream().write(HALF.getBytes(US_ASCII));

            assertThatThrownBy(() -> readAll(socket)).isInstanceOf(SocketTimeoutException.class);
        }
    }
}
