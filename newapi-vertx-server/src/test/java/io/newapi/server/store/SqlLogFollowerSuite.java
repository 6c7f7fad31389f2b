package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.MemoryJournal;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Log rows in a database of their own are there once, whatever happens in between. */
abstract class SqlLogFollowerSuite {

    @TempDir
    Path ofCharges;

    private final ExecutorService worker = Executors.newSingleThreadExecutor();
    private final UsageJournal journal = new MemoryJournal(WriterId.random(new SecureRandom()));
    private TestDatabase charges;
    TestDatabase logs;
    private SqlLogFollower follower;

    /** An empty database that has the tables of logs. */
    abstract TestDatabase database();

    /** Creates a trigger that lets no row of {@code logs} in. */
    abstract String triggerThatFails(String name);

    /** Creates a trigger that does not let positions grow. */
    abstract String triggerThatKeepsPositions(String name);

    @BeforeEach
    void open() {
        logs = database();
        charges = TestDatabase.create(ofCharges);
        register(journal);
        follower = new SqlLogFollower(charges.database, logs.database, worker);
    }

    @AfterEach
    void close() {
        worker.shutdown();
        logs.close();
        charges.close();
    }

    private void register(UsageJournal writing) {
        new SqlQuotaAuthority(charges.database, Runnable::run, InstantSource.fixed(TestDatabase.NOW), "node", "/data")
                .withoutLogRows()
                .register(writing.writer())
                .toCompletableFuture()
                .join();
    }

    private void settle(int from, int to) {
        IntStream.range(from, to).forEach(i -> journal.append(LoggedCall.of("r" + i, 10 + i)));
    }

    long follow() {
        return follower.follow(journal).toCompletableFuture().join();
    }

    UsageJournal journal() {
        return journal;
    }

    private List<String> ids() {
        return logs.query("select request_id from logs order by id");
    }

    private String position() {
        return String.join(",", logs.query("select applied_pos from newapi_log_positions"));
    }

    @Test
    void aRowIsStoredWithEverythingThatItTells() {
        settle(0, 1);

        assertThat(follow()).isEqualTo(1);

        assertThat(logs.query("select user_id, created_at, type, content, username, token_name, model_name, quota,"
                        + " prompt_tokens, completion_tokens, use_time, is_stream, channel_id, token_id, `group`, ip,"
                        + " other, request_id, upstream_request_id from logs"))
                .containsExactly("1|" + TestDatabase.NOW_SECONDS
                        + "|2|a note|ada|laptop|m|10|20|10|3|1|5|11|vip|10.0.0.1|{\"frt\":5}|r0|up-r0");
        assertThat(logs.query("select writer_id, applied_pos from newapi_log_positions"))
                .containsExactly(journal.writer().hex() + "|1");
    }

    @Test
    void whatIsStoredIsNotStoredAgain() {
        settle(0, 3);
        follow();
        assertThat(follow()).isEqualTo(3);
        settle(3, 5);

        assertThat(follow()).isEqualTo(5);

        assertThat(ids()).containsExactly("r0", "r1", "r2", "r3", "r4");
    }

    @Test
    void aLongJournalIsStoredPageByPage() {
        settle(0, 1_203);

        assertThat(follow()).isEqualTo(500);
        assertThat(follow()).isEqualTo(1_000);
        assertThat(follow()).isEqualTo(1_203);

        assertThat(ids()).hasSize(1_203).doesNotHaveDuplicates();
    }

    @Test
    void rowsAndPositionAreStoredTogetherOrNotAtAll() {
        settle(0, 3);
        logs.execute(triggerThatFails("stop"));
        assertThatThrownBy(this::follow).hasCauseInstanceOf(DatabaseException.class);
        assertThat(ids()).isEmpty();
        logs.dropTrigger("stop");

        logs.execute(triggerThatKeepsPositions("stop"));
        assertThatThrownBy(this::follow).hasCauseInstanceOf(DatabaseException.class);
        assertThat(ids()).isEmpty();
        logs.dropTrigger("stop");

        assertThat(follow()).isEqualTo(3);
        assertThat(ids()).containsExactly("r0", "r1", "r2");
    }

    @Test
    void rowsThatNobodyWantsOrCanReadHoldUpNothing() {
        journal.append(LoggedCall.of("unwanted", 1, "ada", false));
        journal.append(LoggedCall.broken("broken", 1));
        settle(0, 1);

        assertThat(follow()).isEqualTo(3);

        assertThat(ids()).containsExactly("r0");
    }

    @Test
    void aPositionIsConfirmedByAChangeEvenWhenThereIsNothingToStore() {
        settle(0, 1);
        follow();
        logs.execute(triggerThatKeepsPositions("stop"));

        assertThatThrownBy(this::follow).hasCauseInstanceOf(DatabaseException.class);

        logs.dropTrigger("stop");
        assertThat(follow()).isEqualTo(1);
        assertThat(position()).isEqualTo("1");
    }

    @Test
    void twoWritersHavePositionsOfTheirOwn() {
        settle(0, 2);
        UsageJournal other = new MemoryJournal(WriterId.random(new SecureRandom()));
        register(other);
        other.append(LoggedCall.of("other", 1));

        assertThat(follow()).isEqualTo(2);
        assertThat(follower.follow(other).toCompletableFuture().join()).isEqualTo(1);

        assertThat(ids()).containsExactly("r0", "r1", "other");
    }

    @Test
    void ofAWriterThatNobodyKnowsNothingIsStored() {
        UsageJournal stranger = new MemoryJournal(WriterId.random(new SecureRandom()));
        stranger.append(LoggedCall.of("strange", 1));

        assertThatThrownBy(() -> follower.follow(stranger).toCompletableFuture().join())
                .hasRootCauseMessage("the database of the balances does not know writer " + stranger.writer());
        assertThat(ids()).isEmpty();
    }

    @Test
    void theRowsOfAWriterThatIsKnownAreStoredWhileTheDatabaseOfChargesIsAway() {
        settle(0, 1);
        follow();
        charges.database.close();
        settle(1, 2);

        assertThat(follow()).isEqualTo(2);
    }

    @Test
    void aStoppedThreadIsAFailure() {
        worker.shutdown();

        assertThat(follower.follow(journal).toCompletableFuture()).isCompletedExceptionally();
    }
}
