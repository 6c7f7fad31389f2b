package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.shape.ChannelShape;
import io.newapi.server.shape.ChannelShapes;
import io.newapi.server.shape.ProxyAddress;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetSocket;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Calls of channels that are behind a proxy. */
class ProxiedCallsTest {

    private static final String ANSWER =
            "{\"id\":\"c\",\"object\":\"chat.completion\",\"created\":1,\"model\":\"m\",\"choices\":[{\"index\":0,"
                    + "\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}],"
                    + "\"usage\":{\"prompt_tokens\":10,\"completion_tokens\":4,\"total_tokens\":14}}";

    /** No name server knows it: whoever connects to the provider himself does not reach it. */
    private static final String PROVIDER = "provider.invalid";

    private final RelayHarness relay = new RelayHarness();

    @AfterEach
    void close() {
        relay.close();
    }

    private static String setting(String proxy) {
        return "{\"proxy\":\"" + proxy + "\"}";
    }

    @Test
    void aCallGoesThroughAnHttpProxyThatAsksForAPassword() {
        ScriptedUpstream proxy = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, ANSWER));
        relay.channel("http://" + PROVIDER + ":8080")
                .shape("", "", setting(proxy.url().replace("://", "://ada:lovelace@")))
                .start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(proxy.heads().get(0))
                .startsWith("POST http://" + PROVIDER + ":8080/v1/chat/completions HTTP/1.1")
                .containsIgnoringCase("proxy-authorization: Basic "
                        + Base64.getEncoder().encodeToString("ada:lovelace".getBytes(UTF_8)));
        relay.finish();
        assertThat(relay.charges()).hasSize(1);
    }

    @Test
    void aCallGoesThroughASocksProxyThatLooksTheProviderUp() {
        ScriptedUpstream provider = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, ANSWER));
        List<String> wanted = new CopyOnWriteArrayList<>();
        NetServer proxy = relay.vertx
                .createNetServer()
                .connectHandler(client -> new Socks(relay.vertx, client, provider, wanted).begin());
        RelayHarness.await(proxy.listen(0, "127.0.0.1"));
        relay.channel("http://" + PROVIDER + ":8080")
                .shape("", "", setting("socks5://ada:lovelace@127.0.0.1:" + proxy.actualPort()))
                .start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).as(reply.body()).isEqualTo(200);
        assertThat(wanted).containsExactly("ada:lovelace", PROVIDER + ":8080");
        assertThat(provider.heads().get(0)).startsWith("POST /v1/chat/completions");
    }

    @Test
    void aProxyThatIsNotThereFailsTheChannelAndNothingGoesPastIt() {
        ScriptedUpstream provider = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, ANSWER));
        ScriptedUpstream gone = ScriptedUpstream.start(relay.vertx, reply -> reply.json(200, ANSWER));
        gone.stop();
        relay.channel(provider.url())
                .shape("", "", setting(gone.url().replace("://", "://ada:lovelace@")))
                .start();

        RawClient.Reply reply = relay.chat(Chat.request(false));

        assertThat(reply.status()).isEqualTo(500);
        assertThat(reply.body()).contains("do_request_failed").doesNotContain("lovelace", "127.0.0.1");
        assertThat(provider.calls()).isZero();
    }

    @Test
    void theClientOfAProxyIsKeptWhileAChannelIsBehindItAndClosedThen() {
        HttpClient direct = relay.vertx.createHttpClient();
        UpstreamClients clients = new UpstreamClients(direct, proxy -> relay.vertx.createHttpClient());
        ChannelShapes world = ChannelShapes.none()
                .next(Map.of(1L, new ChannelShape.Source("", "", setting("http://proxy.example:1"))));
        Optional<ProxyAddress> proxy = Optional.of(ProxyAddress.parse("http://proxy.example:1"));

        HttpClient client = clients.of(proxy, world);

        assertThat(client).isNotSameAs(direct).isSameAs(clients.of(proxy, world));
        assertThat(clients.of(Optional.empty(), world)).isSameAs(direct);

        ScriptedUpstream provider = ScriptedUpstream.start(relay.vertx);
        CompletableFuture<Buffer> answer = client.request(new RequestOptions().setAbsoluteURI(provider.url()))
                .compose(request -> request.send().compose(HttpClientResponse::body))
                .toCompletionStage()
                .toCompletableFuture();
        ScriptedUpstream.Reply underWay = provider.next();

        assertThat(clients.of(Optional.empty(), world.next(Map.of()))).isSameAs(direct);
        underWay.json(200, "late");

        assertThat(RelayHarness.get(answer)).hasToString("late");
        assertThatThrownBy(() -> client.request(new RequestOptions())).hasMessageContaining("closed");
        assertThat(clients.of(proxy, world)).isNotSameAs(client);
    }

    /** A SOCKS server (RFC 1928, 1929) that connects everybody to one provider, whatever name they ask for. */
    private static final class Socks {
        private final Vertx vertx;
        private final NetSocket client;
        private final ScriptedUpstream provider;
        private final List<String> wanted;

        Socks(Vertx vertx, NetSocket client, ScriptedUpstream provider, List<String> wanted) {
            this.vertx = vertx;
            this.client = client;
            this.provider = provider;
            this.wanted = wanted;
        }

        void begin() {
            client.handler(methods -> {
                client.write(Buffer.buffer(new byte[] {5, 2}));
                client.handler(this::password);
            });
        }

        private void password(Buffer message) {
            int userEnd = 2 + message.getByte(1);
            wanted.add(message.getString(2, userEnd) + ":" + message.getString(userEnd + 1, message.length()));
            client.write(Buffer.buffer(new byte[] {1, 0}));
            client.handler(this::connect);
        }

        private void connect(Buffer message) {
            int nameEnd = 5 + message.getByte(4);
            wanted.add(message.getString(5, nameEnd) + ":" + message.getUnsignedShort(nameEnd));
            client.pause();
            String url = provider.url();
            int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
            vertx.createNetClient().connect(port, "127.0.0.1").onSuccess(opened -> {
                opened.handler(client::write);
                client.handler(opened::write);
                client.write(Buffer.buffer(new byte[] {5, 0, 0, 1, 127, 0, 0, 1, 0, 0}));
                client.resume();
            });
        }
    }
}
