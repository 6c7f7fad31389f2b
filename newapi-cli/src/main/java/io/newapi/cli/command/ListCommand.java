package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Page;
import io.newapi.cli.client.Query;
import picocli.CommandLine.Option;

/** A command that shows a list page by page. */
abstract class ListCommand extends AdminCommand {

    @Option(
            names = "--page",
            paramLabel = "N",
            defaultValue = "1",
            order = 90,
            description = "Page to show, from 1 (default: ${DEFAULT-VALUE}).")
    private int page = 1;

    @Option(
            names = "--page-size",
            paramLabel = "ROWS",
            defaultValue = "20",
            order = 91,
            description = "Rows of a page, 1 to 100 (default: ${DEFAULT-VALUE}).")
    private int pageSize = 20;

    @Option(names = "--all", order = 92, description = "Every row, fetched 100 at a time.")
    private boolean all;

    /** The rows that were asked for. */
    final Page page(AdminClient client, Query list) {
        if (page < 1) {
            throw Failure.ofUsage("--page must be at least 1: " + page, "");
        }
        if (pageSize < 1 || pageSize > Page.MOST_ROWS) {
            throw Failure.ofUsage("--page-size must be from 1 to " + Page.MOST_ROWS + ": " + pageSize, "--all for all");
        }
        return all ? Page.fetchAll(client, list) : Page.fetch(client, list, page, pageSize);
    }
}
