package io.newapi.server.e2e;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.newapi.server.Main;
import io.newapi.server.testing.Freezing;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A node in a process of its own, which can be killed: the packaged jar where the build has made one, else the classes
 * of the test's class path.
 */
final class NodeProcess implements AutoCloseable {

    /** Options of a JVM that does not live long. */
    static final List<String> BRIEFLY = List.of("-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

    private static final Pattern SERVING = Pattern.compile("serving on port (\\d+)");
    private static final long PATIENCE_SECONDS = 60;
    private static final Duration START = Duration.ofMinutes(2);

    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final Thread reader;

    private NodeProcess(Process process) {
        this.process = process;
        this.reader = new Thread(this::readOutput, "output of process " + process.pid());
        reader.setDaemon(true);
        reader.start();
    }

    /** Starts a node in the directory and waits until it serves. */
    static NodeProcess start(DataDirectory directory, Map<String, String> settings) {
        NodeProcess node = launch(directory, settings);
        node.awaitServing();
        return node;
    }

    /** Waits until it serves. */
    void awaitServing() {
        Eventually.until("the node serves", START, () -> servingPort().isPresent() || !process.isAlive());
        if (servingPort().isEmpty()) {
            throw new AssertionError("the node did not start:\n" + output());
        }
    }

    /** Waits until it writes such a line; the number in it. */
    int awaitLine(String pattern) {
        Pattern line = Pattern.compile(pattern);
        Eventually.until("it writes " + pattern, () -> number(line).isPresent() || !process.isAlive());
        return number(line).orElseThrow(() -> new AssertionError("the node did not start:\n" + output()));
    }

    /** Starts a node in the directory, and does not wait for anything. */
    static NodeProcess launch(DataDirectory directory, Map<String, String> settings) {
        Map<String, String> environment = new HashMap<>(directory.settings());
        environment.putAll(settings);
        return launch(directory.path(), environment, BRIEFLY, List.of());
    }

    /**
     * The same with nothing but this.
     *
     * @param environment all of it, but for the port, which is any free one
     * @param ofJvm options of the JVM
     * @param flags of the node
     */
    static NodeProcess launch(Path folder, Map<String, String> environment, List<String> ofJvm, List<String> flags) {
        List<String> options = new ArrayList<>(ofJvm);
        packaged().ifPresent(jar -> options.addAll(ClassArchive.option(jar)));
        return unarchived(folder, environment, options, flags);
    }

    /** The same, and the JVM has no classes from an archive. */
    static NodeProcess unarchived(
            Path folder, Map<String, String> environment, List<String> ofJvm, List<String> flags) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ofJvm);
        Optional<Path> jar = packaged();
        if (jar.isPresent()) {
            command.addAll(List.of("-jar", jar.get().toString()));
        } else {
            command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        }
        command.addAll(flags);
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
        // nothing of the machine's own settings
        builder.environment().clear();
        builder.environment().put("PORT", "0");
        builder.environment().putAll(environment);
        try {
            return new NodeProcess(builder.start());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + command.get(0), e);
        }
    }

    private static Optional<Path> packaged() {
        String jar = System.getProperty("newapi.server.jar", "");
        return jar.isEmpty() ? Optional.empty() : Optional.of(Path.of(jar)).filter(Files::exists);
    }

    private void readOutput() {
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
            lines.lines().forEach(output::add);
        } catch (IOException | UncheckedIOException closed) {
            output.add("(no more output: " + closed + ")");
        }
    }

    private Optional<Integer> servingPort() {
        return number(SERVING);
    }

    private Optional<Integer> number(Pattern pattern) {
        return output.stream()
                .map(pattern::matcher)
                .filter(Matcher::find)
                .map(line -> Integer.valueOf(line.group(1)))
                .findFirst();
    }

    /** Where it listens, without a slash at the end. */
    String url() {
        return "http://127.0.0.1:" + port();
    }

    /** The port that it serves on. */
    int port() {
        return servingPort().orElseThrow();
    }

    /** What it has written so far. */
    String output() {
        return String.join("\n", output);
    }

    /** Whether it ends by itself within this time. */
    boolean endsWithin(long millis) {
        try {
            return process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Asks it to stop, as a service manager does, and does not wait. */
    void terminate() {
        // through the handle: what it writes last is still read
        process.toHandle().destroy();
    }

    /** Ends it without a warning (SIGKILL), and waits until it is gone. */
    void kill() {
        process.destroyForcibly();
        waitForEnd();
    }

    /** From now on it does nothing, but its connections stay. */
    void freeze() {
        Freezing.freeze(process);
    }

    /** It goes on where it was frozen. */
    void thaw() {
        Freezing.thaw(process);
    }

    /** Waits until it has ended; its exit code. All output is there then. */
    int waitForEnd() {
        if (!endsWithin(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))) {
            throw new AssertionError("the node does not end:\n" + output());
        }
        try {
            reader.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return process.exitValue();
    }

    /** Stops it gracefully; kills it if that takes too long. */
    @Override
    public void close() {
        terminate();
        if (!endsWithin(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS))) {
            kill();
        }
    }
}
