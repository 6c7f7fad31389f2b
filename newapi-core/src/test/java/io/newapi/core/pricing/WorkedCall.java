package io.newapi.core.pricing;

import io.newapi.core.pricing.expression.EvaluationException;
import io.newapi.core.quota.Quota;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A call as the tables of these tests and of the billing manual write it, and what a price book says of it.
 *
 * <ul>
 *   <li>call: the model, then settings: {@code accepts} (the user accepts models without price), {@code self-use},
 *       {@code unlocked}, {@code unit=1000} (quota per USD), {@code floor=0} (pre-consumed tokens), {@code fee=1} (USD for
 *       forbidden content);
 *   <li>groups: the group in use, or {@code user's group > group in use};
 *   <li>usage: {@code in=}, {@code out=}, {@code cached=}, {@code written=}, {@code 5m=}, {@code 1h=}, {@code image=},
 *       {@code audio=}, {@code image-out=}, {@code audio-out=}, and {@code anthropic}; beside them {@code web_search=2} or
 *       another tool, {@code drawn=high/1024x1024} for an image made by a tool, {@code images=2}, {@code size=},
 *       {@code quality=}, and {@code no-usage} where {@code in=} is the estimate; {@code held=} for what was held; {@code cost=} in USD from {@code openrouter};
 *   <li>or one of: {@code reserve in= max=} (with {@code images=} too); {@code audio-chat} or {@code realtime} with
 *       {@code text-in=}, {@code audio-in=}, {@code text-out=}, {@code audio-out=}, or {@code no-details}, and totals; {@code task} with ratios by
 *       name, and {@code tokens=} when it is recalculated; {@code test}; {@code violation}.
 * </ul>
 */
record WorkedCall(String call, String groups, String usage) {

    private static final Set<String> TOOLS =
            Set.of("web_search", "web_search_preview", "file_search", "google_search", "my_tool", "no_tool");

    /** The quota, or {@code unpriced}, {@code none} where a first charge stands, {@code refused}. */
    String quota(PriceBook prices) {
        List<String> settings = words(call);
        String[] group = groups.split(" > ", 2);
        String model = settings.get(0);
        PriceBook book = withSettings(prices, settings);
        Words words = new Words(words(usage));
        if (words.has("task")) {
            return book.quoteTask(model, group[0], group[group.length - 1])
                    .map(quote -> taskUnits(quote, words))
                    .orElse("unpriced");
        }
        try {
            return book.quote(model, group[0], group[group.length - 1], settings.contains("accepts"))
                    .match(quote -> Long.toString(units(book, quote, words)), unpriced -> "unpriced");
        } catch (EvaluationException | AmountOverflowException e) {
            return "refused";
        }
    }

    private static String taskUnits(TaskQuote quote, Words words) {
        Map<String, Ratio> ratios = new HashMap<>();
        words.values.forEach((name, value) -> {
            if (!name.equals("tokens")) {
                ratios.put(name, Ratio.parse(value));
            }
        });
        OtherRatios others = OtherRatios.of(ratios);
        return words.values.containsKey("tokens")
                ? quote.recalculated(words.count("tokens"), others)
                        .map(charge -> charge.quota().toString())
                        .orElse("none")
                : quote.charge(others).quota().toString();
    }

    private static long units(PriceBook book, Quote quote, Words words) {
        if (words.has("reserve")) {
            return (words.values.containsKey("images")
                            ? quote.reservation(words.count("in"), images(quote, words))
                            : quote.reservation(words.count("in"), words.count("max")))
                    .units();
        }
        if (words.has("test")) {
            return quote.channelTest(usage(words)).units();
        }
        if (words.has("violation")) {
            return quote.violationFee(book.violationFee()).units();
        }
        if (words.has("audio-chat") || words.has("realtime")) {
            AudioUsage details = new AudioUsage(
                    words.count("text-in"), words.count("audio-in"), words.count("text-out"), words.count("audio-out"));
            AudioCall kind = words.has("realtime") ? AudioCall.REALTIME : AudioCall.CHAT;
            return quote.chargeAudio(kind, use(quote, words), words.has("no-details") ? null : details)
                    .quota()
                    .units();
        }
        CallUse use = use(quote, words);
        if (words.values.containsKey("held")) {
            return quote.charge(use, Quota.of(words.count("held"))).quota().units();
        }
        return quote.charge(use).quota().units();
    }

    private static CallUse use(Quote quote, Words words) {
        Usage usage = usage(words);
        if (words.has("openrouter")) {
            String cost = words.values.get("cost");
            usage = quote.openRouterUsage(usage, cost == null ? null : Ratio.parse(cost));
        }
        if (words.has("no-usage")) {
            usage = ImageOrder.uncounted(words.count("in"), words.count("images"));
        }
        CallUse use = CallUse.of(usage)
                .withOutput(new OutputTokens(words.count("image-out"), words.count("audio-out")))
                .withTools(words.values.keySet().stream()
                        .filter(TOOLS::contains)
                        .sorted()
                        .map(tool -> new ToolUse(tool, words.count(tool)))
                        .toList())
                .withImageCalls(words.drawn);
        return words.values.containsKey("images") ? use.withImages(images(quote, words)) : use;
    }

    private static ImageOrder images(Quote quote, Words words) {
        return ImageOrder.of(
                quote.model(),
                words.count("images"),
                words.values.getOrDefault("size", ""),
                words.values.getOrDefault("quality", ""));
    }

    private static Usage usage(Words words) {
        return new Usage(
                words.count("in"),
                words.count("out"),
                words.count("cached"),
                words.count("written"),
                words.count("5m"),
                words.count("1h"),
                words.count("image"),
                words.count("audio"),
                words.has("anthropic") ? UsageSemantics.ANTHROPIC : UsageSemantics.OPENAI);
    }

    private static PriceBook withSettings(PriceBook prices, List<String> settings) {
        PriceBook.Builder book = prices.toBuilder();
        for (String setting : settings.subList(1, settings.size())) {
            if (setting.startsWith("unit=")) {
                book.withQuotaPerUnit(Long.parseLong(setting.substring("unit=".length())));
            } else if (setting.startsWith("floor=")) {
                book.withPreConsumedTokens(Long.parseLong(setting.substring("floor=".length())));
            } else if (setting.startsWith("fee=")) {
                book.withViolationFee(new ViolationFee(Ratio.parse(setting.substring("fee=".length()))));
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

    private static List<String> words(String text) {
        return Arrays.asList(text.strip().split(" +"));
    }

    /** The words of a usage, and those of them that are names with values. */
    private static final class Words {

        private final List<String> words;
        private final Map<String, String> values = new HashMap<>();
        private final List<ImageCall> drawn = new ArrayList<>();

        Words(List<String> words) {
            this.words = words;
            for (String word : words) {
                String[] parts = word.split("=", 2);
                if (parts.length == 2 && parts[0].equals("drawn")) {
                    String[] image = parts[1].split("/", 2);
                    drawn.add(new ImageCall(image[0], image[1]));
                } else if (parts.length == 2) {
                    values.put(parts[0], parts[1]);
                }
            }
        }

        boolean has(String word) {
            return words.contains(word);
        }

        long count(String name) {
            return Long.parseLong(values.getOrDefault(name, "0"));
        }
    }
}
