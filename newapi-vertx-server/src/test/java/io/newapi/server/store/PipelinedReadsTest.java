package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.TcpProxy;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What calls read from MariaDB over one connection is what the stores would have read, whatever becomes of it. */
class PipelinedReadsTest {

    private static MariaDb server;
    private static MySqlTestDatabase shared;
    private static Vertx vertx;

    private TestDatabase test;
    private TcpProxy proxy;
    private PipelinedReads reads;

    @BeforeAll
    static void createShared() {
        server = MariaDb.orLeaveOut("what calls read from MySQL and MariaDB at once");
        shared = MySqlTestDatabase.create(server);
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void stop() {
        if (vertx != null) {
            vertx.close();
        }
    }

    @BeforeEach
    void open() {
        test = shared.emptied();
        proxy = TcpProxy.to(server.port(), Duration.ofMillis(5));
        reads = reads();
    }

    @AfterEach
    void close() {
        reads.close();
        proxy.close();
        test.close();
    }

    private PipelinedReads reads() {
        return PipelinedReads.open(
                        TestDatabase.location(proxy.port(), shared.location().database()), vertx)
                .orElseThrow();
    }

    private static <T> T join(Future<T> future) {
        return future.toCompletionStage().toCompletableFuture().join();
    }

    private void token(long id, long user, String key) {
        test.execute(
                "insert into tokens (id, user_id, `key`, name, status, remain_quota, unlimited_quota, expired_time,"
                        + " model_limits_enabled, model_limits, allow_ips, `group`, cross_group_retry) values (" + id
                        + ", " + user
                        + ", '" + key + "', 'laptop', 1, 700, false, -1, true, 'a,b', '10.0.0.0/8', 'vip', true)");
    }

    @Test
    void aKeyIsFoundWithEverythingThatTheStoresKnowOfIt() {
        long user = test.user("ada", 5000);
        test.execute("update users set setting = '{\"record_ip_log\":true}', remark = null, email = 'ada@example.com'");
        token(11, user, "key-1");
        test.lease("w", AccountKind.USER, user, 30);
        test.lease("w", AccountKind.TOKEN, 11, 20);

        KeyRows found = join(reads.byKey("key-1")).orElseThrow();

        assertThat(found.token()).isEqualTo(test.stores.tokens().byKey("key-1").orElseThrow());
        assertThat(found.user()).isEqualTo(test.stores.users().byId(user).orElseThrow());
    }

    @Test
    void whatIsNotThereOrDeletedIsNotFound() {
        long user = test.user("ada", 5000);
        long gone = test.user("bob", 5000);
        token(11, user, "deleted");
        token(12, gone, "of-deleted");
        token(13, 99, "of-nobody");
        test.execute("update tokens set deleted_at = '2026-01-01 00:00:00' where id = 11");
        test.execute("update users set deleted_at = '2026-01-01 00:00:00' where id = " + gone);

        assertThat(List.of("unknown", "deleted", "of-deleted", "of-nobody", ""))
                .allSatisfy(key -> assertThat(join(reads.byKey(key))).isEmpty());
    }

    @Test
    void upperAndLowerCaseAreToldApartThoughTheDatabaseTakesThemForTheSame() {
        long ada = test.user("ada", 5000);
        test.execute("alter table tokens modify `key` varchar(48) collate utf8mb4_general_ci");
        token(11, ada, "Key");

        assertThat(join(reads.byKey("key"))).isEmpty();
        assertThat(join(reads.byKey("Key")).orElseThrow().user().id()).isEqualTo(ada);
    }

    @Test
    void manyWhoAskAtOnceDoNotWaitForEachOther() {
        long user = test.user("ada", 5000);
        token(11, user, "key-1");
        join(reads.byKey("key-1"));
        int before = proxy.roundTrips();

        List<Future<Optional<KeyRows>>> asked = new ArrayList<>();
        proxy.hold();
        for (int i = 0; i < 100; i++) {
            asked.add(reads.byKey(i % 2 == 0 ? "key-1" : "unknown"));
        }
        proxy.mend();

        assertThat(join(Future.all(asked)).<Optional<KeyRows>>list())
                .filteredOn(Optional::isPresent)
                .hasSize(50);
        assertThat(proxy.roundTrips() - before).isLessThan(20);
    }

    @Test
    void aConnectionThatIsLostIsReplacedAndWhoAskedIsAnswered() {
        long user = test.user("ada", 5000);
        token(11, user, "key-1");

        proxy.cut();
        proxy.mend();
        assertThat(join(reads.byKey("key-1"))).isPresent();

        proxy.hold();
        List<Future<Optional<KeyRows>>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(reads.byKey("key-1"));
        }
        proxy.cut();
        proxy.mend();
        assertThat(join(Future.all(asked)).<Optional<KeyRows>>list()).allMatch(Optional::isPresent);
    }

    @Test
    void aServerThatDoesNotAnswerIsNotWaitedForByOneAfterTheOther() {
        proxy.hold();

        assertThatThrownBy(() -> join(reads.byKey("key-1")))
                .cause()
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.UNREACHABLE));
        assertThatThrownBy(() -> join(reads.byKey("key-1"))).hasMessageContaining("a moment ago");
    }

    @Test
    void whoAsksAfterTheEndIsToldSo() {
        reads.close();

        assertThatThrownBy(() -> join(reads.byKey("key-1")))
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOfSatisfying(
                        DatabaseException.class,
                        e -> assertThat(e.reason()).isEqualTo(DatabaseException.Reason.CLOSED));
    }
}
