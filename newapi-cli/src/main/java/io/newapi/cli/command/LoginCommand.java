package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Credential;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Obtains an access token and remembers it in the profile. */
@Command(
        description = {
            "A gateway of this project makes a token of its own for this program. Others keep one token for each user; there, either --rotate replaces it, or --token-stdin takes it over."
        })
final class LoginCommand extends CliCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Password password;

    @Option(
            names = "--username",
            paramLabel = "NAME",
            order = 1,
            description = "User name or e-mail address (default: NEWAPI_USERNAME, else asked for).")
    private @Nullable String username;

    @Option(
            names = "--rotate",
            order = 20,
            description = "On a server with one access token for each user, replace it; its other uses end.")
    private boolean rotate;

    @Option(
            names = "--token-stdin",
            order = 21,
            description = "Read an existing access token from standard input instead of logging in; with --user-id.")
    private boolean tokenFromInput;

    @Option(names = "--user-id", paramLabel = "ID", order = 22, description = "The user whom that token belongs to.")
    private long userId;

    @Override
    void run() {
        AdminClient client = connection.anonymous(surroundings(), Duration.ofSeconds(30));
        Login.Made made = tokenFromInput ? new Login.Made(fromInput(), 0) : byPassword(client);
        JsonNode self = client.as(made.token()).get("/api/user/self");
        connection.save(surroundings(), client, made);
        printer()
                .object(Json.object()
                        .put("url", client.base().toString())
                        .put("profile", connection.profileName(surroundings()))
                        .put("user_id", made.token().userId())
                        .put("username", Json.text(self, "username")));
    }

    private Login.Made byPassword(AdminClient client) {
        String name = username == null ? surroundings().variable("NEWAPI_USERNAME") : username;
        if (name.isEmpty()) {
            name = surroundings()
                    .terminal()
                    .ask("User name")
                    .orElseThrow(() -> Failure.ofUsage("no user name", "--username, or set NEWAPI_USERNAME"));
        }
        return new Login(surroundings(), client).withPassword(name, password.existing(surroundings()), rotate);
    }

    private Credential.AccessToken fromInput() {
        try {
            return new Credential.AccessToken(userId, surroundings().input().strip());
        } catch (IllegalArgumentException e) {
            throw Failure.ofUsage(String.valueOf(e.getMessage()), "--token-stdin needs --user-id");
        }
    }
}
