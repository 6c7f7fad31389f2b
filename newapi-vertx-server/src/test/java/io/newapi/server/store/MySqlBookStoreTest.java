package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class MySqlBookStoreTest extends BookStoreSuite {

    /** InnoDB renews the table of transactions only when nobody has read it for 100 ms. */
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(150);

    private static MySqlTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = MySqlTestDatabase.create(MariaDb.orLeaveOut("the books on MySQL and MariaDB"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Test
    void anAccountIsMetRightlyWhileItsLogRowsAreBeingRemoved() {
        test.execute(
                "insert into users (id, username, password, quota, used_quota) values (77, 'foreign', 'x', 5, 60)");
        test.execute("insert into logs (user_id, type, quota, created_at) values (77, 2, 60, 5)");
        CountDownLatch noted = new CountDownLatch(1);
        CountDownLatch mayCommit = new CountDownLatch(1);

        // a thread for each: the common pool may have one for all
        Executor threads = task -> new Thread(task).start();
        CompletableFuture<?> removal = CompletableFuture.runAsync(
                () -> test.database.write(context -> {
                    test.unlogged(context, 77, 60);
                    context.execute("delete from logs where user_id = 77");
                    noted.countDown();
                    await(mayCommit);
                    return context;
                }),
                threads);
        await(noted);
        CompletableFuture<?> audit = CompletableFuture.runAsync(() -> books.check(BookKind.USER, 0, 100), threads);
        // without the lock it would be done by then, and have measured what is about to go
        while (!audit.isDone() && waitingTransactions() == 0) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        mayCommit.countDown();
        removal.join();
        audit.join();

        assertThat(audit(BookKind.USER)).isEmpty();
    }

    private long waitingTransactions() {
        return Long.parseLong(
                test.query("select count(*) from information_schema.innodb_trx" + " where trx_state = 'LOCK WAIT'")
                        .get(0));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
