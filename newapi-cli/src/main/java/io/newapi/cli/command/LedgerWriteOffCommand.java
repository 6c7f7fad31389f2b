package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.util.Locale;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives back what a node holds that is gone for good. */
@Command(description = {"What it has charged and not booked is charged late, if its journal ever turns up."})
final class LedgerWriteOffCommand extends AdminCommand {

    @Parameters(paramLabel = "WRITER", description = "The writer's id, as newapi ledger status shows it.")
    private String writer = "";

    @Option(names = "--yes", description = "Do it; without it, only what would be done is told.")
    private boolean yes;

    @Option(names = "--force", description = "Even if it may live: what it spends may be spent again by others.")
    private boolean force;

    @Override
    void run(AdminClient client) {
        String id = writer.toLowerCase(Locale.ROOT);
        JsonNode row = row(client.get("/api/ledger").path("writers"), id);
        long users = row.path("held_user_quota").asLong();
        long tokens = row.path("held_token_quota").asLong();
        if (!yes) {
            throw Failure.ofUsage(
                    "this would give back what the run " + id + " of node " + Json.text(row, "node_name") + " ("
                            + Json.text(row, "state") + ") holds: " + users + " quota units of users and " + tokens
                            + " of tokens",
                    "--yes to do it");
        }
        client.call(
                "POST",
                "/api/ledger/write_off",
                Json.object().put("writer_id", id).put("force", force));
        printer()
                .object(Json.object()
                        .put("writer_id", id)
                        .put("node", Json.text(row, "node_name"))
                        .put("held_user_quota", users)
                        .put("held_token_quota", tokens)
                        .put("written_off", true));
    }

    private static JsonNode row(JsonNode writers, String id) {
        for (JsonNode row : writers) {
            if (Json.text(row, "writer_id").equals(id)) {
                return row;
            }
        }
        throw new Failure(ExitCode.NOT_FOUND, "no writer " + id, "newapi ledger status lists them");
    }
}
