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
import java.time.Duration;
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
    private static final String ASKED = "asked";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String LOCAL = "local";
    private static final String SECRET = "a secret that all nodes know";

    private final List<Node> nodes = new ArrayList<>();
    private RedisServer redis;

    /** A node as far as its event bus goes. */
    private final class Node {
        private final String run = String.format("%032x", nodes.size() + 1);
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
                            run,
                            secret.getBytes(UTF_8),
                            new RedisEventBusBridge.Carried(Set.of(CARRIED), Set.of(ASKED)),
                            new SecureRandom(),
                            () -> missed.add("something"))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
            nodes.add(this);
        }

        private void answers(String text) {
            vertx.eventBus().<Buffer>consumer(ASKED, question -> {
                heard.add("asked " + question.body());
                question.reply(Buffer.buffer(text));
            });
        }

        private String asks(Node other, String text) {
            return asks(other, ASKED, text, PATIENCE);
        }

        private String asks(Node other, String address, String text, Duration patience) {
            return bridge.ask(other.run, address, Buffer.buffer(text), patience)
                    .map(Buffer::toString)
                    .otherwise(failure -> "failed: " + failure.getMessage())
                    .toCompletionStage()
                    .toCompletableFuture()
                    .join();
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

    @Test
    void oneNodeAsksAnotherAndNobodyElse() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        Node three = joined(SECRET);
        two.answers("of two");
        three.answers("of three");

        assertThat(one.asks(two, "who are you?")).isEqualTo("of two");
        assertThat(two.hears()).isEqualTo("asked who are you?");
        assertThat(three.heard).isEmpty();
    }

    @Test
    void whoMayNotBeAskedOrDoesNotAnswerSaysSo() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);

        assertThat(one.asks(two, LOCAL, "secrets?", PATIENCE)).isEqualTo("failed: nobody answers at local");
        assertThat(one.asks(two, "anybody?")).startsWith("failed: No handlers for address asked");
        two.answers("x".repeat(FrameSeal.MAX_BYTES));
        assertThat(one.asks(two, "much?")).isEqualTo("failed: the answer is too much to be carried");
        assertThat(one.asks(two, "x".repeat(FrameSeal.MAX_BYTES))).isEqualTo("failed: too much to be carried");
    }

    @Test
    void aQuestionToWhoIsGoneFailsInTime() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        two.bridge.close().toCompletionStage().toCompletableFuture().join();

        assertThat(one.asks(two, ASKED, "there?", Duration.ofMillis(200))).isEqualTo("failed: no answer in time");
    }

    @Test
    void aQuestionFailsAtOnceWhileRedisIsAway() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        redis.kill();

        assertThat(one.asks(two, "there?")).startsWith("failed: ");
        assertThat(one.bridge.isJoined()).isFalse();
    }

    @Test
    void nodesKnowWhomTheyHear() throws InterruptedException {
        Node one = joined(SECRET);
        Node two = joined(SECRET);
        two.answers("yes");
        assertThat(one.asks(two, "there?")).isEqualTo("yes");

        while (!one.bridge.heard().contains(two.run)) {
            one.missed.poll(20, TimeUnit.MILLISECONDS);
        }
        assertThat(one.bridge.heard()).containsExactly(two.run);
        assertThat(one.bridge.isJoined()).isTrue();
    }
}
