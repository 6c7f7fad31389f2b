package io.newapi.cli.command;

import io.newapi.cli.client.ExitCode;
import io.newapi.cli.client.Failure;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Runs the mock provider in a JVM of its own until it is told to end; ends with its exit code. */
@Command(
        usageHelpAutoWidth = true,
        sortOptions = false,
        description = {
            "Everything after the command goes to it: newapi sandbox --port 8080 --latency 50. Its own help: newapi sandbox -- --help."
        })
final class SandboxCommand implements Callable<Integer> {

    private static final String JAR = "newapi-sandbox.jar";

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

    @Parameters(
            paramLabel = "ARGUMENT",
            arity = "0..*",
            description = "Arguments of the mock provider. NEWAPI_SANDBOX_JAR names its jar if it lies elsewhere.")
    private List<String> arguments = new ArrayList<>();

    @Override
    public Integer call() {
        Surroundings surroundings = ((NewApiCommand) spec.root().userObject()).surroundings();
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-jar");
        command.add(jar(surroundings).toString());
        command.addAll(arguments);
        surroundings.out().flush();
        try {
            Process process = new ProcessBuilder(command).inheritIO().start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end-of-sandbox"));
            return process.waitFor();
        } catch (IOException e) {
            throw new Failure(ExitCode.INTERNAL, "cannot start the sandbox: " + e.getMessage(), "");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return ExitCode.INTERNAL.number();
        }
    }

    /** Beside this program's jar when installed; in the sandbox's own build directory in a checkout. */
    private static Path jar(Surroundings surroundings) {
        String named = surroundings.variable("NEWAPI_SANDBOX_JAR");
        if (!named.isEmpty()) {
            return existing(List.of(Path.of(named)));
        }
        Path here = home();
        return existing(List.of(
                here.resolve(JAR),
                here.resolveSibling("sandbox").resolve("target").resolve(JAR)));
    }

    private static Path existing(List<Path> places) {
        return places.stream()
                .filter(Files::isRegularFile)
                .findFirst()
                .orElseThrow(
                        () -> new Failure(
                                ExitCode.NOT_FOUND,
                                "the sandbox is not at " + places.get(0),
                                "./mvnw -q -pl newapi-cli/sandbox -am package -DskipTests builds it; NEWAPI_SANDBOX_JAR names another place"));
    }

    private static Path home() {
        CodeSource source = SandboxCommand.class.getProtectionDomain().getCodeSource();
        try {
            if (source != null && source.getLocation() != null) {
                Path program = Path.of(source.getLocation().toURI()).toAbsolutePath();
                Path directory = program.getParent();
                return directory == null ? program : directory;
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("a code location is a URI", e);
        }
        return Path.of("").toAbsolutePath();
    }
}
