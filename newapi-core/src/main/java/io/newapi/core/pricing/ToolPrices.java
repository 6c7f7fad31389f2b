package io.newapi.core.pricing;

import java.util.Collections;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What calls of tools cost, in USD for a thousand calls. A key is the name of a tool, or {@code tool:prefix*} for the
 * models whose names begin so; the longest prefix that fits wins. Immutable.
 */
public final class ToolPrices {

    private static final ToolPrices SHIPPED = new ToolPrices(new TreeMap<>(Map.of(
            ToolUse.WEB_SEARCH,
            Ratio.of(10),
            ToolUse.WEB_SEARCH_PREVIEW,
            Ratio.of(10),
            ToolUse.WEB_SEARCH_PREVIEW + ":gpt-4o*",
            Ratio.of(25),
            ToolUse.WEB_SEARCH_PREVIEW + ":gpt-4o-mini*",
            Ratio.of(25),
            ToolUse.WEB_SEARCH_PREVIEW + ":gpt-4.1*",
            Ratio.of(25),
            ToolUse.WEB_SEARCH_PREVIEW + ":gpt-4.1-mini*",
            Ratio.of(25),
            ToolUse.FILE_SEARCH,
            Ratio.parse("2.5"),
            ToolUse.GOOGLE_SEARCH,
            Ratio.of(14))));

    private final NavigableMap<String, Ratio> prices;

    private ToolPrices(NavigableMap<String, Ratio> prices) {
        this.prices = prices;
    }

    /** The prices that a new installation starts with. */
    public static ToolPrices shipped() {
        return SHIPPED;
    }

    /** These prices with {@code others}, which replace those of the same keys. */
    public ToolPrices with(Map<String, Ratio> others) {
        if (others.isEmpty()) {
            return this;
        }
        TreeMap<String, Ratio> merged = new TreeMap<>(prices);
        merged.putAll(others);
        return new ToolPrices(merged);
    }

    /** Every price under its key, sorted. */
    public Map<String, Ratio> byKey() {
        return Collections.unmodifiableMap(prices);
    }

    /**
     * USD for a thousand calls in {@code model}; 0 for a tool without price. File search, and web search of upstreams that
     * count as Anthropic does, cost the same in every model.
     */
    public Ratio usdPerThousand(String tool, String model, UsageSemantics semantics) {
        boolean everywhereTheSame = tool.equals(ToolUse.FILE_SEARCH)
                || (tool.equals(ToolUse.WEB_SEARCH) && semantics == UsageSemantics.ANTHROPIC);
        Ratio own = everywhereTheSame ? null : ofLongestPrefix(tool, model);
        return own == null ? prices.getOrDefault(tool, Ratio.ZERO) : own;
    }

    private @Nullable Ratio ofLongestPrefix(String tool, String model) {
        String start = tool + ":";
        Ratio longest = null;
        int length = -1;
        for (Map.Entry<String, Ratio> entry : prices.tailMap(start).entrySet()) {
            String key = entry.getKey();
            if (!key.startsWith(start)) {
                break;
            }
            if (key.endsWith("*") && key.length() > length && fits(key, start.length(), model)) {
                longest = entry.getValue();
                length = key.length();
            }
        }
        return longest;
    }

    private static boolean fits(String key, int from, String model) {
        int length = key.length() - 1 - from;
        return model.length() >= length && key.regionMatches(from, model, 0, length);
    }

    @Override
    public String toString() {
        return prices.toString();
    }
}
