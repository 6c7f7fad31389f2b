package io.newapi.cli.client;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The numbers that stand for kinds of provider in the admin API, and the names used here. */
public final class ChannelType {

    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("openai", 1),
            Map.entry("azure", 3),
            Map.entry("ollama", 4),
            Map.entry("custom", 8),
            Map.entry("anthropic", 14),
            Map.entry("ali", 17),
            Map.entry("openrouter", 20),
            Map.entry("gemini", 24),
            Map.entry("moonshot", 25),
            Map.entry("zhipu", 26),
            Map.entry("perplexity", 27),
            Map.entry("aws", 33),
            Map.entry("cohere", 34),
            Map.entry("minimax", 35),
            Map.entry("jina", 38),
            Map.entry("cloudflare", 39),
            Map.entry("siliconflow", 40),
            Map.entry("vertex", 41),
            Map.entry("mistral", 42),
            Map.entry("deepseek", 43),
            Map.entry("volcengine", 45),
            Map.entry("xinference", 47),
            Map.entry("xai", 48));

    private ChannelType() {}

    /** @throws IllegalArgumentException if the text is neither a known name nor a number from 0 to 9999 */
    public static int parse(String text) {
        Integer number = NUMBERS.get(text.toLowerCase(Locale.ROOT));
        if (number != null) {
            return number;
        }
        if (text.matches("[0-9]{1,4}")) {
            return Integer.parseInt(text);
        }
        throw new IllegalArgumentException("unknown channel type '" + text + "'; one of "
                + String.join(", ", new TreeMap<>(NUMBERS).keySet()) + ", or the number of another");
    }

    /** The name for a number, or the number itself. */
    public static String name(int number) {
        return NUMBERS.entrySet().stream()
                .filter(entry -> entry.getValue() == number)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(Integer.toString(number));
    }
}
