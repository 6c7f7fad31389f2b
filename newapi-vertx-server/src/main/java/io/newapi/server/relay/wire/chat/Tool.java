package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** What a model may call. */
public sealed interface Tool {

    /**
     * A function of the client's.
     *
     * @param description may be empty
     * @param schema JSON Schema of its arguments; null if it has none. Not to be changed
     * @param strict whether arguments must fit the schema; null if that is not said
     */
    record Function(
            String name,
            String description,
            @Nullable JsonObject schema,
            @Nullable Boolean strict,
            Part.CacheMark cache)
            implements Tool {}

    /**
     * Searching the web, by the provider.
     *
     * @param maxUses how often at most; 0 if that is not said
     * @param contextSize {@code low}, {@code medium}, {@code high}; empty if that is not said
     * @param city where the user is, about; each of the four may be empty
     */
    record WebSearch(int maxUses, String contextSize, String city, String region, String country, String timezone)
            implements Tool {}

    /**
     * Another tool of one provider, which has no word for it in other formats.
     *
     * @param kind its type or name in its own format
     */
    record Hosted(String kind) implements Tool {}
}
