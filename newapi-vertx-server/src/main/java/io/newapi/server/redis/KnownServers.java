package io.newapi.server.redis;

import java.util.List;
import java.util.stream.Stream;

/**
 * Servers that are as good as each other, gone round one by one: those that were given, and those that they told of. What
 * was given is never forgotten, as what was learned may hold for the servers' network only. Confined to one thread.
 */
final class KnownServers {

    /** More than a cluster has. */
    private static final int MAX = 2_000;

    private final List<ServerAddress> given;
    private List<ServerAddress> all;
    private int position = -1;

    /** @param given at least one */
    KnownServers(List<ServerAddress> given) {
        this.given = List.copyOf(given);
        this.all = this.given;
    }

    /** Goes on to the next one; at first that is the first that was given. */
    ServerAddress next() {
        position = (position + 1) % all.size();
        return current();
    }

    /** The one that {@link #next} has named last. */
    ServerAddress current() {
        return all.get(Math.max(0, position));
    }

    /** Forgets what was learned before; the current one stays the current one if it is still known. */
    void learn(List<ServerAddress> learned) {
        ServerAddress current = current();
        all = Stream.concat(given.stream(), learned.stream().filter(ServerAddress::isUsable))
                .distinct()
                .limit(MAX)
                .toList();
        position = position < 0 ? position : all.indexOf(current);
    }

    int count() {
        return all.size();
    }
}
