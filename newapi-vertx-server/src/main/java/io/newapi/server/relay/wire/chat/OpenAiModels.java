package io.newapi.server.relay.wire.chat;

import java.util.regex.Pattern;

/**
 * In what OpenAI's models differ, told by their names (guide "Reasoning models", and the reference's notes at {@code
 * max_completion_tokens}, {@code temperature} and {@code reasoning_effort}).
 */
final class OpenAiModels {

    /** A digit behind the letter: other vendors have models that begin with it. */
    private static final Pattern REASONING = Pattern.compile("o[1-9].*|gpt-5.*");

    private static final Pattern UNTHINKING =
            Pattern.compile("gpt-3.*|gpt-4.*|chatgpt-4.*|gpt-5-chat-latest|o1-mini.*|o1-preview.*");
    private static final Pattern FIRST_REASONING = Pattern.compile("o1-mini.*|o1-preview.*");
    private static final Pattern CAN_SKIP_THINKING = Pattern.compile("gpt-5\\.\\d.*");

    private OpenAiModels() {}

    /** Whether its limit is called {@code max_completion_tokens}. */
    static boolean reasons(String model) {
        return REASONING.matcher(model).matches();
    }

    /** Whether it takes a temperature and the like. */
    static boolean samples(String model) {
        return !reasons(model) || model.equals("gpt-5-chat-latest");
    }

    /** Who speaks its instructions. */
    static String instructor(String model) {
        return reasons(model) && !FIRST_REASONING.matcher(model).matches() ? "developer" : "system";
    }

    /**
     * The word for how much it is to think; empty if it has none for that. {@code none} is left out where only some models
     * know it: a model that thinks against a client's wish serves better than a request that is refused.
     */
    static String effort(Thinking thinking, String model) {
        String word = thinking.asEffort();
        if (word.isEmpty() || unthinking(model)) {
            return "";
        }
        if (!word.equals("none") || CAN_SKIP_THINKING.matcher(model).matches()) {
            return word;
        }
        return model.startsWith("gpt-5") ? "minimal" : "";
    }

    /** Whether something that was asked about thinking is lost with this model. */
    static boolean losesEffort(Thinking thinking, String model) {
        boolean asked = !thinking.asEffort().isEmpty();
        boolean none = thinking.mode() == Thinking.Mode.OFF;
        return asked && effort(thinking, model).isEmpty() && !(none && unthinking(model));
    }

    /** Whether it is known not to think at all. */
    static boolean unthinking(String model) {
        return UNTHINKING.matcher(model).matches();
    }
}
