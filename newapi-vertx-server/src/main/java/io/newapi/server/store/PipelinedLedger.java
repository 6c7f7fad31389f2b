package io.newapi.server.store;

import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * The ledger's conversations with a MySQL or MariaDB server, over one connection, a stage in one round trip. A COMMIT is
 * sent alone, after everything before it was answered: else a lost connection would leave more in doubt than that. Blocks;
 * thread-safe: one speaks at a time.
 */
final class PipelinedLedger implements AutoCloseable {

    private static final long RECONNECT_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Vertx vertx;
    private final Context home;
    private final MySqlLocation location;
    private final ConnectionUse use;
    private final MySqlEngine engine;
    private final DSLContext writing;
    private final ReentrantLock turn = new ReentrantLock();
    private @Nullable MySqlLine line;
    private volatile boolean closed;

    /** @param writing what statements are written in; never executes any */
    PipelinedLedger(Vertx vertx, MySqlLocation location, ConnectionUse use, MySqlEngine engine, DSLContext writing) {
        this.vertx = vertx;
        this.home = vertx.getOrCreateContext();
        this.location = location;
        this.use = use;
        this.engine = engine;
        this.writing = writing;
    }

    /**
     * Connects.
     *
     * @throws DatabaseException if the server cannot be reached in this way, or does not let this user in
     */
    void connectNow() {
        turn.lock();
        try {
            connected();
        } catch (DataAccessException e) {
            throw DatabaseException.of("connect to the database " + location, e);
        } finally {
            turn.unlock();
        }
    }

    /**
     * Runs {@code work} in one transaction, as {@link Database#write}.
     *
     * @throws DatabaseException if the database fails
     */
    <T extends @Nullable Object> T converse(String doing, Function<Conversation, T> work) {
        turn.lock();
        try {
            return withRetry(doing, work);
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void close() {
        closed = true;
        turn.lock();
        try {
            giveUpConnection();
        } finally {
            turn.unlock();
        }
    }

    private <T extends @Nullable Object> T withRetry(String doing, Function<Conversation, T> work) {
        for (int attempt = 1; ; attempt++) {
            if (closed) {
                throw ended(doing, null);
            }
            boolean isFresh = !isUsable();
            Speaking speaking = new Speaking();
            try {
                return transaction(speaking, work);
            } catch (CommitInDoubtException e) {
                throw new DatabaseException(
                        DatabaseException.Reason.IN_DOUBT, "cannot tell whether it could " + doing, e);
            } catch (DataAccessException e) {
                boolean isLocked = DatabaseException.reasonOf(e) == DatabaseException.Reason.LOCKED;
                // over JDBC the pool would have noticed when it lent the connection; nothing was answered on this one
                boolean isStale = !isFresh && !speaking.answered && DatabaseException.isLostConnection(e);
                if (closed) {
                    throw ended(doing, e);
                }
                if (!isLocked && DatabaseException.reasonOf(e) != DatabaseException.Reason.MISFIT) {
                    giveUpConnection();
                }
                if (attempt >= engine.attempts() || !(isLocked || isStale)) {
                    throw DatabaseException.of(doing, e);
                }
                engine.pauseBeforeRetry(attempt);
            }
        }
    }

    private static DatabaseException ended(String doing, @Nullable Throwable cause) {
        return new DatabaseException(DatabaseException.Reason.CLOSED, "cannot " + doing + ": it was closed", cause);
    }

    private <T extends @Nullable Object> T transaction(Speaking speaking, Function<Conversation, T> work) {
        MySqlLine speakingOn = connected();
        speaking.on = speakingOn;
        boolean ended = false;
        try {
            T result = work.apply(speaking);
            ended = true;
            commit(speakingOn);
            return result;
        } finally {
            if (!ended) {
                rollback(speakingOn);
            }
        }
    }

    private void giveUpConnection() {
        if (line != null) {
            line.leave();
            line = null;
        }
    }

    private boolean isUsable() {
        Duration lifetime = location.pooling().maxLifetime();
        MySqlLine current = line;
        return current != null
                && current.isOpen()
                && (lifetime.isZero() || current.age().compareTo(lifetime) < 0);
    }

    private MySqlLine connected() {
        MySqlLine current = line;
        if (current != null && isUsable()) {
            return current;
        }
        giveUpConnection();
        MySqlLine fresh = connect();
        line = fresh;
        return fresh;
    }

    /** A server that restarts is waited for, as a pool of JDBC's does. */
    private MySqlLine connect() {
        long begunNanos = System.nanoTime();
        while (true) {
            try {
                return await(MySqlLine.open(vertx, home, location, use, MySqlEngine.greetings(location, use)));
            } catch (DataAccessException e) {
                boolean isLate = System.nanoTime() - begunNanos > use.patience().toNanos();
                if (closed || isLate || !DatabaseException.isLostConnection(e)) {
                    throw e;
                }
                LockSupport.parkNanos(RECONNECT_PAUSE_NANOS);
            }
        }
    }

    /** Whatever comes instead of success, nothing else is said on this connection. */
    private void commit(MySqlLine on) {
        try {
            await(on.execute("commit"));
        } catch (DataAccessException e) {
            on.cut();
            throw engine.inDoubt(e.getCause() instanceof SQLException cause ? cause : new SQLException(e));
        }
    }

    /** The failure that led here is the one worth reporting; a connection that cannot roll back is thrown away. */
    private static void rollback(MySqlLine on) {
        if (!on.isOpen()) {
            return;
        }
        try {
            await(on.execute("rollback"));
        } catch (DataAccessException e) {
            on.cut();
        }
    }

    private static <T extends @Nullable Object> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof DataAccessException failure) {
                // with the trace of the one who waits
                throw new DataAccessException(String.valueOf(failure.getMessage()), failure.getCause());
            }
            throw new DataAccessException("the database client failed", e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new DataAccessException("interrupted while waiting for the database", e);
        }
    }

    /** One transaction. */
    private final class Speaking implements Conversation {
        private @Nullable MySqlLine on;
        private boolean answered;

        @Override
        public DSLContext context() {
            return writing;
        }

        @Override
        public List<Said> say(List<Saying> stage) {
            MySqlLine speakingOn = on;
            if (speakingOn == null) {
                throw new IllegalStateException("no transaction");
            }
            List<Said> answers = await(speakingOn.say(writing, stage));
            answered = true;
            return answers;
        }
    }
}
