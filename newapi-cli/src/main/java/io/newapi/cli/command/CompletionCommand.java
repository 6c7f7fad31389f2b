package io.newapi.cli.command;

import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Prints a completion script. */
@Command(
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = {
            "bash: source <(newapi completion)",
            "zsh: autoload -U +X bashcompinit && bashcompinit && source <(newapi completion)"
        })
final class CompletionCommand implements Runnable {

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

    @Override
    public void run() {
        Surroundings surroundings = ((NewApiCommand) spec.root().userObject()).surroundings();
        surroundings.out().print(AutoComplete.bash("newapi", spec.root().commandLine()));
    }
}
