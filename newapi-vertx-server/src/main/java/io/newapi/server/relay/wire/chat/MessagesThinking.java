package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;

/**
 * How a request says to Anthropic how much to think (documentation, extended thinking and adaptive thinking). A budget must be 1,024
 * at least and less than {@code max_tokens}; thinking goes neither with a tool that must be called, nor, by a budget, with a call
 * of the model's before which its signed thoughts are missing, nor with an answer that the client began.
 *
 * @param type of {@code thinking}; empty if the field is left out
 * @param budget for {@code enabled}; else 0
 * @param effort of {@code output_config}; empty if it is left out
 * @param shown whether thoughts are wanted in the answer
 * @param maxTokens the limit that goes with it
 */
record MessagesThinking(String type, long budget, String effort, boolean shown, long maxTokens) {

    /** The least budget that Anthropic takes, text units. */
    static final long LEAST_BUDGET = 1024;

    /** The least limit of an answer whose thinking a model's name asks for: room for that budget, and something to say. */
    static final long LEAST_LIMIT = 1280;

    private static final long BUDGET_OF_ITS_OWN = 4096;

    /** @param lost gets the name of what cannot be done */
    static MessagesThinking of(Conversation asked, ClaudeModel model, long defaultMaxTokens, Set<String> lost) {
        long limit = asked.sampling().maxTokens();
        MessagesThinking none = new MessagesThinking("", 0, "", false, limit > 0 ? limit : defaultMaxTokens);
        return switch (asked.thinking().mode()) {
            case UNSAID -> none;
            case OFF -> model.cannotButThink() ? none.leastOf(lost) : none;
            case EFFORT, BUDGET, ADAPTIVE ->
                model.thinksAdaptively() ? none.adaptively(asked, model, lost) : none.byBudget(asked, lost);
        };
    }

    boolean on() {
        return !type.isEmpty();
    }

    /** The field; only if it is {@link #on}. */
    JsonObject field() {
        JsonObject field = new JsonObject().put("type", type);
        return type.equals("enabled")
                ? field.put("budget_tokens", budget)
                : field.put("display", shown ? "summarized" : "omitted");
    }

    private MessagesThinking leastOf(Set<String> lost) {
        lost.add("reasoning_effort");
        return new MessagesThinking("", 0, "low", false, maxTokens);
    }

    private MessagesThinking adaptively(Conversation asked, ClaudeModel model, Set<String> lost) {
        String word = effort(asked.thinking().asEffort(), model);
        if (mustCall(asked)) {
            lost.add("reasoning_effort");
            return new MessagesThinking("", 0, word, false, maxTokens);
        }
        return new MessagesThinking("adaptive", 0, word, asked.thinking().shown(), maxTokens);
    }

    /** Anthropic's word for an effort; empty for none. */
    static String effort(String word, ClaudeModel model) {
        return switch (word) {
            case "" -> "";
            case "minimal", "low" -> "low";
            case "medium" -> "medium";
            case "xhigh" -> model.knowsExtraHigh() ? "xhigh" : "high";
            case "max" -> "max";
            default -> "high";
        };
    }

    private MessagesThinking byBudget(Conversation asked, Set<String> lost) {
        long wanted = asked.thinking().asBudget();
        long budget = Math.max(LEAST_BUDGET, wanted < 0 ? BUDGET_OF_ITS_OWN : wanted);
        long max = maxTokens;
        if (budget >= max && asked.sampling().maxTokens() == 0) {
            max = budget + max;
        } else if (budget >= max) {
            budget = Math.max(LEAST_BUDGET, max / 5 * 4);
        }
        if (budget >= max || mustCall(asked) || answersUnsignedCall(asked.turns())) {
            lost.add("reasoning_effort");
            return this;
        }
        return new MessagesThinking("enabled", budget, "", true, max);
    }

    private static boolean mustCall(Conversation asked) {
        ToolChoice.Mode mode = asked.toolChoice().mode();
        return !asked.tools().isEmpty() && (mode == ToolChoice.Mode.REQUIRED || mode == ToolChoice.Mode.NAMED);
    }

    private static boolean answersUnsignedCall(List<Turn> turns) {
        if (turns.isEmpty()) {
            return false;
        }
        Turn last = turns.get(turns.size() - 1);
        if (last.role() == Turn.Role.ASSISTANT) {
            return true;
        }
        return turns.size() > 1
                && last.parts().stream().anyMatch(part -> part instanceof Part.ToolResult)
                && !beginsSigned(turns.get(turns.size() - 2));
    }

    private static boolean beginsSigned(Turn turn) {
        return turn.parts().stream()
                .filter(part -> !(part instanceof Part.Thought thought)
                        || !thought.signature().isEmpty())
                .findFirst()
                .filter(part -> part instanceof Part.Thought || part instanceof Part.HiddenThought)
                .isPresent();
    }
}
