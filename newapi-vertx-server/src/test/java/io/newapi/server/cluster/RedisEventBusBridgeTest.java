package io.newapi.server.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.redis.RedisAccess;
import io.newapi.server.redis.RedisServers;
import io.newapi.server.redis.ServerAddress;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is published on one node is published on the others, through a real Redis. */
class RedisEventBusBridgeTest {

    private static final String CARRIED = "carried";
    private static final String LOCAL = "local";
    private static final String SECRET = "a secret that all nodes know";

    private final List<Node> nodes = new ArrayList<>();
    private RedisServer redis;

    /** A node as far as its event bus goes. */
    private final class Node {
        private final Vertx vertx = Vertx.vertx();
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> missed = new LinkedBlockingQueue<>();
        private final RedisEventBusBridge bridge;

        private Node(String secret) {
            vertx.eventBus()
                    .<Buffer>consumer(
                            CARRIED,
                            message -> heard.add(
                                    (RedisEventBusBridge.isFromAfar(message) ? "afar " : "here ") + message.body()));
            vertx.eventBus().<Buffer>consumer(LOCAL, message -> heard.add("local " + message.body()));
            bridge = RedisEventBusBridge.open(
                            vertx,
                            servers(),
                            "newapi:test",
                            secret.getBytes(UTF_8),
                            Set.of(CARRIED),
                            new SecureRandom(),
                            () -> missed.add("something"))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            nodes.add(this);
        }

        private void says(String address, String text) {
            vertx.eventBus().publish(address, Buffer.buffer(text));
        }

        private void learnsThatSomethingWasMissed() throws InterruptedException {
            assertThat(missed.poll(60, TimeUnit.SECONDS)).isEqualTo("something");
        }

        private String hears() throws InterruptedException {
            return heard.poll(60, TimeUnit.SECONDS);
        }
    }

    private RedisServers servers() {
        return RedisServers.single(
                new ServerAddress("127.0.0.1", redis.port()), new RedisAccess(false, "", redis.password(), 1));
    }

    @BeforeEach
    void start() {
        redis = RedisServer.orLeaveOut("nodes that tell each other of changes through Redis");
    }

    @AfterEach
    void stop() {
        nodes.forEach(node -> {
            node.bridge.close().toCompletionStage().toCompletableFuture().join();
            node.vertx.close().toCompletionStage().toCompletableFuture().join();
        });
        if (redis != null) {
            redis.close();
        }
    }

    private Node joined(String secret) throws InterruptedException {
        Node node = new Node(secret);
        // each joining is told, as others may have spoken before
        node.learnsThatSomethingWasMissed();
        return node;
    }

    @Test
    void whatIsPublishedOnOneNodeIsHeardOnceOnEach() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        Node three = joined(SECRET);

        one.says(CARRIED, "first");
        one.says(CARRIED, "second");

        for (Node other : List.of(two, three)) {
            assertThat(other.hears()).isEqualTo("afar first");
            assertThat(other.hears()).isEqualTo("afar second");
        }
        two.says(CARRIED, "answer");
        assertThat(one.hears()).isEqualTo("here first");
        assertThat(one.hears()).isEqualTo("here second");
        assertThat(one.hears()).as("and not its own words again").isEqualTo("afar answer");
    }

    @Test
    void otherAddressesStayAtHome() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);

        one.says(LOCAL, "private");
        one.says(CARRIED, "public");

        assertThat(two.hears()).isEqualTo("afar public");
    }

    @Test
    void whoDoesNotKnowTheSecretIsNotHeard() throws InterruptedException {
        Node stranger = joined("another secret than the others");
        Node one = joined(SECRET);
        Node two = joined(SECRET);

        stranger.says(CARRIED, "strange");
        one.says(CARRIED, "known");

        assertThat(two.hears()).isEqualTo("afar known");
        assertThat(stranger.hears()).isEqualTo("here strange");
        assertThat(stranger.heard).isEmpty();
    }

    @Test
    void whenRedisComesBackEverybodyLearnsThatSomethingWasMissedAndIsHeardAgain() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        one.says(CARRIED, "before");
        assertThat(two.hears()).isEqualTo("afar before");
        two.missed.clear();

        redis.kill();
        one.says(CARRIED, "lost");
        redis.startAgain();
        two.learnsThatSomethingWasMissed();

        // whoever has joined again may be ahead of the other
        String heard = null;
        for (int i = 0; heard == null && i < 600; i++) {
            one.says(CARRIED, "after");
            heard = two.heard.poll(100, TimeUnit.MILLISECONDS);
        }
        assertThat(heard).isEqualTo("afar after");
    }

    @Test
    void aNodeThatStartsBeforeRedisJoinsWhenItIsThere() throws InterruptedException {
        redis.kill();
        Node early = new Node(SECRET);
        early.says(CARRIED, "to nobody");
        assertThat(early.hears()).isEqualTo("here to nobody");

        redis.startAgain();

        early.learnsThatSomethingWasMissed();
        Node late = joined(SECRET);
        late.says(CARRIED, "hello");
        assertThat(early.hears()).isEqualTo("afar hello");
    }

    @Test
    void aMessageThatIsTooLargeIsMissedAndNotCarried() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        one.says(CARRIED, "small");
        assertThat(two.hears()).isEqualTo("afar small");
        two.missed.clear();

        one.says(CARRIED, "x".repeat(FrameSeal.MAX_BYTES));
        one.says(CARRIED, "after");

        two.learnsThatSomethingWasMissed();
        assertThat(two.hears()).isEqualTo("afar after");
    }
}
