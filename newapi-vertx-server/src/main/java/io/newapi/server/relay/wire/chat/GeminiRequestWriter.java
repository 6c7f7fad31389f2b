package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a request of Google's Gemini API (reference, Generating content: {@code models.generateContent}). One for each request; not
 * thread-safe.
 */
final class GeminiRequestWriter {

    private static final int MOST_STOP_WORDS = 5;

    private final Conversation asked;
    private final GeminiModel model;
    private final Set<String> lost = new LinkedHashSet<>();
    private final JsonObject body = new JsonObject();

    private GeminiRequestWriter(Conversation asked) {
        this.asked = asked;
        this.model = GeminiModel.named(asked.model());
    }

    static Codec.Written write(Conversation asked, Codec.WriteTerms terms) {
        if (asked.sampling().choices() > 1) {
            throw new Unsayable("several choices");
        }
        return new GeminiRequestWriter(asked).written(terms);
    }

    private Codec.Written written(Codec.WriteTerms terms) {
        boolean jsonInWords =
                asked.form().kind() != AnswerForm.Kind.TEXT && hasFunctions() && !model.answersInJsonBesideTools();
        addSystem(jsonInWords);
        body.put("contents", contents());
        addTools();
        addGeneration(jsonInWords);
        addSafety(terms);
        lose("user", !asked.user().isEmpty());
        return new Codec.Written(body, List.copyOf(lost));
    }

    private boolean hasFunctions() {
        return asked.tools().stream().anyMatch(tool -> tool instanceof Tool.Function);
    }

    private void addSystem(boolean jsonInWords) {
        JsonArray parts = new JsonArray();
        for (Part.Text text : asked.instructions()) {
            lose("cache_control", text.cache() != Part.CacheMark.NONE);
            if (!text.text().isEmpty()) {
                parts.add(new JsonObject().put("text", text.text()));
            }
        }
        if (jsonInWords) {
            FormInstruction.of(asked.form()).ifPresent(words -> parts.add(new JsonObject().put("text", words)));
        }
        if (!parts.isEmpty()) {
            body.put("systemInstruction", new JsonObject().put("parts", parts));
        }
    }

    /** The client's turn comes first, and what is left of two turns of one side, if that between is empty, is one. */
    private JsonArray contents() {
        GeminiPartsWriter writer = new GeminiPartsWriter(asked.turns(), model, lost);
        JsonArray contents = new JsonArray();
        for (Turn turn : asked.turns()) {
            boolean user = turn.role() == Turn.Role.USER;
            JsonArray parts = user ? writer.ofUser(turn.parts()) : writer.ofModel(turn.parts());
            if (parts.isEmpty()) {
                continue;
            }
            String role = user ? "user" : "model";
            if (contents.isEmpty() && !user) {
                contents.add(unsaid());
            }
            JsonObject last = contents.isEmpty() ? null : contents.getJsonObject(contents.size() - 1);
            if (last != null && last.getString("role").equals(role)) {
                last.getJsonArray("parts").addAll(parts);
            } else {
                contents.add(new JsonObject().put("role", role).put("parts", parts));
            }
        }
        return contents.isEmpty() ? contents.add(unsaid()) : contents;
    }

    private static JsonObject unsaid() {
        return new JsonObject()
                .put("role", "user")
                .put("parts", new JsonArray().add(new JsonObject().put("text", "...")));
    }

    private void addTools() {
        JsonArray functions = new JsonArray();
        JsonArray tools = new JsonArray();
        for (Tool tool : asked.tools()) {
            if (tool instanceof Tool.Function function) {
                functions.add(function(function));
            } else if (tool instanceof Tool.WebSearch search) {
                tools.add(new JsonObject().put("googleSearch", new JsonObject()));
                lose("max_uses", search.maxUses() > 0);
                lose("search_context_size", !search.contextSize().isEmpty());
                lose(
                        "user_location",
                        !(search.city() + search.region() + search.country() + search.timezone()).isEmpty());
            } else {
                throw new Unsayable("tools of the provider's other than web search");
            }
        }
        if (!functions.isEmpty()) {
            tools.add(0, new JsonObject().put("functionDeclarations", functions));
        }
        if (tools.isEmpty()) {
            return;
        }
        body.put("tools", tools);
        JsonObject calling = calling(asked.toolChoice());
        if (calling != null && !functions.isEmpty()) {
            body.put("toolConfig", new JsonObject().put("functionCallingConfig", calling));
        }
        lose("parallel_tool_calls", Boolean.FALSE.equals(asked.toolChoice().parallel()));
    }

    private static @Nullable JsonObject calling(ToolChoice choice) {
        return switch (choice.mode()) {
            case UNSAID -> null;
            case AUTO -> new JsonObject().put("mode", "AUTO");
            case NONE -> new JsonObject().put("mode", "NONE");
            case REQUIRED -> new JsonObject().put("mode", "ANY");
            case NAMED ->
                new JsonObject().put("mode", "ANY").put("allowedFunctionNames", new JsonArray().add(choice.tool()));
        };
    }

    private JsonObject function(Tool.Function function) {
        JsonObject declared = new JsonObject().put("name", function.name());
        if (!function.description().isEmpty()) {
            declared.put("description", function.description());
        }
        JsonObject schema = function.schema();
        if (schema != null && !GeminiSchema.isOfNothing(schema)) {
            declared.put("parametersJsonSchema", GeminiSchema.of(schema));
        }
        lose("strict", Boolean.TRUE.equals(function.strict()));
        lose("cache_control", function.cache() != Part.CacheMark.NONE);
        return declared;
    }

    private void addGeneration(boolean jsonInWords) {
        Sampling sampling = asked.sampling();
        JsonObject generation = new JsonObject();
        put(generation, "temperature", sampling.temperature());
        put(generation, "topP", sampling.topP());
        put(generation, "topK", sampling.topK());
        put(generation, "maxOutputTokens", sampling.maxTokens() > 0 ? sampling.maxTokens() : null);
        put(generation, "seed", sampling.seed());
        put(generation, "presencePenalty", sampling.presencePenalty());
        put(generation, "frequencyPenalty", sampling.frequencyPenalty());
        List<String> stop =
                sampling.stop().stream().filter(word -> !word.isEmpty()).toList();
        if (stop.size() > MOST_STOP_WORDS) {
            throw new Unsayable("more than " + MOST_STOP_WORDS + " stop sequences");
        }
        put(generation, "stopSequences", stop.isEmpty() ? null : new JsonArray(stop));
        if (asked.form().kind() != AnswerForm.Kind.TEXT && !jsonInWords) {
            generation.put("responseMimeType", "application/json");
            JsonObject schema = asked.form().schema();
            put(generation, "responseJsonSchema", schema == null ? null : GeminiSchema.of(schema));
        }
        JsonObject thinking = GeminiThinking.write(asked.thinking(), model, lost);
        put(generation, "thinkingConfig", thinking.isEmpty() ? null : thinking);
        if (!generation.isEmpty()) {
            body.put("generationConfig", generation);
        }
    }

    private static void put(JsonObject to, String name, @Nullable Object value) {
        if (value != null) {
            to.put(name, value);
        }
    }

    private void addSafety(Codec.WriteTerms terms) {
        JsonArray settings = new JsonArray();
        new TreeMap<>(terms.safety())
                .forEach((category, threshold) ->
                        settings.add(new JsonObject().put("category", category).put("threshold", threshold)));
        if (!settings.isEmpty()) {
            body.put("safetySettings", settings);
        }
    }

    private void lose(String field, boolean when) {
        if (when) {
            lost.add(field);
        }
    }
}
