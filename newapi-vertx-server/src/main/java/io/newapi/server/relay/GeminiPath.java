package io.newapi.server.relay;

import io.newapi.server.relay.wire.ClientRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Google's clients say in the path: {@code /v1beta/models/MODEL:generateContent}, or {@code :streamGenerateContent}. The action
 * decides whether the answer is streamed; {@code alt=sse} decides whether as events or as one list.
 *
 * @param model the model's name
 * @param stream whether the answer is to be streamed
 * @param list whether as a JSON list, which is Google's default
 */
record GeminiPath(String model, boolean stream, boolean list) {

    private static final String WHOLE = ":generateContent";
    private static final String STREAM = ":streamGenerateContent";

    /** Empty if the path is another one. */
    static Optional<GeminiPath> read(String path, @Nullable String query) {
        String rest = path.startsWith("/v1beta/models/")
                ? path.substring("/v1beta/models/".length())
                : path.startsWith("/v1/models/") ? path.substring("/v1/models/".length()) : "";
        boolean stream = rest.endsWith(STREAM);
        if (!stream && !rest.endsWith(WHOLE)) {
            return Optional.empty();
        }
        try {
            String name = rest.substring(0, rest.length() - (stream ? STREAM : WHOLE).length());
            String model = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            return Optional.of(new GeminiPath(model, stream, stream && !asksForEvents(query)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean asksForEvents(@Nullable String query) {
        return query != null && (query.equals("alt=sse") || query.startsWith("alt=sse&") || query.contains("&alt=sse"));
    }

    ClientRequest.Scan scan(byte[] body) {
        return ClientRequest.scanGemini(body, model, stream, list);
    }
}
