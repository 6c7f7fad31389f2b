package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Account;
import io.newapi.core.quota.InMemoryQuotaAuthority;
import io.newapi.core.quota.JournalDirectory;
import io.newapi.core.quota.JournalSettings;
import io.newapi.core.quota.LeasedLedger;
import io.newapi.core.quota.LedgerClock;
import io.newapi.core.quota.LedgerListener;
import io.newapi.core.quota.LedgerSettings;
import io.newapi.core.quota.Payer;
import io.newapi.core.quota.Quota;
import io.newapi.core.quota.RenewedLedger;
import io.newapi.core.quota.Settlement;
import io.newapi.core.quota.WriterId;
import io.newapi.server.config.LoadResult;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.ops.Condition;
import io.newapi.server.ops.Health;
import io.newapi.server.ops.ServerState;
import io.newapi.server.store.Stores;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What makes a node turn calls away that reach it all the same. */
@Timeout(60)
class NodeHealthTest {

    private static final Payer PAYER = Payer.user(1);
    private static final int SEGMENT = 256 * 1024;

    /** More than four segments take. */
    private static final int CALLS = 100;

    @TempDir
    Path directory;

    private final ScheduledExecutorService teller = Executors.newSingleThreadScheduledExecutor();
    private final InMemoryQuotaAuthority authority = new InMemoryQuotaAuthority();
    private final List<WriterId> writers = new CopyOnWriteArrayList<>();
    private final CompletableFuture<String> ended = new CompletableFuture<>();
    private final Health health = new Health(() -> ServerState.SERVING);
    private final Vertx vertx = Vertx.vertx();
    private NodeDatabases databases;
    private JournalDirectory journals;
    private RenewedLedger ledger;
    private NodeHealth looks;

    @BeforeEach
    void open() {
        ServerConfig config = ((LoadResult.Loaded) ServerConfig.load(Map.of(), directory, List.of())).config();
        databases = NodeDatabases.open(config.store(), true, vertx);
        journals = JournalDirectory.open(
                directory.resolve("journal"),
                JournalSettings.DEFAULT.withSegmentBytes(SEGMENT).withMaxBytes(4L * SEGMENT));
        authority.credit(Account.user(1), Quota.of(1_000_000));
        ledger = RenewedLedger.open(this::newLedger).toCompletableFuture().join();
        Stores stores = Stores.of(databases.main(), databases.logs(), InstantSource.system());
        looks = NodeHealth.watch(health, databases, stores.setup(), ledger, journals);
    }

    @AfterEach
    void close() {
        looks.close();
        ledger.close().toCompletableFuture().join();
        teller.shutdown();
        journals.close();
        databases.close();
        vertx.close();
    }

    /** Books an hour later: until then everything stays in the journal. */
    private CompletionStage<LeasedLedger> newLedger() {
        WriterId writer = WriterId.random(new SecureRandom());
        writers.add(writer);
        return LeasedLedger.open(
                authority,
                journals.create(writer),
                LedgerClock.system(),
                teller,
                LedgerSettings.DEFAULT.withBookingDelay(Duration.ofHours(1)).withHeartbeat(Duration.ofSeconds(40)),
                new LedgerListener() {
                    @Override
                    public void ended(String reason) {
                        ended.complete(reason);
                    }
                });
    }

    @Test
    void aJournalWithoutRoomDoes() {
        assertThat(health.report().ready()).isTrue();
        String detail = "x".repeat(Settlement.MAX_DETAIL_CHARS);
        for (int call = 0; call < CALLS; call++) {
            ledger.unchecked(PAYER).settle(new Settlement("call-" + call, Quota.of(1), 0, 1, 0, 0, 0, detail));
        }

        looks.look();

        assertThat(health.report().ready()).isFalse();
        assertThat(health.report().parts()).containsEntry("journal", Condition.failed("no_room"));
    }

    @Test
    void aLedgerThatWasEndedDoesUntilTheNextLookRenewsIt() {
        authority.beginClose(writers.get(0)).toCompletableFuture().join();
        authority.finishClose(writers.get(0)).toCompletableFuture().join();
        ledger.poke();
        assertThat(ended.join()).isEqualTo("this ledger was closed by another");
        assertThat(health.report().ready()).isFalse();
        assertThat(health.report().parts())
                .containsEntry("ledger", Condition.failed("ended"))
                .containsEntry("journal", Condition.ok());

        looks.look();

        assertThat(health.report().parts()).containsEntry("ledger", Condition.ok());
        assertThat(health.report().ready()).isTrue();
        assertThat(writers).hasSize(2);
    }
}
