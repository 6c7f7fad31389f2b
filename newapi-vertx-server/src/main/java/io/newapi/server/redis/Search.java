package io.newapi.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.RedisConnection;

/** Looks for the server that a channel is to use. Confined to the context of that channel; waits for nobody for long. */
interface Search {

    /** The server to try now, which may be another one each time. Fails if nobody can say. */
    Future<ServerAddress> next();

    /**
     * Asks a server, and whoever knows, whether what is said there reaches everybody. Asked once before it is used, and
     * again and again while it is.
     *
     * @return fails with the reason if it does not, or not any more
     */
    Future<Void> approve(ServerAddress server, RedisConnection connection);

    /** Ends it; what it was asked before may still be answered. */
    void close();
}
