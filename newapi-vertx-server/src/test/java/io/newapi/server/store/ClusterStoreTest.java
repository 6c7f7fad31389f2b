package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.store.ClusterStore.Beat;
import io.newapi.server.store.ClusterStore.FencedOffException;
import io.newapi.server.store.ClusterStore.NodeRow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ClusterStoreTest {

    private static final String A = "a".repeat(32);
    private static final String B = "b".repeat(32);
    private static final String WRITE = "c".repeat(32);
    private static final Optional<Duration> LONG = Optional.of(Duration.ofHours(1));
    private static final Optional<Duration> ENDED = Optional.of(Duration.ZERO);
    private static final Duration DAY = Duration.ofDays(1);

    @TempDir
    Path directory;

    private TestDatabase test;
    private ClusterStore cluster;

    /** All tables, at first without any rows. */
    TestDatabase database(RandomText random) {
        return TestDatabase.create(directory, random);
    }

    @BeforeEach
    void open() {
        test = database(RandomText.secure());
        cluster = new ClusterStore(test.database);
    }

    @AfterEach
    void close() {
        test.close();
    }

    private Beat beat(String run, Optional<Duration> lease) {
        return cluster.beat(run, "node of " + run.charAt(0), "{}", lease, DAY);
    }

    @Test
    void whoComesFirstIsTheMasterAndStaysIt() {
        assertThat(beat(A, LONG).master().runId()).isEqualTo(A);

        Beat other = beat(B, LONG);

        assertThat(other.master().runId()).isEqualTo(A);
        assertThat(other.master().epoch()).isEqualTo(1);
        assertThat(other.master().validUntil()).isGreaterThan(other.now());
        assertThat(beat(A, LONG).master().epoch()).isEqualTo(1);
    }

    @Test
    void whoMustNotBeTheMasterIsNotEvenAlone() {
        assertThat(beat(A, Optional.empty()).master().runId()).isEmpty();
    }

    @Test
    void aLeaseThatHasEndedIsTakenByAnotherInANewEpoch() {
        beat(A, ENDED);

        Beat taken = beat(B, LONG);

        assertThat(taken.master().runId()).isEqualTo(B);
        assertThat(taken.master().epoch()).isEqualTo(2);
        assertThat(beat(A, LONG).master().runId()).isEqualTo(B);
    }

    @Test
    void aMasterThatWasLateKeepsItsEpochIfNobodyCameMeanwhile() {
        beat(A, ENDED);

        assertThat(beat(A, LONG).master().epoch()).isEqualTo(1);
    }

    @Test
    void whoLeavesIsReplacedAtOnceAndMissedByNobody() {
        beat(A, LONG);
        cluster.leave(A);

        Beat next = beat(B, LONG);

        assertThat(next.master().runId()).isEqualTo(B);
        assertThat(next.nodes()).extracting(NodeRow::runId).containsExactly(B);
        assertThat(cluster.lost(Duration.ofHours(-1)))
                .extracting(NodeRow::runId)
                .containsExactly(B);
        assertThat(cluster.nodes(DAY)).extracting(NodeRow::runId).containsExactlyInAnyOrder(A, B);
    }

    @Test
    void ofManyCandidatesAtOnceOneIsTheMaster() throws Exception {
        int many = 4;
        CyclicBarrier together = new CyclicBarrier(many);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        List<Future<Beat>> beats = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String run = Integer.toHexString(i).repeat(32);
            beats.add(threads.submit(() -> {
                together.await();
                return beat(run, LONG);
            }));
        }
        for (Future<Beat> beat : beats) {
            beat.get();
        }
        threads.shutdown();

        assertThat(cluster.look().master().epoch()).isEqualTo(1);
        assertThat(cluster.nodes(DAY)).hasSize(many);
    }

    @Test
    void aNodeIsListedWithWhatItTold() {
        cluster.beat(A, "tokyo", "{\"version\":\"1\"}", Optional.empty(), DAY);
        Beat second = cluster.beat(A, "tokyo", "{\"version\":\"2\"}", Optional.empty(), DAY);

        NodeRow row = second.nodes().get(0);
        assertThat(second.nodes()).hasSize(1);
        assertThat(row.nodeName()).isEqualTo("tokyo");
        assertThat(row.facts()).isEqualTo("{\"version\":\"2\"}");
        assertThat(row.seenAt()).isEqualTo(second.now()).isGreaterThanOrEqualTo(row.startedAt());
    }

    @Test
    void aLostNodeIsReportedOnceUntilItIsSeenAgain() {
        beat(A, LONG);
        Duration noPatience = Duration.ofHours(-1);

        assertThat(cluster.lost(DAY)).isEmpty();
        assertThat(cluster.lost(noPatience)).hasSize(1);
        assertThat(cluster.reported(A)).isTrue();
        assertThat(cluster.reported(A)).isFalse();
        assertThat(cluster.lost(noPatience)).isEmpty();

        beat(A, LONG);

        assertThat(cluster.lost(noPatience)).hasSize(1);
    }

    @Test
    void aChangeOfMastersIsToldOnceWithWhoItWasBefore() {
        beat(A, ENDED);
        assertThat(cluster.untold()).as("the first has followed nobody").isEmpty();
        beat(A, ENDED);
        beat(B, ENDED);

        ClusterStore.Succession change = cluster.untold().orElseThrow();

        assertThat(change.epoch()).isEqualTo(2);
        assertThat(change.master().nodeName()).isEqualTo("node of b");
        assertThat(change.before().nodeName()).isEqualTo("node of a");
        assertThat(change.before().leftAt()).isZero();
        assertThat(cluster.told(2)).isTrue();
        assertThat(cluster.told(2)).isFalse();
        beat(B, LONG);
        assertThat(cluster.untold()).isEmpty();

        cluster.leave(B);
        beat(A, LONG);

        ClusterStore.Succession back = cluster.untold().orElseThrow();
        assertThat(back.epoch()).isEqualTo(3);
        assertThat(back.before().runId()).isEqualTo(B);
        assertThat(back.before().leftAt()).isPositive();
    }

    @Test
    void aMasterBeforeWhomNobodyRemembersIsNamedByItsRun() {
        beat(A, ENDED);
        cluster.forget(Duration.ofHours(-1), DAY);
        beat(B, LONG);

        assertThat(cluster.untold().orElseThrow().before().nodeName()).isEqualTo(A);
    }

    @Test
    void whatTheMasterWritesIsKept() {
        beat(A, LONG);

        cluster.asMaster(A, 1, () -> {
            test.stores.options().put(Map.of("SystemName", "ours"));
            return null;
        });

        assertThat(test.stores.options().all()).containsEntry("SystemName", "ours");
    }

    @Test
    void nothingIsKeptThatIsWrittenInAnEpochThatIsOver() {
        beat(A, ENDED);
        beat(B, LONG);

        assertThatThrownBy(() -> cluster.asMaster(A, 1, () -> {
                    test.stores.options().put(Map.of("SystemName", "theirs"));
                    return null;
                }))
                .isInstanceOf(FencedOffException.class);
        assertThatThrownBy(() -> cluster.asMaster(A, 2, () -> {
                    test.stores.options().put(Map.of("SystemName", "theirs"));
                    return null;
                }))
                .isInstanceOf(FencedOffException.class);

        assertThat(test.stores.options().all()).doesNotContainKey("SystemName");
        test.stores.options().put(Map.of("SystemName", "of no master"));
        assertThat(test.stores.options().all()).containsEntry("SystemName", "of no master");
    }

    @Test
    void aWriteThatAnotherMasterOvertookIsNotKept() throws Exception {
        beat(A, ENDED);
        CountDownLatch writing = new CountDownLatch(1);
        CountDownLatch mayEnd = new CountDownLatch(1);
        ExecutorService thread = Executors.newSingleThreadExecutor();
        Future<Object> write = thread.submit(() -> cluster.asMaster(A, 1, () -> {
            writing.countDown();
            await(mayEnd);
            test.stores.options().put(Map.of("SystemName", "late"));
            return null;
        }));
        writing.await();

        beat(B, LONG);
        mayEnd.countDown();

        assertThatThrownBy(write::get).hasCauseInstanceOf(FencedOffException.class);
        assertThat(test.stores.options().all()).doesNotContainKey("SystemName");
        thread.shutdown();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aWriteIsDoneOnceAndItsFirstAnswerRepeated() {
        int[] done = {0};

        String first = cluster.once(WRITE, () -> "answer " + ++done[0]);
        String second = cluster.once(WRITE, () -> "answer " + ++done[0]);

        assertThat(first).isEqualTo(second).isEqualTo("answer 1");
        assertThat(cluster.answerTo(WRITE)).contains("answer 1");
        assertThat(cluster.answerTo(A)).isEmpty();
    }

    @Test
    void ofManyWhoAskForTheSameWriteOneDoesIt() throws Exception {
        int many = 4;
        CyclicBarrier together = new CyclicBarrier(many);
        ExecutorService threads = Executors.newFixedThreadPool(many);
        long user = test.user("rich", 0);
        List<Future<String>> answers = new ArrayList<>();
        for (int i = 0; i < many; i++) {
            String who = "answer of " + i;
            answers.add(threads.submit(() -> {
                together.await();
                return cluster.once(WRITE, () -> {
                    test.execute("update users set quota = quota + 7 where id = " + user);
                    return who;
                });
            }));
        }
        String one = answers.get(0).get();
        for (Future<String> answer : answers) {
            assertThat(answer.get()).isEqualTo(one);
        }
        threads.shutdown();

        assertThat(test.query("select quota from users where id = " + user)).containsExactly("7");
    }

    @Test
    void aWriteThatFailsIsNotDoneAndMayBeTriedAgain() {
        assertThatThrownBy(() -> cluster.once(WRITE, () -> {
                    test.stores.options().put(Map.of("SystemName", "half"));
                    throw new IllegalStateException("in the middle");
                }))
                .hasMessage("in the middle");

        assertThat(test.stores.options().all()).doesNotContainKey("SystemName");
        assertThat(cluster.once(WRITE, () -> "the second time")).isEqualTo("the second time");
    }

    @Test
    void whatIsOldIsForgotten() {
        beat(A, LONG);
        cluster.once(WRITE, () -> "old");

        cluster.forget(DAY, DAY);
        assertThat(cluster.nodes(DAY)).hasSize(1);
        assertThat(cluster.answerTo(WRITE)).isPresent();

        cluster.forget(Duration.ofHours(-1), Duration.ofHours(-1));
        assertThat(cluster.nodes(DAY)).isEmpty();
        assertThat(cluster.answerTo(WRITE)).isEmpty();
    }

    @Test
    void nodesOfTheOriginalAreSeenWhereItHasATableOfThem() {
        assertThat(cluster.originals(DAY)).isEmpty();
        test.execute("create table system_instances (node_name varchar(128) primary key, last_seen_at bigint)");
        try {
            long now = cluster.look().now() / 1_000;
            test.execute("insert into system_instances values ('there', " + (now - 30) + ")");
            test.execute("insert into system_instances values ('gone', " + (now - 600) + ")");

            assertThat(cluster.originals(Duration.ofMinutes(2))).containsExactly("there");
        } finally {
            test.execute("drop table system_instances");
        }
    }

    @Test
    void ofWhatIsFencedOffAsAWholeNoPartIsKept() {
        beat(A, ENDED);

        assertThatThrownBy(() -> cluster.asMaster(
                        A,
                        1,
                        () -> cluster.atomically(() -> {
                            test.stores.options().put(Map.of("SystemName", "first part"));
                            beat(B, LONG);
                            test.stores.options().put(Map.of("Footer", "second part"));
                            return null;
                        })))
                .isInstanceOf(FencedOffException.class);

        assertThat(test.stores.options().all()).doesNotContainKeys("SystemName", "Footer");
    }
}
