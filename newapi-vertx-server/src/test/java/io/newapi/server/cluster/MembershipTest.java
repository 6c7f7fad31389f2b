package io.newapi.server.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.cluster.Membership.Role;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.ClusterStore.FencedOffException;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One database, several nodes; their own clocks are moved by the tests. */
class MembershipTest {

    private static final Membership.Pace PACE =
            new Membership.Pace(Duration.ofHours(1), Duration.ofHours(2), Duration.ofMinutes(90));

    /** Leases that have ended when they are given. */
    private static final Membership.Pace TOO_SHORT =
            new Membership.Pace(Duration.ofHours(1), Duration.ofHours(-1), Duration.ofMinutes(90));

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final AtomicLong wallMillis = new AtomicLong(System.currentTimeMillis());
    private Database database;
    private ClusterStore store;

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        store = new ClusterStore(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private Membership node(String name, boolean candidate, Membership.Pace pace) {
        String runId = Integer.toHexString(name.hashCode() & 0xf).repeat(32);
        return new Membership(
                store,
                new Membership.Self(runId, name, candidate, false),
                ahead -> facts(name, ahead),
                pace,
                Thread::new,
                nanos::get,
                wallMillis::get);
    }

    private static NodeFacts facts(String version, long ahead) {
        return new NodeFacts(
                version,
                "auto",
                3000,
                "UTC",
                ahead,
                60,
                1,
                2,
                3,
                "s",
                "c",
                "db",
                "db",
                "redis",
                true,
                List.of("x"),
                "",
                List.of(),
                List.of(),
                false);
    }

    @Test
    void theFirstCandidateIsTheMasterAndOthersStandBy() {
        Membership a = node("a", true, PACE);
        Membership b = node("b", true, PACE);
        Membership c = node("c", false, PACE);

        a.beat();
        b.beat();
        c.beat();

        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(b.role()).isEqualTo(Role.STANDBY);
        assertThat(c.role()).isEqualTo(Role.SLAVE);
        assertThat(b.master().orElseThrow().name()).isEqualTo("a");
        assertThat(c.nodes()).extracting(ClusterNode::name).containsExactly("a", "b", "c");
    }

    @Test
    void slavesAloneHaveNoMaster() {
        Membership c = node("c", false, PACE);
        c.beat();

        assertThat(c.master()).isEmpty();
        assertThat(c.mastership()).isEmpty();
    }

    @Test
    void theMasterBelievesInItsLeaseForLessTimeThanTheDatabaseDoes() {
        Membership a = node("a", true, PACE);
        a.beat();

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(89));
        assertThat(a.role()).isEqualTo(Role.MASTER);
        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        assertThat(a.role()).isEqualTo(Role.STANDBY);
        a.beat();
        assertThat(a.role()).isEqualTo(Role.MASTER);
    }

    @Test
    void aWrongClockChangesNothing() {
        wallMillis.addAndGet(TimeUnit.MINUTES.toMillis(5));
        Membership a = node("a", true, PACE);
        a.beat();
        a.beat();

        assertThat(a.role()).isEqualTo(Role.MASTER);
        assertThat(a.nodes().get(0).silentMillis()).isLessThan(ClusterNode.LOST_MILLIS);
        assertThat(a.nodes().get(0).facts().clockAheadMillis())
                .isBetween(TimeUnit.MINUTES.toMillis(4), TimeUnit.MINUTES.toMillis(6));
    }

    @Test
    void aMasterThatStoodStillWritesNothing() {
        Membership a = node("a", true, TOO_SHORT);
        a.beat();
        Mastership before = a.mastership().orElseThrow();
        node("b", true, PACE).beat();

        assertThatThrownBy(() -> before.run(() -> store.reported(a.runId()))).isInstanceOf(FencedOffException.class);
        a.beat();
        assertThat(a.mastership()).isEmpty();
        assertThat(a.master().orElseThrow().name()).isEqualTo("b");
    }

    @Test
    void whoLeavesIsFollowedAtOnce() {
        Membership a = node("a", true, PACE);
        Membership b = node("b", true, PACE);
        a.beat();
        b.beat();

        a.close();
        b.beat();

        assertThat(b.role()).isEqualTo(Role.MASTER);
        assertThat(a.role()).isEqualTo(Role.STANDBY);
        assertThat(b.nodes()).extracting(ClusterNode::name).containsExactly("b");
        assertThat(b.nodes(Duration.ofDays(1)))
                .filteredOn(ClusterNode::left)
                .extracting(ClusterNode::name)
                .containsExactly("a");
    }

    @Test
    void aNodeWhoseDatabaseIsAwayIsNotTheMasterWhenItsTimeIsUp() {
        Membership a = node("a", true, PACE);
        a.join();
        database.close();

        nanos.addAndGet(PACE.certain().toNanos());

        assertThat(a.role()).isEqualTo(Role.STANDBY);
        a.close();
    }

    @Test
    void factsOfAnotherVersionAreReadAsFarAsTheyGo() {
        NodeFacts newer = NodeFacts.of("{\"version\":\"9\",\"sync_seconds\":7,\"telepathy\":true}");

        assertThat(newer.version()).isEqualTo("9");
        assertThat(newer.syncSeconds()).isEqualTo(7);
        assertThat(newer.hears()).isEmpty();
        assertThat(NodeFacts.of("no JSON").version()).isEmpty();
        assertThat(NodeFacts.of("null").version()).isEmpty();
        assertThat(NodeFacts.of(facts("1", 5).json())).isEqualTo(facts("1", 5));
    }

    @Test
    void aFingerprintTellsSecretsApart() {
        String one = Fingerprint.of("secret", "SESSION_SECRET");

        assertThat(one).matches("[0-9a-f]{16}");
        assertThat(Fingerprint.of("secret", "SESSION_SECRET")).isEqualTo(one);
        assertThat(Fingerprint.of("Secret", "SESSION_SECRET")).isNotEqualTo(one);
        assertThat(Fingerprint.of("secret", "CRYPTO_SECRET")).isNotEqualTo(one);
    }

    @Test
    void whoStoodStillCannotSayThatThereIsNoMaster() {
        Membership c = node("c", false, PACE);
        c.beat();
        assertThat(c.isMasterlessFor(Duration.ofDays(1)))
                .as("there never was one")
                .isTrue();

        nanos.addAndGet(TimeUnit.HOURS.toNanos(3));
        assertThat(c.isMasterlessFor(Duration.ofHours(1))).isFalse();

        node("a", true, PACE).beat();
        c.beat();
        assertThat(c.isMasterlessFor(Duration.ZERO)).isFalse();
    }
}
