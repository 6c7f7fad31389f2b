package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Credential;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows whether the gateway answers, and as whom. */
@Command(description = {"Ends with 0 if the gateway answers, whether somebody is logged in or not."})
final class StatusCommand extends CliCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @Override
    void run() {
        AdminClient client = connection.anonymous(surroundings(), Duration.ofSeconds(30));
        JsonNode status = client.get("/api/status");
        ObjectNode document = Json.object()
                .put("url", client.base().toString())
                .put("name", Json.text(status, "system_name"))
                .put("version", Json.text(status, "version"))
                .put(
                        "started_at",
                        Instant.ofEpochSecond(status.path("start_time").asLong())
                                .toString())
                .put("set_up", status.path("setup").asBoolean())
                .put("quota_per_usd", status.path("quota_per_unit").decimalValue());
        Optional<Credential> credential = connection.credential(surroundings());
        Optional<JsonNode> self = credential.flatMap(known -> self(client.as(known)));
        document.put("authenticated", self.isPresent());
        self.ifPresent(user -> document.put("user_id", user.path("id").asLong())
                .put("username", Json.text(user, "username"))
                .put("quota", user.path("quota").asLong()));
        printer().object(document);
    }

    private static Optional<JsonNode> self(AdminClient client) {
        try {
            return Optional.of(client.get("/api/user/self"));
        } catch (Failure failure) {
            if (failure.code() == ExitCode.NOT_AUTHENTICATED) {
                return Optional.empty();
            }
            throw failure;
        }
    }
}
