package io.newapi.server.relay.wire.chat;

/**
 * How much a model is to think before it answers.
 *
 * @param effort for {@link Mode#EFFORT}, in OpenAI's words: {@code minimal}, {@code low}, {@code medium}, {@code high}, {@code
 *     xhigh}, {@code max}; else empty
 * @param budgetTokens for {@link Mode#BUDGET}, text units; else 0
 * @param shown whether the client wants to read what was thought
 */
public record Thinking(Mode mode, String effort, long budgetTokens, boolean shown) {

    /** How that is said. */
    public enum Mode {
        /** The model's default. */
        UNSAID,
        /** It must not. */
        OFF,
        /** By a word. */
        EFFORT,
        /** By so many text units. */
        BUDGET,
        /** As much as it finds right. */
        ADAPTIVE
    }

    /** Nothing is said. */
    public static final Thinking UNSAID = new Thinking(Mode.UNSAID, "", 0, false);

    /** By a word; what was thought is shown where the format can. */
    public static Thinking effort(String word) {
        return word.equals("none") ? new Thinking(Mode.OFF, "", 0, false) : new Thinking(Mode.EFFORT, word, 0, true);
    }

    /** By text units; what was thought is shown where the format can. */
    public static Thinking budget(long tokens) {
        return new Thinking(Mode.BUDGET, "", tokens, true);
    }

    /**
     * The word for it, whichever way it was said: a budget up to 2,048 is {@code low}, up to 8,192 {@code medium}, else {@code
     * high}. Empty where nothing was said, and for {@link Mode#ADAPTIVE}.
     */
    public String asEffort() {
        return switch (mode) {
            case UNSAID, ADAPTIVE -> "";
            case OFF -> "none";
            case EFFORT -> effort;
            case BUDGET -> budgetTokens <= 2048 ? "low" : budgetTokens <= 8192 ? "medium" : "high";
        };
    }

    /** The text units for it, whichever way it was said; 0 for none, -1 where the model decides. */
    public long asBudget() {
        return switch (mode) {
            case UNSAID, ADAPTIVE -> -1;
            case OFF -> 0;
            case BUDGET -> budgetTokens;
            case EFFORT ->
                switch (effort) {
                    case "minimal" -> 1024;
                    case "low" -> 1280;
                    case "medium" -> 2048;
                    case "high" -> 4096;
                    default -> 8192;
                };
        };
    }
}
