package io.newapi.server.auth;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A bounded map in two generations: when the young one is full it becomes the old one, and what was in the old one and not asked
 * for since is dropped. Reading takes no lock. Thread-safe.
 */
final class Generations<V> {

    private final int youngLimit;
    private volatile Map<String, V> young = new ConcurrentHashMap<>();
    private volatile Map<String, V> old = new ConcurrentHashMap<>();

    /** Holds at most {@code maxEntries} entries. */
    Generations(int maxEntries) {
        if (maxEntries < 2) {
            throw new IllegalArgumentException("a cache needs room for two entries: " + maxEntries);
        }
        this.youngLimit = maxEntries / 2;
    }

    @Nullable
    V get(String key) {
        V value = young.get(key);
        if (value != null) {
            return value;
        }
        return old.containsKey(key) ? promote(key) : null;
    }

    /** Under the lock, or a value could come back that is being removed. */
    private synchronized @Nullable V promote(String key) {
        V value = old.get(key);
        if (value != null) {
            put(key, value);
        }
        return value;
    }

    synchronized void put(String key, V value) {
        young.put(key, value);
        if (young.size() > youngLimit) {
            old = young;
            young = new ConcurrentHashMap<>();
        }
    }

    synchronized void remove(String key) {
        young.remove(key);
        old.remove(key);
    }

    synchronized void removeIf(Predicate<V> unwanted) {
        young.values().removeIf(unwanted);
        old.values().removeIf(unwanted);
    }

    synchronized void clear() {
        young = new ConcurrentHashMap<>();
        old = new ConcurrentHashMap<>();
    }

    int size() {
        return young.size() + old.size();
    }
}
