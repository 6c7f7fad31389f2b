package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.Printer;
import io.newapi.cli.output.View;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lets the gateway audit its books, waits until it has, and shows what differs. */
@Command(
        description = {
            "The gateway looks at every user, token and channel: what was credited must be there, leased or charged, and"
                    + " all tables must tell of the same charges. It may serve meanwhile.",
            "Ends with 0 if everything is in order, with 6 if not. Ctrl-C ends the waiting, and not the audit."
        })
final class AuditCommand extends AdminCommand {

    private static final String PATH = "/api/audit";

    @Option(
            names = "--wait",
            negatable = true,
            defaultValue = "true",
            fallbackValue = "true",
            order = 1,
            description = "Wait for the end, or only begin (default: wait).")
    private boolean wait = true;

    @ArgGroup
    private @Nullable Other other;

    /** What to do instead of beginning one. */
    static final class Other {

        @Option(names = "--last", order = 2, description = "Show the audit under way, or the last one; begin none.")
        private boolean last;

        @Option(names = "--cancel", order = 3, description = "End the audit under way.")
        private boolean cancel;
    }

    @Override
    void run(AdminClient client) {
        if (other != null && other.cancel) {
            show(existing(client.call("DELETE", PATH, null).path("data")));
            return;
        }
        JsonNode report = other != null && other.last
                ? existing(client.get(PATH))
                : client.call("POST", PATH, null).path("data");
        if (wait && other == null) {
            report = watch(client, report);
        }
        show(report);
        judge(report);
    }

    private static JsonNode existing(JsonNode report) {
        if (Json.text(report, "state").equals("never")) {
            throw new Failure(ExitCode.NOT_FOUND, "this node has made no audit since it was started", "newapi audit");
        }
        return report;
    }

    private JsonNode watch(AdminClient client, JsonNode begun) {
        AuditWatch watch =
                new AuditWatch(client, AuditCommand::sleep, surroundings().err());
        return LastWords.during(
                () -> watch.untilItEnds(begun),
                surroundings().err(),
                "newapi: the audit goes on at the gateway (newapi audit --last shows it, --cancel ends it)");
    }

    private static void sleep(Duration pause) {
        try {
            Thread.sleep(pause.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Failure(ExitCode.INTERNAL, "interrupted", "");
        }
    }

    private void show(JsonNode report) {
        Printer printer = printer();
        ObjectNode view = View.audit(report);
        if (printer.isJson()) {
            printer.object(view);
            return;
        }
        rows(
                printer,
                view.remove("difference_items"),
                List.of("kind", "id", "figure", "expected", "found", "difference", "cause", "right_until"));
        rows(printer, view.remove("suspense_items"), List.of("kind", "id", "quota", "reason", "created_at"));
        printer.object(view);
    }

    private static void rows(Printer printer, JsonNode items, List<String> fields) {
        List<ObjectNode> rows = new ArrayList<>();
        items.forEach(item -> rows.add((ObjectNode) item));
        if (!rows.isEmpty()) {
            printer.rows(rows, fields.stream().map(Column::of).toList());
            printer.text("");
        }
    }

    private void judge(JsonNode report) {
        long differences = report.path("differences").path("total").asLong();
        long suspense = report.path("suspense").path("total").asLong();
        switch (Json.text(report, "state")) {
            case "failed" ->
                throw new Failure(ExitCode.REFUSED, "the audit has failed: " + Json.text(report, "failure"), "");
            case "cancelled" -> throw new Failure(ExitCode.REFUSED, "somebody has ended the audit", "");
            case "done" -> {
                if (!report.path("clean").asBoolean()) {
                    throw differences + suspense > 0
                            ? new Failure(
                                    ExitCode.DIFFERENCES,
                                    "the books are not in order",
                                    "differences: " + differences + ", rows in suspense: " + suspense)
                            : new Failure(
                                    ExitCode.DIFFERENCES,
                                    "not everything could be compared",
                                    report.path("undecided").asLong()
                                            + " accounts have log rows on their way to another database; audit again");
                }
            }
            default -> {
                // it is under way
            }
        }
    }
}
