package io.newapi.core.pricing;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A call as the tables of these tests and of the billing manual write it, and what a price book says of it.
 *
 * <ul>
 *   <li>call: the model, then settings: {@code accepts} (the user accepts models without price), {@code self-use},
 *       {@code unlocked}, {@code unit=1000} (quota per USD), {@code floor=0} (pre-consumed tokens);
 *   <li>groups: the group in use, or {@code user's group > group in use};
 *   <li>usage: {@code in=}, {@code out=}, {@code cached=}, {@code written=}, {@code 5m=}, {@code 1h=}, {@code image=},
 *       {@code audio=}, and {@code anthropic}; or {@code reserve in= max=} for a reservation.
 * </ul>
 */
record WorkedCall(String call, String groups, String usage) {

    /** The quota, or {@code unpriced}. */
    String quota(PriceBook prices) {
        List<String> settings = words(call);
        String[] group = groups.split(" > ", 2);
        return withSettings(prices, settings)
                .quote(settings.get(0), group[0], group[group.length - 1], settings.contains("accepts"))
                .match(quote -> Long.toString(units(quote)), model -> "unpriced");
    }

    private long units(Quote quote) {
        List<String> words = words(usage);
        Map<String, Long> counts = new HashMap<>();
        for (String word : words) {
            if (word.contains("=")) {
                String[] parts = word.split("=", 2);
                counts.put(parts[0], Long.valueOf(parts[1]));
            }
        }
        if (words.contains("reserve")) {
            return quote.reservation(count(counts, "in"), count(counts, "max")).units();
        }
        Usage used = new Usage(
                count(counts, "in"),
                count(counts, "out"),
                count(counts, "cached"),
                count(counts, "written"),
                count(counts, "5m"),
                count(counts, "1h"),
                count(counts, "image"),
                count(counts, "audio"),
                words.contains("anthropic") ? UsageSemantics.ANTHROPIC : UsageSemantics.OPENAI);
        return quote.charge(used).quota().units();
    }

    private static PriceBook withSettings(PriceBook prices, List<String> settings) {
        PriceBook.Builder book = prices.toBuilder();
        for (String setting : settings.subList(1, settings.size())) {
            if (setting.startsWith("unit=")) {
                book.withQuotaPerUnit(Long.parseLong(setting.substring("unit=".length())));
            } else if (setting.startsWith("floor=")) {
                book.withPreConsumedTokens(Long.parseLong(setting.substring("floor=".length())));
            } else {
                switch (setting) {
                    case "self-use" -> book.withUnpricedAllowed(true);
                    case "unlocked" -> book.withCompletionRatiosUnlocked(true);
                    case "accepts" -> {}
                    default -> throw new IllegalArgumentException("unknown setting: " + setting);
                }
            }
        }
        return book.build();
    }

    private static long count(Map<String, Long> counts, String name) {
        return counts.getOrDefault(name, 0L);
    }

    private static List<String> words(String text) {
        return Arrays.asList(text.strip().split(" +"));
    }
}
