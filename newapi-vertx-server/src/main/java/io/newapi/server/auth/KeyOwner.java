package io.newapi.server.auth;

import io.newapi.core.access.Token;
import io.newapi.core.access.User;
import java.util.Optional;

/**
 * A stored API key's token and its owner.
 *
 * @param user the owner, not deleted
 * @param token the token, not deleted
 */
public record KeyOwner(User user, Token token) {

    /** Finds the owner of a key. Blocks; called on worker threads; safe for use by many. */
    @FunctionalInterface
    public interface Source {

        /** The owner of exactly this key, letter case included; empty if the key, its token or its user does not exist. */
        Optional<KeyOwner> byKey(String key);
    }
}
