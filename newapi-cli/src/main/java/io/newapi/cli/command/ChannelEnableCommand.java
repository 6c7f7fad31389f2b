package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import io.newapi.cli.output.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Let a channel serve calls. */
@Command
final class ChannelEnableCommand extends AdminCommand {

    private static final int STATUS = 1;

    @Parameters(paramLabel = "ID", description = "The channel's id.")
    private long id;

    @Override
    void run(AdminClient client) {
        client.call("PUT", "/api/channel/", Json.object().put("id", id).put("status", STATUS));
        printer().object(View.channel(client.get("/api/channel/" + id)));
    }
}
