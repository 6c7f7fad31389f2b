package io.newapi.server.ops;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.newapi.server.config.Secret;
import io.newapi.server.config.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/**
 * The figures of a node, and who may read them: whoever has the token, or, where there is none, whoever is in the same
 * network. What was forwarded comes from elsewhere. Thread-safe.
 *
 * <p>Meters are given the names under which they are read, the endings {@code _total} and {@code _seconds} included; for
 * counters and times the library keeps such an ending as it is.
 */
public final class Metrics {

    private static final TrustedProxies PRIVATE = TrustedProxies.privateRanges();
    private static final List<String> FORWARDED = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP");
    private static final String BEARER = "Bearer ";

    /** The type of the text. */
    static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private final Optional<Secret> token;
    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final NodeMeter node;
    private final CallMeter calls = new CallMeter(registry);
    private final LedgerMeter ledger = new LedgerMeter(registry);

    /**
     * Of a node that has not counted anything yet.
     *
     * @param token who has it may read; empty: the private network may
     * @param version the product's
     * @param nodeName this node's
     */
    public Metrics(Optional<Secret> token, String version, String nodeName, Health health) {
        this.token = token;
        this.node = new NodeMeter(registry, version, nodeName, health);
    }

    /** Counts calls. */
    public CallMeter calls() {
        return calls;
    }

    /** Counts what happens in the ledger. */
    public LedgerMeter ledger() {
        return ledger;
    }

    /** Tells of the process too, until what is returned is closed. */
    public AutoCloseable watchProcess() {
        return new ProcessMeters(registry);
    }

    /**
     * Adds a figure that goes up and down.
     *
     * @param help one sentence without a line break
     * @param value asked on worker threads; returns soon
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        Gauge.builder(name, value::getAsDouble).description(help).register(registry);
    }

    /**
     * Adds figures of which one is 1 and the others 0; see {@link #gauge}.
     *
     * @param label which one, in small letters
     * @param kinds all there can be
     */
    public <K extends Enum<K>> void choice(String name, String label, String help, Class<K> kinds, Supplier<K> chosen) {
        Choice.add(registry, name, label, help, kinds, chosen);
    }

    /**
     * Adds a figure that only grows; see {@link #gauge}.
     *
     * @param counting who counts; held weakly, so somebody else keeps it
     */
    public <T> void counter(String name, String help, T counting, ToDoubleFunction<T> value) {
        FunctionCounter.builder(name, counting, value).description(help).register(registry);
    }

    /** Whether who asks may read them. */
    boolean admits(HttpServerRequest request) {
        if (token.isPresent()) {
            String given = request.getHeader("Authorization");
            return given != null
                    && given.startsWith(BEARER)
                    && MessageDigest.isEqual(
                            given.substring(BEARER.length()).getBytes(StandardCharsets.UTF_8),
                            token.get().revealUtf8());
        }
        SocketAddress peer = request.remoteAddress();
        String address = peer == null ? null : peer.hostAddress();
        return address != null && PRIVATE.trusts(address) && FORWARDED.stream().noneMatch(request.headers()::contains);
    }

    /** All figures as they are now. */
    String text() {
        node.meetParts();
        return registry.scrape(CONTENT_TYPE);
    }
}
