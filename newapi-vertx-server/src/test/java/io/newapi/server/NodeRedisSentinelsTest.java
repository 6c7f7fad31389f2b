package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.redis.RedisChannel;
import io.newapi.server.testing.Certificate;
import io.newapi.server.testing.RedisSentinels;
import io.newapi.server.testing.TrustStore;
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

    private BridgedNode joined(RedisSentinels redis, String sentinels) throws InterruptedException {
        return opened(BridgedNode.joined(Map.of(
                "REDIS_CONN_STRING",
                sentinels,
                "REDIS_MASTER_NAME",
                RedisSentinels.MASTER_NAME,
                "REDIS_PASSWORD",
                redis.password(),
                "NEWAPI_REDIS_SENTINEL_PASSWORD",
                redis.sentinelPassword())));
    }

    @Test
    void whenTheMasterEndsTheNextOneIsUsedAndEverybodyLearnsThatSomethingWasMissed() throws InterruptedException {
        RedisSentinels redis = opened(RedisSentinels.orLeaveOut(UNTESTED));
        BridgedNode one = joined(redis, redis.sentinels());
        BridgedNode two = joined(redis, "redis://" + redis.firstSentinel());
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
        RedisSentinels redis = opened(RedisSentinels.orLeaveOut(UNTESTED));
        BridgedNode one = joined(redis, redis.sentinels());
        BridgedNode two = joined(redis, redis.firstSentinel());
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
        RedisSentinels redis = opened(RedisSentinels.orLeaveOut(UNTESTED));
        BridgedNode one = joined(redis, redis.sentinels());
        redis.killFirstSentinel();
        BridgedNode two = joined(redis, redis.sentinels());
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
        RedisSentinels redis = opened(RedisSentinels.withTlsOrLeaveOut(certificate, UNTESTED));
        opened(new TrustStore(certificate));
        BridgedNode one = joined(redis, "rediss://" + redis.sentinels());
        BridgedNode two = joined(redis, "rediss://" + redis.firstSentinel());
        one.reaches(two);
        two.forgetsWhatItMissed();

        redis.switchMaster();

        two.learnsThatSomethingWasMissed();
        one.reaches(two);
    }
}
