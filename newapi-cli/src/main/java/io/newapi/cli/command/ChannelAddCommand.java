package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ChannelType;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.View;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Adds one channel. */
@Command(
        description = {
            "The provider's key is read from standard input, a file or the terminal; it is never shown again."
        })
final class ChannelAddCommand extends AdminCommand {

    @Option(
            names = "--type",
            paramLabel = "TYPE",
            required = true,
            order = 1,
            description = "Kind of provider: openai, anthropic, gemini, azure, ollama, ... or the number of another.")
    private String type = "";

    @Option(names = "--name", paramLabel = "NAME", required = true, order = 2, description = "Name for people.")
    private String name = "";

    @Option(names = "--key-stdin", order = 3, description = "Read the provider's key from standard input.")
    private boolean keyFromInput;

    @Option(names = "--key-file", paramLabel = "FILE", order = 4, description = "Read the provider's key from a file.")
    private @Nullable Path keyFile;

    @Option(
            names = "--base-url",
            paramLabel = "URL",
            order = 5,
            description = "Address of the provider (default: the type's own).")
    private String baseUrl = "";

    @Option(
            names = "--models",
            paramLabel = "MODEL,...",
            required = true,
            order = 6,
            description = "Models that it serves, separated by commas.")
    private String models = "";

    @Option(
            names = "--group",
            paramLabel = "GROUP,...",
            defaultValue = "default",
            order = 7,
            description = "Groups that it serves, separated by commas (default: ${DEFAULT-VALUE}).")
    private String groups = "";

    @Option(
            names = "--priority",
            paramLabel = "N",
            defaultValue = "0",
            order = 8,
            description = "Channels of the highest priority are tried first (default: ${DEFAULT-VALUE}).")
    private long priority;

    @Option(
            names = "--weight",
            paramLabel = "N",
            defaultValue = "0",
            order = 9,
            description = "Share of the calls among channels of one priority, 0 or more (default: ${DEFAULT-VALUE}).")
    private long weight;

    @Option(
            names = "--tag",
            paramLabel = "TAG",
            order = 10,
            description = "Tag under which channels are managed together.")
    private String tag = "";

    @Override
    void run(AdminClient client) {
        if (weight < 0) {
            throw Failure.ofUsage("--weight must not be negative: " + weight, "");
        }
        ObjectNode channel = Json.object()
                .put("type", typeNumber())
                .put("name", name)
                .put("key", key())
                .put("base_url", baseUrl)
                .put("models", CommaText.joined(models, ","))
                .put("group", CommaText.joined(groups, ","))
                .put("priority", priority)
                .put("weight", weight)
                .put("tag", tag);
        ObjectNode body = Json.object().put("mode", "single");
        body.set("channel", channel);
        client.call("POST", "/api/channel/", body);
        ObjectNode unlisted = Json.object().put("name", name).put("type", typeNumber());
        printer().object(newest(client).map(View::channel).orElse(unlisted));
    }

    /** The server does not tell the new channel's id: it is the newest of its name. */
    private Optional<JsonNode> newest(AdminClient client) {
        return Page.fetch(client, Query.of("/api/channel/").with("id_sort", true), 1, Page.MOST_ROWS).items().stream()
                .filter(row -> Json.text(row, "name").equals(name))
                .findFirst();
    }

    private int typeNumber() {
        try {
            return ChannelType.parse(type);
        } catch (IllegalArgumentException e) {
            throw Failure.ofUsage(String.valueOf(e.getMessage()), "");
        }
    }

    private String key() {
        if (keyFromInput && keyFile != null) {
            throw Failure.ofUsage("--key-stdin and --key-file exclude each other", "");
        }
        String key = keyFile != null
                ? FileText.read(keyFile)
                : keyFromInput
                        ? surroundings().input()
                        : surroundings()
                                .terminal()
                                .askSecret("Key of the provider")
                                .orElseThrow(() -> Failure.ofUsage("no key", "--key-stdin or --key-file"));
        if (key.isBlank()) {
            throw Failure.ofUsage("the key is empty", "");
        }
        return key.strip();
    }
}
