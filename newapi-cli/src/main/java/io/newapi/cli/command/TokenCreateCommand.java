package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.View;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Creates a token and shows its key, once. */
@Command
final class TokenCreateCommand extends AdminCommand {

    private static final long NEVER = -1;

    @Option(names = "--name", paramLabel = "NAME", required = true, order = 1, description = "Name for people.")
    private String name = "";

    @ArgGroup(multiplicity = "1", order = 2)
    @SuppressWarnings("NullAway.Init")
    private Allowance allowance;

    @Option(
            names = "--expires",
            paramLabel = "WHEN",
            defaultValue = "never",
            order = 4,
            description = "never, or after a time as 12h or 30d, or at 2026-12-31 or 2026-12-31T10:00:00Z"
                    + " (default: ${DEFAULT-VALUE}).")
    private String expires = "never";

    @Option(
            names = "--models",
            paramLabel = "MODEL,...",
            order = 5,
            description = "The only models that it may call, separated by commas (default: all).")
    private String models = "";

    @Option(
            names = "--group",
            paramLabel = "GROUP",
            order = 6,
            description = "Group that its calls run in, or auto (default: the user's).")
    private String group = "";

    @Option(
            names = "--allow-ips",
            paramLabel = "ADDRESS,...",
            order = 7,
            description = "The only addresses or networks (10.0.0.0/8) that it may call from (default: all).")
    private String addresses = "";

    @Option(names = "--key-only", order = 8, description = "Print nothing but the key.")
    private boolean keyOnly;

    /** How much it may spend; one of the two must be said. */
    static final class Allowance {

        @Option(
                names = "--quota",
                paramLabel = "AMOUNT",
                description = "What it may spend: quota units as 500000, or dollars as $1.5 or 1.5usd.")
        private @Nullable String quota;

        @Option(names = "--unlimited", description = "It may spend all that its user has.")
        private boolean unlimited;
    }

    @Override
    void run(AdminClient client) {
        ObjectNode body = Json.object()
                .put("name", name)
                .put("expired_time", expiry())
                .put("remain_quota", allowance.quota == null ? 0 : QuotaText.units(client, allowance.quota))
                .put("unlimited_quota", allowance.unlimited)
                .put("model_limits_enabled", !models.isBlank())
                .put("model_limits", CommaText.joined(models, ","))
                .put("allow_ips", CommaText.joined(addresses, "\n"))
                .put("group", group);
        JsonNode created = client.call("POST", "/api/token/", body).path("data");
        JsonNode token = created.isObject() ? created : newest(client);
        String key = key(client, token);
        if (keyOnly && !printer().isJson()) {
            printer().text(key);
        } else {
            printer().object(View.token(token).put("key", key));
        }
    }

    private long expiry() {
        if (expires.equals("never")) {
            return NEVER;
        }
        Instant now = surroundings().clock().instant();
        Instant at = TimeText.isDuration(expires)
                ? now.plus(TimeText.duration("--expires", expires))
                : TimeText.instant("--expires", expires);
        if (!at.isAfter(now)) {
            throw Failure.ofUsage("--expires is in the past: " + expires, "");
        }
        return at.getEpochSecond();
    }

    /** Servers of the original kind do not answer with the token: it is the newest of its name. */
    private JsonNode newest(AdminClient client) {
        return Page.fetch(client, Query.of("/api/token/"), 1, Page.MOST_ROWS).items().stream()
                .filter(row -> Json.text(row, "name").equals(name))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitCode.REFUSED,
                        "the token was created, but the server does not list it",
                        "newapi token list"));
    }

    private static String key(AdminClient client, JsonNode token) {
        String key = Json.text(token, "key");
        if (key.isEmpty() || key.contains("*")) {
            String path = "/api/token/" + token.path("id").asLong() + "/key";
            key = Json.text(client.call("POST", path, null).path("data"), "key");
        }
        return key.startsWith("sk-") ? key : "sk-" + key;
    }
}
