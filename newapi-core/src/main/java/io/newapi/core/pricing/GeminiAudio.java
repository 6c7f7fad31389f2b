package io.newapi.core.pricing;

import java.util.List;

/** The published prices of audio input in Gemini models, which differ from those of their text input. */
final class GeminiAudio {

    private record Family(String prefix, Ratio usdPerMillion) {}

    /** The first that fits decides, so the longer names come first. */
    private static final List<Family> FAMILIES = List.of(
            new Family("gemini-2.5-flash-preview-native-audio", Ratio.of(3)),
            new Family("gemini-2.5-flash-preview-lite", Ratio.parse("0.5")),
            new Family("gemini-2.5-flash-preview", Ratio.ONE),
            new Family("gemini-2.5-flash", Ratio.ONE),
            new Family("gemini-2.0-flash", Ratio.parse("0.7")),
            new Family("gemini-robotics-er-1.5", Ratio.ONE));

    private GeminiAudio() {}

    /** USD for a million audio input tokens of the requested model; 0 if they cost what text costs. */
    static Ratio usdPerMillion(String model) {
        if (model.startsWith("gemini-")) {
            for (Family family : FAMILIES) {
                if (model.startsWith(family.prefix)) {
                    return family.usdPerMillion;
                }
            }
        }
        return Ratio.ZERO;
    }
}
