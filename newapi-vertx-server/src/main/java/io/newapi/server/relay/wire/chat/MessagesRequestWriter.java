package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.math.BigDecimal;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes a request of Anthropic's Messages API (reference, Create a Message). One for each request; not thread-safe. */
final class MessagesRequestWriter {

    private static final int MAX_USER_CHARS = 256;

    private final Conversation asked;
    private final ClaudeModel model;
    private final Set<String> lost = new LinkedHashSet<>();
    private final MessagesBlocksWriter blocks = new MessagesBlocksWriter(lost);
    private final MessagesThinking thinking;
    private final JsonObject body = new JsonObject();

    private MessagesRequestWriter(Conversation asked, long defaultMaxTokens) {
        this.asked = asked;
        this.model = ClaudeModel.named(asked.model());
        this.thinking = MessagesThinking.of(asked, model, defaultMaxTokens, lost);
    }

    static Codec.Written write(Conversation asked, Codec.WriteTerms terms) {
        if (asked.sampling().choices() > 1) {
            throw new Unsayable("several choices");
        }
        return new MessagesRequestWriter(asked, terms.defaultMaxTokens()).written();
    }

    private Codec.Written written() {
        body.put("model", asked.model()).put("max_tokens", thinking.maxTokens());
        if (asked.stream()) {
            body.put("stream", true);
        }
        JsonObject output = outputConfig();
        addSystem(output.containsKey("format") ? Optional.empty() : FormInstruction.of(asked.form()));
        body.put("messages", messages());
        addTools();
        addSampling();
        if (thinking.on()) {
            body.put("thinking", thinking.field());
        }
        if (!output.isEmpty()) {
            body.put("output_config", output);
        }
        addUser();
        return new Codec.Written(body, List.copyOf(lost));
    }

    private JsonObject outputConfig() {
        JsonObject output = new JsonObject();
        if (!thinking.effort().isEmpty()) {
            output.put("effort", thinking.effort());
        }
        JsonObject schema = asked.form().schema();
        if (asked.form().kind() == AnswerForm.Kind.SCHEMA && schema != null && model.keepsToSchemas()) {
            MessagesSchema.of(schema)
                    .ifPresent(clean -> output.put(
                            "format",
                            new JsonObject().put("type", "json_schema").put("schema", clean)));
        }
        return output;
    }

    private void addSystem(Optional<String> form) {
        JsonArray system = new JsonArray();
        for (Part.Text text : asked.instructions()) {
            if (!text.text().isBlank()) {
                system.add(MessagesCache.write(MessagesBlocks.text(text.text()), text.cache()));
            }
        }
        form.ifPresent(words -> system.add(MessagesBlocks.text(words)));
        if (!system.isEmpty()) {
            body.put("system", system);
        }
    }

    /** The client's turn comes first, and what is left of two turns of one side, if that between is empty, is one. */
    private JsonArray messages() {
        JsonArray messages = new JsonArray();
        for (Turn turn : asked.turns()) {
            boolean user = turn.role() == Turn.Role.USER;
            JsonArray content = user ? blocks.ofUser(turn.parts()) : blocks.ofModel(turn.parts());
            if (content.isEmpty()) {
                continue;
            }
            String role = user ? "user" : "assistant";
            if (messages.isEmpty() && !user) {
                messages.add(message("user", unsaid()));
            }
            JsonObject last = messages.isEmpty() ? null : messages.getJsonObject(messages.size() - 1);
            if (last != null && last.getString("role").equals(role)) {
                last.getJsonArray("content").addAll(content);
            } else {
                messages.add(message(role, content));
            }
        }
        if (messages.isEmpty()) {
            messages.add(message("user", unsaid()));
        }
        trimEnd(messages.getJsonObject(messages.size() - 1));
        return messages;
    }

    private static JsonArray unsaid() {
        return new JsonArray().add(MessagesBlocks.text("..."));
    }

    private static JsonObject message(String role, JsonArray content) {
        return new JsonObject().put("role", role).put("content", content);
    }

    /** An answer that the client began must not end in white space (documentation, prefill). */
    private static void trimEnd(JsonObject last) {
        JsonArray content = last.getJsonArray("content");
        JsonObject block = content.getJsonObject(content.size() - 1);
        if (last.getString("role").equals("assistant") && block.containsKey("text")) {
            block.put("text", block.getString("text").stripTrailing());
        }
    }

    private void addTools() {
        if (asked.tools().isEmpty()) {
            return;
        }
        JsonArray tools = new JsonArray();
        for (Tool tool : asked.tools()) {
            if (tool instanceof Tool.Function function) {
                tools.add(function(function));
            } else if (tool instanceof Tool.WebSearch search) {
                tools.add(webSearch(search));
            } else {
                throw new Unsayable("tools of the provider's other than web search");
            }
        }
        body.put("tools", tools);
        ToolChoice choice = asked.toolChoice();
        JsonObject said = switch (choice.mode()) {
            case UNSAID -> choice.parallel() == null ? null : new JsonObject().put("type", "auto");
            case AUTO -> new JsonObject().put("type", "auto");
            case NONE -> new JsonObject().put("type", "none");
            case REQUIRED -> new JsonObject().put("type", "any");
            case NAMED -> new JsonObject().put("type", "tool").put("name", choice.tool());
        };
        if (said == null) {
            return;
        }
        Boolean parallel = choice.parallel();
        if (parallel != null && choice.mode() != ToolChoice.Mode.NONE) {
            said.put("disable_parallel_tool_use", !parallel);
        }
        body.put("tool_choice", said);
    }

    /**
     * {@code strict} is not said: a strict tool takes a part of JSON Schema only and a request few of them (documentation, structured
     * outputs: limitations), so that it would be refused where another provider's is served.
     */
    private JsonObject function(Tool.Function function) {
        JsonObject tool = new JsonObject().put("name", function.name());
        if (!function.description().isEmpty()) {
            tool.put("description", function.description());
        }
        JsonObject schema = function.schema();
        if (schema == null || schema.isEmpty()) {
            tool.put("input_schema", new JsonObject().put("type", "object").put("properties", new JsonObject()));
        } else if (schema.containsKey("type")) {
            tool.put("input_schema", schema);
        } else {
            tool.put("input_schema", new JsonObject().put("type", "object").mergeIn(schema));
        }
        if (Boolean.TRUE.equals(function.strict())) {
            lost.add("strict");
        }
        return MessagesCache.write(tool, function.cache());
    }

    private static JsonObject webSearch(Tool.WebSearch search) {
        JsonObject tool = new JsonObject().put("type", "web_search_20250305").put("name", "web_search");
        int uses = search.maxUses() > 0
                ? search.maxUses()
                : switch (search.contextSize()) {
                    case "low" -> 1;
                    case "medium" -> 5;
                    case "high" -> 10;
                    default -> 0;
                };
        if (uses > 0) {
            tool.put("max_uses", uses);
        }
        JsonObject location = new JsonObject();
        putUnlessEmpty(location, "city", search.city());
        putUnlessEmpty(location, "region", search.region());
        putUnlessEmpty(location, "country", search.country());
        putUnlessEmpty(location, "timezone", search.timezone());
        if (!location.isEmpty()) {
            tool.put("user_location", location.put("type", "approximate"));
        }
        return tool;
    }

    private static void putUnlessEmpty(JsonObject to, String name, String value) {
        if (!value.isEmpty()) {
            to.put(name, value);
        }
    }

    private void addSampling() {
        Sampling sampling = asked.sampling();
        boolean refused = thinking.on() || model.refusesSampling();
        BigDecimal temperature = sampling.temperature();
        if (temperature != null && refused) {
            lose("temperature", temperature.compareTo(BigDecimal.ONE) != 0);
        } else if (temperature != null) {
            lose("temperature", temperature.compareTo(BigDecimal.ONE) > 0);
            body.put("temperature", temperature.min(BigDecimal.ONE));
        }
        BigDecimal topP = sampling.topP();
        if (topP != null && (refused || (temperature != null && model.wantsOneSampler()))) {
            lose("top_p", topP.compareTo(BigDecimal.ONE) != 0);
        } else if (topP != null) {
            body.put("top_p", topP);
        }
        if (sampling.topK() != null && refused) {
            lost.add("top_k");
        } else if (sampling.topK() != null) {
            body.put("top_k", sampling.topK());
        }
        lose("seed", sampling.seed() != null);
        lose("frequency_penalty", isSet(sampling.frequencyPenalty()));
        lose("presence_penalty", isSet(sampling.presencePenalty()));
        List<String> stop =
                sampling.stop().stream().filter(word -> !word.isBlank()).toList();
        lose("stop", stop.size() < sampling.stop().size());
        if (!stop.isEmpty()) {
            body.put("stop_sequences", new JsonArray(stop));
        }
    }

    private static boolean isSet(@Nullable BigDecimal penalty) {
        return penalty != null && penalty.signum() != 0;
    }

    private void lose(String field, boolean when) {
        if (when) {
            lost.add(field);
        }
    }

    private void addUser() {
        if (asked.user().length() > MAX_USER_CHARS) {
            lost.add("user");
        } else if (!asked.user().isEmpty()) {
            body.put("metadata", new JsonObject().put("user_id", asked.user()));
        }
    }
}
