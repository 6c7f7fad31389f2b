package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.redis.RedisChannel;
import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.RedisSentinels;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that find Redis through Sentinels, which are real. */
class NodeRedisSentinelsTest {

    private static final String UNTESTED = "nodes that find Redis through Sentinels";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisSentinels redis;

    @AfterEach
    void stop() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
        if (redis != null) {
            redis.close();
        }
    }

    private BridgedNode joined(String sentinels) throws InterruptedException {
        BridgedNode node = BridgedNode.joined(Map.of(
                "REDIS_CONN_STRING",
                sentinels,
                "REDIS_MASTER_NAME",
                RedisSentinels.MASTER_NAME,
                "REDIS_PASSWORD",
                redis.password(),
                "NEWAPI_REDIS_SENTINEL_PASSWORD",
                redis.sentinelPassword()));
        opened.add(node);
        return node;
    }

    @Test
    void whenTheMasterEndsTheNextOneIsUsedAndEverybodyLearnsThatSomethingWasMissed() throws InterruptedException {
        redis = RedisSentinels.orLeaveOut(UNTESTED);
        BridgedNode one = joined(redis.sentinels());
        BridgedNode two = joined("redis://" + redis.firstSentinel());
        one.reaches(two);
        two.reaches(one);
        one.forgetsWhatItMissed();
        two.forgetsWhatItMissed();

        redis.killMaster();

        one.learnsThatSomethingWasMissed();
        two.learnsThatSomethingWasMissed();
        one.reaches(two);
        two.reaches(one);
    }

    @Test
    void aMasterThatIsReplacedIsLeftEvenIfItGoesOnAnswering() throws InterruptedException {
        redis = RedisSentinels.orLeaveOut(UNTESTED);
        BridgedNode one = joined(redis.sentinels());
        BridgedNode two = joined(redis.firstSentinel());
        assertThat(redis.listenersAtMaster(BridgedNode.CHANNEL)).isEqualTo(2);
        one.forgetsWhatItMissed();
        two.forgetsWhatItMissed();

        try (LoggedLines lines = new LoggedLines(RedisChannel.class)) {
            redis.switchMaster();
            // the Sentinels cut the connections to the old one, too, but only after ten seconds
            lines.await("has become the master");
        }

        one.learnsThatSomethingWasMissed();
        two.learnsThatSomethingWasMissed();
        one.reaches(two);
        two.reaches(one);
        assertThat(redis.listenersAtMaster(BridgedNode.CHANNEL)).isEqualTo(2);
    }

    @Test
    void sentinelsThatAreAwayChangeNothingAsLongAsTheMasterIsThere() throws InterruptedException {
        redis = RedisSentinels.orLeaveOut(UNTESTED);
        BridgedNode one = joined(redis.sentinels());
        redis.killFirstSentinel();
        BridgedNode two = joined(redis.sentinels());
        one.reaches(two);

        redis.killSentinels();
        one.forgetsWhatItMissed();

        redis.awaitQuestions(4);
        two.reaches(one);
        assertThat(one.hasMissedNothing()).isTrue();
    }

    @Test
    void whereTheAddressAsksForTlsTheSentinelsAndTheMasterAreSpokenToWithIt(@TempDir Path folder)
            throws InterruptedException {
        Certificate certificate = Certificate.in(folder);
        redis = RedisSentinels.withTlsOrLeaveOut(certificate, UNTESTED);
        opened.add(new TrustStore(certificate));
        BridgedNode one = joined("rediss://" + redis.sentinels());
        BridgedNode two = joined("rediss://" + redis.firstSentinel());
        one.reaches(two);
        two.forgetsWhatItMissed();

        redis.switchMaster();

        two.learnsThatSomethingWasMissed();
        one.reaches(two);
    }
}
