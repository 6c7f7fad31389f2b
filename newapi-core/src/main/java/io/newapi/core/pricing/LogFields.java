package io.newapi.core.pricing;

import io.newapi.core.pricing.Price.ByRatio;
import java.math.BigDecimal;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects what a log row's {@code other} says of a charge, under the keys that dashboards know. */
final class LogFields {

    /** How a log row writes "there is none" for a price or a special group ratio. */
    private static final BigDecimal NONE = BigDecimal.ONE.negate();

    private final Map<String, Object> fields = new LinkedHashMap<>();

    /** What was put, in that order. */
    Map<String, Object> toMap() {
        return Collections.unmodifiableMap(fields);
    }

    void put(String key, Ratio value) {
        fields.put(key, value.toBigDecimal());
    }

    void put(String key, BigDecimal value) {
        fields.put(key, Ratio.plain(value));
    }

    void put(String key, long value) {
        fields.put(key, value);
    }

    void put(String key, String value) {
        fields.put(key, value);
    }

    void flag(String key) {
        fields.put(key, true);
    }

    /** What every row says. Ratios of tokens are 0 where tokens have none; a price per call is -1 where there is none. */
    void putPrice(Price price, GroupRatio group, long cachedTokens) {
        Ratio none = Ratio.ZERO;
        put("model_ratio", price.match(ByRatio::modelRatio, perCall -> none, tiered -> none));
        put("group_ratio", group.ratio());
        put("completion_ratio", price.match(ByRatio::completionRatio, perCall -> none, tiered -> none));
        put("cache_tokens", cachedTokens);
        put("cache_ratio", price.match(ByRatio::cacheRatio, perCall -> none, tiered -> none));
        put(
                "model_price",
                price.<BigDecimal>match(
                        byRatio -> NONE, perCall -> perCall.priceUsd().toBigDecimal(), tiered -> NONE));
        putSpecial(group);
    }

    private void putSpecial(GroupRatio group) {
        put("user_group_ratio", group.<BigDecimal>match(standard -> NONE, Ratio::toBigDecimal));
    }

    /** For rows of tasks, which name a special ratio only where there is one. */
    void putSpecialIfAny(GroupRatio group) {
        group.match(standard -> false, special -> {
            put("user_group_ratio", special);
            return true;
        });
    }

    /** How much of each kind of token there was, and at what ratio. */
    void putTokens(Usage usage, Price price) {
        Ratio write = price.match(ByRatio::cacheWriteRatio, perCall -> Ratio.ZERO, tiered -> Ratio.ZERO);
        if (usage.writtenTokens() != 0) {
            put("cache_creation_tokens", usage.writtenTokens());
            put("cache_creation_ratio", write);
        }
        if (usage.cacheWrite5mTokens() != 0) {
            put("cache_creation_tokens_5m", usage.cacheWrite5mTokens());
            put("cache_creation_ratio_5m", write);
        }
        if (usage.cacheWrite1hTokens() != 0) {
            put("cache_creation_tokens_1h", usage.cacheWrite1hTokens());
            put("cache_creation_ratio_1h", write.toBigDecimal().multiply(ByRatio.ONE_HOUR.toBigDecimal()));
        }
        if (usage.imageTokens() != 0) {
            flag("image");
            put("image_ratio", price.match(ByRatio::imageRatio, perCall -> Ratio.ZERO, tiered -> Ratio.ZERO));
            // The established key says output; it has always held the image tokens of the input.
            put("image_output", usage.imageTokens());
        }
        if (usage.semantics() == UsageSemantics.ANTHROPIC) {
            put("usage_semantic", usage.semantics().code());
            put("input_tokens_total", usage.promptTokens() + usage.cachedTokens() + usage.writtenTokens());
        }
        if (usage.writtenTokens() != 0) {
            put("cache_write_tokens", usage.writtenTokens());
        }
    }

    /** Calls of a tool, under its own name or, for either kind of web search, under the name that both share. */
    void putTool(ToolUse tool, Ratio usdPerThousand) {
        boolean isPreview = tool.tool().equals(ToolUse.WEB_SEARCH_PREVIEW);
        String key = isPreview && !fields.containsKey(ToolUse.WEB_SEARCH) ? ToolUse.WEB_SEARCH : tool.tool();
        flag(key);
        put(key + "_call_count", tool.calls());
        put(key + "_price", usdPerThousand);
    }
}
