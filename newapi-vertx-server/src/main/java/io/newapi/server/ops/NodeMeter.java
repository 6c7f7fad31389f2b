package io.newapi.server.ops;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Tells what the node is and how it stands. Thread-safe. */
final class NodeMeter {

    private final MeterRegistry registry;
    private final Health health;
    private final Set<String> met = ConcurrentHashMap.newKeySet();

    NodeMeter(MeterRegistry registry, String version, String name, Health health) {
        this.registry = registry;
        this.health = health;
        Gauge.builder("newapi.version.info", () -> 1)
                .description("The version of this node.")
                .tag("version", version)
                .register(registry);
        Gauge.builder("newapi.node.info", () -> 1)
                .description("The name of this node.")
                .tag("node", name)
                .register(registry);
        Choice.add(
                registry,
                "newapi_node_state",
                "state",
                "1 for the state in which the node is.",
                ServerState.class,
                health::state);
        Gauge.builder("newapi_node_ready", () -> health.report().ready() ? 1 : 0)
                .description("1 if the node should get calls.")
                .register(registry);
    }

    /** Has a figure for each part of the node from now on; the parts come while it starts. */
    void meetParts() {
        for (String part : health.parts()) {
            if (met.add(part)) {
                Gauge.builder("newapi_check", () -> health.condition(part).severity())
                        .description("How a part is: 0 ok, 1 degraded, 2 failed.")
                        .tag("check", part)
                        .register(registry);
            }
        }
    }
}
