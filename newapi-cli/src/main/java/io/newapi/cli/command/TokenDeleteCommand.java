package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes one token for good. */
@Command
final class TokenDeleteCommand extends AdminCommand {

    @Parameters(paramLabel = "ID", description = "The token's id.")
    private long id;

    @Override
    void run(AdminClient client) {
        // Some servers call the deletion of nothing a success.
        client.get("/api/token/" + id);
        client.call("DELETE", "/api/token/" + id, null);
        printer().object(Json.object().put("id", id).put("deleted", true));
    }
}
