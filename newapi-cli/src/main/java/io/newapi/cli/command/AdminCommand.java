package io.newapi.cli.command;

import io.newapi.cli.client.AdminClient;
import java.time.Duration;
import picocli.CommandLine.Mixin;

/** A command that calls the admin API as the user who is logged in. */
abstract class AdminCommand extends CliCommand {

    @Mixin
    @SuppressWarnings("NullAway.Init")
    private Connection connection;

    /** Does the work; failures are thrown. */
    abstract void run(AdminClient client);

    /** How long an answer may take when nobody says. */
    Duration usualTimeout() {
        return Duration.ofSeconds(30);
    }

    final Connection connection() {
        return connection;
    }

    @Override
    void run() {
        run(connection.authenticated(surroundings(), usualTimeout()));
    }
}
