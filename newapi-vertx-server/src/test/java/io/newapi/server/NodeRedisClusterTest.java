package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.RedisClusterServers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Nodes that are joined by a Redis Cluster, which is real. */
class NodeRedisClusterTest {

    private final List<BridgedNode> nodes = new ArrayList<>();
    private RedisClusterServers redis;

    @BeforeEach
    void start() {
        redis = RedisClusterServers.orLeaveOut("nodes that are joined by a Redis Cluster");
    }

    @AfterEach
    void stop() {
        nodes.forEach(BridgedNode::close);
        if (redis != null) {
            redis.close();
        }
    }

    private BridgedNode joined(String servers, String... more) throws InterruptedException {
        BridgedNode node = BridgedNode.joined(
                more.length == 0
                        ? Map.of("REDIS_CONN_STRING", servers, "REDIS_PASSWORD", redis.password())
                        : Map.of("REDIS_CONN_STRING", servers, "REDIS_PASSWORD", redis.password(), more[0], more[1]));
        nodes.add(node);
        return node;
    }

    @Test
    void nodesAtDifferentServersHearEachOtherAndGoOnWhenOneOfThemEnds() throws InterruptedException {
        BridgedNode list = joined(redis.servers());
        BridgedNode explicit = joined("redis://" + redis.server(1), "NEWAPI_REDIS_CLUSTER", "true");
        BridgedNode detected = joined(redis.server(2));
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
        BridgedNode node = joined(redis.server(0));
        node.forgetsWhatItMissed();

        redis.freeze(1);
        redis.freeze(2);
        redis.awaitNoListenersAt(0, BridgedNode.CHANNEL);
        redis.thaw(1);
        redis.thaw(2);

        node.learnsThatSomethingWasMissed();
        BridgedNode other = joined(redis.servers());
        other.reaches(node);
    }
}
