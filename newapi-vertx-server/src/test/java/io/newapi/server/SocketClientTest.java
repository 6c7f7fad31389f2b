package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.config.OnClientGone;
import io.newapi.server.config.RelayConfig;
import io.newapi.server.testing.Certificate;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Live connections to providers with a certificate. */
class SocketClientTest {

    @TempDir
    Path folder;

    private final Vertx vertx = Vertx.vertx();
    private int port;

    @BeforeEach
    void listen() throws Exception {
        Certificate own = Certificate.in(folder);
        HttpServerOptions options = new HttpServerOptions()
                .setSsl(true)
                .setKeyCertOptions(new PemKeyCertOptions()
                        .addCertPath(own.certificate().toString())
                        .addKeyPath(own.key().toString()));
        port = vertx.createHttpServer(options)
                .requestHandler(request -> request.toWebSocket().onSuccess(socket -> {}))
                .listen(0, "127.0.0.1")
                .await(10, TimeUnit.SECONDS)
                .actualPort();
    }

    @AfterEach
    void close() throws Exception {
        vertx.close().await(10, TimeUnit.SECONDS);
    }

    private Future<WebSocket> connect(WebSocketClient client) {
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setHost("127.0.0.1").setPort(port).setSsl(true).setURI("/");
        return client.connect(options);
    }

    private WebSocketClient client(boolean believing) {
        Duration longest = Duration.ofSeconds(10);
        return NodeRelay.socketClient(
                vertx,
                new RelayConfig(
                        longest,
                        longest,
                        longest,
                        longest,
                        longest,
                        1,
                        OnClientGone.CUT,
                        longest,
                        1,
                        true,
                        "v1",
                        believing));
    }

    @Test
    void aCertificateThatNobodyVouchesForIsNotBelieved() {
        WebSocketClient client = client(false);

        assertThatThrownBy(() -> connect(client).await(10, TimeUnit.SECONDS)).isInstanceOf(SSLHandshakeException.class);
    }

    @Test
    void itIsWhereTheOperatorWantsThat() throws Exception {
        WebSocketClient client = client(true);

        assertThat(connect(client).await(10, TimeUnit.SECONDS).isSsl()).isTrue();
    }
}
