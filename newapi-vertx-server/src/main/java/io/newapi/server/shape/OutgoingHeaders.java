package io.newapi.server.shape;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The headers of a request to a provider; a name in any case is one name. For one thread. */
public final class OutgoingHeaders {

    private final Map<String, String> values = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);

    /** Replaces one of that name. */
    public OutgoingHeaders set(String name, String value) {
        values.remove(name);
        values.put(name, value);
        return this;
    }

    void remove(String name) {
        values.remove(name);
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** All of them. */
    public Map<String, String> all() {
        return Collections.unmodifiableMap(values);
    }

    /** Without the values: they may hold keys. */
    @Override
    public String toString() {
        return "OutgoingHeaders" + values.keySet();
    }
}
