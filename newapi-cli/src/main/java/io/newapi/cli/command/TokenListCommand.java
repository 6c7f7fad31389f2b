package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Query;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.util.List;
import picocli.CommandLine.Command;

/** Lists the own tokens, newest first, without their keys. */
@Command
final class TokenListCommand extends ListCommand {

    @Override
    void run(AdminClient client) {
        printer()
                .page(
                        page(client, Query.of("/api/token/")),
                        View::token,
                        List.of(
                                Column.of("id"),
                                Column.of("name"),
                                Column.of("status"),
                                Column.of("group"),
                                Column.of("unlimited"),
                                Column.of("remain_quota"),
                                Column.of("used_quota"),
                                Column.of("expires_at"),
                                Column.of("models")));
    }
}
