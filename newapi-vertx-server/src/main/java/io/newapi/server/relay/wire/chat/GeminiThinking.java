package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** {@code thinkingConfig} (Gemini API documentation, thinking: thinking levels for Gemini 3, budgets for 2.5). */
final class GeminiThinking {

    private static final Pattern PREVIEW_OF_PRO = Pattern.compile("gemini-2\\.5-pro-preview-(05-06|03-25)");

    private GeminiThinking() {}

    static Thinking read(GeminiFields config) {
        boolean shown = config.flag("includeThoughts");
        String level = config.text("thinkingLevel", "").toLowerCase(Locale.ROOT);
        if (!level.isEmpty() && !level.equals("thinking_level_unspecified")) {
            return new Thinking(Thinking.Mode.EFFORT, level, 0, shown);
        }
        Long budget = config.integer("thinkingBudget");
        if (budget == null) {
            return new Thinking(Thinking.Mode.UNSAID, "", 0, shown);
        }
        if (budget == 0) {
            return new Thinking(Thinking.Mode.OFF, "", 0, false);
        }
        return budget < 0
                ? new Thinking(Thinking.Mode.ADAPTIVE, "", 0, shown)
                : new Thinking(Thinking.Mode.BUDGET, "", budget, shown);
    }

    /**
     * The field; empty if there is nothing to say.
     *
     * @param lost gets the name of what cannot be said
     */
    static JsonObject write(Thinking thinking, GeminiModel model, Set<String> lost) {
        JsonObject config = new JsonObject();
        boolean said = thinking.mode() != Thinking.Mode.UNSAID && thinking.mode() != Thinking.Mode.OFF;
        if (!model.thinks()) {
            if (said) {
                lost.add("reasoning_effort");
            }
            return config;
        }
        if (model.thinksByLevel()) {
            addLevel(thinking, model, config, lost);
        } else {
            addBudget(thinking, model, config, lost);
        }
        return thinking.shown() ? config.put("includeThoughts", true) : config;
    }

    /** How much a model can think at most, text units. */
    static long mostTokens(GeminiModel model) {
        return model.pro() ? 32_768 : 24_576;
    }

    /** Whether it is one of the first Gemini 2.5 Pro, which cannot be told how much. */
    static boolean isPreviewOfPro(String model) {
        return PREVIEW_OF_PRO.matcher(model).find();
    }

    private static void addLevel(Thinking thinking, GeminiModel model, JsonObject to, Set<String> lost) {
        boolean twoLevels = model.pro() && model.version() == 300;
        String level = switch (thinking.asEffort()) {
            case "" -> "";
            case "none", "minimal" -> model.pro() ? "LOW" : "MINIMAL";
            case "low" -> "LOW";
            case "medium" -> twoLevels ? "HIGH" : "MEDIUM";
            default -> "HIGH";
        };
        if (thinking.mode() == Thinking.Mode.OFF) {
            lost.add("reasoning_effort");
        }
        if (!level.isEmpty()) {
            to.put("thinkingLevel", level);
        }
    }

    private static void addBudget(Thinking thinking, GeminiModel model, JsonObject to, Set<String> lost) {
        long least = model.lite() ? 512 : model.pro() ? 128 : 1;
        long most = mostTokens(model);
        switch (thinking.mode()) {
            case UNSAID -> {}
            case ADAPTIVE -> to.put("thinkingBudget", -1);
            case OFF -> {
                to.put("thinkingBudget", model.pro() ? least : 0);
                if (model.pro()) {
                    lost.add("reasoning_effort");
                }
            }
            case EFFORT, BUDGET -> to.put("thinkingBudget", Math.max(least, Math.min(most, thinking.asBudget())));
        }
    }
}
