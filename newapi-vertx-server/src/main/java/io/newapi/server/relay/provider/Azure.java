package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Suffixes;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Azure OpenAI: OpenAI's requests, at an address for each deployment (Azure OpenAI reference, data plane inference). The model's
 * name, mapped, is the deployment's. The version of the API is the client's, the channel's, or a default.
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

    /** The one of the address that all deployments share. */
    private static final String NEWER_VERSION = "preview";

    /** What a client may name; anything else is as if it named none. */
    private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.-]{1,40}");

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
        String url = switch (format) {
            case RESPONSES ->
                base.contains(OLDER_HOST)
                        ? base + "/openai/responses?api-version=" + encoded(responsesVersion(target, version(target)))
                        : base + "/openai/v1/responses?api-version=" + encoded(responsesVersion(target, NEWER_VERSION));
            case REALTIME ->
                base + "/openai/realtime?deployment=" + BaseUrl.segment(deployment(target)) + "&api-version="
                        + encoded(version(target));
            default ->
                base + "/openai/deployments/" + BaseUrl.segment(deployment(target)) + OpenAiPaths.of(format)
                        + "?api-version=" + encoded(version(target));
        };
        return new UpstreamCall(url, Map.of("api-key", target.key()));
    }

    private static String encoded(String version) {
        return URLEncoder.encode(version, StandardCharsets.UTF_8);
    }

    private static String responsesVersion(Target target, String otherwise) {
        String own = target.channel().responsesVersion();
        return own.isEmpty() ? otherwise : own;
    }

    private static String deployment(Target target) {
        long made = target.channel().createdAtSeconds();
        return made > 0 && made < DOTS_SINCE_SECONDS ? target.upstreamModel().replace(".", "") : target.upstreamModel();
    }

    private String version(Target target) {
        String asked = target.versions().asked();
        if (VERSION.matcher(asked).matches()) {
            return asked;
        }
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

    @Override
    public Suffixes suffixes() {
        return Suffixes.OPENAI;
    }
}
