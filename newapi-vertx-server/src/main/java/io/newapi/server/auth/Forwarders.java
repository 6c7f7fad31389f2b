package io.newapi.server.auth;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Remembers who names clients that he has calls from, and is not believed: a proxy that somebody forgot to trust, or a client
 * that lies. Thread-safe, and bounded.
 */
public final class Forwarders {

    /** More would not help anybody to see which one was forgotten. */
    private static final int MAX = 8;

    private final ConcurrentHashMap.KeySetView<String, Boolean> addresses = ConcurrentHashMap.newKeySet();

    /** Somebody who is not believed has named a client. */
    public void disbelieved(String address) {
        if (addresses.size() < MAX) {
            addresses.add(address);
        }
    }

    /** Some of them, since the start. */
    public List<String> addresses() {
        List<String> sorted = new ArrayList<>(addresses);
        sorted.sort(null);
        return sorted;
    }
}
