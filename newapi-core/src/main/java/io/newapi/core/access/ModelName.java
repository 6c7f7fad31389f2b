package io.newapi.core.access;

import java.util.List;

/**
 * Names of models.
 *
 * <p>Some names ask for a model and for a way to run it at once: {@code o3-high} is {@code o3} with much reasoning,
 * {@code gemini-2.5-pro-thinking-2048} is {@code gemini-2.5-pro} with 2,048 tokens to think. Limits and routes list the
 * model once, under its normalised name.
 */
public final class ModelName {

    /** A family of models whose names take a reasoning effort as suffix, with the suffixes that it takes. */
    private record EffortFamily(String prefix, List<String> suffixes) {}

    private static final List<String> OPENAI_EFFORTS = List.of("-high", "-medium", "-low", "-minimal", "-xhigh");
    private static final List<String> COMMON_EFFORTS = List.of("-high", "-medium", "-low");

    // A family is listed only when its provider dialect understands the suffix. Elsewhere such an ending is part of the
    // name of a different model: mistral-medium, qwen-max, gpt-5.1-codex-max.
    private static final List<EffortFamily> EFFORT_FAMILIES = List.of(
            new EffortFamily("o1", OPENAI_EFFORTS),
            new EffortFamily("o3", OPENAI_EFFORTS),
            new EffortFamily("o4", OPENAI_EFFORTS),
            new EffortFamily("gpt-5", OPENAI_EFFORTS),
            new EffortFamily("claude-", List.of("-high", "-medium", "-low", "-minimal", "-xhigh", "-max")),
            new EffortFamily("gemini-", COMMON_EFFORTS),
            new EffortFamily("grok-3-mini", COMMON_EFFORTS),
            new EffortFamily("deepseek-v4", List.of("-max")));

    private static final List<String> THINKING_FAMILIES =
            List.of("gemini-2.5-flash-lite", "gemini-2.5-flash", "gemini-2.5-pro");

    private ModelName() {}

    /**
     * The name under which limits and routes may list {@code model} besides its exact name:
     *
     * <ol>
     *   <li>{@code gemini-2.5-flash-lite}, {@code gemini-2.5-flash} and {@code gemini-2.5-pro} names with a thinking
     *       budget become {@code <family>-thinking-*};
     *   <li>one reasoning effort at the end is cut off, for the families that take one (a vendor's path before the name,
     *       as in {@code openai/o3-high}, does not matter);
     *   <li>{@code gpt-4-gizmo...} becomes {@code gpt-4-gizmo-*}, {@code gpt-4o-gizmo...} becomes {@code gpt-4o-gizmo-*}.
     * </ol>
     *
     * A name to which nothing applies is returned as it is. The rules are New API's, except that New API cuts an effort
     * off any name. Prices have a rule of their own.
     */
    public static String normalised(String model) {
        return gizmo(withoutEffort(thinking(model)));
    }

    private static String thinking(String model) {
        if (model.contains("-thinking-")) {
            // The first family that matches, because the names of the later ones begin those of the earlier ones.
            for (String family : THINKING_FAMILIES) {
                if (model.startsWith(family)) {
                    return family + "-thinking-*";
                }
            }
        }
        return model;
    }

    private static String withoutEffort(String model) {
        int nameStart = model.lastIndexOf('/') + 1;
        for (EffortFamily family : EFFORT_FAMILIES) {
            if (model.startsWith(family.prefix, nameStart)) {
                for (String suffix : family.suffixes) {
                    if (model.endsWith(suffix)) {
                        return model.substring(0, model.length() - suffix.length());
                    }
                }
            }
        }
        return model;
    }

    private static String gizmo(String model) {
        if (model.startsWith("gpt-4-gizmo")) {
            return "gpt-4-gizmo-*";
        }
        return model.startsWith("gpt-4o-gizmo") ? "gpt-4o-gizmo-*" : model;
    }
}
