package io.newapi.server;

import io.newapi.server.auth.Forwarders;
import io.newapi.server.cluster.Fingerprint;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.NodeFacts;
import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.config.NodeType;
import io.newapi.server.config.RedisConfig;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.config.ServerDsn;
import io.newapi.server.config.StoreConfig.LogPlace;
import io.newapi.server.ops.Condition;
import io.newapi.server.ops.Health;
import io.newapi.server.relay.InFlight;
import io.newapi.server.snapshot.Snapshots;
import io.newapi.server.store.ClusterStore;
import java.net.URI;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/** What a node tells the others about itself, and its place among them. */
final class NodeCluster {

    private final ServerConfig config;
    private final String version;
    private final Health health;
    private final Snapshots snapshots;
    private final InFlight calls;
    private final Forwarders forwarders;
    private final Optional<RedisEventBusBridge> bridge;
    private final IntSupplier port;
    private final InstantSource clock;
    private final String sessionFingerprint;
    private final String cryptoFingerprint;

    NodeCluster(
            ServerConfig config,
            String version,
            Health health,
            Snapshots snapshots,
            InFlight calls,
            Forwarders forwarders,
            Optional<RedisEventBusBridge> bridge,
            IntSupplier port,
            InstantSource clock) {
        this.config = config;
        this.version = version;
        this.health = health;
        this.snapshots = snapshots;
        this.calls = calls;
        this.forwarders = forwarders;
        this.bridge = bridge;
        this.port = port;
        this.clock = clock;
        this.sessionFingerprint =
                Fingerprint.of(config.secrets().sessionSecret().reveal(), "SESSION_SECRET");
        this.cryptoFingerprint = Fingerprint.of(config.cluster().cryptoSecret().reveal(), "CRYPTO_SECRET");
    }

    /** A place that is not taken yet. */
    Membership membership(String runId, ClusterStore store) {
        NodeType type = config.node().type();
        return new Membership(
                store,
                new Membership.Self(runId, config.node().nodeName(), type.isCandidate(), type == NodeType.MASTER),
                this::facts,
                config.store().server().isPresent() ? Membership.Pace.USUAL : Membership.Pace.ALONE,
                NodeCluster::daemon,
                System::nanoTime,
                clock::millis);
    }

    private NodeFacts facts(long clockAheadMillis) {
        Health.Report report = health.report();
        return new NodeFacts(
                version,
                config.node().type().word(),
                port.getAsInt(),
                config.node().tz().getId(),
                clockAheadMillis,
                config.node().syncFrequency().toSeconds(),
                snapshots.age().toSeconds(),
                calls.count(),
                calls.taken(),
                sessionFingerprint,
                cryptoFingerprint,
                database(),
                logDatabase(),
                config.cluster().redis().map(NodeCluster::place).orElse(""),
                bridge.map(RedisEventBusBridge::isJoined).orElse(false),
                bridge.map(RedisEventBusBridge::heard).orElse(Set.of()).stream()
                        .sorted()
                        .toList(),
                config.http().frontendBaseUrl().map(URI::toString).orElse(""),
                forwarders.addresses(),
                troubles(report),
                health.isStopping());
    }

    private static List<String> troubles(Health.Report report) {
        return report.parts().entrySet().stream()
                // of Redis it tells more than that
                .filter(part -> !part.getKey().equals("redis"))
                .filter(part -> part.getValue().level() != Condition.Level.OK)
                .map(part -> part.getKey() + ": " + part.getValue().reason())
                .toList();
    }

    private String database() {
        return config.store()
                .server()
                .map(NodeCluster::place)
                .orElseGet(() -> config.store().sqliteFile().toString());
    }

    private String logDatabase() {
        return config.store().logs() instanceof LogPlace.OnServer place ? place(place.server()) : database();
    }

    private static String place(ServerDsn dsn) {
        return dsn.match(
                mysql -> mysql.host() + ":" + mysql.port() + "/" + mysql.database(),
                postgres -> postgres.hosts().stream()
                                .map(host -> host.name() + ":" + host.port())
                                .collect(Collectors.joining(","))
                        + "/" + postgres.database());
    }

    private static String place(RedisConfig redis) {
        String servers = redis.match(
                single -> single.server().toString(),
                sentinels -> sentinels.masterName() + " of " + sentinels.hosts(),
                cluster -> "cluster of " + cluster.nodes());
        return servers + "/" + redis.login().database();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "newapi-membership");
        thread.setDaemon(true);
        return thread;
    }
}
