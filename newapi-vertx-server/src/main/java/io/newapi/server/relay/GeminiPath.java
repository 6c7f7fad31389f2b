package io.newapi.server.relay;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.WireFormat;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Google's clients say in the path: {@code /v1beta/models/MODEL:generateContent}, or another action. The action decides whether the
 * answer is streamed; {@code alt=sse} decides whether as events or as one list.
 *
 * @param model the model's name
 * @param action what is to be done
 * @param list whether what is streamed is to be a JSON list, which is Google's default
 */
record GeminiPath(String model, Action action, boolean list) {

    /** What a model can be asked for. */
    enum Action {
        GENERATE(":generateContent"),
        STREAM(":streamGenerateContent"),
        EMBED(":embedContent"),
        BATCH_EMBED(":batchEmbedContents"),
        COUNT(":countTokens");

        private final String suffix;

        Action(String suffix) {
            this.suffix = suffix;
        }
    }

    /** Empty if the path is another one. */
    static Optional<GeminiPath> read(String path, @Nullable String query) {
        String rest = path.startsWith("/v1beta/models/")
                ? path.substring("/v1beta/models/".length())
                : path.startsWith("/v1/models/") ? path.substring("/v1/models/".length()) : "";
        for (Action action : Action.values()) {
            if (rest.endsWith(action.suffix)) {
                return read(rest.substring(0, rest.length() - action.suffix.length()), action, query);
            }
        }
        return Optional.empty();
    }

    private static Optional<GeminiPath> read(String name, Action action, @Nullable String query) {
        try {
            String model = URLDecoder.decode(name.replace("+", "%2B"), StandardCharsets.UTF_8);
            return Optional.of(new GeminiPath(model, action, action == Action.STREAM && !asksForEvents(query)));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static boolean asksForEvents(@Nullable String query) {
        return query != null && (query.equals("alt=sse") || query.startsWith("alt=sse&") || query.contains("&alt=sse"));
    }

    ClientRequest.Scan scan(Content body) {
        return switch (action) {
            case GENERATE, STREAM -> ClientRequest.scanGemini(body, model, action == Action.STREAM, list);
            case EMBED -> ClientRequest.scanGeminiEmbedding(WireFormat.EMBED_CONTENT, body, model);
            case BATCH_EMBED -> ClientRequest.scanGeminiEmbedding(WireFormat.BATCH_EMBED_CONTENTS, body, model);
            case COUNT -> ClientRequest.scanGeminiCount(body, model);
        };
    }
}
