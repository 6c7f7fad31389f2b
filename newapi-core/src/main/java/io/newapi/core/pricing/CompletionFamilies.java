package io.newapi.core.pricing;

import java.util.List;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * The completion ratios that follow from a model's name: the providers' published price of output against input. In a
 * locked family the ratio stands whatever is configured, unless the price book unlocks them all.
 *
 * <p>The order of the rules is part of them: the first that fits decides. It reproduces the behaviour that existing
 * installations are charged by, including families that undercharge (gpt-4.1 at 2, o4-mini at 1), which an
 * administrator corrects by configuring the model.
 */
final class CompletionFamilies {

    private static final CompletionRatio OTHERS = new CompletionRatio(Ratio.ONE, false);

    private static final List<Family> FAMILIES = List.of(
            open("2", endsWith("-all", "-gizmo-*")),
            locked("3", equalTo("gpt-4o-2024-05-13")),
            open("20", startsWith("gpt-4o-mini-tts")),
            open("4", startsWith("gpt-4o")),
            locked("8", startsWith("gpt-5").and(contains(".").negate())),
            locked("6.25", startsWith("gpt-5.4-nano")),
            locked("6", startsWith("gpt-5.4")),
            open("6", startsWith("gpt-5")),
            locked("2", startsWith("gpt-4.5-preview")),
            locked("3", startsWith("gpt-4-turbo")),
            locked("3", startsWith("gpt-").and(endsWith("gpt-4-1106", "gpt-4-1105"))),
            open("2", startsWith("gpt-")),
            locked("4", startsWith("o1", "o3")),
            locked("3", equalTo("chatgpt-4o-latest")),
            locked("5", contains("claude-3")),
            locked("5", contains("claude-sonnet-4", "claude-opus-4", "claude-haiku-4")),
            locked("3", startsWith("mistral-")),
            locked("4", startsWith("gemini-1.5", "gemini-2.0")),
            open("8", startsWith("gemini-2.5-pro")),
            open("4", startsWith("gemini-2.5-flash-preview").and(endsWith("-nothinking"))),
            open("23.333333333333332", startsWith("gemini-2.5-flash-preview")),
            open("4", startsWith("gemini-2.5-flash-lite")),
            open("8.333333333333334", startsWith("gemini-2.5-flash", "gemini-robotics-er-1.5")),
            open("60", startsWith("gemini-3-pro-image")),
            open("6", startsWith("gemini-3-pro")),
            open("4", startsWith("gemini-")),
            locked("3", equalTo("command-r")),
            locked("5", equalTo("command-r-plus")),
            locked("4", equalTo("command-r-08-2024", "command-r-plus-08-2024")),
            open("4", startsWith("command")),
            locked("2", startsWith("ERNIE-Speed-", "ERNIE-Lite-", "ERNIE-Character", "ERNIE-Functions")),
            locked("1.25", equalTo("llama2-70b-4096")),
            locked("2", equalTo("llama3-8b-8192")),
            // 0.79 USD of output against 0.59 of input, to the digits that existing installations use.
            locked("1.3389830508474576", equalTo("llama3-70b-8192")));

    private CompletionFamilies() {}

    /** The ratio of the family of {@code billingName}; 1 where no family fits. */
    static CompletionRatio of(String billingName) {
        for (Family family : FAMILIES) {
            if (family.members.test(billingName)) {
                return family.ratio;
            }
        }
        return OTHERS;
    }

    private record Family(Predicate<String> members, CompletionRatio ratio) {}

    private static Family open(String ratio, Predicate<String> members) {
        return new Family(members, new CompletionRatio(Ratio.parse(ratio), false));
    }

    private static Family locked(String ratio, Predicate<String> members) {
        return new Family(members, new CompletionRatio(Ratio.parse(ratio), true));
    }

    private static Predicate<String> equalTo(String... names) {
        return anyOf(String::equals, names);
    }

    private static Predicate<String> startsWith(String... prefixes) {
        return anyOf(String::startsWith, prefixes);
    }

    private static Predicate<String> endsWith(String... suffixes) {
        return anyOf(String::endsWith, suffixes);
    }

    private static Predicate<String> contains(String... parts) {
        return anyOf(String::contains, parts);
    }

    private static Predicate<String> anyOf(BiPredicate<String, String> test, String... texts) {
        List<String> all = List.of(texts);
        return name -> {
            for (String text : all) {
                if (test.test(name, text)) {
                    return true;
                }
            }
            return false;
        };
    }
}
