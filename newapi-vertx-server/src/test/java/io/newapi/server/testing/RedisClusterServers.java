package io.newapi.server.testing;

import static io.newapi.server.testing.RedisServer.arguments;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters. */
public final class RedisClusterServers implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisProcess> masters = new ArrayList<>();
    private final String password = RedisServer.newPassword();

    private RedisClusterServers() {}

    /**
     * A running cluster, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static RedisClusterServers orLeaveOut(String untested) {
        RedisClusterServers cluster = new RedisClusterServers();
        return LeftOut.byBuildSettings()
                .unlessFound(cluster.start() ? Optional.of(cluster) : Optional.empty(), "redis", untested);
    }

    private boolean start() {
        List<String> clustered = List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "1000");
        for (int i = 0; i < MASTERS; i++) {
            Optional<RedisProcess> started =
                    RedisProcess.start(password, (port, folder) -> arguments(port, folder, password, clustered));
            if (started.isEmpty()) {
                close();
                return false;
            }
            masters.add(started.get());
        }
        for (int i = 0; i < MASTERS; i++) {
            RedisProcess master = masters.get(i);
            master.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            master.command(Stream.concat(
                            Stream.of("CLUSTER", "ADDSLOTS"),
                            IntStream.range(SLOTS * i / MASTERS, SLOTS * (i + 1) / MASTERS)
                                    .mapToObj(Integer::toString))
                    .toArray(String[]::new));
            master.command(
                    "CLUSTER",
                    "MEET",
                    "127.0.0.1",
                    Integer.toString(masters.get(0).port()));
        }
        for (RedisProcess master : masters) {
            RedisProcess.until(
                    "the servers of the cluster know each other",
                    () -> master.command("CLUSTER", "INFO").contains("cluster_size:" + MASTERS)
                            && master.command("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
        return true;
    }

    /** Where they listen, as bare addresses separated by commas. */
    public String servers() {
        return masters.stream().map(master -> "127.0.0.1:" + master.port()).collect(Collectors.joining(","));
    }

    /** Where one of them listens. */
    public String server(int index) {
        return "127.0.0.1:" + masters.get(index).port();
    }

    /** The password of all. */
    public String password() {
        return password;
    }

    /** Ends one of them without a warning. */
    public void kill(int index) {
        masters.get(index).kill();
    }

    /** From now on one does nothing. */
    public void freeze(int index) {
        masters.get(index).freeze();
    }

    /** It goes on where it was frozen. */
    public void thaw(int index) {
        masters.get(index).thaw();
    }

    /** How many of the connections that listen to a channel are at this one. */
    public int listenersAt(int index, String channel) {
        return Integer.parseInt(
                masters.get(index).command("PUBSUB", "NUMSUB", channel).replaceFirst(".* ", ""));
    }

    /** Sends a command to the one that has its key, and returns its answer. */
    public String command(String... words) {
        for (RedisProcess master : masters) {
            try {
                return master.command(words);
            } catch (IllegalStateException e) {
                if (!String.valueOf(e.getMessage()).startsWith("MOVED ")) {
                    throw e;
                }
            }
        }
        throw new IllegalStateException("no server of the cluster has the key");
    }

    /** Waits until there is nothing under a key. */
    public void awaitNo(String key) {
        RedisProcess.until(key + " is removed", () -> command("EXISTS", key).equals("0"));
    }

    /** Waits until none is. */
    public void awaitNoListenersAt(int index, String channel) {
        RedisProcess.until("everybody has left it", () -> listenersAt(index, channel) == 0);
    }

    @Override
    public void close() {
        masters.forEach(RedisProcess::close);
    }
}
