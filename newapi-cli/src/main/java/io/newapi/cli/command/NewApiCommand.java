package io.newapi.cli.command;

import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParameterException;

/** The program itself: the list of its commands, and how their failures are told. */
@Command(
        name = "newapi",
        mixinStandardHelpOptions = true,
        versionProvider = NewApiCommand.Version.class,
        description = "Administration of a gateway from scripts, and offline price tools.",
        synopsisSubcommandLabel = "COMMAND",
        usageHelpAutoWidth = true,
        footerHeading = "%nEnvironment:%n",
        footer = {
            "  NEWAPI_URL       the gateway's address",
            "  NEWAPI_TOKEN     an access token, with NEWAPI_USER_ID the id of its user",
            "  NEWAPI_PASSWORD  the password of the account that a command is about",
            "  NEWAPI_CONFIG    the profile file, instead of ~/.config/newapi/config.json",
            "  NO_COLOR         no colours in help texts"
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused by the server",
            "2:wrong command line",
            "3:cannot connect, or no answer in time",
            "4:not authenticated",
            "5:not found",
            "6:not in order, after an audit",
            "70:internal fault, or output that cannot be written"
        })
public final class NewApiCommand implements Runnable {

    private final Surroundings surroundings;

    @CommandLine.Spec
    @SuppressWarnings("NullAway.Init")
    private CommandLine.Model.CommandSpec spec;

    private NewApiCommand(Surroundings surroundings) {
        this.surroundings = surroundings;
    }

    /** Runs one command; both outputs are flushed. The result is the exit code: never 0 if the output was lost. */
    public static int run(Surroundings surroundings, String... arguments) {
        int code = commandLine(surroundings, new CommandTree(arguments)).execute(arguments);
        boolean lost = surroundings.out().checkError();
        if (lost) {
            surroundings
                    .err()
                    .println("newapi: standard output cannot be written (is the disk full, or its reader gone?)");
        }
        surroundings.err().flush();
        return lost && code == ExitCode.OK.number() ? ExitCode.INTERNAL.number() : code;
    }

    /** The program with its commands. */
    static CommandLine commandLine(Surroundings surroundings, CommandTree tree) {
        CommandLine commandLine = new CommandLine(new NewApiCommand(surroundings));
        tree.growBelow(commandLine);
        // What the mock provider understands is its own affair.
        commandLine.getSubcommands().values().stream()
                .filter(command -> command.getCommand() instanceof SandboxCommand)
                .forEach(command -> command.setUnmatchedOptionsArePositionalParams(true));
        return commandLine
                .setOut(surroundings.out())
                .setErr(surroundings.err())
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setParameterExceptionHandler((wrong, arguments) -> tellWrongUse(surroundings, wrong))
                .setExecutionExceptionHandler((cause, command, parsed) -> tell(surroundings, cause));
    }

    Surroundings surroundings() {
        return surroundings;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    private static int tellWrongUse(Surroundings surroundings, ParameterException wrong) {
        String command = wrong.getCommandLine().getCommandSpec().qualifiedName();
        Failure failure = Failure.ofUsage(String.valueOf(wrong.getMessage()), command + " --help");
        return tell(surroundings, failure);
    }

    private static int tell(Surroundings surroundings, Exception cause) {
        if (cause instanceof Failure failure) {
            surroundings.err().println("newapi: " + failure.line());
            return failure.code().number();
        }
        surroundings.err().println("newapi: internal fault: " + cause + " (NEWAPI_DEBUG=1 shows where)");
        if (!surroundings.variable("NEWAPI_DEBUG").isEmpty()) {
            cause.printStackTrace(surroundings.err());
        }
        return ExitCode.INTERNAL.number();
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = NewApiCommand.class.getPackage().getImplementationVersion();
            return new String[] {"newapi " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
