package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.output.Printer;
import io.newapi.cli.output.View;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets the gateway compare what its nodes tell about themselves, and shows what it finds. */
@Command(
        description = {
            "Compares secrets (by fingerprints), databases, Redis, clocks, time zones, versions and settings of all nodes, and"
                    + " shows for each finding what to do and which lines of the deployment guide it is about.",
            "Ends with 0 if everything is in order, with 6 if not; notices are in order."
        })
final class ClusterDoctorCommand extends AdminCommand {

    @Option(
            names = "--weights",
            paramLabel = "NAME=WEIGHT,...",
            defaultValue = "",
            order = 1,
            description =
                    "The weights of the load balancer, as in master=3,slave-1=5; compared with the calls that each node"
                            + " has served.")
    private String weights = "";

    @Override
    void run(AdminClient client) {
        JsonNode report = client.get("/api/cluster/doctor"
                + (weights.isEmpty() ? "" : "?weights=" + URLEncoder.encode(weights, StandardCharsets.UTF_8)));
        show(report);
        if (!report.path("healthy").asBoolean()) {
            long bad = 0;
            for (JsonNode finding : report.path("findings")) {
                bad += Json.text(finding, "level").equals("notice") ? 0 : 1;
            }
            throw new Failure(ExitCode.DIFFERENCES, "the cluster is not healthy", "findings: " + bad);
        }
    }

    private void show(JsonNode report) {
        Printer printer = printer();
        ObjectNode view = View.doctor(report);
        if (printer.isJson()) {
            printer.object(view);
            return;
        }
        for (JsonNode finding : report.path("findings")) {
            String node = Json.text(finding, "node");
            printer.text(Json.text(finding, "level").toUpperCase(Locale.ROOT) + (node.isEmpty() ? "" : " " + node)
                    + ": " + Json.text(finding, "what"));
            printer.text("    " + Json.text(finding, "advice") + " (" + Json.text(finding, "rule") + ")");
        }
        view.remove("findings");
        printer.object(view);
    }
}
