package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lists users, newest first. */
@Command
final class UserListCommand extends ListCommand {

    @Option(
            names = "--keyword",
            paramLabel = "TEXT",
            order = 1,
            description = "Only with this id, or text in user name, display name or e-mail address.")
    private @Nullable String keyword;

    @Option(names = "--group", paramLabel = "GROUP", order = 2, description = "Only of this group.")
    private @Nullable String group;

    @Override
    void run(AdminClient client) {
        boolean searches = keyword != null || group != null;
        Query list = Query.of(searches ? "/api/user/search" : "/api/user/")
                .with("keyword", keyword)
                .with("group", group);
        printer()
                .page(
                        page(client, list),
                        View::user,
                        List.of(
                                Column.of("id"),
                                Column.of("username"),
                                Column.of("display_name"),
                                Column.of("role"),
                                Column.of("status"),
                                Column.of("group"),
                                Column.of("quota"),
                                Column.of("used_quota"),
                                new Column("requests", "request_count")));
    }
}
