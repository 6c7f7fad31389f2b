package io.newapi.server;

import io.newapi.server.config.RedisConfig;
import io.newapi.server.config.RedisHost;
import io.newapi.server.config.RedisLogin;
import io.newapi.server.config.Secret;
import io.newapi.server.redis.RedisAccess;
import io.newapi.server.redis.RedisServers;
import io.newapi.server.redis.ServerAddress;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The Redis of a node, as its configuration says. */
final class NodeRedis {

    private static final Logger LOG = LoggerFactory.getLogger(NodeRedis.class);

    private NodeRedis() {}

    /** Where it is; said in the log, without passwords. */
    static RedisServers servers(RedisConfig config) {
        RedisServers servers = place(config);
        LOG.info(
                "nodes are joined by {}{}; REDIS_POOL_SIZE is {}",
                servers,
                config.login().tls() ? ", with TLS" : "",
                config.poolSize());
        return servers;
    }

    /** Where it is. */
    static RedisServers place(RedisConfig config) {
        RedisAccess access = access(config.login());
        return config.match(
                single -> RedisServers.single(address(single.server()), access),
                sentinels -> RedisServers.watched(
                        sentinels.masterName(),
                        addresses(sentinels.hosts()),
                        new RedisAccess(access.tls(), "", revealed(sentinels.password()), 0),
                        access),
                cluster -> RedisServers.cluster(addresses(cluster.nodes()), access));
    }

    private static RedisAccess access(RedisLogin login) {
        return new RedisAccess(login.tls(), login.user(), revealed(login.password()), login.database());
    }

    private static List<ServerAddress> addresses(List<RedisHost> hosts) {
        return hosts.stream().map(NodeRedis::address).toList();
    }

    private static ServerAddress address(RedisHost host) {
        return new ServerAddress(host.host(), host.port());
    }

    private static String revealed(Optional<Secret> secret) {
        return secret.map(Secret::reveal).orElse("");
    }
}
