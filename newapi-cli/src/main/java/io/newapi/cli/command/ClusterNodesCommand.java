package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Page;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the nodes that share the gateway's database, those of the last day that are gone included. */
@Command(
        description = {
            "Each run of a node is a row, the newest first; those that ended less than a day ago are shown as stopped or"
                    + " lost."
        })
final class ClusterNodesCommand extends AdminCommand {

    @Override
    void run(AdminClient client) {
        JsonNode cluster = client.get("/api/cluster/nodes");
        List<JsonNode> nodes = new ArrayList<>();
        cluster.path("nodes").forEach(nodes::add);
        printer()
                .page(
                        new Page(nodes, nodes.size(), 1, Math.max(1, nodes.size())),
                        View::node,
                        List.of(
                                Column.of("node"),
                                Column.of("role"),
                                Column.of("state"),
                                Column.of("version"),
                                new Column("calls", "calls_served"),
                                new Column("now", "calls_under_way"),
                                new Column("sync_age_s", "sync_age_seconds"),
                                new Column("clock_ms", "clock_ahead_ms"),
                                new Column("redis", "redis_joined"),
                                Column.of("troubles"),
                                Column.of("started_at")));
    }
}
