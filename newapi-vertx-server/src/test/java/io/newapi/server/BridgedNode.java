package io.newapi.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.RedisConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.jobs.Blocking;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** What joins a node to others, as settings say: its event bus and the bridge. */
final class BridgedNode implements AutoCloseable {

    /** The channel of Redis that carries it. */
    static final String CHANNEL = "newapi:test";

    private static final String ADDRESS = "carried";

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> missed = new LinkedBlockingQueue<>();
    private final RedisEventBusBridge bridge;

    private BridgedNode(RedisConfig config) {
        vertx.eventBus().<Buffer>consumer(ADDRESS, message -> {
            if (RedisEventBusBridge.isFromAfar(message)) {
                heard.add(message.body().toString());
            }
        });
        bridge = Blocking.await(RedisEventBusBridge.open(
                        vertx,
                        NodeRedis.servers(config),
                        CHANNEL,
                        UUID.randomUUID().toString().replace("-", ""),
                        "a secret that all nodes know".getBytes(UTF_8),
                        new RedisEventBusBridge.Carried(Set.of(ADDRESS), Set.of()),
                        new SecureRandom(),
                        () -> missed.add("something"))
                .toCompletionStage());
    }

    /** One that is not joined yet. */
    static BridgedNode of(Map<String, String> settings) {
        return new BridgedNode(config(settings));
    }

    /** What settings say of Redis. */
    static RedisConfig config(Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(settings);
        environment.put("CRYPTO_SECRET", "a secret that all nodes know");
        LoadResult loaded = ServerConfig.load(environment, Path.of("/nowhere"), List.of());
        assertThat(loaded).isInstanceOf(LoadResult.Loaded.class);
        return ((LoadResult.Loaded) loaded).config().cluster().redis().orElseThrow();
    }

    /** One that is. */
    static BridgedNode joined(Map<String, String> settings) throws InterruptedException {
        BridgedNode node = of(settings);
        node.learnsThatSomethingWasMissed();
        return node;
    }

    /** It is told so whenever it has joined, too. */
    void learnsThatSomethingWasMissed() throws InterruptedException {
        assertThat(missed.poll(60, TimeUnit.SECONDS)).isEqualTo("something");
    }

    /** From now on, this is what counts. */
    void forgetsWhatItMissed() {
        missed.clear();
    }

    boolean hasMissedNothing() {
        return missed.isEmpty();
    }

    void says(String text) {
        vertx.eventBus().publish(ADDRESS, Buffer.buffer(text));
    }

    /** Speaks until the other hears it: whoever has joined again may be ahead of the other. */
    void reaches(BridgedNode other) throws InterruptedException {
        String word = UUID.randomUUID().toString();
        String first = null;
        for (int i = 0; !word.equals(first) && i < 600; i++) {
            says(word);
            first = other.heard.poll(100, TimeUnit.MILLISECONDS);
        }
        assertThat(first).isEqualTo(word);
    }

    @Override
    public void close() {
        Blocking.await(bridge.close().toCompletionStage());
        Blocking.await(vertx.close().toCompletionStage());
    }
}
