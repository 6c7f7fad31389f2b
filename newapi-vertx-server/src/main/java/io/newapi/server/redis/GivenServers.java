package io.newapi.server.redis;

import io.vertx.core.Future;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.RedisConnection;

/**
 * One server, or those of a Redis Cluster, any of which will do: each passes on to all others what is said to it. Of a
 * cluster all servers are learned of, and used in turn as they fail, even if only one was given.
 */
final class GivenServers implements Search {

    private final KnownServers known;
    private final boolean cluster;

    /** @param cluster whether they must be servers of a cluster; otherwise they may be */
    GivenServers(KnownServers known, boolean cluster) {
        this.known = known;
        this.cluster = cluster;
    }

    @Override
    public Future<ServerAddress> next() {
        return Future.succeededFuture(known.next());
    }

    @Override
    public Future<Void> approve(ServerAddress server, RedisConnection connection) {
        return Answers.ask(connection, Command.CLUSTER, "NODES")
                .map(answer -> ClusterView.of(answer.toString()))
                .transform(view -> {
                    if (view.succeeded() && (cluster || view.result().masters() > 0)) {
                        return member(server, view.result());
                    }
                    return cluster
                            ? Future.failedFuture(
                                    server + " is not of a Redis Cluster: " + Answers.reason(view.cause()))
                            : alone(server, connection);
                });
    }

    private Future<Void> member(ServerAddress server, ClusterView view) {
        if (!view.isOfTheMajority()) {
            return Future.failedFuture(server + " reaches " + view.reachable() + " of the " + view.masters()
                    + " masters of its Redis Cluster");
        }
        known.learn(view.servers());
        return Future.succeededFuture();
    }

    /** The address of a master may come to lead to a replica. Who may not be asked what he is, is taken as he is. */
    private static Future<Void> alone(ServerAddress server, RedisConnection connection) {
        return Answers.isMaster(connection)
                .otherwise(true)
                .compose(master -> master ? Future.succeededFuture() : Future.failedFuture(server + " is a replica"));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
