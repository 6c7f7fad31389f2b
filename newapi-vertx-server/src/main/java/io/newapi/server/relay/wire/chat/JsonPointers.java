package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** References within a JSON Schema (RFC 6901, as the fragment of an address). */
final class JsonPointers {

    private JsonPointers() {}

    /** What a reference as {@code #/$defs/address} points to; none if it points elsewhere or to nothing. */
    static Optional<Object> find(JsonObject root, String reference) {
        if (reference.equals("#")) {
            return Optional.of(root);
        }
        if (!reference.startsWith("#/")) {
            return Optional.empty();
        }
        Object at = root;
        for (String step : reference.substring(2).split("/", -1)) {
            at = child(at, unescaped(step));
        }
        return Optional.ofNullable(at);
    }

    private static @Nullable Object child(@Nullable Object at, String step) {
        if (at instanceof JsonObject object) {
            return object.getValue(step);
        }
        if (at instanceof JsonArray array && step.matches("\\d{1,6}") && Integer.parseInt(step) < array.size()) {
            return array.getValue(Integer.parseInt(step));
        }
        return null;
    }

    private static String unescaped(String step) {
        String decoded = step;
        if (step.indexOf('%') >= 0) {
            try {
                decoded = URLDecoder.decode(step.replace("+", "%2B"), StandardCharsets.UTF_8);
            } catch (IllegalArgumentException e) {
                decoded = step;
            }
        }
        return decoded.replace("~1", "/").replace("~0", "~");
    }
}
