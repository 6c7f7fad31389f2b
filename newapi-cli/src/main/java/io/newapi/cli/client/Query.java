package io.newapi.cli.client;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Puts a path and its query together; absent and empty values are left out. Not thread-safe. */
public final class Query {

    private final StringBuilder path;
    private char separator = '?';

    private Query(String path) {
        this.path = new StringBuilder(path);
    }

    /** A path without a query. */
    public static Query of(String path) {
        return new Query(path);
    }

    /** Adds a parameter unless it has no value. */
    public Query with(String name, @Nullable Object value) {
        String text = value == null ? "" : value.toString();
        if (!text.isEmpty()) {
            path.append(separator).append(name).append('=').append(URLEncoder.encode(text, StandardCharsets.UTF_8));
            separator = '&';
        }
        return this;
    }

    /** A second one that can be extended on its own. */
    public Query copy() {
        Query copy = new Query(path.toString());
        copy.separator = separator;
        return copy;
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
