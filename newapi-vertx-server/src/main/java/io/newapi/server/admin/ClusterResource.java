package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.cluster.ClusterNode;
import io.newapi.server.cluster.Doctor;
import io.newapi.server.cluster.Finding;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.NodeFacts;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** {@code /api/cluster}: which nodes share this database, how they are, and what keeps them from being one gateway. */
final class ClusterResource {

    /** For how long a run that has ended is still shown. */
    private static final Duration LATELY = Duration.ofDays(1);

    private static final int MAX_WEIGHTS_BYTES = 4096;
    private static final int MAX_WEIGHT = 1_000_000;

    private final Membership membership;
    private final AdminSettings settings;

    ClusterResource(Membership membership, AdminSettings settings) {
        this.membership = membership;
        this.settings = settings;
    }

    void mount(AdminRoutes routes) {
        routes.get("/api/cluster/nodes", Access.ADMIN, this::nodes)
                .get("/api/cluster/doctor", Access.ADMIN, this::doctor);
    }

    private Answer nodes(AdminCall call) {
        ArrayNode rows = Json.array();
        membership.nodes(LATELY).forEach(node -> rows.add(row(node)));
        ObjectNode data = Json.object();
        data.put("asked", membership.runId());
        data.set("nodes", rows);
        return Answer.ok(data);
    }

    private ObjectNode row(ClusterNode node) {
        NodeFacts facts = node.facts();
        ObjectNode row = Json.object()
                .put("run_id", node.runId())
                .put("node_name", node.name())
                .put("role", role(node))
                .put("state", state(node))
                .put("node_type", facts.type())
                .put("version", facts.version())
                .put("port", facts.port())
                .put("started_at", node.startedAt() / 1000)
                .put("silent_ms", node.silentMillis())
                .put("calls_under_way", facts.callsUnderWay())
                .put("calls_served", facts.callsServed())
                .put("sync_seconds", facts.syncSeconds())
                .put("sync_age_seconds", facts.syncAgeSeconds())
                .put("clock_ahead_ms", facts.clockAheadMillis())
                .put("time_zone", facts.zone())
                .put("database", facts.database())
                .put("log_database", facts.logDatabase())
                .put("redis", facts.redis())
                .put("redis_joined", facts.redisJoined())
                .put("session_secret_fingerprint", facts.sessionFingerprint())
                .put("crypto_secret_fingerprint", facts.cryptoFingerprint())
                .put("frontend_base_url", facts.frontendBaseUrl());
        facts.hears().forEach(row.putArray("hears")::add);
        facts.untrustedForwarders().forEach(row.putArray("untrusted_forwarders")::add);
        facts.troubles().forEach(row.putArray("troubles")::add);
        return row;
    }

    private static String role(ClusterNode node) {
        if (node.master()) {
            return "master";
        }
        return node.facts().type().equals("slave") ? "slave" : "standby";
    }

    private static String state(ClusterNode node) {
        if (node.left()) {
            return "stopped";
        }
        if (!node.lives()) {
            return "lost";
        }
        return node.facts().stopping() ? "stopping" : "alive";
    }

    private Answer doctor(AdminCall call) {
        long now = membership.databaseMillis().orElseGet(System::currentTimeMillis);
        List<Finding> findings = Doctor.examine(
                membership.nodes(LATELY), weights(call.query("weights")), now, settings.sharesDatabase());
        ObjectNode data = Json.object()
                .put("healthy", Doctor.isHealthy(findings))
                .put("version", settings.version())
                .put("nodes", membership.nodes().size());
        ArrayNode rows = data.putArray("findings");
        findings.forEach(finding -> rows.addObject()
                .put("level", finding.level().name().toLowerCase(Locale.ROOT))
                .put("code", finding.code())
                .put("node", finding.node())
                .put("what", finding.what())
                .put("advice", finding.advice())
                .put("rule", finding.rule()));
        return Answer.ok(data);
    }

    /** As in {@code master=3,slave-1=5}. */
    private static Map<String, Integer> weights(String text) {
        Map<String, Integer> weights = new TreeMap<>();
        if (text.isBlank()) {
            return weights;
        }
        if (text.length() > MAX_WEIGHTS_BYTES) {
            throw Refused.because(Message.FIELD_INVALID, "weights", "too long");
        }
        for (String part : text.split(",", -1)) {
            int equals = part.lastIndexOf('=');
            String number = equals < 1 ? "" : part.substring(equals + 1).strip();
            if (!number.matches("[0-9]{1,7}") || Integer.parseInt(number) > MAX_WEIGHT) {
                throw Refused.because(Message.FIELD_INVALID, "weights", part);
            }
            weights.put(part.substring(0, equals).strip(), Integer.parseInt(number));
        }
        return weights;
    }
}
