package io.newapi.server.shape;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The headers that came with a client's request, without those that are for this node alone: none of them, however it is asked
 * for, goes on to a provider. Immutable.
 */
public final class ClientHeaders {

    private final Map<String, String> passable;

    /** Of several headers of one name, in any case, the first counts. */
    public ClientHeaders(Iterable<Map.Entry<String, String>> headers) {
        Map<String, String> kept = new LinkedHashMap<>();
        for (Map.Entry<String, String> header : headers) {
            if (HeaderRules.passes(header.getKey()) && HeaderRules.isValue(header.getValue())) {
                kept.putIfAbsent(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
            }
        }
        passable = Collections.unmodifiableMap(kept);
    }

    /** By names in small letters. */
    Map<String, String> passable() {
        return passable;
    }

    Optional<String> get(String name) {
        return Optional.ofNullable(passable.get(name.toLowerCase(Locale.ROOT)));
    }
}
