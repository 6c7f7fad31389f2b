package io.newapi.cli.command;

import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;

/**
 * The commands by name. Most of the time from pressing Enter to the first letter of an answer went into reading the
 * annotations of commands that nobody named; so a command's class is touched only when its name is among the arguments,
 * and stands for itself as a name with a description otherwise.
 */
final class CommandTree {

    /**
     * A command in the lists of commands.
     *
     * @param path its name, after the names of the groups that it is in
     * @param description one sentence
     */
    private record Entry(String path, String description) {

        String name() {
            return path.substring(path.lastIndexOf(' ') + 1);
        }

        String group() {
            return path.substring(0, Math.max(0, path.lastIndexOf(' ')));
        }
    }

    private static final List<Entry> ENTRIES = List.of(
            new Entry("setup", "Create the root user of a new gateway, and log in."),
            new Entry("login", "Obtain an access token and remember it in the profile."),
            new Entry("status", "Show whether the gateway answers, its version, and who is logged in."),
            new Entry("channel", "Channels: accounts at upstream providers."),
            new Entry("channel list", "List channels, highest priority first."),
            new Entry("channel add", "Add a channel."),
            new Entry(
                    "channel test",
                    "Let the gateway make one small call through a channel; it costs what the provider takes."),
            new Entry("channel enable", "Let a channel serve calls."),
            new Entry("channel disable", "Keep a channel from serving calls."),
            new Entry("channel delete", "Delete a channel for good, without asking."),
            new Entry("token", "Tokens: the keys that clients call with."),
            new Entry("token list", "List your own tokens, newest first, without their keys."),
            new Entry("token create", "Create a token of your own and print its key, this once."),
            new Entry("token delete", "Delete a token for good, without asking."),
            new Entry("user", "Users and their quota."),
            new Entry("user list", "List users, newest first, deleted ones included."),
            new Entry("user create", "Create a user."),
            new Entry("user quota", "Change what a user may spend, and show what it is then."),
            new Entry("option", "Settings of the gateway that change while it runs."),
            new Entry("option get", "Show an option, or all of them."),
            new Entry("option set", "Set an option."),
            new Entry("cluster", "The nodes that share a database."),
            new Entry("cluster nodes", "Show the nodes, which of them is the master, and how they are."),
            new Entry("cluster doctor", "Find what keeps the nodes from being one gateway, and say what to do."),
            new Entry("ledger", "Which node holds which part of the balances."),
            new Entry("ledger status", "Show the runs of nodes with what they hold, and the journal of the one asked."),
            new Entry("ledger write-off", "Give back what a node holds that is gone for good."),
            new Entry("log", "What was called, and what it cost."),
            new Entry("log list", "List log rows, newest first. Quota is in quota units, times are in UTC."),
            new Entry("audit", "Check whether every unit of quota is accounted for; for the root user."),
            new Entry("price", "Prices, computed here without a gateway."),
            new Entry(
                    "price quote",
                    "Compute what a call costs at the prices that this version ships with; no gateway is asked."),
            new Entry("price batch", "Compute what calls cost, one JSON document in each line; no gateway is asked."),
            new Entry("sandbox", "Run a mock provider in four formats, for rehearsals and tests."),
            new Entry("completion", "Print a completion script for bash and zsh."),
            new Entry("help", "Show the help of a command."));

    private final List<String> words;
    private final boolean whole;

    /** The tree as far as these arguments need it. */
    CommandTree(String... arguments) {
        this.words = List.of(arguments);
        // A completion script is about all commands.
        this.whole = words.contains("completion");
    }

    private CommandTree() {
        this.words = List.of();
        this.whole = true;
    }

    /** The tree with every command. */
    static CommandTree ofAll() {
        return new CommandTree();
    }

    /** Puts the commands below {@code root}. */
    void growBelow(CommandLine root) {
        growBelow(root, "", words.isEmpty() ? "" : words.get(0));
    }

    /** A level whose command is named has that one; another level is about to be listed and has them all. */
    private void growBelow(CommandLine parent, String group, String word) {
        List<Entry> level =
                ENTRIES.stream().filter(entry -> entry.group().equals(group)).toList();
        boolean isListed = whole
                || word.equals("help")
                || level.stream().noneMatch(entry -> entry.name().equals(word));
        for (Entry entry : level) {
            if (whole || words.contains(entry.name())) {
                parent.addSubcommand(entry.name(), command(entry));
            } else if (isListed) {
                parent.addSubcommand(entry.name(), stub(entry));
            }
        }
    }

    private CommandLine command(Entry entry) {
        boolean isGroup = ENTRIES.stream().anyMatch(other -> other.group().equals(entry.path()));
        CommandLine command = new CommandLine(isGroup ? new CommandGroup() : create(entry.path()));
        UsageMessageSpec usage = command.getCommandSpec().name(entry.name()).usageMessage();
        usage.header(new String[0]);
        usage.description(Stream.concat(Stream.of(entry.description()), Stream.of(usage.description()))
                .toArray(String[]::new));
        if (isGroup) {
            growBelow(command, entry.path(), words.size() > 1 ? words.get(1) : "");
        }
        return command;
    }

    private static CommandLine stub(Entry entry) {
        CommandSpec spec = CommandSpec.create().name(entry.name());
        spec.usageMessage().description(entry.description());
        return new CommandLine(spec);
    }

    /** A switch and not a table, which would load every class that it names. */
    private static Object create(String path) {
        return switch (path) {
            case "setup" -> new SetupCommand();
            case "login" -> new LoginCommand();
            case "status" -> new StatusCommand();
            case "channel list" -> new ChannelListCommand();
            case "channel add" -> new ChannelAddCommand();
            case "channel test" -> new ChannelTestCommand();
            case "channel enable" -> new ChannelEnableCommand();
            case "channel disable" -> new ChannelDisableCommand();
            case "channel delete" -> new ChannelDeleteCommand();
            case "token list" -> new TokenListCommand();
            case "token create" -> new TokenCreateCommand();
            case "token delete" -> new TokenDeleteCommand();
            case "user list" -> new UserListCommand();
            case "user create" -> new UserCreateCommand();
            case "user quota" -> new UserQuotaCommand();
            case "option get" -> new OptionGetCommand();
            case "option set" -> new OptionSetCommand();
            case "cluster nodes" -> new ClusterNodesCommand();
            case "cluster doctor" -> new ClusterDoctorCommand();
            case "ledger status" -> new LedgerStatusCommand();
            case "ledger write-off" -> new LedgerWriteOffCommand();
            case "log list" -> new LogListCommand();
            case "audit" -> new AuditCommand();
            case "price quote" -> new PriceQuoteCommand();
            case "price batch" -> new PriceBatchCommand();
            case "sandbox" -> new SandboxCommand();
            case "completion" -> new CompletionCommand();
            case "help" -> new CommandLine.HelpCommand();
            default -> throw new IllegalArgumentException("no command: " + path);
        };
    }
}
