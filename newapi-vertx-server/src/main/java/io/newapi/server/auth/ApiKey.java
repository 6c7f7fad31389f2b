package io.newapi.server.auth;

import io.vertx.core.MultiMap;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The API key of a relay request, as the client sent it.
 *
 * @param key the token's key without {@code sk-} and suffix; 1 to {@value #MAX_LENGTH} characters
 * @param pinnedChannel the channel that the client asks for ({@code sk-KEY-CHANNELID}); a suffix that is not a number names
 *     channel 0, which never exists
 */
public record ApiKey(String key, OptionalLong pinnedChannel) {

    /** Longer keys exist in no version of the schema; they are not looked up. */
    public static final int MAX_LENGTH = 128;

    private static final String WEBSOCKET_PREFIX = "openai-insecure-api-key.";
    private static final String MIDJOURNEY_PLACEHOLDER = "midjourney-proxy";

    /**
     * Reads the key from wherever the client's format puts it. {@code Authorization} counts for every path; the header or query
     * parameter that belongs to the path's own format wins over it. A WebSocket client that can set no header puts the key into
     * its list of protocols, with a marker or, when it sends no other key, bare.
     *
     * @param path the normalised request path
     * @return empty if the request carries no key
     */
    public static Optional<ApiKey> read(String path, MultiMap headers, MultiMap query) {
        String found = withoutBearer(headers.get("Authorization"));
        found = fromWebSocket(headers.get("Sec-WebSocket-Protocol"), found);
        if (path.contains("/v1/messages") || path.contains("/v1/models")) {
            found = orElse(headers.get("x-api-key"), found);
        }
        if (path.startsWith("/v1beta/models")
                || path.startsWith("/v1beta/openai/models")
                || path.equals("/v1/models")
                || path.startsWith("/v1/models/")) {
            found = orElse(query.get("key"), found);
            found = orElse(headers.get("x-goog-api-key"), found);
        }
        if (found.isEmpty() || found.equals(MIDJOURNEY_PLACEHOLDER)) {
            found = withoutBearer(headers.get("mj-api-secret"));
        }
        return parse(found);
    }

    /**
     * Takes {@code sk-KEY} or {@code sk-KEY-CHANNELID} apart; {@code sk-} may be missing, parts after the second are ignored.
     *
     * @return empty if there is no key in it, or one of impossible length
     */
    public static Optional<ApiKey> parse(String text) {
        String rest = text.strip();
        rest = rest.startsWith("sk-") ? rest.substring(3) : rest;
        String[] parts = rest.split("-", 3);
        if (parts[0].isEmpty() || parts[0].length() > MAX_LENGTH) {
            return Optional.empty();
        }
        return Optional.of(new ApiKey(parts[0], parts.length < 2 ? OptionalLong.empty() : pin(parts[1])));
    }

    private static OptionalLong pin(String text) {
        boolean number = text.length() <= 18 && !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
        return OptionalLong.of(number ? Long.parseLong(text) : 0);
    }

    private static String fromWebSocket(@Nullable String protocols, String otherwise) {
        if (protocols == null) {
            return otherwise;
        }
        for (String part : protocols.split(",", -1)) {
            String protocol = part.strip();
            if (protocol.startsWith(WEBSOCKET_PREFIX)) {
                return protocol.substring(WEBSOCKET_PREFIX.length());
            }
        }
        return otherwise.isEmpty() ? protocols.strip() : otherwise;
    }

    private static String orElse(@Nullable String preferred, String otherwise) {
        return preferred == null || preferred.isBlank() ? otherwise : preferred.strip();
    }

    private static String withoutBearer(@Nullable String header) {
        if (header == null) {
            return "";
        }
        String text = header.strip();
        boolean bearer = text.regionMatches(true, 0, "Bearer", 0, 6) && (text.length() == 6 || text.charAt(6) == ' ');
        return bearer ? text.substring(6).strip() : text;
    }

    @Override
    public String toString() {
        return "ApiKey[redacted" + (pinnedChannel.isPresent() ? ", channel " + pinnedChannel.getAsLong() : "") + "]";
    }
}
