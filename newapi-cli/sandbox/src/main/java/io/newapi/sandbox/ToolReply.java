package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import org.jspecify.annotations.Nullable;

/** A call of one tool, with arguments made from the tool's parameter schema: one fixed value for each type. */
final class ToolReply implements Reply {

    private static final int FRAGMENT_CHARS = 8;

    private final String id;
    private final String name;
    private final String arguments;
    private final long chunks;

    private ToolReply(String id, String name, String arguments, long chunks) {
        this.id = id;
        this.name = name;
        this.arguments = arguments;
        this.chunks = chunks;
    }

    /**
     * @param function the {@code function} object of a tool
     * @param chunks argument fragments of the streamed form, absent: one per 8 characters
     */
    static ToolReply calling(JsonObject function, String id, @Nullable Long chunks) {
        String arguments = exampleOf(function.getValue("parameters") instanceof JsonObject schema ? schema : null)
                .encode();
        long fragments = chunks == null ? fragments(arguments) : chunks;
        return new ToolReply(id, function.getString("name"), arguments, fragments + 1);
    }

    @Override
    public long chunks() {
        return chunks;
    }

    @Override
    public JsonObject delta(long index) {
        if (index == 0) {
            return Reply.toolDelta(call(""));
        }
        long fragments = chunks - 1;
        int from = (int) ((index - 1) * arguments.length() / fragments);
        int to = (int) (index * arguments.length() / fragments);
        return Reply.toolDelta(new JsonObject()
                .put("function", new JsonObject().put("arguments", arguments.substring(from, to))));
    }

    @Override
    public JsonObject message() {
        return new JsonObject()
                .put("role", "assistant")
                .putNull("content")
                .put("tool_calls", new JsonArray().add(call(arguments)));
    }

    @Override
    public String finishReason() {
        return "tool_calls";
    }

    @Override
    public long words() {
        return fragments(arguments);
    }

    private static long fragments(String arguments) {
        return (arguments.length() + FRAGMENT_CHARS - 1L) / FRAGMENT_CHARS;
    }

    private JsonObject call(String argumentText) {
        return new JsonObject()
                .put("id", id)
                .put("type", "function")
                .put("function", new JsonObject().put("name", name).put("arguments", argumentText));
    }

    private static JsonObject exampleOf(@Nullable JsonObject schema) {
        JsonObject example = new JsonObject();
        if (schema != null && schema.getValue("properties") instanceof JsonObject properties) {
            for (String property : properties.fieldNames()) {
                if (properties.getValue(property) instanceof JsonObject type) {
                    example.put(property, valueOf(type));
                }
            }
        }
        return example;
    }

    private static Object valueOf(JsonObject type) {
        if (type.getValue("enum") instanceof JsonArray values && !values.isEmpty()) {
            return values.getValue(0);
        }
        return switch (String.valueOf(type.getValue("type"))) {
            case "integer" -> 1;
            case "number" -> 1.5;
            case "boolean" -> true;
            case "array" -> new JsonArray();
            case "object" -> exampleOf(type);
            default -> "sandbox";
        };
    }
}
