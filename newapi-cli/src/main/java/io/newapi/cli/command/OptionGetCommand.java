package io.newapi.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import io.newapi.cli.output.Column;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Shows one option, or all that are not secret. */
@Command(description = {"Secret options are never shown; they can only be set."})
final class OptionGetCommand extends AdminCommand {

    @Parameters(paramLabel = "KEY", arity = "0..1", description = "The option's key (default: all).")
    private @Nullable String key;

    @Override
    void run(AdminClient client) {
        List<JsonNode> options = new ArrayList<>();
        client.get("/api/option/").forEach(options::add);
        options.sort(Comparator.comparing(option -> Json.text(option, "key")));
        if (key == null) {
            printer()
                    .page(
                            new Page(options, options.size(), 1, Math.max(1, options.size())),
                            OptionGetCommand::view,
                            List.of(Column.of("key"), Column.of("value")));
            return;
        }
        JsonNode option = options.stream()
                .filter(row -> Json.text(row, "key").equals(key))
                .findFirst()
                .orElseThrow(() -> new Failure(
                        ExitCode.NOT_FOUND, "no option " + key, "or a secret one; newapi option get lists the others"));
        if (printer().isJson()) {
            printer().object(view(option));
        } else {
            printer().text(Json.text(option, "value"));
        }
    }

    private static ObjectNode view(JsonNode option) {
        return Json.object().put("key", Json.text(option, "key")).put("value", Json.text(option, "value"));
    }
}
