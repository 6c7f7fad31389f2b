package io.newapi.server.ops;

import io.newapi.server.config.Secret;
import io.newapi.server.config.TrustedProxies;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * The figures of a node, and who may read them: whoever has the token, or, where there is none, whoever is in the same
 * network. What was forwarded comes from elsewhere. Thread-safe.
 */
public final class Metrics {

    private static final TrustedProxies PRIVATE = TrustedProxies.privateRanges();
    private static final List<String> FORWARDED = List.of("X-Forwarded-For", "Forwarded", "X-Real-IP");
    private static final String BEARER = "Bearer ";

    private final Optional<Secret> token;
    private final NodeMeter node;
    private final CallMeter calls = new CallMeter();
    private final LedgerMeter ledger = new LedgerMeter();
    private final ProcessMeter process = new ProcessMeter();

    /**
     * Of a node that has not counted anything yet.
     *
     * @param token who has it may read; empty: the private network may
     * @param version the product's
     * @param nodeName this node's
     */
    public Metrics(Optional<Secret> token, String version, String nodeName, Health health) {
        this.token = token;
        this.node = new NodeMeter(version, nodeName, health);
    }

    /** Counts calls. */
    public CallMeter calls() {
        return calls;
    }

    /** Counts what happens in the ledger. */
    public LedgerMeter ledger() {
        return ledger;
    }

    /**
     * Adds a figure that goes up and down.
     *
     * @param help one sentence without a line break
     * @param value asked on worker threads; returns soon
     */
    public void gauge(String name, String help, DoubleSupplier value) {
        node.add(name, Exposition.Type.GAUGE, help, value);
    }

    /** Adds a figure that only grows; see {@link #gauge}. */
    public void counter(String name, String help, DoubleSupplier value) {
        node.add(name, Exposition.Type.COUNTER, help, value);
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
        Exposition out = new Exposition();
        for (Meter meter : List.of(node, calls, ledger, process)) {
            meter.write(out);
        }
        return out.toString();
    }
}
