package io.newapi.server.relay.wire.chat;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model of Anthropic's takes, by its name. Names have the version before the family ({@code claude-3-7-sonnet-20250219}) or
 * behind it ({@code claude-opus-4-6}), also with a vendor's prefix; a name without one, of another vendor who speaks this format,
 * is treated as an old model, whose fields all of them know.
 *
 * @param version a hundred times the major number and the minor one; 0 if unknown
 * @param alwaysThinks whether it is of a family that cannot be kept from it
 */
record ClaudeModel(int version, boolean alwaysThinks) {

    private static final Pattern VERSION = Pattern.compile("claude-(?:[a-z]+-)?(\\d)(?:[-.](\\d{1,2})(?!\\d))?");

    static ClaudeModel named(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        boolean always = name.contains("claude-mythos") || name.contains("claude-fable");
        Matcher found = VERSION.matcher(name);
        if (!found.find()) {
            return new ClaudeModel(always ? 500 : 0, always);
        }
        int minor = found.group(2) == null ? 0 : Integer.parseInt(found.group(2));
        return new ClaudeModel(Integer.parseInt(found.group(1)) * 100 + minor, always);
    }

    /** Whether thinking is asked for by {@code adaptive} (documentation, adaptive thinking: supported models). */
    boolean thinksAdaptively() {
        return version >= 406;
    }

    /** Whether it cannot be told not to think: Claude 5 and later (documentation, adaptive thinking: thinking modes). */
    boolean cannotButThink() {
        return alwaysThinks || version >= 500;
    }

    /** Whether it refuses temperature, {@code top_p} and {@code top_k} (migration guide to Claude Opus 4.7). */
    boolean refusesSampling() {
        return version >= 407;
    }

    /** Whether it refuses temperature and {@code top_p} together (migration guide to Claude 4.5). */
    boolean wantsOneSampler() {
        return version >= 401;
    }

    /** Whether it knows the effort {@code xhigh} (documentation, effort). */
    boolean knowsExtraHigh() {
        return version >= 407;
    }

    /** Whether its answers can be held to a schema (documentation, structured outputs). */
    boolean keepsToSchemas() {
        return version >= 405;
    }
}
