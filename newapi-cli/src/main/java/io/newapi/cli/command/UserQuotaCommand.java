package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes what a user may spend, relative to what it is at that moment. */
@Command(
        description = {
            "--add and --subtract are exact while the user is spending; --set forgets what is spent meanwhile.",
            "AMOUNT is in quota units as 500000, or in dollars as $1.5 or 1.5usd."
        })
final class UserQuotaCommand extends AdminCommand {

    @Parameters(paramLabel = "ID", description = "The user's id.")
    private long id;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init")
    private Change change;

    /** One of the three ways. */
    static final class Change {

        @Option(names = "--add", paramLabel = "AMOUNT", description = "Give so much more.")
        private @Nullable String add;

        @Option(names = "--subtract", paramLabel = "AMOUNT", description = "Take so much away; it may go below zero.")
        private @Nullable String subtract;

        @Option(names = "--set", paramLabel = "AMOUNT", description = "Make it exactly so much.")
        private @Nullable String set;

        String mode() {
            return add != null ? "add" : subtract != null ? "subtract" : "override";
        }

        String amount() {
            return add != null ? add : subtract != null ? subtract : String.valueOf(set);
        }
    }

    @Override
    void run(AdminClient client) {
        long value = QuotaText.units(client, change.amount());
        client.call(
                "POST",
                "/api/user/manage",
                Json.object()
                        .put("id", id)
                        .put("action", "add_quota")
                        .put("value", value)
                        .put("mode", change.mode()));
        ObjectNode document = Json.object().put("id", id);
        try {
            JsonNode user = client.get("/api/user/" + id);
            document.put("username", Json.text(user, "username"))
                    .put("quota", user.path("quota").asLong())
                    .put("used_quota", user.path("used_quota").asLong());
        } catch (Failure failure) {
            // Whoever is told of a failure tries again, and would change the quota twice.
            surroundings().err().println("newapi: warning: done, but what it is now is not known: " + failure.line());
        }
        printer().object(document);
    }
}
