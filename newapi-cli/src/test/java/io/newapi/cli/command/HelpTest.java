package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Every command explains itself, and docs/cli.md knows all of them with all their options. */
class HelpTest {

    private static final Path MANUAL = Path.of("..", "docs", "cli.md");

    private final CommandLine root = NewApiCommand.commandLine(Shell.quiet(), CommandTree.ofAll());

    @Test
    void everyCommandAndOptionIsDescribed() {
        assertThat(commands(root)).hasSizeGreaterThan(25).allSatisfy(command -> {
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(option.description())
                        .as(name + " " + option.longestName())
                        .isNotEmpty();
                if (option.arity().max() > 0) {
                    assertThat(option.paramLabel())
                            .as(name + " " + option.longestName())
                            .isUpperCase();
                }
            }
        });
    }

    @Test
    void everyCommandAnswersHelp() {
        for (CommandLine command : commands(root)) {
            String name = command.getCommandSpec().qualifiedName();
            String[] arguments = Stream.concat(Stream.of(name.split(" ")).skip(1), Stream.of("--help"))
                    .toArray(String[]::new);

            Shell.Result result = new Shell(Path.of("/nonexistent")).run(arguments);

            assertThat(result.code()).as(name).isZero();
            assertThat(result.out()).as(name).startsWith("Usage: " + name);
        }
    }

    @Test
    void listsOfCommandsAreTheSameWhetherTheirCommandsAreLoadedOrNot() {
        assertThat(NewApiCommand.commandLine(Shell.quiet(), new CommandTree("--help"))
                        .getUsageMessage())
                .isEqualTo(root.getUsageMessage());
        assertThat(new Shell(Path.of("/nonexistent")).run("channel", "--help").out())
                .isEqualTo(NewApiCommand.commandLine(Shell.quiet(), CommandTree.ofAll())
                        .getSubcommands()
                        .getOrDefault("channel", root)
                        .getUsageMessage());
    }

    @Test
    void theManualHasASectionForEveryCommandWithEveryOption() throws IOException {
        String manual = Files.readString(MANUAL);
        List<String> common = List.of("--output", "--url", "--profile", "--timeout", "--help", "--version");
        List<String> paging = List.of("--page", "--page-size", "--all");
        for (CommandLine command : commands(root)) {
            String name = command.getCommandSpec().qualifiedName();
            if (!command.getSubcommands().isEmpty() || name.endsWith(" help")) {
                continue;
            }
            String heading = "### `" + name + "`";
            assertThat(manual).contains(heading);
            String section = manual.substring(manual.indexOf(heading) + heading.length());
            section = section.contains("\n### ") ? section.substring(0, section.indexOf("\n### ")) : section;
            for (OptionSpec option : command.getCommandSpec().options()) {
                boolean elsewhere = common.contains(option.longestName()) || paging.contains(option.longestName());
                assertThat(elsewhere ? manual : section).as(heading).contains("`" + option.longestName());
            }
        }
    }

    @Test
    void theVersionIsTold() {
        assertThat(new Shell(Path.of("/nonexistent")).run("--version").out()).startsWith("newapi ");
    }

    @Test
    void completionKnowsTheCommandsAndOptions() {
        assertThat(new Shell(Path.of("/nonexistent")).run("completion").out())
                .contains("newapi", "channel", "quota", "--key-stdin", "--subtract");
    }

    private static List<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                        Stream.of(command),
                        command.getSubcommands().values().stream()
                                .filter(below -> !(below.getCommand() instanceof CommandLine.HelpCommand))
                                .flatMap(below -> commands(below).stream()))
                .toList();
    }
}
