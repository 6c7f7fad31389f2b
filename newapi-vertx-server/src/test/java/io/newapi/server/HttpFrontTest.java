package io.newapi.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.ops.Health;
import io.newapi.server.ops.Metrics;
import io.newapi.server.ops.Probes;
import io.newapi.server.ops.ServerState;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HttpFrontTest {

    private static final byte[] ARE_YOU_ALIVE =
            "GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".getBytes(US_ASCII);

    private final Vertx vertx = Vertx.vertx();
    private final Health health = new Health(() -> ServerState.DRAINING);

    private final HttpFront front =
            new HttpFront(vertx, 0, health, new Probes(health, new Metrics(Optional.empty(), "v1", "node", health)));

    @AfterEach
    void close() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    /**
     * A balancer that has connected to a node sends a call, and cannot know what became of it when that breaks.
     */
    @Test
    void whoWasLetInBeforeTheListenerClosedIsAnswered() throws Exception {
        front.listen();
        assertAnswered(connect());
        List<Socket> letIn = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            letIn.add(connect());
        }

        CompletableFuture<Void> closed = CompletableFuture.runAsync(front::close);

        while (isAnybodyLetIn()) {
            Thread.onSpinWait();
        }
        for (Socket socket : letIn) {
            assertAnswered(socket);
        }
        closed.get(10, TimeUnit.SECONDS);
    }

    @Test
    void whoSaysNothingKeepsNobodyFromStopping() throws Exception {
        front.listen();
        assertAnswered(connect());
        try (Socket silent = connect()) {
            CompletableFuture.runAsync(front::close).get(10, TimeUnit.SECONDS);

            assertThat(silent.getInputStream().read()).isEqualTo(-1);
        }
    }

    private static void assertAnswered(Socket socket) throws IOException {
        try (socket) {
            socket.getOutputStream().write(ARE_YOU_ALIVE);
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 200 OK");
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), front.port());
        socket.setSoTimeout(10_000);
        return socket;
    }

    private boolean isAnybodyLetIn() {
        try (Socket another = connect()) {
            return another.isConnected();
        } catch (IOException refused) {
            return false;
        }
    }
}
