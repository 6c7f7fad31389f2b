package io.newapi.sandbox;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.SocketAddress;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * A running mock provider. Its HTTP side:
 *
 * <ul>
 *   <li>the paths of OpenAI, Azure, Anthropic and Google for replies, streamed or not, with tools and reasoning, and for
 *       embeddings, images, audio and other things; what the real provider refuses is refused in its own way
 *   <li>a request's wishes for its answer: a JSON object in the header {@code X-Sandbox}, in the body's {@code sandbox},
 *       or in {@code metadata.sandbox} (there also as text), or behind the model's name ({@code NAME!KEY=VALUE!FAULT}),
 *       with the keys {@code prompt_tokens}, {@code completion_tokens}, {@code cached_tokens},
 *       {@code cache_write_tokens}, {@code reasoning_tokens}, {@code thinking}, {@code content}, {@code chunks},
 *       {@code latency_ms}, {@code chunk_delay_ms}, {@code fault} (see {@link Fault}), {@code status} (short for a status
 *       fault), {@code retry_after} (seconds)
 *   <li>{@code GET /__sandbox/requests} and {@code GET /__sandbox/counts} tell what was received, {@code DELETE
 *       /__sandbox/requests} forgets it, {@code PUT /__sandbox/script} replaces the standard answer
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class Sandbox {

    private final SandboxOptions options;
    private final RequestLog log;
    private final Stage stage;
    private final Closing closing;

    /** How what was started is stopped. */
    private interface Closing {
        Future<Void> close();
    }

    private Sandbox(SandboxOptions options, RequestLog log, Stage stage, Closing closing) {
        this.options = options;
        this.log = log;
        this.stage = stage;
        this.closing = closing;
    }

    /** Starts on {@code vertx}, which {@link #close()} leaves running. Fails if the port is taken. */
    public static Future<Sandbox> start(Vertx vertx, SandboxOptions options) {
        RequestLog log = new RequestLog(options.remembered());
        Stage stage = new Stage(options.script());
        SocketAddress address = address(options);
        return vertx.deployVerticle(
                        () -> new SandboxServer(options, address, log, stage),
                        new DeploymentOptions().setInstances(options.eventLoops()))
                .map(deployment -> new Sandbox(options, log, stage, () -> vertx.undeploy(deployment)));
    }

    /** Starts on a Vert.x of its own, which {@link #close()} closes. */
    public static Future<Sandbox> start(SandboxOptions options) {
        Vertx vertx = Vertx.vertx();
        // A promise of no context: one of the event loops could not tell of their own end.
        Promise<Sandbox> started = Promise.promise();
        start(vertx, options)
                .onSuccess(sandbox ->
                        started.complete(new Sandbox(options, sandbox.log, sandbox.stage, () -> vertx.close())))
                .onFailure(cause -> vertx.close().onComplete(closed -> started.fail(cause)));
        return started.future();
    }

    /** The TCP port it listens on. */
    public int port() {
        return stage.port();
    }

    /** {@code http://host:port}, without a slash at the end: the base URL of a channel. */
    public String url() {
        String host = options.host().indexOf(':') >= 0 ? "[" + options.host() + "]" : options.host();
        return "http://" + host + ":" + port();
    }

    /** The last requests, oldest first. */
    public List<ReceivedRequest> requests() {
        return log.requests();
    }

    /** What became of all requests since the start or the last {@link #clear()}. */
    public Counts counts() {
        return log.counts();
    }

    /** Forgets requests and counts. */
    public void clear() {
        log.clear();
    }

    /** Answers later requests by {@code script} unless they ask for something else. */
    public void play(Script script) {
        stage.play(script);
    }

    /** Stops listening and cuts what is still being answered. Idempotent. */
    public Future<Void> close() {
        return closing.close();
    }

    /** Several event loops share a free port only when it is asked for under one number. */
    private static SocketAddress address(SandboxOptions options) {
        return options.port() == 0 && options.eventLoops() > 1
                ? SocketAddress.sharedRandomPort(
                        ThreadLocalRandom.current().nextInt(1, Integer.MAX_VALUE), options.host())
                : SocketAddress.inetSocketAddress(options.port(), options.host());
    }
}
