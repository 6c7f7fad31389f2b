package io.newapi.server.redis;

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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Commands to Redis over one connection, which is {@linkplain KeptLink kept}: replaced when it ends, or leads to a server that
 * is no master any more. Nothing waits for a connection: what is said while there is none fails at once.
 *
 * <p>All work is done on the one context that it was made on; {@link #remove} may be called on any.
 */
public final class RedisCommands {

    private static final Logger LOG = LoggerFactory.getLogger(RedisCommands.class);

    /**
     * One way to Redis.
     *
     * @param asked to the one server that was found
     * @param cluster of all servers of the Redis Cluster that it is of; null if it is of none
     * @param used for commands
     */
    private record Link(
            ServerAddress server,
            Redis client,
            RedisConnection asked,
            @Nullable Redis cluster,
            RedisConnection used) implements KeptLink.Link {

        @Override
        public Future<?> answers() {
            return Answers.ask(asked, Command.PING);
        }

        @Override
        public Future<Void> close() {
            Future<Void> closed = client.close();
            return cluster == null
                    ? closed
                    : Future.join(closed, cluster.close()).mapEmpty();
        }
    }

    private final class Joining implements KeptLink.Owner<Link> {

        @Override
        public Future<Link> make(ServerAddress server) {
            return link(server);
        }

        @Override
        public void joined() {
            joined.run();
        }

        @Override
        public void apart(String why) {
            LOG.warn("{} cannot be used, {} waits for it: {}", servers, purpose, why);
        }

        @Override
        public void again(ServerAddress server) {
            LOG.info("{} is there again, at {}: {} goes on", servers, server, purpose);
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
    private final RedisServers servers;
    private final String purpose;
    private final Runnable joined;
    private final KeptLink<Link> kept;

    private RedisCommands(Vertx vertx, RedisServers servers, String purpose, Runnable joined) {
        this.vertx = vertx;
        this.servers = servers;
        this.purpose = purpose;
        this.joined = joined;
        this.kept = new KeptLink<>(vertx, servers, new Joining());
    }

    /**
     * Begins to look for a connection, and never gives up.
     *
     * @param purpose what cannot be done without one, for a warning
     * @param joined told on the context, whenever there is one again
     */
    public static RedisCommands open(Vertx vertx, RedisServers servers, String purpose, Runnable joined) {
        RedisCommands commands = new RedisCommands(vertx, servers, purpose, joined);
        commands.kept.start();
        return commands;
    }

    /**
     * Removes these keys: with one command, or, in a Redis Cluster, where keys are in different places, with one for each,
     * none of which waits for another. Nothing is tried twice.
     *
     * @return fails with a {@link RefusedException} if Redis does not let this node do it, otherwise if it cannot be reached
     */
    public Future<Void> remove(List<String> keys) {
        return kept.use(link -> removed(link, keys).recover(failure -> {
            if (failure instanceof Response answer && answer.type() == ResponseType.ERROR) {
                return Future.failedFuture(new RefusedException(Answers.reason(failure)));
            }
            kept.lost(link, "keys were not removed: " + Answers.reason(failure));
            return Future.failedFuture(failure);
        }));
    }

    private static Future<Void> removed(Link link, List<String> keys) {
        return link.cluster == null
                ? unlink(link, keys)
                : Future.join(keys.stream()
                                .map(key -> unlink(link, List.of(key)))
                                .toList())
                        .mapEmpty();
    }

    private static Future<Void> unlink(Link link, List<String> keys) {
        Request request = Request.cmd(Command.UNLINK);
        keys.forEach(request::arg);
        return Answers.answered(link.used.send(request)).mapEmpty();
    }

    /** Ends it for good. */
    public Future<Void> close() {
        return kept.close();
    }

    private Future<Link> link(ServerAddress server) {
        Redis client = Redis.createClient(vertx, servers.access().options(server));
        return Answers.answered(client.connect())
                .compose(asked -> kept.approve(server, asked)
                        .compose(approved -> isOfCluster(asked))
                        .compose(cluster -> cluster
                                ? cluster(server, client, asked)
                                : Future.succeededFuture(new Link(server, client, asked, null, asked))))
                .onSuccess(made -> kept.watch(made, made.asked))
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
}
