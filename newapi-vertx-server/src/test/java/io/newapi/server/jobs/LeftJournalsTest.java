package io.newapi.server.jobs;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalEntry;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.Settlement;
import io.newapi.core.quota.UsageJournal;
import io.newapi.core.quota.WriterId;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.Balance;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqlLogFollower;
import io.newapi.server.store.SqlQuotaAuthority;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.UserOutcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A data directory that was copied while its node ran: the copy takes nothing from the node, and books what it left. */
class LeftJournalsTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path directory;

    private final WriterId writer = WriterId.random(new SecureRandom());
    private Database database;
    private Stores stores;
    private SqlQuotaAuthority authority;
    private JournalDirectory original;
    private JournalDirectory copy;
    private LeftJournals left;
    private WriterReclaim observer;
    private long user;
    private long nowNanos;

    @BeforeEach
    void aNodeThatHoldsAHundredAndHasChargedTen() throws IOException {
        database = Database.open(DatabaseConfig.of(SqliteLocation.of(directory.resolve("one-api.db"))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
        user = ((UserOutcome.Saved) stores.users().create(NewUser.of("someone", "", "someone", 1, 1_000), 0))
                .user()
                .id();
        authority = new SqlQuotaAuthority(database, Runnable::run, InstantSource.system(), "node-1", "there");
        observer = new WriterReclaim(authority, PATIENCE, () -> nowNanos);
        original = JournalDirectory.open(directory.resolve("original"));
        UsageJournal journal = original.create(writer);
        authority.register(writer).toCompletableFuture().join();
        exchange(100);
        journal.append(new JournalEntry(Payer.user(user), Settlement.of("call", Quota.of(10))));
        copy = JournalDirectory.open(copied(directory.resolve("original"), directory.resolve("copy")));
        left = new LeftJournals(
                copy, authority, new SqlLogFollower(database, database, Runnable::run), directory.resolve("copy"));
    }

    @AfterEach
    void close() {
        copy.close();
        original.close();
        database.close();
    }

    @Test
    void aCopyLeavesTheNodeItsPartOfTheBalances() {
        left.book();
        exchange(0);
        left.bookCopies();

        assertThat(left.hasCopiesInUse()).isTrue();
        assertThat(balance()).isEqualTo(new Balance(900, 100));
    }

    @Test
    void whatANodeLeftIsBookedFromTheCopyWhenTheNodeIsGone() {
        left.book();
        observer.look();
        nowNanos += PATIENCE.toNanos();
        left.bookCopies();
        assertThat(balance()).isEqualTo(new Balance(900, 100));

        observer.look();
        left.bookCopies();

        assertThat(left.hasCopiesInUse()).isFalse();
        assertThat(balance()).isEqualTo(new Balance(990, 0));
        left.bookCopies();
        assertThat(balance()).isEqualTo(new Balance(990, 0));
    }

    private static Path copied(Path from, Path to) throws IOException {
        Files.createDirectory(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        }
        return to;
    }

    private void exchange(long needs) {
        Account account = Account.user(user);
        authority
                .exchange(new Exchange(
                        writer,
                        0,
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(new GrantRequest(new Shortfall(account, needs, 0, true), Optional.empty())),
                        Set.of(account)))
                .toCompletableFuture()
                .join();
    }

    private Balance balance() {
        return stores.balances().balance(AccountKind.USER, user).orElseThrow();
    }
}
