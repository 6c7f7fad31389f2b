package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.redis.RedisChannel;
import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TrustStore;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that are joined by one Redis server, a real one, whatever becomes of it and however its address is written. */
class NodeRedisTest {

    private static final String UNTESTED = "nodes that are joined by one Redis server";

    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private RedisServer redis() {
        return opened(RedisServer.orLeaveOut(UNTESTED));
    }

    private BridgedNode joined(String server, String... more) throws InterruptedException {
        Map<String, String> settings = new HashMap<>();
        settings.put("REDIS_CONN_STRING", server);
        for (int i = 0; i < more.length; i += 2) {
            settings.put(more[i], more[i + 1]);
        }
        return opened(BridgedNode.joined(settings));
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    @Test
    void nodesHearEachOtherHoweverTheAddressIsWritten() throws InterruptedException {
        RedisServer redis = redis();
        redis.command("ACL", "SETUSER", "gateway", "on", ">hunter2", "~*", "resetchannels", "&newapi:*", "+@all");
        BridgedNode url = joined(redis.url());

        for (BridgedNode other : List.of(
                joined("127.0.0.1:" + redis.port(), "REDIS_PASSWORD", redis.password()),
                joined("redis://default@localhost:" + redis.port(), "REDIS_PASSWORD", redis.password()),
                joined("redis://gateway:hunter2@127.0.0.1:" + redis.port()),
                joined("redis://gateway@127.0.0.1:" + redis.port() + "/3", "REDIS_PASSWORD", "hunter2"))) {
            url.reaches(other);
            other.reaches(url);
        }
    }

    @Test
    void aUserWhoMayDoNothingButSpeakAndListenIsEnough() throws InterruptedException {
        RedisServer redis = redis();
        redis.command(
                "ACL",
                "SETUSER",
                "gateway",
                "on",
                ">hunter2",
                "resetchannels",
                "&newapi:*",
                "+publish",
                "+subscribe",
                "+ping");
        BridgedNode one = joined("redis://gateway:hunter2@127.0.0.1:" + redis.port());
        BridgedNode two = joined("redis://gateway:hunter2@127.0.0.1:" + redis.port());

        one.reaches(two);
    }

    @Test
    void aServerWithoutAPasswordIsSpokenToWithoutOne() throws InterruptedException {
        RedisServer redis = redis();
        redis.command("CONFIG", "SET", "requirepass", "");
        BridgedNode one = joined("127.0.0.1:" + redis.port());
        BridgedNode two = joined("redis://127.0.0.1:" + redis.port());

        one.reaches(two);
    }

    @Test
    void aServerThatStandsStillIsGivenUpAndUsedAgainWhenItGoesOn() throws InterruptedException {
        RedisServer redis = redis();
        BridgedNode one = joined(redis.url());
        BridgedNode two = joined(redis.url());
        one.forgetsWhatItMissed();
        two.forgetsWhatItMissed();

        BridgedNode leaving = BridgedNode.joined(Map.of("REDIS_CONN_STRING", redis.url()));
        BridgedNode late;
        try (LoggedLines lines = new LoggedLines(RedisChannel.class)) {
            redis.freeze();
            one.says("nobody hears this");
            leaving.close();
            late = opened(BridgedNode.of(Map.of("REDIS_CONN_STRING", redis.url())));
            for (int i = 0; i < 4; i++) {
                lines.await("cannot be used");
            }
        }
        redis.thaw();

        for (BridgedNode node : List.of(one, two, late)) {
            node.learnsThatSomethingWasMissed();
        }
        one.reaches(two);
        two.reaches(late);
    }

    @Test
    void aServerThatForgetsEverythingIsNoLoss() throws InterruptedException {
        RedisServer redis = redis();
        BridgedNode one = joined(redis.url());
        BridgedNode two = joined(redis.url());
        one.reaches(two);
        two.forgetsWhatItMissed();

        redis.command("FLUSHALL");

        one.reaches(two);
        assertThat(two.hasMissedNothing()).isTrue();
    }

    @Test
    void aServerThatBecomesAReplicaIsLeftUntilItIsAMasterAgain() throws InterruptedException {
        RedisServer redis = redis();
        RedisServer other = redis();
        BridgedNode one = joined(redis.url());
        BridgedNode two = joined(redis.url());
        one.forgetsWhatItMissed();
        two.forgetsWhatItMissed();

        redis.command("REPLICAOF", "127.0.0.1", Integer.toString(other.port()));
        redis.awaitNoListeners(BridgedNode.CHANNEL);
        redis.command("REPLICAOF", "NO", "ONE");

        one.learnsThatSomethingWasMissed();
        two.learnsThatSomethingWasMissed();
        one.reaches(two);
    }

    @Test
    void whatWasUnderstoodIsSaidAtTheStartWithoutAPassword() throws InterruptedException {
        Map<String, String> sentinels = Map.of("REDIS_MASTER_NAME", "mymaster", "REDIS_POOL_SIZE", "7");
        assertThat(said("redis://me:hunter2@a/2", Map.of()))
                .isEqualTo("nodes are joined by Redis at a:6379, database 2; REDIS_POOL_SIZE is 10");
        assertThat(said("redis://:hunter2@a,b:3", sentinels))
                .isEqualTo("nodes are joined by Redis master mymaster of the Sentinels a:26379, b:3, database 0;"
                        + " REDIS_POOL_SIZE is 7");
        assertThat(said("rediss://:hunter2@a,[::1]:3", Map.of()))
                .isEqualTo("nodes are joined by Redis Cluster of a:6379, [::1]:3, with TLS; REDIS_POOL_SIZE is 10");
    }

    private static String said(String server, Map<String, String> more) throws InterruptedException {
        Map<String, String> settings = new HashMap<>(more);
        settings.put("REDIS_CONN_STRING", server);
        try (LoggedLines lines = new LoggedLines(NodeRedis.class)) {
            NodeRedis.servers(BridgedNode.config(settings));
            return lines.await("nodes are joined");
        }
    }

    @Test
    void whatIsNotWhatTheSettingsSayIsNamed() throws InterruptedException {
        RedisServer redis = redis();
        String server = "127.0.0.1:" + redis.port();
        Map<String, String> asSentinel = Map.of("REDIS_CONN_STRING", server, "REDIS_MASTER_NAME", "mymaster");
        Map<String, String> asCluster =
                Map.of("REDIS_CONN_STRING", redis.url().replaceFirst("/1$", ""), "NEWAPI_REDIS_CLUSTER", "true");
        redis.command("CONFIG", "SET", "requirepass", "");

        try (LoggedLines lines = new LoggedLines(RedisChannel.class)) {
            opened(BridgedNode.of(asSentinel));
            lines.await("the Sentinel " + server + " does not answer: it is a Redis server and no Sentinel");
            opened(BridgedNode.of(asCluster));
            lines.await(server + " is not of a Redis Cluster: ERR This instance has cluster support disabled");
        }
    }

    @Test
    void aServerWithACertificateOfItsOwnIsBelievedWhereTheTrustStoreOfTheJvmHasIt(@TempDir Path folder)
            throws InterruptedException {
        Certificate certificate = Certificate.in(folder);
        RedisServer redis = opened(RedisServer.withTlsOrLeaveOut(certificate, UNTESTED));
        String url = "rediss://127.0.0.1:" + redis.tlsPort();
        BridgedNode plain = joined(redis.url());

        BridgedNode node;
        try (LoggedLines lines = new LoggedLines(RedisChannel.class)) {
            node = opened(BridgedNode.of(Map.of("REDIS_CONN_STRING", url, "REDIS_PASSWORD", redis.password())));
            lines.await("certification path");
        }
        opened(new TrustStore(certificate));
        node.learnsThatSomethingWasMissed();
        node.reaches(plain);
        plain.reaches(node);
    }
}
