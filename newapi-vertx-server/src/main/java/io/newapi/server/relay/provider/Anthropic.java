package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Suffixes;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Anthropic's own API: messages. */
final class Anthropic implements Provider {

    static final int TYPE = 14;

    private static final String NAME = "Anthropic";
    private static final String ADDRESS = "https://api.anthropic.com";

    @Override
    public Set<WireFormat> formats() {
        return Set.of(WireFormat.MESSAGES);
    }

    @Override
    public UpstreamCall call(WireFormat format, Target target) {
        Map<String, String> headers = new HashMap<>(AnthropicHeaders.of(target));
        headers.put("x-api-key", target.key());
        return new UpstreamCall(BaseUrl.of(target.channel(), ADDRESS, NAME) + "/v1/messages", headers);
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
        return Suffixes.CLAUDE;
    }
}
