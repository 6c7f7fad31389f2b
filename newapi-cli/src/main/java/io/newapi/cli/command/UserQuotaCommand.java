package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import java.math.BigInteger;
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
        long before = user(client).path("quota").asLong();
        client.call(
                "POST",
                "/api/user/manage",
                Json.object()
                        .put("id", id)
                        .put("action", "add_quota")
                        .put("value", value)
                        .put("mode", change.mode()));
        JsonNode user = user(client);
        long after = user.path("quota").asLong();
        if (wasIgnored(before, after, value)) {
            throw new Failure(
                    ExitCode.REFUSED,
                    "the server said yes, but the quota is still " + after,
                    "servers older than mid-2026 do not know this action");
        }
        printer()
                .object(Json.object()
                        .put("id", id)
                        .put("username", Json.text(user, "username"))
                        .put("quota", after)
                        .put("used_quota", user.path("used_quota").asLong()));
    }

    private JsonNode user(AdminClient client) {
        return client.get("/api/user/" + id);
    }

    /**
     * Older servers accept any action and do nothing. The quota may also move by calls of the user, so what counts is
     * whether it ended nearer to where it was than to where it should be.
     */
    private boolean wasIgnored(long before, long after, long value) {
        BigInteger was = BigInteger.valueOf(before);
        BigInteger amount = BigInteger.valueOf(value);
        BigInteger wanted = switch (change.mode()) {
            case "add" -> was.add(amount);
            case "subtract" -> was.subtract(amount);
            default -> amount;
        };
        BigInteger is = BigInteger.valueOf(after);
        return is.subtract(was).abs().compareTo(is.subtract(wanted).abs()) < 0;
    }
}
