package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import io.newapi.cli.output.Column;
import io.newapi.cli.output.View;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import picocli.CommandLine.Command;

/** Shows who holds which part of the balances, and how the journal of the node that is asked stands. */
@Command
final class LedgerStatusCommand extends AdminCommand {

    @Override
    void run(AdminClient client) {
        JsonNode ledger = client.get("/api/ledger");
        ObjectNode document = Json.object()
                .put("reclaim_seconds", ledger.path("reclaim_seconds").asLong())
                .put("max_journal_bytes", ledger.path("max_journal_bytes").asLong())
                .put("suspended", ledger.path("suspended").asLong());
        if (printer().isJson()) {
            document.set("journals", views(ledger.path("journals"), View::journal));
            document.set("writers", views(ledger.path("writers"), View::writer));
            printer().object(document);
            return;
        }
        printer().object(document);
        printer().text("");
        printer()
                .page(
                        page(ledger.path("journals")),
                        View::journal,
                        List.of(
                                new Column("journal", "writer_id"),
                                Column.of("segments"),
                                Column.of("bytes"),
                                Column.of("booked_bytes"),
                                Column.of("lag_bytes"),
                                Column.of("room"),
                                Column.of("fsync")));
        printer().text("");
        printer()
                .page(
                        page(ledger.path("writers")),
                        View::writer,
                        List.of(
                                new Column("writer", "writer_id"),
                                Column.of("node"),
                                Column.of("own"),
                                Column.of("state"),
                                new Column("exchanges", "exchange_no"),
                                new Column("silent_s", "silent_seconds"),
                                new Column("user_quota", "held_user_quota"),
                                new Column("token_quota", "held_token_quota"),
                                Column.of("leases"),
                                Column.of("started_at")));
    }

    private static ArrayNode views(JsonNode rows, Function<JsonNode, ObjectNode> view) {
        ArrayNode views = Json.object().arrayNode();
        rows.forEach(row -> views.add(view.apply(row)));
        return views;
    }

    private static Page page(JsonNode rows) {
        List<JsonNode> all = new ArrayList<>();
        rows.forEach(all::add);
        return new Page(all, all.size(), 1, Math.max(1, all.size()));
    }
}
