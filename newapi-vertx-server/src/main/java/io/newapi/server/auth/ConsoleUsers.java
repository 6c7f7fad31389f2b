package io.newapi.server.auth;

import io.newapi.core.access.User;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.WorkerExecutor;
import java.util.List;
import java.util.Optional;

/** Finds who is logged in on the console, for the calls of models that are made there. May be asked on any thread. */
@FunctionalInterface
public interface ConsoleUsers {

    /**
     * Whoever is logged in by a cookie, and says by the header {@code New-Api-User} that it is he who asks: no other page can make a
     * browser say that. Access tokens do not count.
     *
     * @param headers of his request
     */
    Future<Optional<User>> find(MultiMap headers);

    /** Asks the store on worker threads. */
    static ConsoleUsers of(Logins logins, WorkerExecutor workers) {
        return headers -> {
            String named = headers.get("New-Api-User");
            List<String> cookies = LoginCookies.valuesIn(headers.getAll("Cookie"));
            return named == null || cookies.isEmpty()
                    ? Future.succeededFuture(Optional.empty())
                    : workers.executeBlocking(
                            () -> logins.find(cookies)
                                    .map(login -> StoredKeys.user(login.user()))
                                    .filter(user -> Long.toString(user.id()).equals(named.strip())),
                            false);
        };
    }
}
