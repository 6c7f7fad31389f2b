package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.channel.FailureReport;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.NodeFacts;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.Options;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Rounds over channels in a database, with upstreams that answer each key as a test has it. */
class ChannelRoundsTest {

    private static final Duration PERIOD = Duration.ofMinutes(10);
    private static final KeyTest.Outcome GOOD = new KeyTest.Outcome(true, Duration.ofMillis(120), Optional.empty());
    private static final KeyTest.Outcome SLOW = new KeyTest.Outcome(true, Duration.ofSeconds(6), Optional.empty());
    private static final KeyTest.Outcome TIMED_OUT =
            new KeyTest.Outcome(false, Duration.ofSeconds(60), Optional.empty());
    private static final KeyTest.Outcome AWAY = new KeyTest.Outcome(false, Duration.ofMillis(1), Optional.empty());
    private static final NodeFacts FACTS = new NodeFacts(
            "1", "auto", 0, "UTC", 0, 60, 0, 0, 0, "s", "c", "db", "db", "", false, List.of(), "", List.of(), List.of(),
            false);

    @TempDir
    Path directory;

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final Map<String, String> options = new HashMap<>(Map.of(
            "AutomaticDisableChannelEnabled", "true",
            "AutomaticEnableChannelEnabled", "true",
            "monitor_setting.auto_test_channel_enabled", "true"));
    private final Map<String, Deque<KeyTest.Outcome>> answers = new HashMap<>();
    private final List<String> tested = new ArrayList<>();
    private final List<Notice> told = new ArrayList<>();
    private Runnable whileTesting = () -> {};
    private Database database;
    private Stores stores;
    private Membership membership;
    private ChannelRounds rounds;

    private static KeyTest.Outcome refused(int status) {
        return new KeyTest.Outcome(
                false,
                Duration.ofMillis(80),
                Optional.of(new FailureReport(AttemptFailure.ofStatus(status), "", "", "no")));
    }

    @BeforeEach
    void open() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
        membership = new Membership(
                new ClusterStore(database),
                new Membership.Self("a".repeat(32), "a", true, false),
                ahead -> FACTS,
                new Membership.Pace(Duration.ofHours(1), Duration.ofHours(2), Duration.ofMinutes(90)),
                task -> {
                    Thread thread = new Thread(task, "membership under test");
                    thread.setDaemon(true);
                    return thread;
                },
                nanos::get,
                System::currentTimeMillis);
        rounds = new ChannelRounds(
                membership::mastership,
                new Planned(),
                stores.channels(),
                new AutomaticStatus(stores, new NobodyElse(), told::add, InstantSource.system()),
                (channel, key, model) -> {
                    tested.add(channel.id() + " " + key.key() + " " + model);
                    whileTesting.run();
                    Deque<KeyTest.Outcome> next = answers.getOrDefault(key.key(), new ArrayDeque<>(List.of(GOOD)));
                    return next.size() > 1 ? next.remove() : next.getFirst();
                },
                nanos::get);
    }

    @AfterEach
    void close() {
        membership.close();
        database.close();
    }

    private final class Planned implements ChannelRounds.Plan {
        @Override
        public Options options() {
            return Options.read(options, Options.defaults()).options();
        }

        @Override
        public Optional<Duration> period() {
            return options().testPeriod();
        }

        @Override
        public boolean rest() {
            return true;
        }
    }

    /** There is no other node, and nothing that is remembered. */
    private static final class NobodyElse implements Changes {
        @Override
        public void channelsChanged() {}

        @Override
        public void optionsChanged() {}

        @Override
        public void userChanged(long userId) {}

        @Override
        public void tokenChanged(long userId, long tokenId) {}

        @Override
        public void balanceChanged(int kind, long accountId) {}
    }

    private long channel(String key, int status) {
        return stores.channels()
                .create(ChannelChange.none()
                        .type(1)
                        .name("c")
                        .key(key)
                        .models("m")
                        .status(status));
    }

    private long multi(String keys, Map<Integer, Integer> statuses, int status) {
        ChannelInfo info = new ChannelInfo(true, keys.split("\n").length, statuses, Map.of(), Map.of(), 0, "random");
        long id = channel(keys, status);
        stores.channels().update(id, ChannelChange.none().channelInfo(info));
        return id;
    }

    private void answers(String key, KeyTest.Outcome... outcomes) {
        answers.put(key, new ArrayDeque<>(List.of(outcomes)));
    }

    /** A period passes, in which this node is the master. */
    private void round() {
        membership.join();
        rounds.look();
        nanos.addAndGet(PERIOD.toNanos());
        membership.join();
        rounds.look();
    }

    private int status(long id) {
        return row(id).status();
    }

    private ChannelRow row(long id) {
        return stores.channels().byId(id).orElseThrow();
    }

    private Map<Integer, Integer> keys(long id) {
        return ChannelInfo.parse(row(id).channelInfo()).statuses();
    }

    @Test
    void aRoundIsMadeWhenAPeriodHasPassedAndNotBefore() {
        channel("k", 1);
        membership.join();
        rounds.look();
        nanos.addAndGet(PERIOD.toNanos() - 1);
        rounds.look();
        assertThat(tested).isEmpty();

        nanos.addAndGet(1);
        rounds.look();
        rounds.look();

        assertThat(tested).containsExactly("1 k m");
        assertThat(row(1).responseTime()).isEqualTo(120);
    }

    @Test
    void whoIsNotTheMasterTestsNothing() {
        channel("k", 1);
        rounds.look();
        nanos.addAndGet(PERIOD.toNanos());
        rounds.look();

        assertThat(tested).isEmpty();
    }

    @Test
    void nothingIsTestedUnlessThatIsSwitchedOn() {
        channel("k", 1);
        options.remove("monitor_setting.auto_test_channel_enabled");

        round();

        assertThat(tested).isEmpty();
    }

    @Test
    void aChannelThatWasDisabledAutomaticallyComesBackWhenItsTestHasPassed() {
        long id = channel("k", 3);
        answers("k", refused(401), GOOD);

        round();
        assertThat(status(id)).isEqualTo(3);

        round();
        assertThat(status(id)).isEqualTo(1);
        assertThat(told).extracting(Notice::type).containsExactly("channel_update_" + id + "_1");
    }

    @Test
    void itStaysDisabledAndIsNotCalledUnlessEnablingIsSwitchedOn() {
        long id = channel("k", 3);
        options.remove("AutomaticEnableChannelEnabled");

        round();

        assertThat(status(id)).isEqualTo(3);
        assertThat(tested).isEmpty();
    }

    @Test
    void whatAPersonHasDisabledIsNotCalled() {
        long id = channel("k", 2);
        multi("a\nb", Map.of(0, 2), 1);

        round();

        assertThat(status(id)).isEqualTo(2);
        assertThat(tested).containsExactly("2 b m");
    }

    @Test
    void aChannelWhoseTestIsRefusedAgainAndAgainIsDisabled() {
        long id = channel("k", 1);
        answers("k", refused(401));

        round();

        assertThat(tested).hasSize(3);
        assertThat(status(id)).isEqualTo(3);
        assertThat(row(id).otherInfo()).contains("test: status 401: no");
    }

    @Test
    void aSingleRefusalIsForgivenWhenTheNextTestPasses() {
        long id = channel("k", 1);
        answers("k", refused(401), GOOD);

        round();

        assertThat(status(id)).isEqualTo(1);
        assertThat(told).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"5,3", "0,1", "6,1", "100,1", "5.9,3"})
    void aChannelThatIsTooSlowIsDisabledUnlessNoneIs(String threshold, int status) {
        long id = channel("k", 1);
        answers("k", SLOW);
        options.put("ChannelDisableThreshold", threshold);

        round();

        assertThat(status(id)).isEqualTo(status);
    }

    @Test
    void oneThatNeverAnswersIsTooSlow() {
        long id = channel("k", 1);
        answers("k", TIMED_OUT);

        round();

        assertThat(status(id)).isEqualTo(3);
        assertThat(row(id).otherInfo()).contains("took 60000 ms");
    }

    @Test
    void aSlowOneIsNotEnabled() {
        long id = channel("k", 3);
        answers("k", SLOW);

        round();

        assertThat(status(id)).isEqualTo(3);
    }

    @Test
    void oneThatCannotBeReachedIsNeitherDisabledNorEnabled() {
        long enabled = channel("k", 1);
        long disabled = channel("k", 3);
        answers("k", AWAY);

        round();

        assertThat(status(enabled)).isEqualTo(1);
        assertThat(status(disabled)).isEqualTo(3);
    }

    @Test
    void nothingIsDisabledWhereThatIsSwitchedOffForAllOrForTheChannel() {
        long spared = channel("k", 1);
        stores.channels().update(spared, ChannelChange.none().autoBan(false));
        long slow = channel("s", 1);
        stores.channels().update(slow, ChannelChange.none().autoBan(false));
        answers("k", refused(401));
        answers("s", SLOW);

        round();
        options.remove("AutomaticDisableChannelEnabled");
        stores.channels().update(spared, ChannelChange.none().autoBan(true));
        stores.channels().update(slow, ChannelChange.none().autoBan(true));
        round();

        assertThat(status(spared)).isEqualTo(1);
        assertThat(status(slow)).isEqualTo(1);
    }

    @Test
    void everyKeyThatWasDisabledAutomaticallyComesBackAndOneOfTheOthersIsTested() {
        long id = multi("a\nb\nc\nd\ne", Map.of(0, 3, 1, 3, 2, 2), 1);

        round();
        round();

        assertThat(keys(id)).containsExactly(Map.entry(2, 2));
        assertThat(tested).startsWith("1 e m", "1 a m", "1 b m").doesNotContain("1 c m");
    }

    @Test
    void fiveKeysThatHaveAllFailedAreBackAfterARoundAndSoIsTheChannel() {
        long id = multi("a\nb\nc\nd\ne", Map.of(0, 3, 1, 3, 2, 3, 3, 3, 4, 3), 3);

        round();

        assertThat(keys(id)).isEmpty();
        assertThat(status(id)).isEqualTo(1);
    }

    @Test
    void aKeyThatIsRefusedIsDisabledAloneInItsTurn() {
        long id = multi("good\nbad", Map.of(), 1);
        answers("bad", refused(401));

        round();
        round();

        assertThat(keys(id)).containsExactly(Map.entry(1, 3));
        assertThat(status(id)).isEqualTo(1);
    }

    @Test
    void whoHasLostTheMastershipMeanwhileChangesNothing() {
        long id = channel("k", 3);
        whileTesting = this::anotherBecomesTheMaster;

        round();

        assertThat(tested).hasSize(1);
        assertThat(status(id)).isEqualTo(3);
        assertThat(row(id).testTime()).isZero();
    }

    private void anotherBecomesTheMaster() {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("one-api.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("update newapi_master set run_id = '" + "b".repeat(32) + "', epoch = epoch + 1");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void aChannelThatCannotBeReadKeepsNoOtherFromBeingTested() {
        stores.channels().update(channel("k", 1), ChannelChange.none().modelMapping("no JSON"));
        channel("other", 1);

        round();

        assertThat(tested).containsExactly("2 other m");
    }
}
