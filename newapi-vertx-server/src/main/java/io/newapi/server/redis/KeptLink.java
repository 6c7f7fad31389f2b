package io.newapi.server.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.RedisConnection;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A way to Redis, kept: whatever happens to the server or the way to it, there is a new one as soon as that is possible, to
 * another server if need be.
 *
 * <pre>
 *   APART --find, make--> JOINED --a connection ends, no answer, not approved--> APART, after a pause
 * </pre>
 *
 * <p>All work is done on the one context that it was made on; {@link #use} and {@link #close} may be called on any.
 *
 * @param <L> the way
 */
final class KeptLink<L extends KeptLink.Link> {

    private static final int PULSE_MILLIS = 2_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /**
     * The connections of one joining. They have a client of their own, because a client gives connections out again that
     * seem to be good, and here they are often not.
     */
    interface Link {
        /** The one that was found. */
        ServerAddress server();

        /** To that server; asked again and again whether what is said there reaches everybody. */
        RedisConnection asked();

        /** Succeeds if all that must answer does: a way that was cut in the middle closes no connection. */
        Future<?> answers();

        /** Ends it for good. */
        Future<Void> close();
    }

    /** Whose way it is; told on the context. */
    interface Owner<L> {
        /**
         * Makes the connections to a server, {@linkplain KeptLink#watch watched} and {@linkplain KeptLink#approve approved}. What it has begun
         * when it fails, it ends.
         */
        Future<L> make(ServerAddress server);

        /** From now on there is a way. */
        void joined();

        /** There is none; told once until there is one again. */
        void apart(String why);

        /** There is one, after it was told that there was none, and before {@link #joined}. */
        void again(ServerAddress server);
    }

    private final Vertx vertx;
    private final Context context;
    private final Search search;
    private final Owner<L> owner;
    private @Nullable L link;
    private boolean told;
    private boolean closed;
    private int failures;
    private long pulse;

    /** Not looked for yet. */
    KeptLink(Vertx vertx, RedisServers servers, Owner<L> owner) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.search = servers.search(vertx);
        this.owner = owner;
    }

    /** Begins to look for a way, and never gives up. */
    void start() {
        context.runOnContext(now -> connect());
    }

    /** Uses the way; fails at once if there is none. */
    Future<Void> use(Function<L, Future<Void>> work) {
        return onContext(() -> {
            L now = link;
            return now == null ? Future.failedFuture("not joined") : work.apply(now);
        });
    }

    /** Ends it for good. */
    Future<Void> close() {
        return onContext(() -> {
            closed = true;
            vertx.cancelTimer(pulse);
            search.close();
            L now = link;
            link = null;
            return now == null ? Future.succeededFuture() : now.close();
        });
    }

    /** Asks whether what is said at a server reaches everybody; fails with the reason if not. */
    Future<Void> approve(ServerAddress server, RedisConnection connection) {
        return search.approve(server, connection);
    }

    /** From now on the way is lost when this connection of it ends. */
    void watch(L made, RedisConnection connection) {
        connection
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, Answers.reason(failure)));
    }

    /** This way is of no use any more; there will be another one. Nothing if it has been replaced already. */
    void lost(L made, String why) {
        if (made != link) {
            return;
        }
        link = null;
        vertx.cancelTimer(pulse);
        made.close();
        apart(new IllegalStateException(why));
    }

    private Future<Void> onContext(Supplier<Future<Void>> work) {
        return Future.future(promise -> context.runOnContext(now -> work.get().onComplete(promise)));
    }

    private void connect() {
        if (closed) {
            return;
        }
        // what is thrown is a failure too, and tried again
        Future.succeededFuture()
                .compose(now -> search.next())
                .compose(owner::make)
                .onSuccess(this::joined)
                .onFailure(this::apart);
    }

    private void joined(L made) {
        if (closed) {
            made.close();
            return;
        }
        link = made;
        failures = 0;
        if (told) {
            owner.again(made.server());
        }
        told = false;
        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
        owner.joined();
    }

    /** A master that becomes a replica closes no connection either. */
    private void feelPulse(L made) {
        made.answers()
                .compose(alive -> search.approve(made.server(), made.asked()))
                .onFailure(failure -> lost(made, Answers.reason(failure)))
                .onSuccess(approved -> {
                    if (made == link) {
                        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
                    }
                });
    }

    private void apart(Throwable failure) {
        if (closed) {
            return;
        }
        if (!told) {
            owner.apart(Answers.reason(failure));
        }
        told = true;
        long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
        failures++;
        // not all nodes at once
        vertx.setTimer(pause + ThreadLocalRandom.current().nextLong(pause), fired -> connect());
    }
}
