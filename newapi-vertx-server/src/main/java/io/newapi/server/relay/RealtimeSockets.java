package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.newapi.core.quota.QuotaLedger;
import io.newapi.server.shape.ProxyAddress;
import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocketBase;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.internal.http.WebSocketInternal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What live connections need of the node around them. One instance serves one event loop.
 *
 * @param client opens connections to providers
 * @param ledger holds more quota as a connection goes on
 * @param inFlight tells when the node stops
 */
public record RealtimeSockets(WebSocketClient client, QuotaLedger ledger, InFlight inFlight) {

    /** The largest message either side may send; OpenAI takes 15 MiB of sound in one. */
    static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    /** Whoever sends a larger piece is cut off without a word: the rest of it would have to be read first. */
    private static final int MAX_FRAME_BYTES = 2 * MAX_MESSAGE_BYTES;

    /** The only sub-protocol; what else clients offer carries their key. */
    static final String PROTOCOL = "realtime";

    private static final int MAX_CONNECTIONS_PER_UPSTREAM = 100_000;
    private static final int MAX_REASON_BYTES = 123;

    /** How long the other side may take to close a connection that we have closed. */
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    /** A client for providers, without bounds of its own but in size. */
    public static WebSocketClientOptions clientOptions() {
        return new WebSocketClientOptions()
                .setMaxFrameSize(MAX_FRAME_BYTES)
                .setMaxMessageSize(MAX_MESSAGE_BYTES)
                .setMaxConnections(MAX_CONNECTIONS_PER_UPSTREAM)
                .setTcpNoDelay(true);
    }

    /** Prepares a server for the connections of clients. Nothing is compressed: a little that unfolds to a lot is refused. */
    public static HttpServerOptions served(HttpServerOptions options) {
        return options.setMaxWebSocketFrameSize(MAX_FRAME_BYTES)
                .setMaxWebSocketMessageSize(MAX_MESSAGE_BYTES)
                .setPerFrameWebSocketCompressionSupported(false)
                .setPerMessageWebSocketCompressionSupported(false)
                .setWebSocketSubProtocols(List.of(PROTOCOL));
    }

    /** One to a provider, that is not open yet: who wants to hear its first words has to say so before. */
    ClientWebSocket unopened() {
        return client.webSocket();
    }

    /** The same address, reached through a proxy, if there is one. */
    static WebSocketConnectOptions behind(Optional<ProxyAddress> proxy, WebSocketConnectOptions options) {
        proxy.map(UpstreamClients::options).ifPresent(options::setProxyOptions);
        return options;
    }

    /** Closes a connection; cuts it if the other side does not close it too. */
    static void close(Vertx vertx, WebSocketBase socket, int code, String reason) {
        if (!socket.isClosed()) {
            socket.close((short) code, shortened(reason));
        }
        // whoever has closed his end first may still leave the connection open
        vertx.setTimer(LAST_WORDS.toMillis(), late -> cut(socket));
    }

    /** Ends a connection at once; what was not sent yet is lost. */
    static void cut(WebSocketBase socket) {
        if (socket instanceof WebSocketInternal internal) {
            var unused = internal.channelHandlerContext().close();
        }
    }

    /** A close frame has room for so much. */
    private static String shortened(String reason) {
        String text = reason;
        while (text.getBytes(UTF_8).length > MAX_REASON_BYTES) {
            text = text.substring(0, text.length() - 1);
        }
        return text;
    }
}
