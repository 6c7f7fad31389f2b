package io.newapi.server.cluster;

import io.newapi.server.cluster.Finding.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Compares what nodes tell about themselves and finds what keeps them from being one gateway: the troubleshooting pages of
 * the deployment guide as questions with answers. Pure: what is compared is given.
 */
public final class Doctor {

    /** From here on times of different nodes can no longer be compared by people. */
    private static final long CLOCK_WARNING_MILLIS = 2_000;

    /** From here on keys that expire, and limits of time, are judged differently. */
    private static final long CLOCK_ERROR_MILLIS = 60_000;

    /** A node that has just started has not heard everybody yet. */
    private static final long SETTLED_MILLIS = 15_000;

    private static final long SYNC_GRACE_SECONDS = 15;

    /** Fewer calls say nothing about how they are shared out. */
    private static final long ENOUGH_CALLS = 200;

    /** By how much a share may differ from the balancer's weight, relative to it. */
    private static final double TOLERANCE = 0.5;

    private final List<ClusterNode> living;
    private final List<ClusterNode> lost;
    private final Map<String, Integer> weights;
    private final long nowMillis;
    private final boolean shared;
    private final List<Finding> findings = new ArrayList<>();

    private Doctor(List<ClusterNode> nodes, Map<String, Integer> weights, long nowMillis, boolean shared) {
        this.living = nodes.stream().filter(ClusterNode::lives).toList();
        this.lost = nodes.stream().filter(node -> !node.left() && !node.lives()).toList();
        this.weights = weights;
        this.nowMillis = nowMillis;
        this.shared = shared;
    }

    /**
     * Looks at a cluster.
     *
     * @param nodes all runs of the last time that is of interest
     * @param weights of nodes at the load balancer, by name; empty if they are not known
     * @param nowMillis the database's time
     * @param shared whether the database can be shared at all, so that a second node is possible
     * @return what was found, the worst first; the cluster is healthy if nothing is worse than a notice
     */
    public static List<Finding> examine(
            List<ClusterNode> nodes, Map<String, Integer> weights, long nowMillis, boolean shared) {
        Doctor doctor = new Doctor(nodes, weights, nowMillis, shared);
        doctor.nodesAndRoles();
        doctor.secrets();
        doctor.programs();
        doctor.clocks();
        doctor.configuration();
        doctor.redis();
        doctor.troubles();
        doctor.proxies();
        doctor.load();
        doctor.findings.sort((a, b) -> b.level().compareTo(a.level()));
        return List.copyOf(doctor.findings);
    }

    /** Whether nothing that was found is worse than a notice. */
    public static boolean isHealthy(List<Finding> findings) {
        return findings.stream().allMatch(finding -> finding.level() == Level.NOTICE);
    }

    private void nodesAndRoles() {
        for (ClusterNode node : lost) {
            boolean back = living.stream().anyMatch(other -> other.name().equals(node.name()));
            find(
                    back ? Level.NOTICE : Level.ERROR,
                    "node_lost",
                    node.name(),
                    "was last seen " + node.silentMillis() / 1000 + " s ago and did not stop in good order"
                            + (back ? "; a node of this name is there again" : ""),
                    "look at its log and start it; what it held comes back by itself",
                    "S56 S68");
        }
        duplicates();
        if (living.stream().noneMatch(ClusterNode::master)) {
            boolean candidates =
                    living.stream().anyMatch(node -> !node.facts().type().equals("slave"));
            find(
                    candidates ? Level.ERROR : Level.WARNING,
                    "no_master",
                    "",
                    candidates
                            ? "no node is the master"
                            : "all nodes are slaves, so that nobody does the master's work",
                    candidates
                            ? "it should be over within ten seconds; if not, look at the logs of the nodes for the database"
                            : "set NODE_TYPE=master on one node, or auto on several",
                    "S8 S27");
        }
        List<String> masters = living.stream()
                .filter(node -> node.facts().type().equals("master"))
                .map(ClusterNode::name)
                .toList();
        if (masters.size() > 1) {
            find(
                    Level.WARNING,
                    "several_masters",
                    "",
                    "NODE_TYPE=master on " + String.join(", ", masters) + "; one of them is it, the others stand by",
                    "set NODE_TYPE=auto where a node may take over, and slave where it may not",
                    "S8 S27");
        }
        if (living.size() > 1 && !shared) {
            find(
                    Level.ERROR,
                    "file_shared",
                    "",
                    "several nodes use one SQLite file",
                    "set SQL_DSN to a server's database on all nodes",
                    "S4");
        }
    }

    private void duplicates() {
        living.stream()
                .collect(Collectors.groupingBy(ClusterNode::name, TreeMap::new, Collectors.counting()))
                .forEach((name, count) -> {
                    if (count > 1) {
                        find(
                                Level.WARNING,
                                "same_name",
                                name,
                                count + " nodes have this name",
                                "give each its own NODE_NAME or host name",
                                "S25");
                    }
                });
    }

    private void secrets() {
        differ(
                "session_secret",
                NodeFacts::sessionFingerprint,
                Level.ERROR,
                "SESSION_SECRET is not the same on all nodes, so that logins hold on some of them only",
                "set the same SESSION_SECRET on all nodes",
                "S17 S44 S64");
        differ(
                "crypto_secret",
                NodeFacts::cryptoFingerprint,
                Level.ERROR,
                "CRYPTO_SECRET is not the same on all nodes, so that they cannot hear each other",
                "set the same CRYPTO_SECRET on all nodes",
                "S18 S44 S59");
    }

    private void programs() {
        differ(
                "versions",
                NodeFacts::version,
                Level.NOTICE,
                "nodes run different versions",
                "fine during an update; end it: slaves first, the master last",
                "S55 U7");
    }

    private void clocks() {
        differ(
                "time_zones",
                NodeFacts::zone,
                Level.WARNING,
                "TZ is not the same on all nodes, so that their logs cannot be compared",
                "set the same TZ on all nodes",
                "S19 S29");
        for (ClusterNode node : living) {
            long ahead = node.facts().clockAheadMillis();
            if (Math.abs(ahead) >= CLOCK_WARNING_MILLIS) {
                find(
                        Math.abs(ahead) >= CLOCK_ERROR_MILLIS ? Level.ERROR : Level.WARNING,
                        "clock",
                        node.name(),
                        "its clock is " + Math.abs(ahead) / 1000.0 + " s " + (ahead > 0 ? "ahead of" : "behind")
                                + " the database's",
                        "let its machine, or the database's, keep time by NTP",
                        "S57");
            }
        }
    }

    private void configuration() {
        differ(
                "sync_frequency",
                facts -> Long.toString(facts.syncSeconds()),
                Level.WARNING,
                "SYNC_FREQUENCY is not the same on all nodes",
                "set the same SYNC_FREQUENCY on all nodes",
                "S20 S28 S35");
        differ(
                "log_database",
                NodeFacts::logDatabase,
                Level.ERROR,
                "LOG_SQL_DSN does not name the same database on all nodes, so that logs are in several places",
                "set the same LOG_SQL_DSN on all nodes",
                "S47 S60");
        for (ClusterNode node : living) {
            long age = node.facts().syncAgeSeconds();
            if (age > node.facts().syncSeconds() * 2 + SYNC_GRACE_SECONDS) {
                find(
                        Level.ERROR,
                        "not_synchronised",
                        node.name(),
                        "has not been able to read the configuration for " + age + " s",
                        "look in its log for what the database says",
                        "S58 S60");
            }
        }
    }

    private void redis() {
        List<ClusterNode> without =
                living.stream().filter(node -> node.facts().redis().isEmpty()).toList();
        if (!without.isEmpty() && without.size() < living.size()) {
            without.forEach(node -> find(
                    Level.ERROR,
                    "no_redis",
                    node.name(),
                    "has no Redis, and the others have one: changes reach it late",
                    "set the same REDIS_CONN_STRING on all nodes",
                    "S5 S26 S58"));
        } else if (!without.isEmpty() && living.size() > 1) {
            find(
                    Level.NOTICE,
                    "no_redis",
                    "",
                    "no node has a Redis: changes reach the others within SYNC_FREQUENCY",
                    "set REDIS_CONN_STRING, so that they hold at once",
                    "S5");
        }
        for (ClusterNode node : living) {
            if (!node.facts().redis().isEmpty() && !node.facts().redisJoined()) {
                find(
                        Level.ERROR,
                        "redis_away",
                        node.name(),
                        "cannot use its Redis " + node.facts().redis(),
                        "look whether Redis runs, whether the node can reach it, and at the password",
                        "S5 S58 S65");
            }
        }
        deafness();
    }

    /** Who is there and speaks through Redis must be heard by all who listen there. */
    private void deafness() {
        List<ClusterNode> joined = living.stream()
                .filter(node -> node.facts().redisJoined())
                .filter(node -> nowMillis - node.startedAt() > SETTLED_MILLIS)
                .toList();
        for (ClusterNode node : joined) {
            List<String> unheard = joined.stream()
                    .filter(other -> !other.runId().equals(node.runId()))
                    .filter(other -> !node.facts().hears().contains(other.runId()))
                    .map(ClusterNode::name)
                    .toList();
            if (!unheard.isEmpty()) {
                find(
                        Level.ERROR,
                        "not_heard",
                        node.name(),
                        "does not hear " + String.join(", ", unheard) + " through its Redis "
                                + node.facts().redis(),
                        "let all nodes use the same Redis, the same database of it, and the same CRYPTO_SECRET",
                        "S5 S58 S59");
            }
        }
    }

    private void troubles() {
        for (ClusterNode node : living) {
            for (String trouble : node.facts().troubles()) {
                find(
                        Level.ERROR,
                        "trouble",
                        node.name(),
                        "reports " + trouble,
                        "ask its /readyz, and look at its log",
                        "S13 S58 S62");
            }
        }
    }

    private void proxies() {
        for (ClusterNode node : living) {
            if (!node.facts().untrustedForwarders().isEmpty()) {
                find(
                        Level.WARNING,
                        "untrusted_forwarder",
                        node.name(),
                        "was told of clients by "
                                + String.join(", ", node.facts().untrustedForwarders()) + ", which it does not believe",
                        "if that is your load balancer, add it to TRUSTED_PROXIES",
                        "S33");
            }
        }
        differ(
                "frontend_base_url",
                facts -> facts.type().equals("slave") ? facts.frontendBaseUrl() : "",
                Level.WARNING,
                "FRONTEND_BASE_URL is not the same on all slaves",
                "set it to the address of the load balancer on all of them, or on none",
                "S21 S30");
    }

    private void load() {
        long total =
                living.stream().mapToLong(node -> node.facts().callsServed()).sum();
        Optional<ClusterNode> youngest = living.stream().max((a, b) -> Long.compare(a.startedAt(), b.startedAt()));
        if (weights.isEmpty() || total < ENOUGH_CALLS || youngest.isEmpty()) {
            return;
        }
        double sum = living.stream().mapToDouble(this::due).sum();
        for (ClusterNode node : living) {
            double expected = sum == 0 ? 0 : due(node) / sum;
            double real = (double) node.facts().callsServed() / total;
            if (Math.abs(real - expected) > TOLERANCE * expected && Math.abs(real - expected) > 0.02) {
                find(
                        Level.WARNING,
                        "load",
                        node.name(),
                        "has served " + percent(real) + " of the calls; by its weight it should be "
                                + percent(expected),
                        "compare the weights of the load balancer, and look whether it takes the node for sick",
                        "S32 S34 S61 S63");
            }
        }
    }

    /** What a node would have served since it started, in shares. */
    private double due(ClusterNode node) {
        return weights.getOrDefault(node.name(), 0) * (double) Math.max(1, nowMillis - node.startedAt());
    }

    private static String percent(double share) {
        return Math.round(share * 100) + " %";
    }

    /** What should be the same on all living nodes that say it. */
    private void differ(
            String code, Function<NodeFacts, String> said, Level level, String what, String advice, String rule) {
        TreeMap<String, List<String>> nodes = new TreeMap<>();
        for (ClusterNode node : living) {
            String value = said.apply(node.facts());
            if (!value.isEmpty()) {
                nodes.computeIfAbsent(value, unseen -> new ArrayList<>()).add(node.name());
            }
        }
        if (nodes.size() > 1) {
            String who = nodes.entrySet().stream()
                    .map(entry -> entry.getKey() + " on " + String.join(", ", entry.getValue()))
                    .collect(Collectors.joining("; "));
            find(level, code, "", what + ": " + who, advice, rule);
        }
    }

    private void find(Level level, String code, String node, String what, String advice, String rule) {
        findings.add(new Finding(level, code, node, what, advice, rule));
    }
}
