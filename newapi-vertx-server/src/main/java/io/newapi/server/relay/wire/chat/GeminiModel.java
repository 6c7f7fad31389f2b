package io.newapi.server.relay.wire.chat;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model of Google's takes, by its name. A name without a version, as {@code gemini-flash-latest}, is the newest; Gemma is
 * older than all.
 *
 * @param version a hundred times the major number and the minor one
 */
record GeminiModel(int version, boolean pro, boolean lite, boolean paints) {

    private static final Pattern VERSION = Pattern.compile("gemini-(\\d{1,2})(?:\\.(\\d{1,2}))?");
    private static final int NEWEST = 9900;

    static GeminiModel named(String model) {
        String name = model.toLowerCase(Locale.ROOT);
        Matcher found = VERSION.matcher(name);
        int version = name.contains("gemma") ? 0 : NEWEST;
        if (found.find()) {
            int minor = found.group(2) == null ? 0 : Integer.parseInt(found.group(2));
            version = Integer.parseInt(found.group(1)) * 100 + minor;
        }
        return new GeminiModel(version, name.contains("-pro"), name.contains("-lite"), name.contains("-image"));
    }

    /** Whether it can be asked to think (documentation, thinking: supported models). */
    boolean thinks() {
        return version >= 205 && !(paints && version < 300);
    }

    /** Whether it is told how much by a word; else by text units (documentation, thinking: levels and budgets). */
    boolean thinksByLevel() {
        return version >= 300;
    }

    /** Whether it refuses calls in its own turns that are not signed (documentation, thought signatures). */
    boolean wantsSignatures() {
        return version >= 300;
    }

    /** Whether results of tools can hold pictures (documentation, function calling: multimodal function responses). */
    boolean readsPicturesInResults() {
        return version >= 300;
    }

    /** Whether tools go with an answer that must be JSON (documentation, structured outputs with tools). */
    boolean answersInJsonBesideTools() {
        return version >= 300;
    }
}
