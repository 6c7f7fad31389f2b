package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import io.newapi.cli.client.Json;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Sets one option. */
@Command(description = {"Secrets belong into a file or standard input: other users can see a command line."})
final class OptionSetCommand extends AdminCommand {

    @Parameters(index = "0", paramLabel = "KEY", description = "The option's key.")
    private String key = "";

    @Parameters(
            index = "1",
            paramLabel = "VALUE",
            description = "The new value; @FILE reads it from a file, - from standard input;"
                    + " @@TEXT is a value that begins with @.")
    private String value = "";

    @Override
    void run(AdminClient client) {
        client.call("PUT", "/api/option/", Json.object().put("key", key).put("value", newValue()));
        printer().object(Json.object().put("key", key).put("changed", true));
    }

    private String newValue() {
        if (value.equals("-")) {
            return surroundings().input();
        }
        if (value.startsWith("@@")) {
            return value.substring(1);
        }
        return value.startsWith("@") ? FileText.read(Path.of(value.substring(1))) : value;
    }
}
