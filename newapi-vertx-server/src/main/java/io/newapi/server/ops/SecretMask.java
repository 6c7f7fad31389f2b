package io.newapi.server.ops;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Hides what looks like a key in a text that is about to be logged. The last net: whoever writes a line is expected to
 * leave secrets out of it.
 *
 * <p>Hidden are keys that start with {@code sk-} or {@code AIza}, what follows {@code Bearer}, values named key, token,
 * secret or password ({@code key=...}, {@code "api_key":"..."}, {@code x-api-key: ...}), and passwords in addresses.
 */
final class SecretMask {

    private static final String HIDDEN = "***";

    private static final List<Rule> RULES = List.of(
            new Rule("(?<![A-Za-z0-9])sk-[A-Za-z0-9_-]{6,}+", "sk-" + HIDDEN),
            new Rule("(?<![A-Za-z0-9])AIza[A-Za-z0-9_-]{20,}+", "AIza" + HIDDEN),
            new Rule("(?i)\\b(Bearer)\\s++[A-Za-z0-9._~+/=-]{8,}+", "$1 " + HIDDEN),
            // Names of the form apiKey, api_key and api-key, with = or in JSON.
            new Rule(
                    "(?i)(?<![A-Za-z0-9])((?:(?:api|access|auth|client|refresh|secret|session)[_-]?)?"
                            + "(?:key|token|secret|password|passwd)(?:=|[\"']\\s{0,4}:\\s{0,4}[\"']))[^\\s\"'&,;]++",
                    "$1" + HIDDEN),
            new Rule(
                    "(?i)(?<![A-Za-z0-9])((?:x-api-key|api-key|x-goog-api-key|authorization|cookie|set-cookie)"
                            + "\\s{0,4}[:=]\\s{0,4}(?:(?:Bearer|Basic)\\s{1,4})?)[^\\s,]++",
                    "$1" + HIDDEN),
            new Rule("(://[^/\\s:@]{0,256}+:)[^\\s/]{1,256}@", "$1" + HIDDEN + "@"),
            new Rule("(?<!\\S)\\S{1,256}@(?=(?:tcp|unix)\\()", HIDDEN + "@"));

    private SecretMask() {}

    /** The text, with everything that looks like a key replaced. */
    static String mask(String text) {
        String masked = text;
        for (Rule rule : RULES) {
            masked = rule.apply(masked);
        }
        return masked;
    }

    private record Rule(Pattern pattern, String replacement) {

        Rule(String pattern, String replacement) {
            this(Pattern.compile(pattern), replacement);
        }

        String apply(String text) {
            return pattern.matcher(text).replaceAll(replacement);
        }
    }
}
