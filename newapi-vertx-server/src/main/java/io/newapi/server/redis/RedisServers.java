package io.newapi.server.redis;

import io.vertx.core.Vertx;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * A Redis, however many servers it has, as far as a node is told of it. Immutable; its text is for people and without a
 * password.
 */
public final class RedisServers {

    private final String text;
    private final RedisAccess access;
    private final Function<Vertx, Search> search;

    private RedisServers(String text, RedisAccess access, Function<Vertx, Search> search) {
        this.text = text;
        this.access = access;
        this.search = search;
    }

    /** One server. If it turns out to be one of a Redis Cluster, it is treated as such. */
    public static RedisServers single(ServerAddress server, RedisAccess access) {
        return new RedisServers(
                "Redis at " + server + ", database " + access.database(),
                access,
                vertx -> new GivenServers(new KnownServers(List.of(server)), false));
    }

    /** The master of this name, found through its Sentinels. */
    public static RedisServers watched(
            String masterName, List<ServerAddress> sentinels, RedisAccess toSentinels, RedisAccess access) {
        return new RedisServers(
                "Redis master " + masterName + " of the Sentinels " + list(sentinels) + ", database "
                        + access.database(),
                access,
                vertx -> new WatchedServers(vertx, masterName, new KnownServers(sentinels), toSentinels));
    }

    /** A Redis Cluster, of which some servers are given. */
    public static RedisServers cluster(List<ServerAddress> servers, RedisAccess access) {
        return new RedisServers(
                "Redis Cluster of " + list(servers),
                access,
                vertx -> new GivenServers(new KnownServers(servers), true));
    }

    private static String list(List<ServerAddress> servers) {
        return servers.stream().map(ServerAddress::toString).collect(Collectors.joining(", "));
    }

    RedisAccess access() {
        return access;
    }

    Search search(Vertx vertx) {
        return search.apply(vertx);
    }

    @Override
    public String toString() {
        return text;
    }
}
