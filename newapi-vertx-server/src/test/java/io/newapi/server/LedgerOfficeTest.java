package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.FsyncMode;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.WriterId;
import io.newapi.server.admin.LedgerControl.WriteOff;
import io.newapi.server.config.LedgerConfig;
import io.newapi.server.jobs.WriterReclaim;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerOfficeTest {

    private static final Duration RECLAIM_AFTER = Duration.ofSeconds(60);

    @TempDir
    Path directory;

    private final WriterId own = WriterId.random(new SecureRandom());
    private final WriterId other = WriterId.random(new SecureRandom());
    private Database database;
    private SqlQuotaAuthority authority;
    private JournalDirectory journals;
    private WriterReclaim writers;
    private LedgerOffice office;
    private long nowNanos;

    @BeforeEach
    void aNodeWithAnotherBesideIt() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        authority = new SqlQuotaAuthority(database, Runnable::run, InstantSource.system(), "node-1", "here");
        journals = JournalDirectory.open(directory.resolve("journal"));
        writers = new WriterReclaim(authority, RECLAIM_AFTER, () -> nowNanos);
        LedgerConfig config =
                new LedgerConfig(false, Duration.ofSeconds(5), directory, FsyncMode.INTERVAL, 1 << 30, RECLAIM_AFTER);
        office = new LedgerOffice(journals, writers, config);
        journals.create(own);
        authority.register(own).toCompletableFuture().join();
        authority.register(other).toCompletableFuture().join();
        writers.look();
        nowNanos += writers.observation().orElseThrow().toNanos();
    }

    @AfterEach
    void close() {
        journals.close();
        database.close();
    }

    @Test
    void aNodeNeverWritesItselfOff() {
        assertThat(office.writeOff(own, false)).isEqualTo(WriteOff.OWN);
        assertThat(office.writeOff(own, true)).isEqualTo(WriteOff.OWN);
        assertThat(authority.livingWriters()).hasSize(2);
    }

    @Test
    void anotherThatStoodStillIsWrittenOffOnce() {
        assertThat(office.writeOff(other, false)).isEqualTo(WriteOff.DONE);
        assertThat(office.writeOff(other, false)).isEqualTo(WriteOff.ENDED_BEFORE);
        assertThat(authority.livingWriters())
                .extracting(SqlQuotaAuthority.LivingWriter::writer)
                .containsExactly(own);
    }

    @Test
    void whatHasNotStoodStillOrIsUnknownIsNot() {
        nowNanos -= 1;
        assertThat(office.writeOff(other, false)).isEqualTo(WriteOff.MAY_LIVE);
        assertThat(office.writeOff(WriterId.random(new SecureRandom()), true)).isEqualTo(WriteOff.UNKNOWN);
    }

    @Test
    void itTellsWhatIsConfiguredAndHowTheJournalStands() {
        assertThat(office.journals()).extracting(JournalStatus::writer).containsExactly(own);
        assertThat(office.maxJournalBytes()).isEqualTo(1 << 30);
        assertThat(office.reclaimAfter()).isEqualTo(RECLAIM_AFTER);
        assertThat(office.observation()).isEqualTo(writers.observation());
        assertThat(office.silenceOf(other)).isEqualTo(writers.observation());
    }
}
