package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.jobs.Blocking;
import io.newapi.server.redis.RedisChannel;
import io.newapi.server.redis.RedisCommands;
import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.RedisClusterServers;
import io.newapi.server.testing.TrustStore;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are joined by a Redis Cluster, which is real. */
class NodeRedisClusterTest {

    private static final String UNTESTED = "nodes that are joined by a Redis Cluster";

    /** One at each of three masters. */
    private static final List<String> KEYS = List.of("{b}key", "{c}key", "{a}key");

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private RedisClusterServers redis() {
        return opened(RedisClusterServers.orLeaveOut(UNTESTED));
    }

    private BridgedNode joined(RedisClusterServers redis, String servers, String... more) throws InterruptedException {
        return opened(BridgedNode.joined(
                more.length == 0
                        ? settings(redis, servers)
                        : Map.of("REDIS_CONN_STRING", servers, "REDIS_PASSWORD", redis.password(), more[0], more[1])));
    }

    private static Map<String, String> settings(RedisClusterServers redis, String servers) {
        return Map.of("REDIS_CONN_STRING", servers, "REDIS_PASSWORD", redis.password());
    }

    /** Commands to it, as soon as there is a way. */
    private RedisCommands joinedCommands(RedisClusterServers redis, String servers) throws InterruptedException {
        BlockingQueue<String> joined = new LinkedBlockingQueue<>();
        RedisCommands commands = commands(redis, servers, () -> joined.add("joined"));
        assertThat(joined.poll(60, TimeUnit.SECONDS)).isEqualTo("joined");
        return commands;
    }

    private RedisCommands commands(RedisClusterServers redis, String servers, Runnable joined) {
        Vertx vertx = Vertx.vertx();
        opened(() -> Blocking.await(vertx.close().toCompletionStage()));
        RedisCommands commands = RedisCommands.open(
                vertx, NodeRedis.place(BridgedNode.config(settings(redis, servers))), "the test", joined);
        opened(() -> Blocking.await(commands.close().toCompletionStage()));
        return commands;
    }

    @Test
    void nodesAtDifferentServersHearEachOtherAndGoOnWhenOneOfThemEnds() throws InterruptedException {
        RedisClusterServers redis = redis();
        BridgedNode list = joined(redis, redis.servers());
        BridgedNode explicit = joined(redis, "redis://" + redis.server(1), "NEWAPI_REDIS_CLUSTER", "true");
        BridgedNode detected = joined(redis, redis.server(2));
        assertThat(List.of(
                        redis.listenersAt(0, BridgedNode.CHANNEL),
                        redis.listenersAt(1, BridgedNode.CHANNEL),
                        redis.listenersAt(2, BridgedNode.CHANNEL)))
                .containsExactly(1, 1, 1);
        list.reaches(explicit);
        explicit.reaches(detected);
        detected.reaches(list);
        detected.forgetsWhatItMissed();

        // the only one that this node was told of
        redis.kill(2);

        detected.learnsThatSomethingWasMissed();
        detected.reaches(list);
        detected.reaches(explicit);
        list.reaches(detected);
    }

    @Test
    void aServerThatIsCutOffFromMostOfTheClusterIsNotUsed() throws InterruptedException {
        RedisClusterServers redis = redis();
        BridgedNode node = joined(redis, redis.server(0));
        node.forgetsWhatItMissed();

        redis.freeze(1);
        redis.freeze(2);
        redis.awaitNoListenersAt(0, BridgedNode.CHANNEL);
        redis.thaw(1);
        redis.thaw(2);

        node.learnsThatSomethingWasMissed();
        BridgedNode other = joined(redis, redis.servers());
        other.reaches(node);
    }

    @Test
    void whereTheAddressAsksForTlsTheServersThatAreLearnedOfAreSpokenToWithItToo(@TempDir Path folder)
            throws InterruptedException {
        Certificate certificate = Certificate.in(folder);
        RedisClusterServers redis =
                opened(RedisClusterServers.withTlsOrLeaveOut(List.of(certificate, certificate, certificate), UNTESTED));
        opened(new TrustStore(certificate));
        BridgedNode one = joined(redis, "rediss://" + redis.server(0));
        BridgedNode two = joined(redis, "rediss://" + redis.server(1));
        one.reaches(two);
        KEYS.forEach(key -> redis.command("SET", key, "there"));

        Blocking.await(joinedCommands(redis, "rediss://" + redis.server(2))
                .remove(KEYS)
                .toCompletionStage());

        KEYS.forEach(redis::awaitNo);
        one.forgetsWhatItMissed();

        redis.kill(0);

        one.learnsThatSomethingWasMissed();
        one.reaches(two);
        two.reaches(one);
        assertThat(List.of(redis.listenersWithoutTls(1), redis.listenersWithoutTls(2)))
                .containsOnly(0);
    }

    @Test
    void aServerOfAClusterWhoseCertificateIsNotBelievedIsNotSpokenTo(@TempDir Path folder)
            throws InterruptedException, IOException {
        Certificate believed = Certificate.in(Files.createDirectory(folder.resolve("believed")));
        Certificate another = Certificate.in(Files.createDirectory(folder.resolve("another")), "another");
        RedisClusterServers redis =
                opened(RedisClusterServers.withTlsOrLeaveOut(List.of(believed, believed, another), UNTESTED));
        opened(new TrustStore(believed));
        KEYS.forEach(key -> redis.command("SET", key, "there"));
        String keyOfTheThird = KEYS.get(2);

        try (LoggedLines lines = new LoggedLines(RedisChannel.class)) {
            opened(BridgedNode.of(settings(redis, "rediss://" + redis.server(2))));
            lines.await("certification path");
        }
        BridgedNode one = joined(redis, "rediss://" + redis.server(2) + "," + redis.server(0));
        BridgedNode two = joined(redis, "rediss://" + redis.server(1));
        one.reaches(two);
        two.reaches(one);
        assertThat(redis.listenersAt(2, BridgedNode.CHANNEL)).isZero();

        RedisCommands commands;
        try (LoggedLines lines = new LoggedLines(RedisCommands.class)) {
            commands = commands(redis, "rediss://" + redis.server(0), () -> {});
            lines.await("Failed to create SSL connection");
        }
        assertThatThrownBy(() ->
                        Blocking.await(commands.remove(List.of(keyOfTheThird)).toCompletionStage()))
                .hasMessageContaining("not joined");
        assertThat(redis.command("EXISTS", keyOfTheThird)).isEqualTo("1");
    }
}
