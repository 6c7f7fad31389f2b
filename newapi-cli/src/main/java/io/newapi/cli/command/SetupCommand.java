package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Creates the root user of a new gateway, and logs in. */
@Command
final class SetupCommand extends CliCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Password.New password;

    @Option(
            names = "--username",
            paramLabel = "NAME",
            defaultValue = "root",
            order = 1,
            description = "The root user's name (default: ${DEFAULT-VALUE}).")
    private String username = "root";

    @Option(
            names = "--self-use",
            order = 2,
            description = "For one's own use: calls of models without a price are served.")
    private boolean selfUse;

    @Option(names = "--if-needed", order = 3, description = "Succeed without doing anything if it is set up already.")
    private boolean ifNeeded;

    @Override
    void run() {
        AdminClient client = connection.anonymous(surroundings(), Duration.ofSeconds(30));
        ObjectNode document = Json.object().put("url", client.base().toString());
        JsonNode state = client.get("/api/setup");
        if (state.path("status").asBoolean()) {
            if (!ifNeeded) {
                throw new Failure(ExitCode.REFUSED, client.base() + " is set up already", "newapi login");
            }
            printer().object(document.put("created", false));
            return;
        }
        boolean rootExists = state.path("root_init").asBoolean();
        if (rootExists && password.isGenerated()) {
            throw new Failure(ExitCode.REFUSED, "a root user exists already and keeps its password", "give that one");
        }
        String chosen = rootExists ? password.existing(surroundings()) : password.create(surroundings());
        create(client, chosen);
        document.put("created", true).put("username", username);
        if (password.isGenerated()) {
            document.put("password", chosen);
        }
        logIn(client, chosen, !rootExists, document);
    }

    private void create(AdminClient client, String chosen) {
        ObjectNode body = Json.object()
                .put("username", username)
                .put("password", chosen)
                .put("confirmPassword", chosen)
                .put("SelfUseModeEnabled", selfUse)
                .put("DemoSiteEnabled", false);
        try {
            client.call("POST", "/api/setup", body);
        } catch (Failure failure) {
            // Nobody knows whether the server took it, and nobody else has this password.
            if (password.isGenerated() && failure.code() == ExitCode.UNREACHABLE) {
                surroundings().err().println("newapi: the password, should the server have taken it: " + chosen);
            }
            throw failure;
        }
    }

    /** The account exists by now: what was made up is printed even if the login fails. */
    private void logIn(AdminClient client, String chosen, boolean isNew, ObjectNode document) {
        try {
            // Nobody can be using a token of a new account.
            Login.Made made = new Login(surroundings(), client).withPassword(username, chosen, isNew);
            connection.save(surroundings(), client, made);
            document.put("user_id", made.token().userId()).put("profile", connection.profileName(surroundings()));
        } finally {
            printer().object(document);
        }
    }
}
