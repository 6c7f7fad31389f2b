package io.newapi.server.auth;

import io.newapi.core.access.Token;
import io.newapi.core.access.User;
import io.vertx.core.Future;
import io.vertx.core.WorkerExecutor;
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

    /** The same without waiting. */
    @FunctionalInterface
    public interface Lookup {

        /** As {@link Source#byKey}; may be called on an event loop, and may answer on any. */
        Future<Optional<KeyOwner>> byKey(String key);

        /** Asks a source on worker threads. */
        static Lookup on(WorkerExecutor workers, Source source) {
            return key -> workers.executeBlocking(() -> source.byKey(key), false);
        }
    }
}
