package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is put into a request of a provider's format, which may be the client's own: what the end of the model's name asks for, and the
 * limit that Anthropic's format needs. All else in the request stays.
 */
public final class Supplement {

    private static final String REASONING = "reasoning";
    private static final String REASONING_EFFORT = "reasoning_effort";
    private static final String THINKING = "thinking";
    private static final String MAX_TOKENS = "max_tokens";
    private static final String OUTPUT_CONFIG = "output_config";
    private static final List<String> GENERATION = List.of("generationConfig", "generation_config");
    private static final List<String> THINKING_CONFIG = List.of("thinkingConfig", "thinking_config");
    private static final List<String> GEMINI_LIMIT = List.of("maxOutputTokens", "max_output_tokens");

    private Supplement() {}

    /**
     * The request with it.
     *
     * @param format of the request, one of conversations
     * @param defaultMaxTokens text units
     * @throws Unreadable if the body cannot be read
     */
    public static byte[] in(byte[] request, WireFormat format, ModelSuffix suffix, long defaultMaxTokens) {
        JsonObject body;
        try {
            body = JsonTree.read(request);
        } catch (IOException e) {
            throw new Unreadable("", "is not JSON that can be read");
        }
        switch (format) {
            case CHAT -> chat(body, suffix);
            case RESPONSES -> responses(body, suffix);
            case MESSAGES -> messages(body, suffix, defaultMaxTokens);
            case GEMINI -> gemini(body, suffix);
            default -> throw new IllegalArgumentException(format + " is no format of conversations");
        }
        return JsonTree.write(body);
    }

    private static void chat(JsonObject body, ModelSuffix suffix) {
        switch (suffix.wish()) {
            case EFFORT -> body.put(REASONING_EFFORT, suffix.word());
            case THINK -> {
                if (suffix.family() == Suffixes.OPENROUTER) {
                    openRouter(body);
                } else {
                    body.put(THINKING, new JsonObject().put("type", "enabled"));
                }
            }
            case SEARCH -> {
                if (suffix.family() == Suffixes.XAI) {
                    body.put("search_parameters", new JsonObject().put("mode", "on"));
                } else {
                    body.put(
                            "web_search",
                            new JsonObject()
                                    .put("enable", true)
                                    .put("enable_citation", true)
                                    .put("enable_trace", true)
                                    .put("enable_status", false));
                }
            }
            case BUDGET, NO_THINKING, NOTHING -> {}
        }
    }

    private static void openRouter(JsonObject body) {
        Object effort = body.remove(REASONING_EFFORT);
        JsonObject reasoning = object(body, REASONING).put("enabled", true);
        if (effort != null && !"none".equals(effort)) {
            reasoning.put("effort", effort);
        }
    }

    private static void responses(JsonObject body, ModelSuffix suffix) {
        if (suffix.wish() == ModelSuffix.Wish.EFFORT) {
            object(body, REASONING).put("effort", suffix.word());
        }
    }

    private static void messages(JsonObject body, ModelSuffix suffix, long defaultMaxTokens) {
        long limit = number(body.getValue(MAX_TOKENS));
        if (limit == 0) {
            body.put(MAX_TOKENS, defaultMaxTokens);
        }
        boolean effort = suffix.wish() == ModelSuffix.Wish.EFFORT;
        boolean think = suffix.wish() == ModelSuffix.Wish.THINK && body.getValue(THINKING) == null;
        if (!effort && !think) {
            return;
        }
        List.of("temperature", "top_p", "top_k").forEach(body::remove);
        ClaudeModel model = ClaudeModel.named(suffix.model());
        if (model.thinksAdaptively()) {
            JsonObject adaptive = new JsonObject().put("type", "adaptive");
            body.put(THINKING, model.refusesSampling() ? adaptive.put("display", "summarized") : adaptive);
        } else {
            long most = ModelSuffix.claudeLimit(limit, defaultMaxTokens);
            body.put(MAX_TOKENS, most)
                    .put("temperature", 1)
                    .put(
                            THINKING,
                            new JsonObject().put("type", "enabled").put("budget_tokens", suffix.claudeBudget(most)));
        }
        if (effort) {
            object(body, OUTPUT_CONFIG).put("effort", MessagesThinking.effort(suffix.word(), model));
        }
    }

    private static void gemini(JsonObject body, ModelSuffix suffix) {
        String field = name(body, GENERATION);
        JsonObject generation = object(body, field);
        if (THINKING_CONFIG.stream().anyMatch(name -> generation.getValue(name) != null)) {
            return;
        }
        long limit = number(generation.getValue(name(generation, GEMINI_LIMIT)));
        Set<String> unsaid = new TreeSet<>();
        JsonObject config =
                GeminiThinking.write(suffix.gemini(Thinking.UNSAID, limit), GeminiModel.named(suffix.model()), unsaid);
        if (!config.isEmpty()) {
            generation.put(THINKING_CONFIG.get(0), config);
        }
    }

    /** The one of these names that is there, else the first. */
    private static String name(JsonObject in, List<String> names) {
        return names.stream().filter(in::containsKey).findFirst().orElse(names.get(0));
    }

    /** The object in a field; a new one where there is none. */
    private static JsonObject object(JsonObject in, String field) {
        if (in.getValue(field) instanceof JsonObject there) {
            return there;
        }
        JsonObject made = new JsonObject();
        in.put(field, made);
        return made;
    }

    private static long number(@Nullable Object value) {
        return value instanceof Number number ? Math.max(0, number.longValue()) : 0;
    }
}
