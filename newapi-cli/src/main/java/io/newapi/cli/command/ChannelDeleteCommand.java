package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes one channel for good. */
@Command
final class ChannelDeleteCommand extends AdminCommand {

    @Parameters(paramLabel = "ID", description = "The channel's id.")
    private long id;

    @Override
    void run(AdminClient client) {
        // Some servers call the deletion of nothing a success.
        client.get("/api/channel/" + id);
        client.call("DELETE", "/api/channel/" + id, null);
        printer().object(Json.object().put("id", id).put("deleted", true));
    }
}
