package io.newapi.core.pricing;

/** The name under which a requested model is looked up: budgets and gizmo ids share one entry per family. */
final class BillingName {

    /** One entry for all models that end in {@link #COMPACT_SUFFIX} and have none of their own. */
    static final String COMPACT_WILDCARD = "*-openai-compact";

    private static final String COMPACT_SUFFIX = "-openai-compact";

    private BillingName() {}

    /**
     * The name for model ratios, prices and completion ratios. Cache and image ratios go by the requested name instead.
     */
    static String of(String requested) {
        if (requested.contains("-thinking-")) {
            if (requested.startsWith("gemini-2.5-flash-lite")) {
                return "gemini-2.5-flash-lite-thinking-*";
            }
            if (requested.startsWith("gemini-2.5-flash")) {
                return "gemini-2.5-flash-thinking-*";
            }
            if (requested.startsWith("gemini-2.5-pro")) {
                return "gemini-2.5-pro-thinking-*";
            }
        }
        if (requested.startsWith("gpt-4-gizmo")) {
            return "gpt-4-gizmo-*";
        }
        if (requested.startsWith("gpt-4o-gizmo")) {
            return "gpt-4o-gizmo-*";
        }
        return requested;
    }

    /** Whether the wildcard entry may stand in for that of the requested model. */
    static boolean isCompact(String requested) {
        return requested.endsWith(COMPACT_SUFFIX);
    }
}
