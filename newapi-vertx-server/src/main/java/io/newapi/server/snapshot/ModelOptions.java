package io.newapi.server.snapshot;

import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the options say of models of Anthropic's and Google's, and of the endings of models' names. Names are the providers'.
 * Immutable.
 *
 * @param maxTokens {@code claude.default_max_tokens}: text units, by the model's name or {@code default}
 * @param safety {@code gemini.safety_settings}: thresholds, by the category's name or {@code default}
 * @param versions {@code gemini.version_settings}: versions of the API, by the model's name or {@code default}
 * @param keptNames {@code global.thinking_model_blacklist}: names that end as if they asked for something, and do not
 * @param claudeThinking {@code claude.thinking_adapter_enabled}
 * @param claudeShare {@code claude.thinking_adapter_budget_tokens_percentage}: the part of the limit that is for thinking
 * @param geminiThinking {@code gemini.thinking_adapter_enabled}
 * @param geminiShare {@code gemini.thinking_adapter_budget_tokens_percentage}
 */
public record ModelOptions(
        Map<String, Long> maxTokens,
        Map<String, String> safety,
        Map<String, String> versions,
        Set<String> keptNames,
        boolean claudeThinking,
        BigDecimal claudeShare,
        boolean geminiThinking,
        BigDecimal geminiShare) {

    private static final String DEFAULT = "default";
    private static final long DEFAULT_MAX_TOKENS = 8192;
    private static final String DEFAULT_THRESHOLD = "OFF";
    private static final String DEFAULT_VERSION = "v1beta";

    /** What Google lets a caller set thresholds for. */
    private static final List<String> CATEGORIES = List.of(
            "HARM_CATEGORY_HARASSMENT",
            "HARM_CATEGORY_HATE_SPEECH",
            "HARM_CATEGORY_SEXUALLY_EXPLICIT",
            "HARM_CATEGORY_DANGEROUS_CONTENT");

    /** Immutable copies. */
    public ModelOptions {
        maxTokens = Map.copyOf(maxTokens);
        safety = Map.copyOf(safety);
        versions = Map.copyOf(versions);
        keptNames = Set.copyOf(keptNames);
    }

    static ModelOptions read(Options options) {
        return new ModelOptions(
                JsonText.wholeNumbers(options.text("claude.default_max_tokens")),
                JsonText.texts(options.text("gemini.safety_settings")),
                JsonText.texts(options.text("gemini.version_settings")),
                Set.copyOf(JsonText.list(options.text("global.thinking_model_blacklist"))),
                options.flag("claude.thinking_adapter_enabled"),
                options.decimal("claude.thinking_adapter_budget_tokens_percentage"),
                options.flag("gemini.thinking_adapter_enabled"),
                options.decimal("gemini.thinking_adapter_budget_tokens_percentage"));
    }

    /**
     * The limit of an answer of Anthropic's where the client sets none; text units.
     *
     * @param names the model's; the first that the option knows counts
     */
    public long claudeMaxTokens(String... names) {
        for (String name : names) {
            Long own = maxTokens.get(name);
            if (own != null) {
                return own;
            }
        }
        return maxTokens.getOrDefault(DEFAULT, DEFAULT_MAX_TOKENS);
    }

    /** The threshold for each category of harm, for requests that are translated to Google's format. */
    public Map<String, String> geminiSafety() {
        Map<String, String> thresholds = new LinkedHashMap<>();
        String otherwise = safety.getOrDefault(DEFAULT, DEFAULT_THRESHOLD);
        CATEGORIES.forEach(category -> thresholds.put(category, safety.getOrDefault(category, otherwise)));
        return thresholds;
    }

    /** The version of Google's API in the address of a model. */
    public String geminiVersion(String model) {
        return versions.getOrDefault(model, versions.getOrDefault(DEFAULT, DEFAULT_VERSION));
    }
}
