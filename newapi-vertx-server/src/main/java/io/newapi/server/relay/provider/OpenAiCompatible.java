package io.newapi.server.relay.provider;

import static io.newapi.server.relay.wire.WireFormat.CHAT;
import static io.newapi.server.relay.wire.WireFormat.COMPLETIONS;
import static io.newapi.server.relay.wire.WireFormat.EMBEDDINGS;
import static io.newapi.server.relay.wire.WireFormat.IMAGES;
import static io.newapi.server.relay.wire.WireFormat.IMAGE_EDITS;
import static io.newapi.server.relay.wire.WireFormat.MESSAGES;
import static io.newapi.server.relay.wire.WireFormat.MODERATIONS;
import static io.newapi.server.relay.wire.WireFormat.REALTIME;
import static io.newapi.server.relay.wire.WireFormat.RERANK;
import static io.newapi.server.relay.wire.WireFormat.RESPONSES;
import static io.newapi.server.relay.wire.WireFormat.RESPONSES_COMPACT;
import static io.newapi.server.relay.wire.WireFormat.SPEECH;
import static io.newapi.server.relay.wire.WireFormat.TRANSCRIPTIONS;
import static io.newapi.server.relay.wire.WireFormat.TRANSLATIONS;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.Suffixes;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Upstreams that take OpenAI's requests as they are; they differ in address, in path, and in what they serve. Some of them take Anthropic's too, at
 * another path, with the key in the same header.
 */
final class OpenAiCompatible implements Provider {

    /**
     * One vendor.
     *
     * @param type the channel type's stored number
     * @param baseUrl its default address; empty where a channel needs its own
     * @param paths the path of each format that it reads
     */
    private record Vendor(int type, String name, String baseUrl, Map<WireFormat, String> paths) {
        private Vendor(int type, String name, String baseUrl, Paths paths) {
            this(type, name, baseUrl, paths.all());
        }
    }

    /** Paths of formats; those of OpenAI's own end alike with most vendors. Not changed once a vendor has them. */
    private static final class Paths {
        private final Map<WireFormat, String> all = new EnumMap<>(WireFormat.class);

        /** OpenAI's paths below {@code root}. */
        static Paths below(String root, WireFormat... formats) {
            Paths paths = new Paths();
            for (WireFormat format : formats) {
                paths.all.put(format, root + OpenAiPaths.of(format));
            }
            return paths;
        }

        /** All that OpenAI has ever had, and what servers add that are called like it. */
        static Paths whole() {
            return below(
                    "/v1",
                    CHAT,
                    COMPLETIONS,
                    EMBEDDINGS,
                    MODERATIONS,
                    RERANK,
                    IMAGES,
                    IMAGE_EDITS,
                    SPEECH,
                    TRANSCRIPTIONS,
                    TRANSLATIONS,
                    REALTIME);
        }

        Paths and(WireFormat format, String path) {
            all.put(format, path);
            return this;
        }

        Map<WireFormat, String> all() {
            return Collections.unmodifiableMap(all);
        }
    }

    /** The custom type: its address is the whole URL, with the model's name in it if wanted, and the endpoint's path. */
    private static final int CUSTOM = 8;

    private static final int OPENROUTER = 20;
    private static final int VOLCENGINE = 45;
    private static final int BAIDU_V2 = 46;
    private static final int XAI = 48;

    private static final String MESSAGES_PATH = "/anthropic/v1/messages";

    /** Who serves what, and where. */
    private static final Map<Integer, OpenAiCompatible> BY_TYPE = Stream.of(
                    new Vendor(0, "unknown", "", Paths.whole()),
                    new Vendor(
                            1,
                            "OpenAI",
                            "https://api.openai.com",
                            Paths.whole()
                                    .and(RESPONSES, "/v1/responses")
                                    .and(RESPONSES_COMPACT, "/v1/responses/compact")),
                    new Vendor(6, "OpenAIMax", "https://api.openaimax.com", Paths.whole()),
                    new Vendor(7, "OhMyGPT", "https://api.ohmygpt.com", Paths.whole()),
                    new Vendor(CUSTOM, "custom", "", Paths.whole()),
                    new Vendor(9, "AILS", "https://api.caipacity.com", Paths.whole()),
                    new Vendor(10, "AIProxy", "https://api.aiproxy.io", Paths.whole()),
                    new Vendor(12, "API2GPT", "https://api.api2gpt.com", Paths.whole()),
                    new Vendor(13, "AIGC2D", "https://api.aigc2d.com", Paths.whole()),
                    new Vendor(
                            17,
                            "Ali",
                            "https://dashscope.aliyuncs.com",
                            Paths.below("/compatible-mode/v1", CHAT, COMPLETIONS, EMBEDDINGS)
                                    .and(MESSAGES, "/api/v2/apps/claude-code-proxy/v1/messages")),
                    new Vendor(19, "360", "https://api.360.cn", Paths.whole()),
                    new Vendor(OPENROUTER, "OpenRouter", "https://openrouter.ai/api", Paths.whole()),
                    new Vendor(22, "FastGPT", "https://fastgpt.run/api/openapi", Paths.whole()),
                    new Vendor(
                            25,
                            "Moonshot",
                            "https://api.moonshot.cn",
                            Paths.below("/v1", CHAT, EMBEDDINGS).and(MESSAGES, MESSAGES_PATH)),
                    new Vendor(
                            26,
                            "Zhipu v4",
                            "https://open.bigmodel.cn",
                            Paths.below("/api/paas/v4", CHAT, EMBEDDINGS).and(MESSAGES, "/api/anthropic/v1/messages")),
                    new Vendor(27, "Perplexity", "https://api.perplexity.ai", Paths.below("", CHAT)),
                    new Vendor(31, "LingYiWanWu", "https://api.lingyiwanwu.com", Paths.whole()),
                    new Vendor(34, "Cohere", "https://api.cohere.ai", Paths.below("/v1", RERANK)),
                    new Vendor(38, "Jina", "https://api.jina.ai", Paths.below("/v1", EMBEDDINGS, RERANK)),
                    new Vendor(
                            40,
                            "SiliconFlow",
                            "https://api.siliconflow.cn",
                            Paths.below("/v1", CHAT, COMPLETIONS, EMBEDDINGS, RERANK, SPEECH, TRANSCRIPTIONS)),
                    new Vendor(42, "Mistral", "https://api.mistral.ai", Paths.below("/v1", CHAT, MODERATIONS)),
                    new Vendor(
                            43,
                            "DeepSeek",
                            "https://api.deepseek.com",
                            Paths.below("/v1", CHAT)
                                    .and(COMPLETIONS, "/beta/completions")
                                    .and(MESSAGES, MESSAGES_PATH)),
                    new Vendor(
                            VOLCENGINE,
                            "VolcEngine",
                            "https://ark.cn-beijing.volces.com",
                            Paths.below("/api/v3", CHAT, EMBEDDINGS, IMAGES)),
                    new Vendor(
                            BAIDU_V2,
                            "Baidu v2",
                            "https://qianfan.baidubce.com",
                            Paths.below("/v2", CHAT, EMBEDDINGS, RERANK)),
                    new Vendor(47, "Xinference", "", Paths.whole()),
                    new Vendor(XAI, "xAI", "https://api.x.ai", Paths.below("/v1", CHAT, COMPLETIONS, IMAGES)),
                    new Vendor(53, "Submodel", "https://llm.submodel.ai", Paths.below("/v1", CHAT)))
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
        return vendor.paths().keySet();
    }

    @Override
    public UpstreamCall call(WireFormat format, Target target) {
        Map<String, String> headers = new HashMap<>();
        headers.put("Authorization", "Bearer " + target.key());
        if (format == MESSAGES) {
            headers.putAll(AnthropicHeaders.of(target));
        }
        if (format == REALTIME) {
            headers.putAll(RealtimeHeaders.of(target));
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
    public Suffixes suffixes() {
        return switch (vendor.type()) {
            case OPENROUTER -> Suffixes.OPENROUTER;
            case VOLCENGINE -> Suffixes.VOLCENGINE;
            case BAIDU_V2 -> Suffixes.BAIDU;
            case XAI -> Suffixes.XAI;
            default -> isLikeOpenAi() ? Suffixes.OPENAI : Suffixes.NONE;
        };
    }

    /** Who has all of OpenAI's endpoints is taken to have its models. */
    private boolean isLikeOpenAi() {
        return vendor.paths().containsKey(IMAGE_EDITS);
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
        String path = vendor.paths().get(format);
        if (path == null) {
            throw new IllegalArgumentException(vendor.name() + " does not serve " + format);
        }
        String query = format == REALTIME ? "?model=" + BaseUrl.segment(target.upstreamModel()) : "";
        return BaseUrl.of(channel, vendor.baseUrl(), vendor.name()) + path + query;
    }

    @Override
    public String toString() {
        return vendor.name();
    }
}
