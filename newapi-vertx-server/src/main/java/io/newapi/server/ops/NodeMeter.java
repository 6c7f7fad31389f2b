package io.newapi.server.ops;

import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.DoubleSupplier;

/** Tells what the node is, how it stands, and single figures that its parts give. Thread-safe. */
final class NodeMeter implements Meter {

    private final String version;
    private final String name;
    private final Health health;
    private final Queue<Single> singles = new ConcurrentLinkedQueue<>();

    private record Single(String name, Exposition.Type type, String help, DoubleSupplier value) {}

    NodeMeter(String version, String name, Health health) {
        this.version = version;
        this.name = name;
        this.health = health;
    }

    void add(String figure, Exposition.Type type, String help, DoubleSupplier value) {
        singles.add(new Single(figure, type, help, value));
    }

    @Override
    public void write(Exposition out) {
        out.family("newapi_version_info", Exposition.Type.GAUGE, "The version of this node.")
                .sample("version", version, 1);
        out.family("newapi_node_info", Exposition.Type.GAUGE, "The name of this node.")
                .sample("node", name, 1);
        Health.Report report = health.report();
        out.family("newapi_node_state", Exposition.Type.GAUGE, "1 for the state in which the node is.");
        for (ServerState state : ServerState.values()) {
            out.sample("state", word(state), state == report.state() ? 1 : 0);
        }
        out.gauge("newapi_node_ready", "1 if the node should get calls.", report.ready() ? 1 : 0);
        out.family("newapi_check", Exposition.Type.GAUGE, "How a part is: 0 ok, 1 degraded, 2 failed.");
        report.parts().forEach((part, condition) -> out.sample("check", part, condition.severity()));
        singles.forEach(single -> out.family(single.name(), single.type(), single.help())
                .sample(single.value().getAsDouble()));
    }

    private static String word(ServerState state) {
        return state.name().toLowerCase(Locale.ROOT);
    }
}
