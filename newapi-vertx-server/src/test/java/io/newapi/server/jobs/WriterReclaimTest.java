package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.QuotaAuthority.WriterState;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.Balance;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserOutcome;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WriterReclaimTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final WriterId writer = WriterId.random(new SecureRandom());
    private Database database;
    private Stores stores;
    private SqlQuotaAuthority authority;
    private WriterReclaim observer;
    private long user;
    private long nowNanos;

    @BeforeEach
    void aWriterThatHoldsAHundred() {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
        user = ((UserOutcome.Saved) stores.users().create(NewUser.of("someone", "", "someone", 1, 1_000), 0))
                .user()
                .id();
        authority = new SqlQuotaAuthority(database, Runnable::run, InstantSource.system(), "node-1", "/data");
        observer = new WriterReclaim(authority, PATIENCE, () -> nowNanos);
        authority.register(writer).toCompletableFuture().join();
        exchange(100);
    }

    @AfterEach
    void close() {
        database.close();
    }

    private WriterState exchange(long needs) {
        Account account = Account.user(user);
        return authority
                .exchange(new Exchange(
                        writer,
                        0,
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(new GrantRequest(new Shortfall(account, needs, 0, true), Optional.empty())),
                        Set.of(account)))
                .toCompletableFuture()
                .join()
                .view()
                .state();
    }

    private long leased() {
        return stores.balances()
                .balance(AccountKind.USER, user)
                .map(Balance::leased)
                .orElseThrow();
    }

    private void pass(Duration time) {
        nowNanos += time.toNanos();
    }

    @Test
    void whatASilentWriterHoldsIsGivenBackWhenPatienceIsOver() {
        observer.look();
        pass(PATIENCE.minusSeconds(1));
        observer.look();
        assertThat(leased()).isEqualTo(100);

        pass(Duration.ofSeconds(1));
        observer.look();

        assertThat(leased()).isZero();
        assertThat(stores.balances()
                        .balance(AccountKind.USER, user)
                        .orElseThrow()
                        .total())
                .isEqualTo(1_000);
        assertThat(exchange(1)).isEqualTo(WriterState.CLOSED);
    }

    @Test
    void aWriterThatShowsItselfIsLeftAlone() {
        observer.look();
        for (int i = 0; i < 5; i++) {
            pass(PATIENCE.minusSeconds(1));
            assertThat(exchange(0)).isEqualTo(WriterState.OPEN);
            observer.look();
        }

        assertThat(leased()).isEqualTo(100);
    }

    @Test
    void anObserverThatHasJustComeBelievesNobodyButItself() {
        pass(PATIENCE.multipliedBy(10));

        observer.look();

        assertThat(leased()).isEqualTo(100);
    }

    @Test
    void whoCouldNotSeeForAWhileStartsCountingAnew() {
        observer.look();
        database.close();
        assertThatThrownBy(observer::look).isInstanceOf(DatabaseException.class);
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        stores = Stores.of(database, InstantSource.system());
        WriterReclaim again = new WriterReclaim(
                new SqlQuotaAuthority(database, Runnable::run, InstantSource.system(), "node-1", "/data"),
                PATIENCE,
                () -> nowNanos);
        pass(PATIENCE);

        again.look();

        assertThat(leased()).isEqualTo(100);
    }

    @Test
    void aWriterThatMovesAtTheLastMomentIsNotClosed() {
        SqlQuotaAuthority.LivingWriter seen = authority.livingWriters().get(0);
        exchange(0);

        assertThat(authority.reclaim(seen).toCompletableFuture().join()).isFalse();
        assertThat(exchange(0)).isEqualTo(WriterState.OPEN);
    }

    @Test
    void withoutPatienceNobodyIsEverClosedByItself() {
        WriterReclaim strict = new WriterReclaim(authority, Duration.ZERO, () -> nowNanos);
        strict.look();
        pass(Duration.ofDays(10));

        strict.look();

        assertThat(leased()).isEqualTo(100);
        assertThat(strict.silenceOf(writer)).contains(Duration.ofDays(10));
        // one that is cut off may still spend
        assertThat(strict.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.MAY_LIVE);
    }

    @Test
    void nobodyIsWrittenOffWithoutForceWhoMayStillSpend() {
        assertThat(observer.observation().orElseThrow())
                .isGreaterThan(WriterReclaim.leaseUnder(PATIENCE))
                .isLessThan(PATIENCE);
    }

    @Test
    void aWriterThatStoodStillForTheObservationCanBeWrittenOff() {
        observer.look();
        pass(observer.observation().orElseThrow());

        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.DONE);

        assertThat(leased()).isZero();
        assertThat(stores.balances()
                        .balance(AccountKind.USER, user)
                        .orElseThrow()
                        .total())
                .isEqualTo(1_000);
        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.ENDED_BEFORE);
    }

    @Test
    void aWriterThatMovedOrWasNotWatchedIsNotWrittenOffUnlessItIsForced() {
        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.MAY_LIVE);
        observer.look();
        pass(observer.observation().orElseThrow().minusSeconds(1));
        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.MAY_LIVE);
        pass(Duration.ofSeconds(1));
        exchange(0);
        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.MAY_LIVE);
        assertThat(leased()).isEqualTo(100);

        assertThat(observer.writeOff(writer, true)).isEqualTo(WriterReclaim.WriteOff.DONE);

        assertThat(leased()).isZero();
        assertThat(exchange(1)).isEqualTo(WriterState.CLOSED);
    }

    @Test
    void aCloseThatSomebodyBeganIsFinishedWithoutWatching() {
        authority.beginClose(writer).toCompletableFuture().join();

        assertThat(observer.writeOff(writer, false)).isEqualTo(WriterReclaim.WriteOff.DONE);
        assertThat(leased()).isZero();
    }

    @Test
    void nobodyIsWrittenOffUnderAnUnknownName() {
        assertThat(observer.writeOff(WriterId.random(new SecureRandom()), true))
                .isEqualTo(WriterReclaim.WriteOff.UNKNOWN);
    }
}
