package io.newapi.server.store;

import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jooq.DSLContext;
import org.jooq.Query;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a call reads from MySQL or MariaDB when no cache knows it, without a thread that waits: over one connection,
 * however many ask. Thread-safe; never blocks but when it is opened.
 *
 * <p>A connection that is lost is replaced, and what was asked on it is asked again, like on connections of JDBC.
 */
public final class PipelinedReads implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PipelinedReads.class);
    private static final int ATTEMPTS_WHEN_LOST = 4;
    private static final long RECONNECT_PAUSE_MILLIS = 100;

    /** For how long callers are told at once that the database is away, after one has waited for it. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final ConnectionUse USE = ConnectionUse.ORDINARY_LATER;

    private final Vertx vertx;
    private final Context home;
    private final MySqlLocation location;
    private final DSLContext writing;
    private volatile boolean closed;
    private volatile long restsUntilNanos = System.nanoTime();

    // ---- guarded by this ----

    private @Nullable MySqlLine line;
    private @Nullable Future<MySqlLine> connecting;

    PipelinedReads(Vertx vertx, MySqlLocation location, DSLContext writing) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.location = location;
        this.writing = writing;
    }

    /**
     * Connects to a database that JDBC has connected to already. Empty where the server is of another kind, or where the
     * client for this cannot log in, which is logged: then everything is read over JDBC. Blocks.
     *
     * @param vertx must outlive it
     */
    public static Optional<PipelinedReads> open(ServerLocation location, Vertx vertx) {
        return location.match(mysql -> openMySql(mysql, vertx), postgres -> Optional.empty());
    }

    private static Optional<PipelinedReads> openMySql(MySqlLocation location, Vertx vertx) {
        PipelinedReads reads = new PipelinedReads(vertx, location, MySqlEngine.writing(location));
        try {
            reads.connected().toCompletionStage().toCompletableFuture().join();
            return Optional.of(reads);
        } catch (RuntimeException e) {
            LOG.warn(
                    "what calls read is read over JDBC: {}",
                    DatabaseException.of("connect to the database " + location, e)
                            .getMessage());
            reads.close();
            return Optional.empty();
        }
    }

    /**
     * The live token with exactly this key, with its live user: what {@link TokenStore#byKey} and {@link UserStore#byId}
     * would find.
     */
    public Future<Optional<KeyRows>> byKey(String key) {
        if (key.isEmpty()) {
            return Future.succeededFuture(Optional.empty());
        }
        return ask(List.of(TokenStore.withKey(writing, key), UserStore.ofKey(writing, key)))
                .map(answers -> TokenStore.exactly(
                                key, answers.get(0).rows().stream().map(TokenRows::row))
                        .flatMap(token -> answers.get(1).rows().stream()
                                .map(UserRows::row)
                                .filter(user -> user.id() == token.userId())
                                .findFirst()
                                .map(user -> new KeyRows(token, user))));
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (line != null) {
            line.leave();
            line = null;
        }
    }

    private Future<List<Said>> ask(List<Query> queries) {
        List<Saying> stage =
                queries.stream().map(query -> new Saying(query, Misfits.END_IT)).toList();
        if (restsUntilNanos - System.nanoTime() > 0) {
            return Future.failedFuture(new DatabaseException(
                    DatabaseException.Reason.UNREACHABLE,
                    "cannot read from " + location + ": it could not be reached a moment ago",
                    null));
        }
        return ask(stage, 1)
                .onFailure(e -> {
                    if (DatabaseException.reasonOf(e) == DatabaseException.Reason.UNREACHABLE) {
                        restsUntilNanos = System.nanoTime() + REST_NANOS;
                    }
                })
                .recover(e -> Future.failedFuture(
                        closed
                                ? new DatabaseException(
                                        DatabaseException.Reason.CLOSED,
                                        "cannot read from " + location + ": it was closed",
                                        e)
                                : DatabaseException.of("read from " + location, e)));
    }

    private Future<List<Said>> ask(List<Saying> stage, int attempt) {
        return connected()
                .compose(on -> on.say(writing, stage)
                        .recover(e -> attempt < ATTEMPTS_WHEN_LOST && DatabaseException.isLostConnection(e)
                                ? ask(stage, attempt + 1)
                                : Future.failedFuture(e)));
    }

    /** The connection, for all that ask meanwhile. */
    private synchronized Future<MySqlLine> connected() {
        if (closed) {
            return Future.failedFuture(new IllegalStateException("closed"));
        }
        MySqlLine current = line;
        if (current != null && current.isOpen() && !isOld(current)) {
            return Future.succeededFuture(current);
        }
        Future<MySqlLine> underWay = connecting;
        if (underWay != null) {
            return underWay;
        }
        if (current != null) {
            // those who have asked are still answered
            current.leave();
            line = null;
        }
        Promise<MySqlLine> promise = Promise.promise();
        connecting = promise.future();
        connect(System.nanoTime(), promise);
        return promise.future();
    }

    private boolean isOld(MySqlLine current) {
        Duration lifetime = location.pooling().maxLifetime();
        return !lifetime.isZero() && current.age().compareTo(lifetime) >= 0;
    }

    /** A server that restarts is waited for, as a pool of JDBC's does. */
    private void connect(long begunNanos, Promise<MySqlLine> promise) {
        MySqlLine.open(vertx, home, location, USE, MySqlEngine.greetings(location, USE))
                .onComplete(opened -> {
                    if (opened.succeeded()) {
                        settle(opened.result());
                        promise.complete(opened.result());
                        return;
                    }
                    long left = begunNanos + USE.patience().toNanos() - System.nanoTime();
                    if (!closed
                            && DatabaseException.isLostConnection(opened.cause())
                            && left > TimeUnit.MILLISECONDS.toNanos(RECONNECT_PAUSE_MILLIS)) {
                        vertx.setTimer(RECONNECT_PAUSE_MILLIS, again -> connect(begunNanos, promise));
                    } else {
                        settle(null);
                        promise.fail(opened.cause());
                    }
                });
    }

    private synchronized void settle(@Nullable MySqlLine opened) {
        connecting = null;
        line = opened;
        if (closed && opened != null) {
            opened.leave();
            line = null;
        }
    }
}
