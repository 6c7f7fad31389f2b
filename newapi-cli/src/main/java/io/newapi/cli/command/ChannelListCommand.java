package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ChannelType;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists channels, highest priority first. */
@Command
final class ChannelListCommand extends ListCommand {

    @Option(
            names = "--keyword",
            paramLabel = "TEXT",
            order = 1,
            description = "Only with this id, or text in the name.")
    private @Nullable String keyword;

    @Option(names = "--group", paramLabel = "GROUP", order = 2, description = "Only those that serve this group.")
    private @Nullable String group;

    @Option(
            names = "--model",
            paramLabel = "MODEL",
            order = 3,
            description = "Only those whose models contain this text.")
    private @Nullable String model;

    @Option(names = "--status", paramLabel = "STATUS", order = 4, description = "Only enabled or only disabled ones.")
    private @Nullable String status;

    @Option(names = "--type", paramLabel = "TYPE", order = 5, description = "Only of this type, by name or number.")
    private @Nullable String type;

    @Override
    void run(AdminClient client) {
        if (status != null && !status.equals("enabled") && !status.equals("disabled")) {
            throw Failure.ofUsage("--status is enabled or disabled: " + status, "");
        }
        boolean searches = keyword != null || group != null || model != null;
        Query list = Query.of(searches ? "/api/channel/search" : "/api/channel/")
                .with("keyword", keyword)
                .with("group", group)
                .with("model", model)
                .with("status", status)
                .with("type", type == null ? null : number(type));
        printer()
                .page(
                        page(client, list),
                        View::channel,
                        List.of(
                                Column.of("id"),
                                Column.of("name"),
                                new Column("type", "type_name"),
                                Column.of("status"),
                                Column.of("priority"),
                                Column.of("weight"),
                                Column.of("groups"),
                                Column.of("models"),
                                Column.of("used_quota"),
                                new Column("ms", "response_time_ms")));
    }

    private static int number(String type) {
        try {
            return ChannelType.parse(type);
        } catch (IllegalArgumentException e) {
            throw Failure.ofUsage(String.valueOf(e.getMessage()), "");
        }
    }
}
