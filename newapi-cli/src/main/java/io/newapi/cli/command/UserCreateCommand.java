package io.newapi.cli.command;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.View;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Creates a user. */
@Command
final class UserCreateCommand extends AdminCommand {

    @Parameters(paramLabel = "USERNAME", description = "The user's name, 1 to 20 characters.")
    private String username = "";

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Password.New password;

    @Option(
            names = "--display-name",
            paramLabel = "NAME",
            order = 1,
            description = "Name for people (default: the user name).")
    private String displayName = "";

    @Option(names = "--admin", order = 2, description = "Make it an administrator; only the root user may.")
    private boolean admin;

    @Override
    void run(AdminClient client) {
        String chosen = password.create(surroundings());
        ObjectNode body = Json.object()
                .put("username", username)
                .put("password", chosen)
                .put("display_name", displayName.isEmpty() ? username : displayName)
                .put("role", admin ? 10 : 1);
        try {
            client.call("POST", "/api/user/", body);
        } catch (Failure failure) {
            // Nobody knows whether the server took it, and nobody else has this password.
            if (password.isGenerated() && failure.code() == ExitCode.UNREACHABLE) {
                surroundings().err().println("newapi: the password, should the server have taken it: " + chosen);
            }
            throw failure;
        }
        printCreated(client, chosen);
    }

    /** The account exists by now: what was made up is printed even if the server does not tell more. */
    private void printCreated(AdminClient client, String chosen) {
        ObjectNode document = Json.object().put("username", username);
        try {
            Query search = Query.of("/api/user/search").with("keyword", username);
            document = Page.fetch(client, search, 1, Page.MOST_ROWS).items().stream()
                    .filter(row -> Json.text(row, "username").equals(username))
                    .findFirst()
                    .map(View::user)
                    .orElse(document);
        } finally {
            if (password.isGenerated()) {
                document.put("password", chosen);
            }
            printer().object(document);
        }
    }
}
