package io.newapi.server.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisClientType;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands to Redis over one connection, which is replaced when it ends, or leads to a server that is no master any more.
 * Nothing waits for a connection: what is said while there is none fails at once.
 *
 * <pre>
 *   APART --find, connect, approve--> JOINED --connection ends, no answer, not approved--> APART, after a pause
 * </pre>
 *
 * <p>All work is done on the one context that it was made on; {@link #remove} may be called on any.
 */
public final class RedisCommands {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCommands.class);
    private static final int PULSE_MILLIS = 2_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** One way to Redis. */
    private static final class Link {
        private final ServerAddress server;
        private final Redis client;
        /** To the one server that was found. */
        private final RedisConnection asked;
        /** Of all servers of the Redis Cluster that it is of; null if it is of none. */
        private final @Nullable Redis cluster;
        /** For commands. */
        private final RedisConnection used;

        private Link(
                ServerAddress server,
                Redis client,
                RedisConnection asked,
                @Nullable Redis cluster,
                RedisConnection used) {
            this.server = server;
            this.client = client;
            this.asked = asked;
            this.cluster = cluster;
            this.used = used;
        }

        private Future<Void> close() {
            Future<Void> closed = client.close();
            return cluster == null
                    ? closed
                    : Future.join(closed, cluster.close()).mapEmpty();
        }
    }

    /** What Redis did not take, though it was there: it would not take it again. */
    public static final class RefusedException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private RefusedException(String answer) {
            super(answer, null, false, false);
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final RedisServers servers;
    private final Search search;
    private final String purpose;
    private final Runnable joined;
    private @Nullable Link link;
    private boolean told;
    private boolean closed;
    private int failures;
    private long pulse;

    private RedisCommands(Vertx vertx, RedisServers servers, String purpose, Runnable joined) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.servers = servers;
        this.search = servers.search(vertx);
        this.purpose = purpose;
        this.joined = joined;
    }

    /**
     * Begins to look for a connection, and never gives up.
     *
     * @param purpose what cannot be done without one, for a warning
     * @param joined told on the context, whenever there is one again
     */
    public static RedisCommands open(Vertx vertx, RedisServers servers, String purpose, Runnable joined) {
        RedisCommands commands = new RedisCommands(vertx, servers, purpose, joined);
        commands.context.runOnContext(now -> commands.connect());
        return commands;
    }

    /**
     * Removes these keys: with one command, or, in a Redis Cluster, where keys are in different places, with one for each,
     * none of which waits for another. Nothing is tried twice.
     *
     * @return fails with a {@link RefusedException} if Redis does not let this node do it, otherwise if it cannot be reached
     */
    public Future<Void> remove(List<String> keys) {
        return onContext(() -> {
            Link now = link;
            if (now == null) {
                return Future.failedFuture("not connected");
            }
            Future<Void> removed = now.cluster == null
                    ? unlink(now, keys)
                    : Future.join(keys.stream()
                                    .map(key -> unlink(now, List.of(key)))
                                    .toList())
                            .mapEmpty();
            return removed.recover(failure -> {
                if (failure instanceof Response answer && answer.type() == ResponseType.ERROR) {
                    return Future.failedFuture(new RefusedException(Answers.reason(failure)));
                }
                lost(now, "keys were not removed: " + Answers.reason(failure));
                return Future.failedFuture(failure);
            });
        });
    }

    private static Future<Void> unlink(Link link, List<String> keys) {
        Request request = Request.cmd(Command.UNLINK);
        keys.forEach(request::arg);
        return Answers.answered(link.used.send(request)).mapEmpty();
    }

    /** Ends it for good. */
    public Future<Void> close() {
        return onContext(() -> {
            closed = true;
            vertx.cancelTimer(pulse);
            search.close();
            Link now = link;
            link = null;
            return now == null ? Future.succeededFuture() : now.close();
        });
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
                .compose(this::link)
                .onSuccess(this::joined)
                .onFailure(this::apart);
    }

    private Future<Link> link(ServerAddress server) {
        Redis client = Redis.createClient(vertx, servers.access().options(server));
        return Answers.answered(client.connect())
                .compose(asked -> search.approve(server, asked)
                        .compose(approved -> isOfCluster(asked))
                        .compose(cluster -> cluster
                                ? cluster(server, client, asked)
                                : Future.succeededFuture(new Link(server, client, asked, null, asked))))
                .onFailure(failure -> client.close());
    }

    /** Who may not ask is spoken to as the only one. */
    private static Future<Boolean> isOfCluster(RedisConnection server) {
        return Answers.ask(server, Command.CLUSTER, "INFO")
                .map(info -> info.toString().contains("cluster_state"))
                .otherwise(false);
    }

    private Future<Link> cluster(ServerAddress server, Redis client, RedisConnection asked) {
        RedisOptions options = servers.access().options(server).setType(RedisClientType.CLUSTER);
        Redis cluster = Redis.createClient(vertx, options);
        return Answers.answered(cluster.connect())
                .map(used -> new Link(server, client, asked, cluster, used))
                .onFailure(failure -> cluster.close());
    }

    private void joined(Link made) {
        if (closed) {
            made.close();
            return;
        }
        made.asked
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, Answers.reason(failure)));
        link = made;
        failures = 0;
        if (told) {
            LOG.info("{} is there again, at {}: {} goes on", servers, made.server, purpose);
        }
        told = false;
        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
        joined.run();
    }

    /** A way that was cut in the middle closes no connection, nor does a master that becomes a replica. */
    private void feelPulse(Link made) {
        Future<Response> answer = Answers.ask(made.asked, Command.PING);
        answer.compose(alive -> search.approve(made.server, made.asked))
                .onFailure(failure -> lost(made, Answers.reason(failure)))
                .onSuccess(approved -> {
                    if (made == link) {
                        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
                    }
                });
    }

    private void lost(Link made, String why) {
        if (made != link) {
            return;
        }
        link = null;
        vertx.cancelTimer(pulse);
        made.close();
        apart(new IllegalStateException(why));
    }

    private void apart(Throwable failure) {
        if (closed) {
            return;
        }
        if (!told) {
            LOG.warn("{} cannot be used, {} waits for it: {}", servers, purpose, Answers.reason(failure));
        }
        told = true;
        long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
        failures++;
        // not all nodes at once
        vertx.setTimer(pause + ThreadLocalRandom.current().nextLong(pause), fired -> connect());
    }
}
