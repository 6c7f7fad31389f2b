package io.newapi.server.testing;

import static io.newapi.server.testing.RedisServer.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A Redis Cluster of three masters. */
public final class RedisClusterServers implements AutoCloseable {

    private static final int MASTERS = 3;
    private static final int SLOTS = 16_384;

    private final List<RedisProcess> masters = new ArrayList<>();
    private final String password = RedisServer.newPassword();

    /** What each shows, which listens for TLS at a port of its own then; empty without TLS. */
    private final List<Certificate> certificates;

    private final Map<RedisProcess, Integer> tlsPorts = new HashMap<>();

    private RedisClusterServers(List<Certificate> certificates) {
        this.certificates = List.copyOf(certificates);
    }

    /**
     * A running cluster, or the end of the calling test.
     *
     * @param untested what remains unproven without it
     */
    public static RedisClusterServers orLeaveOut(String untested) {
        return orLeaveOut(List.of(), untested);
    }

    /**
     * The same with TLS, also between them.
     *
     * @param certificates what the first, the second and the third show, who all believe each other
     */
    public static RedisClusterServers withTlsOrLeaveOut(List<Certificate> certificates, String untested) {
        return orLeaveOut(certificates, untested);
    }

    private static RedisClusterServers orLeaveOut(List<Certificate> certificates, String untested) {
        RedisClusterServers cluster = new RedisClusterServers(certificates);
        return LeftOut.byBuildSettings()
                .unlessFound(cluster.start() ? Optional.of(cluster) : Optional.empty(), "redis", untested);
    }

    private boolean start() {
        for (int i = 0; i < MASTERS; i++) {
            int index = i;
            AtomicInteger tlsPort = new AtomicInteger();
            Optional<RedisProcess> started = RedisProcess.start(password, (port, folder) -> {
                tlsPort.set(RedisProcess.freePort());
                return arguments(port, folder, password, clustered(index, tlsPort.get(), folder));
            });
            if (started.isEmpty()) {
                close();
                return false;
            }
            masters.add(started.get());
            tlsPorts.put(started.get(), tlsPort.get());
        }
        for (int i = 0; i < MASTERS; i++) {
            RedisProcess master = masters.get(i);
            master.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            master.command(Stream.concat(
                            Stream.of("CLUSTER", "ADDSLOTS"),
                            IntStream.range(SLOTS * i / MASTERS, SLOTS * (i + 1) / MASTERS)
                                    .mapToObj(Integer::toString))
                    .toArray(String[]::new));
            master.command("CLUSTER", "MEET", "127.0.0.1", Integer.toString(portOf(masters.get(0))));
        }
        for (RedisProcess master : masters) {
            RedisProcess.until(
                    "the servers of the cluster know each other",
                    () -> master.command("CLUSTER", "INFO").contains("cluster_size:" + MASTERS)
                            && master.command("CLUSTER", "INFO").contains("cluster_state:ok"));
        }
        return true;
    }

    private List<String> clustered(int index, int tlsPort, Path folder) {
        List<String> all = new ArrayList<>(List.of("--cluster-enabled", "yes", "--cluster-node-timeout", "1000"));
        if (!certificates.isEmpty()) {
            all.addAll(certificates.get(index).arguments(tlsPort));
            all.addAll(List.of("--tls-cluster", "yes", "--tls-ca-cert-file", believed(folder)));
        }
        return all;
    }

    /** A file with the certificates of all. */
    private String believed(Path folder) {
        try {
            StringBuilder all = new StringBuilder();
            for (Certificate certificate : certificates) {
                all.append(Files.readString(certificate.certificate()));
            }
            return Files.writeString(folder.resolve("believed.crt"), all).toString();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write what servers believe", e);
        }
    }

    /** Where nodes and the others find it. */
    private int portOf(RedisProcess process) {
        return certificates.isEmpty() ? process.port() : tlsPorts.getOrDefault(process, 0);
    }

    /** Where they listen, as bare addresses separated by commas. */
    public String servers() {
        return masters.stream().map(master -> "127.0.0.1:" + portOf(master)).collect(Collectors.joining(","));
    }

    /** Where one of them listens. */
    public String server(int index) {
        return "127.0.0.1:" + portOf(masters.get(index));
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

    /** How many of the connections that listen to channels of one have come to another port than that for TLS. */
    public int listenersWithoutTls(int index) {
        RedisProcess master = masters.get(index);
        return (int) master.command("CLIENT", "LIST", "TYPE", "pubsub")
                .lines()
                .filter(listener -> !listener.contains(" laddr=127.0.0.1:" + portOf(master) + " "))
                .count();
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
