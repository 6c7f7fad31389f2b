package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.NodeFacts;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Candidates on one database, whose master does its duties; what a test makes old stands there as if it were. */
class MasterDutiesTest {

    private static final Membership.Pace PACE =
            new Membership.Pace(Duration.ofHours(1), Duration.ofHours(2), Duration.ofMinutes(90));

    private static final NodeFacts FACTS = new NodeFacts(
            "1", "auto", 0, "UTC", 0, 60, 0, 0, 0, "s", "c", "db", "db", "", false, List.of(), "", List.of(), List.of(),
            false);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final List<Notice> told = new ArrayList<>();
    private final List<Membership> memberships = new ArrayList<>();
    private Database database;
    private ClusterStore store;

    /** A node with its duties. */
    private record Candidate(Membership membership, MasterDuties duties) {

        /** Says that it lives; the next time by itself in an hour. */
        private void beats() {
            membership.join();
        }

        private void beatsAndWorks() {
            beats();
            duties.round();
        }
    }

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(file())));
        Schema.create(database);
        store = new ClusterStore(database);
    }

    @AfterEach
    void close() {
        memberships.forEach(Membership::close);
        database.close();
    }

    private Path file() {
        return directory.resolve("one-api.db");
    }

    private Candidate candidate(String name, boolean shared) {
        Membership membership = new Membership(
                store,
                new Membership.Self(run(name), name, true, false),
                ahead -> FACTS,
                PACE,
                MasterDutiesTest::daemon,
                nanos::get,
                System::currentTimeMillis);
        memberships.add(membership);
        return new Candidate(membership, new MasterDuties(membership, store, shared, told::add, nanos::get));
    }

    private Candidate candidate(String name) {
        return candidate(name, true);
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "membership under test");
        thread.setDaemon(true);
        return thread;
    }

    private static String run(String name) {
        return Integer.toHexString(name.hashCode() & 0xf).repeat(32);
    }

    private void execute(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    private void falls(String name) {
        execute("update newapi_nodes set seen_at = seen_at - 60000 where run_id = '" + run(name) + "'");
    }

    private void losesItsLease() {
        execute("update newapi_master set valid_until = 0");
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void aNodeThatIsLostIsToldOnce() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        a.beatsAndWorks();
        b.beatsAndWorks();
        falls("b");
        pass(Duration.ofSeconds(10));

        a.duties().round();
        a.duties().round();

        assertThat(told).extracting(Notice::type).containsExactly("node_lost");
        assertThat(told.get(0).values()).containsExactly("b", run("b"));
    }

    @Test
    void aNodeThatLeftIsNotMissed() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        a.beatsAndWorks();
        b.beatsAndWorks();
        b.membership().close();
        falls("b");
        pass(Duration.ofSeconds(10));

        a.duties().round();

        assertThat(told).isEmpty();
    }

    @Test
    void whoHasNotWatchedForLongEnoughMissesNobody() {
        Candidate a = candidate("a");
        candidate("b").beats();
        losesItsLease();
        a.beatsAndWorks();
        told.clear();
        falls("b");
        pass(Duration.ofSeconds(9));
        a.duties().round();
        assertThat(told).isEmpty();

        pass(Duration.ofSeconds(1));
        a.duties().round();
        assertThat(told).extracting(Notice::type).containsExactly("node_lost");
    }

    @Test
    void whoCouldNotBeTheMasterForAWhileBeginsToWatchAnew() {
        Candidate a = candidate("a");
        candidate("b").beats();
        losesItsLease();
        a.beatsAndWorks();
        told.clear();
        falls("b");
        pass(PACE.certain());
        a.duties().round();

        a.beatsAndWorks();

        assertThat(told).isEmpty();
    }

    @Test
    void whoIsNotTheMasterTellsNothing() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        a.beatsAndWorks();
        b.beatsAndWorks();
        falls("a");
        pass(Duration.ofSeconds(10));

        b.duties().round();

        assertThat(told).isEmpty();
    }

    @Test
    void aMasterThatWasLostIsNamedByItsFollowerOnceAndDoesNothingMore() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        a.beatsAndWorks();
        losesItsLease();

        b.beatsAndWorks();
        b.beatsAndWorks();
        a.duties().round();
        a.beatsAndWorks();

        assertThat(told).extracting(Notice::type).containsExactly("master_changed");
        assertThat(told.get(0).values()).containsExactly("b", "a", "lost", "2");
    }

    @Test
    void aMasterThatLeftIsSaidToHaveLeft() {
        Candidate a = candidate("a");
        a.beatsAndWorks();
        a.membership().close();

        candidate("b").beatsAndWorks();

        assertThat(told).extracting(Notice::values).containsExactly(List.of("b", "a", "left", "2"));
        assertThat(told.get(0).content())
                .contains("Node b is the master now")
                .contains("node a, which left in good order");
    }

    @Test
    void whatWasToldIsNotToldByTheNextMaster() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        Candidate c = candidate("c");
        a.beatsAndWorks();
        b.beats();
        c.beats();
        falls("b");
        pass(Duration.ofSeconds(10));
        a.duties().round();
        a.membership().close();

        c.beatsAndWorks();
        pass(Duration.ofSeconds(10));
        c.duties().round();

        assertThat(told).extracting(Notice::type).containsExactly("node_lost", "master_changed");
    }

    @Test
    void whoLostItsMastershipUnnoticedWritesNothing() {
        Candidate a = candidate("a");
        Candidate b = candidate("b");
        a.beatsAndWorks();
        candidate("c").beats();
        falls("c");
        pass(Duration.ofSeconds(10));
        losesItsLease();
        b.beats();

        a.duties().round();

        assertThat(told).isEmpty();
        assertThat(store.untold()).as("it is left to the master").isPresent();
    }

    @Test
    void aNodeOnAFileOfItsOwnMissesNobody() {
        candidate("a", false).beatsAndWorks();
        falls("a");
        losesItsLease();

        Candidate next = candidate("b", false);
        next.beatsAndWorks();
        pass(Duration.ofSeconds(10));
        next.duties().round();

        assertThat(told).isEmpty();
    }

    @Test
    void onceAnHourIsForgottenWhatIsOld() {
        Candidate a = candidate("a");
        a.beatsAndWorks();
        candidate("b").beats();
        store.once("c".repeat(32), () -> "kept");
        execute("update newapi_nodes set left_at = 1, seen_at = seen_at - " + TimeUnit.DAYS.toMillis(8)
                + " where run_id = '" + run("b") + "'");
        execute("update newapi_writes set created_at = created_at - " + TimeUnit.DAYS.toMillis(2));

        a.duties().round();
        assertThat(store.nodes(Duration.ofDays(9))).hasSize(2);

        pass(Duration.ofHours(1));
        a.duties().round();

        assertThat(store.nodes(Duration.ofDays(9))).hasSize(1);
        assertThat(store.answerTo("c".repeat(32))).isEmpty();
    }

    @Test
    void aDatabaseThatIsAwayEndsTheRoundAndNothingElse() {
        Candidate a = candidate("a");
        a.beatsAndWorks();
        database.close();

        a.duties().round();

        assertThat(told).isEmpty();
    }
}
