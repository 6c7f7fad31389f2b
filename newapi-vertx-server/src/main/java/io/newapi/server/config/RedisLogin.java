package io.newapi.server.config;

import java.util.Optional;

/**
 * How a node speaks to the servers of a Redis.
 *
 * @param tls whether with TLS, certificates checked
 * @param user of their access control list; empty for the default one
 * @param password empty if they want none
 * @param database its number
 */
public record RedisLogin(boolean tls, String user, Optional<Secret> password, int database) {

    /** The same, with a password where none was given. */
    RedisLogin withPasswordOrElse(String other) {
        return password.isPresent() || other.isEmpty()
                ? this
                : new RedisLogin(tls, user, Optional.of(Secret.of(other)), database);
    }
}
