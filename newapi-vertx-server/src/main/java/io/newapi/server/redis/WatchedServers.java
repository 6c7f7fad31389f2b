package io.newapi.server.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Response;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The master of a group that Sentinels watch. They are asked for it one after another until one answers, and the one that
 * has answered is asked again while the master is used: so a change of masters is followed even if the old one goes on
 * answering. Sentinels that are all away change nothing about a server that says it is a master.
 */
final class WatchedServers implements Search {

    private record Sentinel(Redis client, RedisConnection connection) {}

    private final Vertx vertx;
    private final String masterName;
    private final KnownServers sentinels;
    private final RedisAccess access;
    private @Nullable Sentinel asked;
    private boolean knowsBetter;
    private boolean closed;

    /** @param access to the Sentinels */
    WatchedServers(Vertx vertx, String masterName, KnownServers sentinels, RedisAccess access) {
        this.vertx = vertx;
        this.masterName = masterName;
        this.sentinels = sentinels;
        this.access = access;
    }

    /**
     * Begins with another Sentinel each time: one that names a server that is no master is not believed again and again.
     * But the one that told of a new master is asked first, as others may not have heard of it yet.
     */
    @Override
    public Future<ServerAddress> next() {
        if (!knowsBetter) {
            goOn();
        }
        knowsBetter = false;
        return next(sentinels.count());
    }

    private Future<ServerAddress> next(int left) {
        return master().compose(master -> learn().map(master)).recover(failure -> {
            if (left <= 1) {
                return Future.failedFuture(failure);
            }
            goOn();
            return next(left - 1);
        });
    }

    @Override
    public Future<Void> approve(ServerAddress server, RedisConnection connection) {
        return Answers.isMaster(connection)
                .compose(master -> master ? stillNamed(server) : Future.failedFuture(server + " is a replica"));
    }

    private Future<Void> stillNamed(ServerAddress server) {
        return master().transform(named -> {
            if (named.failed()) {
                goOn();
                return Future.succeededFuture();
            }
            knowsBetter = !named.result().equals(server);
            return knowsBetter
                    ? Future.failedFuture(named.result() + " has become the master")
                    : Future.succeededFuture();
        });
    }

    /** To the next Sentinel. */
    private void goOn() {
        hangUp();
        sentinels.next();
    }

    @Override
    public void close() {
        closed = true;
        hangUp();
    }

    /** Whom the current Sentinel names. */
    private Future<ServerAddress> master() {
        return sentinel()
                .compose(sentinel ->
                        Answers.ask(sentinel.connection(), Command.SENTINEL, "get-master-addr-by-name", masterName))
                .transform(answer -> {
                    if (answer.failed()) {
                        return Future.failedFuture(
                                "the Sentinel " + sentinels.current() + " does not answer: " + reason(answer.cause()));
                    }
                    Response master = answer.result();
                    return master == null || master.size() < 2
                            ? Future.failedFuture(
                                    "the Sentinel " + sentinels.current() + " knows no master named " + masterName)
                            : Future.succeededFuture(address(master.get(0), master.get(1)));
                });
    }

    private static String reason(Throwable failure) {
        String message = Answers.reason(failure);
        return message.startsWith("ERR unknown command") ? "it is a Redis server and no Sentinel" : message;
    }

    /** Who only knows some of the Sentinels finds the master also when these have ended. */
    private Future<Void> learn() {
        return sentinel()
                .compose(sentinel -> Answers.ask(sentinel.connection(), Command.SENTINEL, "sentinels", masterName))
                .map(WatchedServers::addresses)
                .onSuccess(sentinels::learn)
                .<Void>mapEmpty()
                .otherwiseEmpty();
    }

    private static List<ServerAddress> addresses(Response others) {
        return others.stream()
                .map(other -> address(other.get("ip"), other.get("port")))
                .toList();
    }

    private static ServerAddress address(Response host, Response port) {
        return new ServerAddress(host.toString(), port.toInteger());
    }

    private Future<Sentinel> sentinel() {
        Sentinel now = asked;
        if (now != null) {
            return Future.succeededFuture(now);
        }
        Redis client = Redis.createClient(vertx, access.options(sentinels.current()));
        return Answers.answered(client.connect())
                .map(connection -> new Sentinel(client, connection))
                .onFailure(failure -> client.close())
                .onSuccess(this::keep);
    }

    private void keep(Sentinel sentinel) {
        if (closed) {
            sentinel.client().close();
        } else {
            asked = sentinel;
        }
    }

    private void hangUp() {
        Sentinel now = asked;
        asked = null;
        if (now != null) {
            now.client().close();
        }
    }
}
