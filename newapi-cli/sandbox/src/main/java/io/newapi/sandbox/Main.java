package io.newapi.sandbox;

import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Runs a sandbox from the command line until the process is told to end. */
@Command(
        name = "newapi-sandbox",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        sortOptions = false,
        usageHelpAutoWidth = true,
        description =
                "A mock LLM provider in the formats of OpenAI, Azure, Anthropic and Google, for rehearsals and tests.",
        footer = {
            "",
            "A request may ask for its own answer with a JSON object in the header X-Sandbox, in the body's"
                    + " \"sandbox\" or in metadata.sandbox, or behind its model's name: NAME!KEY=VALUE!FAULT. Keys:"
                    + " prompt_tokens, completion_tokens, cached_tokens, cache_write_tokens, reasoning_tokens,"
                    + " thinking, content, chunks, latency_ms, chunk_delay_ms, fault, status, retry_after.",
            "",
            "Faults (NAME or NAME:NUMBER): status:CODE, redirect:CODE, reset-before-headers, reset-after-chunk:N,"
                    + " reset-before-usage, reset-after-usage, stall-after-chunk:N, endless, malformed-after-chunk:N,"
                    + " bad-frame-after-chunk:N, error-event-after-chunk:N, no-usage, zero-usage, no-done,"
                    + " huge-line:BYTES, wrong-content-type, slow-headers:MILLIS.",
            "",
            "What was received: GET /__sandbox/requests, GET /__sandbox/counts, DELETE /__sandbox/requests;"
                    + " PUT /__sandbox/script replaces the standard answer."
        })
public final class Main implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init")
    private CommandSpec spec;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            defaultValue = "127.0.0.1",
            description = "Address to listen on (default: ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            defaultValue = "0",
            description = "TCP port; 0 takes any free one (default: ${DEFAULT-VALUE}).")
    private int port;

    @Option(
            names = "--key",
            paramLabel = "KEY",
            description = "Refuse calls without this key, where the provider takes it.")
    private @Nullable String key;

    @Option(names = "--key-file", paramLabel = "FILE", description = "As --key, read from the first line of a file.")
    private @Nullable Path keyFile;

    @Option(
            names = "--latency",
            paramLabel = "MILLIS",
            defaultValue = "0",
            description = "Milliseconds before the response head (default: ${DEFAULT-VALUE}).")
    private long latencyMillis;

    @Option(
            names = "--chunk-delay",
            paramLabel = "MILLIS",
            defaultValue = "0",
            description = "Milliseconds between streamed content chunks (default: ${DEFAULT-VALUE}).")
    private long chunkDelayMillis;

    @Option(
            names = "--tokens",
            paramLabel = "TOKENS",
            description = "Completion tokens to report, and words to answer, up to 4096"
                    + " (default: an echo of the question, counted in words).")
    private @Nullable Long tokens;

    @Option(
            names = "--prompt-tokens",
            paramLabel = "TOKENS",
            description = "Prompt tokens to report (default: the words of the messages).")
    private @Nullable Long promptTokens;

    @Option(
            names = "--chunks",
            paramLabel = "CHUNKS",
            description = "Content chunks of a streamed answer (default: one for each word).")
    private @Nullable Long chunks;

    @Option(names = "--fault", paramLabel = "FAULT", description = "Accident that answers meet; see below.")
    private @Nullable String fault;

    @Option(
            names = "--fault-rate",
            paramLabel = "0..1",
            defaultValue = "1",
            description = "Part of the answers that meet --fault (default: ${DEFAULT-VALUE}).")
    private double faultRate;

    @Option(
            names = "--seed",
            paramLabel = "NUMBER",
            defaultValue = "0",
            description = "Decides which requests meet the fault (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(
            names = "--models",
            paramLabel = "MODEL",
            split = ",",
            description = "Models that GET /v1/models lists, separated by commas.")
    private @Nullable List<String> models;

    @Option(
            names = "--remember",
            paramLabel = "REQUESTS",
            defaultValue = "200",
            description = "Requests kept for inspection (default: ${DEFAULT-VALUE}).")
    private int remembered;

    @Option(
            names = "--event-loops",
            paramLabel = "N",
            defaultValue = "1",
            description = "Event loops that serve (default: ${DEFAULT-VALUE}).")
    private int eventLoops;

    /**
     * Ends with 1 if it cannot listen, with 2 for a wrong option; ended by a signal, as the JVM ends then: with 128 and the
     * signal's number.
     */
    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Main()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        SandboxOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
        }
        PrintWriter out = spec.commandLine().getOut();
        PrintWriter err = spec.commandLine().getErr();
        Vertx vertx = Vertx.vertx();
        CountDownLatch end = new CountDownLatch(1);
        Sandbox.start(vertx, options)
                .onSuccess(sandbox -> {
                    out.println("newapi-sandbox is listening on " + sandbox.url());
                    out.flush();
                })
                .onFailure(cause -> {
                    err.println("newapi-sandbox: cannot listen on " + host + ":" + port + ": " + cause.getMessage());
                    err.flush();
                    end.countDown();
                });
        // Only a failure opens the latch; a signal ends the process by itself.
        end.await();
        vertx.close().await();
        return 1;
    }

    private SandboxOptions options() throws IOException {
        Script script = Script.PLAIN.withDelays(Duration.ofMillis(latencyMillis), Duration.ofMillis(chunkDelayMillis));
        script = tokens == null ? script : script.withCompletionTokens(tokens);
        script = promptTokens == null ? script : script.withPromptTokens(promptTokens);
        script = chunks == null ? script : script.withChunks(chunks);
        script = fault == null ? script : script.withFault(Fault.parse(fault));
        SandboxOptions options = SandboxOptions.DEFAULTS
                .withAddress(host, port)
                .withScript(script)
                .withFaultRate(faultRate, seed)
                .withRemembered(remembered)
                .withEventLoops(eventLoops);
        options = models == null ? options : options.withModels(models);
        if (keyFile != null) {
            try (var lines = Files.lines(keyFile)) {
                options = options.withKey(lines.findFirst().orElse("").trim());
            }
        }
        return key == null ? options : options.withKey(key);
    }

    /** The version in the jar's manifest. */
    static final class Version implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"newapi-sandbox " + (version == null ? "(unpackaged)" : version)};
        }
    }
}
