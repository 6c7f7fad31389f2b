package io.newapi.cli.command;

import io.newapi.cli.output.Format;
import io.newapi.cli.output.Printer;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What every command that prints something has. */
@Command(usageHelpAutoWidth = true, sortOptions = false)
abstract class CliCommand implements Callable<Integer> {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 200,
            description = "Show this help.")
    @SuppressWarnings("UnusedVariable") // picocli reads it
    private boolean help;

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            order = 100,
            description = "table, for people, or json, for programs (default: ${DEFAULT-VALUE}).")
    private Format format = Format.TABLE;

    final Surroundings surroundings() {
        return ((NewApiCommand) spec.root().userObject()).surroundings();
    }

    final Printer printer() {
        return new Printer(format, surroundings().out(), surroundings().err());
    }

    /** Does the work; failures are thrown. */
    abstract void run();

    @Override
    public final Integer call() {
        run();
        return 0;
    }
}
