package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Query;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lets the gateway make one small call through a channel. */
@Command
final class ChannelTestCommand extends AdminCommand {

    @Parameters(paramLabel = "ID", description = "The channel's id.")
    private long id;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            order = 1,
            description = "Model to call (default: the channel's test model, else its first).")
    private @Nullable String model;

    @Override
    Duration usualTimeout() {
        return Duration.ofMinutes(2);
    }

    @Override
    void run(AdminClient client) {
        JsonNode answer = client.call(
                "GET", Query.of("/api/channel/test/" + id).with("model", model).toString(), null);
        printer()
                .object(Json.object()
                        .put("id", id)
                        .put("ok", true)
                        .put("seconds", answer.path("time").decimalValue()));
    }
}
