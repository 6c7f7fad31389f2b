package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.WireFormat;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * Azure OpenAI: OpenAI's requests, at an address for each deployment (Azure OpenAI reference, data plane inference). The model's
 * name, mapped, is the deployment's. The version of the API is the channel's, or a default.
 */
final class Azure implements Provider {

    static final int TYPE = 3;

    private static final String NAME = "Azure";

    private static final Set<WireFormat> FORMATS = Collections.unmodifiableSet(EnumSet.of(
            WireFormat.CHAT,
            WireFormat.RESPONSES,
            WireFormat.COMPLETIONS,
            WireFormat.EMBEDDINGS,
            WireFormat.IMAGES,
            WireFormat.IMAGE_EDITS,
            WireFormat.SPEECH,
            WireFormat.TRANSCRIPTIONS,
            WireFormat.TRANSLATIONS,
            WireFormat.REALTIME));

    /**
     * 2025-05-10T00:00:00Z. Names of deployments had no dots before, so that channels that were made until then name models with
     * dots, and mean deployments without.
     */
    private static final long DOTS_SINCE_SECONDS = 1_746_835_200L;

    /** Resources of this kind have the versioned address of responses only. */
    private static final String OLDER_HOST = "cognitiveservices.azure.com";

    private final String defaultVersion;

    Azure(String defaultVersion) {
        this.defaultVersion = defaultVersion;
    }

    @Override
    public Set<WireFormat> formats() {
        return FORMATS;
    }

    @Override
    public UpstreamCall call(WireFormat format, Target target) {
        Channel channel = target.channel();
        String base = BaseUrl.of(channel, "", NAME);
        String version = URLEncoder.encode(version(target), StandardCharsets.UTF_8);
        String url = switch (format) {
            case RESPONSES ->
                base.contains(OLDER_HOST)
                        ? base + "/openai/responses?api-version=" + version
                        : base + "/openai/v1/responses?api-version=preview";
            case REALTIME ->
                base + "/openai/realtime?deployment=" + BaseUrl.segment(deployment(target)) + "&api-version=" + version;
            default ->
                base + "/openai/deployments/" + BaseUrl.segment(deployment(target)) + OpenAiPaths.of(format)
                        + "?api-version=" + version;
        };
        return new UpstreamCall(url, Map.of("api-key", target.key()));
    }

    private static String deployment(Target target) {
        long made = target.channel().createdAtSeconds();
        return made > 0 && made < DOTS_SINCE_SECONDS ? target.upstreamModel().replace(".", "") : target.upstreamModel();
    }

    private String version(Target target) {
        String own = target.channel().typeDetail();
        return own.isEmpty() ? defaultVersion : own;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String defaultBaseUrl() {
        return "";
    }

    @Override
    public boolean understandsStreamOptions() {
        return true;
    }
}
