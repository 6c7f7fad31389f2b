package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Suffixes;
import java.util.Map;
import java.util.Set;

/**
 * Google's Gemini API: {@code generateContent} and {@code streamGenerateContent}, the latter as server-sent events, {@code embedContent} and
 * {@code batchEmbedContents}.
 */
final class Gemini implements Provider {

    static final int TYPE = 24;

    private static final String NAME = "Gemini";
    private static final String ADDRESS = "https://generativelanguage.googleapis.com";

    @Override
    public Set<WireFormat> formats() {
        return Set.of(WireFormat.GEMINI, WireFormat.EMBED_CONTENT, WireFormat.BATCH_EMBED_CONTENTS);
    }

    @Override
    public UpstreamCall call(WireFormat format, Target target) {
        String version = BaseUrl.segment(target.versions().ofModel());
        String action = switch (format) {
            case EMBED_CONTENT -> ":embedContent";
            case BATCH_EMBED_CONTENTS -> ":batchEmbedContents";
            default -> target.stream() ? ":streamGenerateContent?alt=sse" : ":generateContent";
        };
        String url = BaseUrl.of(target.channel(), ADDRESS, NAME) + "/" + version + "/models/"
                + BaseUrl.segment(target.upstreamModel()) + action;
        return new UpstreamCall(url, Map.of("x-goog-api-key", target.key()));
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String defaultBaseUrl() {
        return ADDRESS;
    }

    @Override
    public Suffixes suffixes() {
        return Suffixes.GEMINI;
    }
}
