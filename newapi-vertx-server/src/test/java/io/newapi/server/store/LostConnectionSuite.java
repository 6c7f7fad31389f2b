package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.testing.TcpProxy;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a failover, a restart and a proxy do to connections, nobody who calls the database needs to know. */
abstract class LostConnectionSuite {

    /** The common pool may have a single thread. */
    private static final Executor THREADS = task -> new Thread(task, "calling").start();

    private TcpProxy proxy;
    private Database database;

    abstract int port();

    /** Where the test's database is, by way of another port. */
    abstract ServerLocation location(int port);

    /** Ends the connections of all but the superuser. */
    abstract void killConnections();

    abstract void restart();

    /** What connections may do that begin from now on. */
    abstract void letNewConnectionsWrite(boolean allowed);

    /** How long the server waits for the next statement of a transaction before it ends the connection, as the session says. */
    abstract String idleLimit();

    @BeforeEach
    void open() {
        proxy = TcpProxy.to(port());
        database = Database.open(location(proxy.port()));
        database.write(context -> {
            context.execute("drop table if exists kept");
            return context.execute("create table kept (number bigint)");
        });
    }

    @AfterEach
    void close() {
        database.close();
        proxy.close();
    }

    private void add(int number) {
        database.write(context -> context.execute("insert into kept values (" + number + ")"));
    }

    private int rows() {
        return database.read(
                context -> context.fetchSingle("select count(*) from kept").get(0, Integer.class));
    }

    @Test
    void theNextCallsSucceedAfterAllConnectionsWereKilled() {
        add(1);
        assertThat(rows()).isEqualTo(1);

        killConnections();
        add(2);
        killConnections();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aTransactionThatLosesItsConnectionIsRunAgainFromItsBeginning() {
        AtomicInteger runs = new AtomicInteger();

        database.write(context -> {
            context.execute("insert into kept values (1)");
            if (runs.incrementAndGet() == 1) {
                killConnections();
            }
            return context.execute("insert into kept values (2)");
        });

        assertThat(runs).hasValue(2);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aTransactionThatLosesItsConnectionAtItsCommitIsInDoubtAndNotRunAgain() {
        AtomicInteger runs = new AtomicInteger();

        assertThatThrownBy(() -> database.write(context -> {
                    context.execute("insert into kept values (" + runs.incrementAndGet() + ")");
                    proxy.cut();
                    return context;
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.IN_DOUBT));
        proxy.mend();

        assertThat(runs).hasValue(1);
        assertThat(rows()).isZero();
    }

    @Test
    void whatWasOnlyReadIsReadAgain() {
        AtomicInteger runs = new AtomicInteger();
        add(1);

        int read = database.read(context -> {
            int rows = rows();
            if (runs.incrementAndGet() == 1) {
                proxy.cut();
                proxy.mend();
            }
            return rows;
        });

        assertThat(read).isEqualTo(1);
        assertThat(runs).hasValue(2);
    }

    @Test
    void whoAlwaysLosesTheConnectionIsToldSoInTheEnd() {
        assertThatThrownBy(() -> database.write(context -> {
                    killConnections();
                    return context.execute("insert into kept values (1)");
                }))
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.UNREACHABLE));
        assertThat(rows()).isZero();
    }

    @Test
    void whoStandsStillInsideATransactionKeepsItsLocksForTenSeconds() {
        assertThat(database.<String>write(
                        context -> context.fetchSingle(idleLimit()).get(0, String.class)))
                .isIn("10.000000", "10", "10s");
    }

    /** It waits for a lock for five. */
    @Test
    void theLedgerKeepsThemForLessTimeThanItWaitsForThem() {
        try (Database ledger = Database.openForLedger(location(proxy.port()))) {
            assertThat(ledger.<String>write(
                            context -> context.fetchSingle(idleLimit()).get(0, String.class)))
                    .isIn("3.000000", "3", "3s");
        }
    }

    @Test
    void theNextCallsSucceedAfterARestart() {
        add(1);
        assertThat(rows()).isEqualTo(1);

        restart();
        assertThat(rows()).isEqualTo(1);
        add(2);
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void theNextCallsSucceedWhenAProxyWasCutAndMended() {
        add(1);
        proxy.cut();
        proxy.mend();
        assertThat(rows()).isEqualTo(1);

        proxy.cut();
        CompletableFuture<Void> waiting = CompletableFuture.runAsync(() -> add(2), THREADS);
        proxy.mend();
        waiting.join();
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void aServerThatOnlyReadsIsLeftForTheOneThatWrites() {
        database.close();
        letNewConnectionsWrite(false);
        try {
            database = Database.open(location(proxy.port()));
            assertThat(rows()).isZero();
        } finally {
            letNewConnectionsWrite(true);
        }

        add(1);

        assertThat(rows()).isEqualTo(1);
    }

    @Test
    void aServerThatOnlyReadsForGoodIsReportedAsNotThere() {
        database.close();
        letNewConnectionsWrite(false);
        try {
            database = Database.open(location(proxy.port()));

            assertThatThrownBy(() -> add(1))
                    .isInstanceOfSatisfying(
                            DatabaseException.class,
                            e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.UNREACHABLE));
        } finally {
            letNewConnectionsWrite(true);
        }
    }
}
