package io.newapi.server.store;

import java.time.Duration;

/**
 * How many connections a node keeps to a database server, and for how long.
 *
 * @param maxConnections connections of all kinds together, at least 4
 * @param maxLifetime when a connection is replaced by a new one, at least 30 seconds; zero for never
 */
public record Pooling(int maxConnections, Duration maxLifetime) {

    /** Below every server's own limit, and below what proxies cut. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofSeconds(60);

    /** The pool replaces a shorter one by its own default. */
    public static final Duration LEAST_LIFETIME = Duration.ofSeconds(30);

    private static final int LEAST_CONNECTIONS = 4;

    /** @throws IllegalArgumentException if a number is out of its range */
    public Pooling {
        if (maxConnections < LEAST_CONNECTIONS) {
            throw new IllegalArgumentException("at least " + LEAST_CONNECTIONS + " connections: " + maxConnections);
        }
        if (!maxLifetime.isZero() && maxLifetime.compareTo(LEAST_LIFETIME) < 0) {
            throw new IllegalArgumentException("too short a life: " + maxLifetime);
        }
    }

    /** Connections that live for {@link #DEFAULT_LIFETIME}. */
    public static Pooling of(int maxConnections) {
        return new Pooling(maxConnections, DEFAULT_LIFETIME);
    }
}
