package io.newapi.server.config;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The Redis that joins nodes, in one of the forms in which it is deployed. Immutable; no password is in its text. */
public sealed interface RedisConfig {

    /** How its servers are spoken to; with Sentinels, the servers that they watch. */
    RedisLogin login();

    /** How many connections a node may use for commands, from 1 to 1000. */
    int poolSize();

    /** What the function of its form makes of it. */
    <T> T match(Function<Single, T> single, Function<Sentinels, T> sentinels, Function<Cluster, T> cluster);

    /** One address, which may turn out to be that of a Redis Cluster. */
    record Single(RedisHost server, RedisLogin login, int poolSize) implements RedisConfig {
        @Override
        public <T> T match(Function<Single, T> single, Function<Sentinels, T> sentinels, Function<Cluster, T> cluster) {
            return single.apply(this);
        }
    }

    /**
     * The master that Sentinels name.
     *
     * @param hosts where they listen, at least one
     * @param password their own; empty if they want none
     */
    record Sentinels(
            String masterName, List<RedisHost> hosts, Optional<Secret> password, RedisLogin login, int poolSize)
            implements RedisConfig {

        public Sentinels {
            hosts = List.copyOf(hosts);
        }

        @Override
        public <T> T match(Function<Single, T> single, Function<Sentinels, T> sentinels, Function<Cluster, T> cluster) {
            return sentinels.apply(this);
        }
    }

    /**
     * A Redis Cluster.
     *
     * @param nodes where some of its servers listen, at least one
     */
    record Cluster(List<RedisHost> nodes, RedisLogin login, int poolSize) implements RedisConfig {

        public Cluster {
            nodes = List.copyOf(nodes);
        }

        @Override
        public <T> T match(Function<Single, T> single, Function<Sentinels, T> sentinels, Function<Cluster, T> cluster) {
            return cluster.apply(this);
        }
    }
}
