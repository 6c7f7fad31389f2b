package io.newapi.server;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.Account;
import io.newapi.server.config.RedisConfig;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.redis.RedisCommands;
import io.newapi.server.store.AccountKind;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.NewToken;
import io.newapi.server.store.NewUser;
import io.newapi.server.store.Schema;
import io.newapi.server.store.SqliteLocation;
import io.newapi.server.store.Stores;
import io.newapi.server.store.TokenOutcome;
import io.newapi.server.store.TokenRow;
import io.newapi.server.store.UserOutcome;
import io.newapi.server.testing.RedisClusterServers;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TcpProxy;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nodes of the original keep in a Redis, a real one, follows what is changed here. */
class OriginalCachesTest {

    private static final String UNTESTED = "caches of the original's nodes that follow changes";
    private static final OriginalKeys KEYS = new OriginalKeys("a secret that all nodes know".getBytes(UTF_8));

    @TempDir
    Path path;

    private final List<AutoCloseable> opened = new ArrayList<>();
    private Vertx vertx;
    private Stores stores;
    private long user;
    private TokenRow token;

    @BeforeEach
    void prepare() {
        vertx = Vertx.vertx();
        opened.add(() -> Blocking.await(vertx.close().toCompletionStage()));
        Database database = opened(Database.open(DatabaseConfig.of(SqliteLocation.of(path.resolve("one-api.db")))));
        Schema.create(database);
        stores = Stores.of(database, InstantSource.system());
        user = ((UserOutcome.Saved) stores.users().create(NewUser.of("someone", "", "someone", 1, 100), 0))
                .user()
                .id();
        token = token("key");
    }

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    private TokenRow token(String name) {
        return ((TokenOutcome.Created) stores.tokens().create(NewToken.unlimited(user, name), 100, 0)).token();
    }

    private OriginalCaches caches(Map<String, String> settings) {
        RedisConfig redis = BridgedNode.config(settings);
        return opened(new OriginalCaches(vertx, NodeRedis.place(redis), stores.tokens(), KEYS));
    }

    /** As a node of the original would have left them. */
    private void keep(RedisServer redis) {
        redis.command("HSET", ofUser(), "Id", Long.toString(user), "Quota", "100");
        redis.command("HSET", ofToken(), "Id", Long.toString(token.id()), "RemainQuota", "0");
        redis.command("HSET", "user:999", "Id", "999");
    }

    private String ofUser() {
        return OriginalKeys.ofUser(user);
    }

    private String ofToken() {
        return KEYS.ofToken(token.key());
    }

    private static Map<String, String> at(int port, RedisServer redis) {
        return Map.of("REDIS_CONN_STRING", "127.0.0.1:" + port, "REDIS_PASSWORD", redis.password());
    }

    @Test
    void whatIsChangedIsRemovedAndNothingElse() {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        OriginalCaches caches = caches(at(redis.port(), redis));
        keep(redis);

        caches.userChanged(user);
        redis.awaitNo(ofUser());
        caches.tokenChanged(user, token.id());
        redis.awaitNo(ofToken());

        keep(redis);
        caches.balanceChanged(AccountKind.USER.code(), user);
        caches.balanceChanged(AccountKind.TOKEN.code(), token.id());
        redis.awaitNo(ofUser());
        redis.awaitNo(ofToken());
        assertThat(redis.command("EXISTS", "user:999")).isEqualTo("1");
        assertThat(caches.dropped()).isZero();
    }

    @Test
    void aRowThatWasReadBeforeTheChangeAndIsStoredAfterItIsRemovedToo() {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        OriginalCaches caches = caches(at(redis.port(), redis));
        keep(redis);
        caches.tokenChanged(user, token.id());
        redis.awaitNo(ofToken());

        keep(redis);

        redis.awaitNo(ofToken());
    }

    @Test
    void balancesThatMoveAreRemoved() {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        OriginalCaches caches = caches(at(redis.port(), redis));
        keep(redis);

        caches.moved(Set.of(Account.user(user), Account.token(token.id()), Account.token(77)));

        redis.awaitNo(ofUser());
        redis.awaitNo(ofToken());
    }

    @Test
    void theTokensOfADeletedUserAreRemovedWithHim() {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        OriginalCaches caches = caches(at(redis.port(), redis));
        keep(redis);
        stores.users().softDelete(user);

        caches.userChanged(user);

        redis.awaitNo(ofUser());
        redis.awaitNo(ofToken());
    }

    @Test
    void whatIsChangedWhileRedisCannotBeReachedIsRemovedWhenItCan() throws InterruptedException {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        TcpProxy way = opened(TcpProxy.to(redis.port()));
        try (LoggedLines lines = new LoggedLines(RedisCommands.class)) {
            OriginalCaches caches = caches(at(way.port(), redis));
            keep(redis);
            way.cut();
            lines.await("cannot be used");
            caches.userChanged(user);
            caches.moved(Set.of(Account.token(token.id())));
            assertThat(redis.command("EXISTS", ofUser(), ofToken())).isEqualTo("2");

            way.mend();

            lines.await("is there again");
        }
        redis.awaitNo(ofUser());
        redis.awaitNo(ofToken());
    }

    @Test
    void moreThanCanWaitIsLeftToItsExpiryWithOneWarning() throws InterruptedException {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        redis.kill();
        OriginalCaches caches = caches(at(redis.port(), redis));

        try (LoggedLines lines = new LoggedLines(OriginalCaches.class)) {
            for (long id = 1; id <= 2 * OriginalCaches.MAX_WAITING; id++) {
                caches.moved(Set.of(Account.user(id)));
            }
            lines.await("see some changes when what they keep in Redis expires");
        }

        assertThat(caches.dropped()).isPositive();
    }

    @Test
    void aRedisThatDoesNotAllowItIsSpokenOfOnce() throws InterruptedException {
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        redis.command("ACL", "SETUSER", "gateway", "on", ">hunter2", "resetchannels", "+ping");
        OriginalCaches caches =
                caches(Map.of("REDIS_CONN_STRING", "redis://gateway:hunter2@127.0.0.1:" + redis.port()));

        try (LoggedLines lines = new LoggedLines(OriginalCaches.class)) {
            caches.userChanged(user);
            assertThat(lines.await("see some changes")).contains("unlink");
        }
        assertThat(caches.dropped()).isPositive();
    }

    @Test
    void inARedisClusterEachIsRemovedWhereItIs() {
        RedisClusterServers redis = opened(RedisClusterServers.orLeaveOut(UNTESTED));
        OriginalCaches caches =
                caches(Map.of("REDIS_CONN_STRING", redis.server(0), "REDIS_PASSWORD", redis.password()));
        List<TokenRow> tokens = List.of(token, token("b"), token("c"), token("d"), token("e"), token("f"));
        tokens.forEach(kept -> redis.command("HSET", KEYS.ofToken(kept.key()), "Id", Long.toString(kept.id())));
        redis.command("HSET", ofUser(), "Id", Long.toString(user));

        tokens.forEach(changed -> caches.tokenChanged(user, changed.id()));
        caches.userChanged(user);

        tokens.forEach(changed -> redis.awaitNo(KEYS.ofToken(changed.key())));
        redis.awaitNo(ofUser());
    }
}
