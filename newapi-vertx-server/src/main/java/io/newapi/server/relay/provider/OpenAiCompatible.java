package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Upstreams that take OpenAI's requests as they are; they differ in address and path only. Some of them take Anthropic's too, at
 * another path, with the key in the same header.
 */
final class OpenAiCompatible implements Provider {

    /**
     * One vendor: the channel type's stored number, its default address, the path of chat completions, and that of Anthropic's
     * messages, empty where it takes none.
     */
    private record Vendor(int type, String name, String baseUrl, String chatPath, String messagesPath) {
        private Vendor(int type, String name, String baseUrl, String chatPath) {
            this(type, name, baseUrl, chatPath, "");
        }

        private Vendor(int type, String name, String baseUrl) {
            this(type, name, baseUrl, CHAT_PATH);
        }
    }

    private static final String CHAT_PATH = "/v1/chat/completions";
    private static final String MESSAGES_PATH = "/anthropic/v1/messages";

    /** The custom type: its address is the whole URL, with the model's name in it if wanted. */
    private static final int CUSTOM = 8;

    private static final int OPENAI = 1;
    private static final int XAI = 48;

    private static final Set<WireFormat> CHAT_ONLY = Set.of(WireFormat.CHAT);
    private static final Set<WireFormat> CHAT_AND_RESPONSES = Set.of(WireFormat.CHAT, WireFormat.RESPONSES);
    private static final Set<WireFormat> CHAT_AND_MESSAGES = Set.of(WireFormat.CHAT, WireFormat.MESSAGES);

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
                    new Vendor(
                            17,
                            "Ali",
                            "https://dashscope.aliyuncs.com",
                            "/compatible-mode/v1/chat/completions",
                            "/api/v2/apps/claude-code-proxy/v1/messages"),
                    new Vendor(19, "360", "https://api.360.cn"),
                    new Vendor(20, "OpenRouter", "https://openrouter.ai/api"),
                    new Vendor(22, "FastGPT", "https://fastgpt.run/api/openapi"),
                    new Vendor(25, "Moonshot", "https://api.moonshot.cn", CHAT_PATH, MESSAGES_PATH),
                    new Vendor(
                            26,
                            "Zhipu v4",
                            "https://open.bigmodel.cn",
                            "/api/paas/v4/chat/completions",
                            "/api/anthropic/v1/messages"),
                    new Vendor(27, "Perplexity", "https://api.perplexity.ai", "/chat/completions"),
                    new Vendor(31, "LingYiWanWu", "https://api.lingyiwanwu.com"),
                    new Vendor(40, "SiliconFlow", "https://api.siliconflow.cn"),
                    new Vendor(42, "Mistral", "https://api.mistral.ai"),
                    new Vendor(43, "DeepSeek", "https://api.deepseek.com", CHAT_PATH, MESSAGES_PATH),
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
    public Set<WireFormat> formats() {
        if (vendor.type() == OPENAI) {
            return CHAT_AND_RESPONSES;
        }
        return vendor.messagesPath().isEmpty() ? CHAT_ONLY : CHAT_AND_MESSAGES;
    }

    @Override
    public UpstreamCall call(WireFormat format, Target target) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + target.key());
        if (format == WireFormat.MESSAGES) {
            headers.putAll(AnthropicHeaders.of(target));
        }
        if (!target.channel().organization().isEmpty()) {
            headers.put("OpenAI-Organization", target.channel().organization());
        }
        return new UpstreamCall(url(format, target), headers);
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

    private String url(WireFormat format, Target target) {
        Channel channel = target.channel();
        if (vendor.type() == CUSTOM) {
            String url = channel.baseUrl().replace("{model}", BaseUrl.segment(target.upstreamModel()));
            return BaseUrl.checked(url, channel, vendor.name());
        }
        String path = switch (format) {
            case MESSAGES -> vendor.messagesPath();
            case RESPONSES -> "/v1/responses";
            default -> vendor.chatPath();
        };
        return BaseUrl.of(channel, vendor.baseUrl(), vendor.name()) + path;
    }

    @Override
    public String toString() {
        return vendor.name();
    }
}
