package io.newapi.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.vertx.core.Vertx;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LiveConnectionTest {

    private static final String HELLO = "{\"type\":\"conversation.item.create\",\"item\":{\"type\":\"message\","
            + "\"role\":\"user\",\"content\":[{\"type\":\"input_text\",\"text\":\"hello there\"}]}}";
    private static final String ASK = "{\"type\":\"response.create\"}";

    private final Vertx vertx = Vertx.vertx();
    private final Sandbox sandbox =
            Sandbox.start(vertx, SandboxOptions.DEFAULTS.withKey("k")).await();
    /** One that nobody holds any more closes its connections. */
    private final WebSocketClient client = vertx.createWebSocketClient();

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    @AfterEach
    void close() {
        vertx.close().await();
    }

    private ClientWebSocket connect(String uri, Map<String, String> headers) {
        ClientWebSocket socket = client.webSocket();
        socket.textMessageHandler(heard::add);
        socket.closeHandler(closed -> heard.add("closed"));
        WebSocketConnectOptions options = new WebSocketConnectOptions();
        options.setHost("127.0.0.1").setPort(sandbox.port()).setURI(uri);
        headers.forEach(options::addHeader);
        socket.connect(options).await();
        return socket;
    }

    private String next() throws InterruptedException {
        @Nullable String message = heard.poll(20, TimeUnit.SECONDS);
        return String.valueOf(message);
    }

    private List<String> types(int count) throws InterruptedException {
        List<String> types = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            types.add(new JsonObject(next()).getString("type"));
        }
        return types;
    }

    @Test
    void aTurnOfTextEchoesAndReportsItsWords() throws Exception {
        ClientWebSocket socket = connect("/v1/realtime?model=m", Map.of("Authorization", "Bearer k"));
        socket.writeTextMessage(HELLO);
        socket.writeTextMessage(ASK);

        assertThat(types(7))
                .containsExactly(
                        "session.created",
                        "conversation.item.added",
                        "response.created",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.output_text.delta",
                        "response.done");
        assertThat(sandbox.requests().get(0).chunks()).isEqualTo(3);
    }

    @Test
    void theFirstFormIsSpokenWithWhoAsksForIt() throws Exception {
        ClientWebSocket socket = connect(
                "/openai/realtime?deployment=m!prompt_tokens=7!completion_tokens=2&api-version=1",
                Map.of("api-key", "k", "OpenAI-Beta", "realtime=v1"));
        socket.writeTextMessage(HELLO);
        socket.writeTextMessage(ASK);

        assertThat(types(5))
                .containsExactly(
                        "session.created",
                        "conversation.item.created",
                        "response.created",
                        "response.text.delta",
                        "response.text.delta");
        JsonObject usage = new JsonObject(next()).getJsonObject("response").getJsonObject("usage");
        assertThat(usage.getInteger("input_tokens")).isEqualTo(7);
        assertThat(usage.getInteger("output_tokens")).isEqualTo(2);
        assertThat(usage.getJsonObject("input_token_details").getInteger("text_tokens"))
                .isEqualTo(7);
    }

    @Test
    void accidentsHappenInIt() throws Exception {
        ClientWebSocket socket =
                connect("/v1/realtime?model=m!reset-after-chunk:1", Map.of("Authorization", "Bearer k"));
        socket.writeTextMessage(ASK);

        assertThat(types(3)).containsExactly("session.created", "response.created", "response.output_text.delta");
        assertThat(next()).isEqualTo("closed");
    }

    @Test
    void whoHasNoKeyOrAsksForAnErrorIsRefused() {
        assertThatExceptionOfType(UpgradeRejectedException.class)
                .isThrownBy(() -> connect("/v1/realtime?model=m", Map.of()))
                .matches(refused -> refused.getStatus() == 401);
        assertThatExceptionOfType(UpgradeRejectedException.class)
                .isThrownBy(() -> connect("/v1/realtime?model=m!status:429", Map.of("Authorization", "Bearer k")))
                .matches(refused -> refused.getStatus() == 429);
    }
}
