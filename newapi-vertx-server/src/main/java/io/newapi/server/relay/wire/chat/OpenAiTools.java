package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What OpenAI's two formats say alike of tools: a function's fields, where a search is made, and a subset that is allowed. */
final class OpenAiTools {

    private OpenAiTools() {}

    /** A function whose fields stand in {@code in}. */
    static Tool.Function function(Fields in, Part.CacheMark cache) {
        Fields schema = in.objectOrNull("parameters");
        return new Tool.Function(
                in.text("name"),
                in.text("description", ""),
                schema == null ? null : schema.json(),
                in.flagOrNull("strict"),
                cache);
    }

    /** The other way round; what is not said is not written. */
    static JsonObject function(JsonObject into, Tool.Function tool) {
        into.put("name", tool.name());
        if (!tool.description().isEmpty()) {
            into.put("description", tool.description());
        }
        if (tool.schema() != null) {
            into.put("parameters", tool.schema());
        }
        return into;
    }

    /**
     * A search.
     *
     * @param where the user is; null if that is not said
     */
    static Tool.WebSearch search(Fields in, @Nullable Fields where) {
        String size = OpenAiBounds.searchSize(in);
        return where == null
                ? new Tool.WebSearch(0, size, "", "", "", "")
                : new Tool.WebSearch(
                        0,
                        size,
                        where.text("city", ""),
                        where.text("region", ""),
                        where.text("country", ""),
                        where.text("timezone", ""));
    }

    /** Where the user is; empty if that is not said. */
    static JsonObject place(Tool.WebSearch search) {
        JsonObject place = new JsonObject();
        putIfAny(place, "city", search.city());
        putIfAny(place, "region", search.region());
        putIfAny(place, "country", search.country());
        putIfAny(place, "timezone", search.timezone());
        return place;
    }

    /** The choice that a word stands for. */
    static ToolChoice choice(String word, @Nullable Boolean parallel, Unreadable complaint) {
        ToolChoice.Mode mode = switch (word) {
            case "auto" -> ToolChoice.Mode.AUTO;
            case "none" -> ToolChoice.Mode.NONE;
            case "required", "any" -> ToolChoice.Mode.REQUIRED;
            default -> throw complaint;
        };
        return new ToolChoice(mode, "", parallel);
    }

    /**
     * Writes whether a tool must be called.
     *
     * @param named how the format says that a certain one must be
     */
    static void putChoice(JsonObject body, ToolChoice choice, JsonObject named) {
        switch (choice.mode()) {
            case UNSAID -> {}
            case AUTO -> body.put("tool_choice", "auto");
            case NONE -> body.put("tool_choice", "none");
            case REQUIRED -> body.put("tool_choice", "required");
            case NAMED -> body.put("tool_choice", named);
        }
        if (choice.parallel() != null) {
            body.put("parallel_tool_calls", choice.parallel());
        }
    }

    /** Those of the tools that are functions of these names. */
    static List<Tool> allowed(List<Tool> tools, Set<String> names) {
        return tools.stream()
                .filter(tool -> tool instanceof Tool.Function function && names.contains(function.name()))
                .toList();
    }

    /** Writes a number, or notes that it cannot be said; nothing for one that was not asked for. */
    static void put(JsonObject body, Set<String> lost, String name, @Nullable Number value, boolean sayable) {
        if (value != null && sayable) {
            body.put(name, value);
        } else if (value != null) {
            lost.add(name);
        }
    }

    static void putIfAny(JsonObject into, String name, String text) {
        if (!text.isEmpty()) {
            into.put(name, text);
        }
    }
}
