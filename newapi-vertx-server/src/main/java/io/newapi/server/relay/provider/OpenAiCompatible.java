package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.CompletionCount;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Upstreams that take OpenAI's requests as they are; they differ in address and path only. */
final class OpenAiCompatible implements Provider {

    /** One vendor: the channel type's stored number, its default address, and the path of chat completions. */
    private record Vendor(int type, String name, String baseUrl, String chatPath) {
        private Vendor(int type, String name, String baseUrl) {
            this(type, name, baseUrl, "/v1/chat/completions");
        }
    }

    /** The custom type: its address is the whole URL, with the model's name in it if wanted. */
    private static final int CUSTOM = 8;

    private static final int XAI = 48;

    private static final Map<Integer, OpenAiCompatible> BY_TYPE = Stream.of(
                    new Vendor(0, "unknown", ""),
                    new Vendor(1, "OpenAI", "https://api.openai.com"),
                    new Vendor(6, "OpenAIMax", "https://api.openaimax.com"),
                    new Vendor(7, "OhMyGPT", "https://api.ohmygpt.com"),
                    new Vendor(CUSTOM, "custom", "", ""),
                    new Vendor(9, "AILS", "https://api.caipacity.com"),
                    new Vendor(10, "AIProxy", "https://api.aiproxy.io"),
                    new Vendor(12, "API2GPT", "https://api.api2gpt.com"),
                    new Vendor(13, "AIGC2D", "https://api.aigc2d.com"),
                    new Vendor(17, "Ali", "https://dashscope.aliyuncs.com", "/compatible-mode/v1/chat/completions"),
                    new Vendor(19, "360", "https://api.360.cn"),
                    new Vendor(20, "OpenRouter", "https://openrouter.ai/api"),
                    new Vendor(22, "FastGPT", "https://fastgpt.run/api/openapi"),
                    new Vendor(25, "Moonshot", "https://api.moonshot.cn"),
                    new Vendor(26, "Zhipu v4", "https://open.bigmodel.cn", "/api/paas/v4/chat/completions"),
                    new Vendor(27, "Perplexity", "https://api.perplexity.ai", "/chat/completions"),
                    new Vendor(31, "LingYiWanWu", "https://api.lingyiwanwu.com"),
                    new Vendor(40, "SiliconFlow", "https://api.siliconflow.cn"),
                    new Vendor(42, "Mistral", "https://api.mistral.ai"),
                    new Vendor(43, "DeepSeek", "https://api.deepseek.com"),
                    new Vendor(45, "VolcEngine", "https://ark.cn-beijing.volces.com", "/api/v3/chat/completions"),
                    new Vendor(46, "Baidu v2", "https://qianfan.baidubce.com", "/v2/chat/completions"),
                    new Vendor(47, "Xinference", ""),
                    new Vendor(XAI, "xAI", "https://api.x.ai"),
                    new Vendor(53, "Submodel", "https://llm.submodel.ai"))
            .map(OpenAiCompatible::new)
            .collect(Collectors.toUnmodifiableMap(provider -> provider.vendor.type(), Function.identity()));

    private final Vendor vendor;

    private OpenAiCompatible(Vendor vendor) {
        this.vendor = vendor;
    }

    static Optional<Provider> ofType(int type) {
        return Optional.ofNullable(BY_TYPE.get(type));
    }

    static Set<Integer> types() {
        return BY_TYPE.keySet();
    }

    @Override
    public UpstreamCall chat(Channel channel, String key, String upstreamModel) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + key);
        if (!channel.organization().isEmpty()) {
            headers.put("OpenAI-Organization", channel.organization());
        }
        return new UpstreamCall(url(channel, upstreamModel), headers);
    }

    @Override
    public String name() {
        return vendor.name();
    }

    @Override
    public String defaultBaseUrl() {
        return vendor.baseUrl();
    }

    @Override
    public boolean understandsStreamOptions() {
        return true;
    }

    @Override
    public CompletionCount completionCount() {
        return vendor.type() == XAI ? CompletionCount.REASONING_IN_TOTAL : CompletionCount.WITH_REASONING;
    }

    private String url(Channel channel, String upstreamModel) {
        String base = channel.baseUrl().isEmpty() ? vendor.baseUrl() : channel.baseUrl();
        String stripped = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        String url = vendor.type() == CUSTOM
                ? base.replace("{model}", segment(upstreamModel))
                : stripped + vendor.chatPath();
        URI parsed = URI.create(url);
        boolean web = "http".equalsIgnoreCase(parsed.getScheme()) || "https".equalsIgnoreCase(parsed.getScheme());
        if (!web || UpstreamCall.hostOf(parsed).isEmpty()) {
            throw new IllegalArgumentException("channel " + channel.id() + " of type " + vendor.name()
                    + " needs an address that begins with http:// or https://");
        }
        return url;
    }

    /** A name as one segment of a path. */
    private static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    @Override
    public String toString() {
        return vendor.name();
    }
}
