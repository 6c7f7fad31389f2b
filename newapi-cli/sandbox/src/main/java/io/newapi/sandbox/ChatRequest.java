package io.newapi.sandbox;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What the sandbox understands of a chat completion request in the OpenAI format; everything else is ignored.
 *
 * @param model the model asked for
 * @param streamed whether the answer is to be a stream
 * @param usageInStream whether the stream is to end with a usage chunk
 * @param maxTokens the smaller limit of the two that the format knows, {@link Long#MAX_VALUE} without one
 * @param question the text of the last user message
 * @param promptWords words of all messages, at least 1
 * @param tool the {@code function} object of the tool to call; absent: answer with text
 * @param wishes the request's wishes for the answer, empty without any
 */
record ChatRequest(
        String model,
        boolean streamed,
        boolean usageInStream,
        long maxTokens,
        String question,
        long promptWords,
        @Nullable JsonObject tool,
        JsonObject wishes) {

    private static final Pattern CALL = Pattern.compile("\\bcall ([A-Za-z0-9_-]{1,64})");

    /**
     * @param wishHeader the header {@code X-Sandbox}, absent without one; it wins over the body's {@code sandbox} object,
     *     and that over {@code metadata.sandbox}
     * @throws IllegalArgumentException if this is no chat request
     */
    static ChatRequest read(Buffer body, @Nullable String wishHeader) {
        JsonObject json = object(body.toString(), "the body");
        if (!(json.getValue("model") instanceof String model) || model.isEmpty()) {
            throw new IllegalArgumentException("you must provide a model parameter");
        }
        if (!(json.getValue("messages") instanceof JsonArray messages) || messages.isEmpty()) {
            throw new IllegalArgumentException("messages must be a list with at least one message");
        }
        long words = 0;
        String question = "";
        String lastRole = "";
        for (Object element : messages) {
            if (!(element instanceof JsonObject message)) {
                throw new IllegalArgumentException("a message must be an object: " + element);
            }
            String text = textOf(message.getValue("content"));
            words += text.isBlank() ? 0 : text.strip().split("\\s+").length;
            lastRole = message.getString("role", "");
            if (lastRole.equals("user")) {
                question = text;
            }
        }
        boolean streamed = Boolean.TRUE.equals(json.getValue("stream"));
        boolean usageInStream = json.getValue("stream_options") instanceof JsonObject options
                && Boolean.TRUE.equals(options.getValue("include_usage"));
        // After a tool's result the conversation goes on with text, or an agent's loop would never end.
        JsonObject tool = lastRole.equals("tool") ? null : toolToCall(json, question);
        return new ChatRequest(
                model,
                streamed,
                usageInStream,
                Math.min(limit(json, "max_tokens"), limit(json, "max_completion_tokens")),
                question,
                Math.max(1, words),
                tool,
                wishes(json, wishHeader));
    }

    private static JsonObject wishes(JsonObject json, @Nullable String header) {
        JsonObject wishes = new JsonObject();
        if (json.getValue("metadata") instanceof JsonObject metadata && metadata.getValue("sandbox") != null) {
            // The official clients allow only texts as values of metadata.
            Object value = metadata.getValue("sandbox");
            wishes.mergeIn(
                    value instanceof JsonObject object ? object : object(String.valueOf(value), "metadata.sandbox"));
        }
        if (json.getValue("sandbox") instanceof JsonObject object) {
            wishes.mergeIn(object);
        }
        return header == null ? wishes : wishes.mergeIn(object(header, "X-Sandbox"));
    }

    private static @Nullable JsonObject toolToCall(JsonObject json, String question) {
        List<JsonObject> functions = functions(json);
        if (functions.isEmpty() || "none".equals(json.getValue("tool_choice"))) {
            return null;
        }
        if (json.getValue("tool_choice") instanceof JsonObject choice
                && choice.getValue("function") instanceof JsonObject function) {
            String name = function.getString("name", "");
            return named(functions, name).orElseThrow(() -> new IllegalArgumentException("no such tool: " + name));
        }
        Matcher call = CALL.matcher(question);
        while (call.find()) {
            Optional<JsonObject> function = named(functions, call.group(1));
            if (function.isPresent()) {
                return function.get();
            }
        }
        return "required".equals(json.getValue("tool_choice")) ? functions.get(0) : null;
    }

    private static Optional<JsonObject> named(List<JsonObject> functions, String name) {
        return functions.stream()
                .filter(function -> name.equals(function.getValue("name")))
                .findFirst();
    }

    private static List<JsonObject> functions(JsonObject json) {
        List<JsonObject> functions = new ArrayList<>();
        if (json.getValue("tools") instanceof JsonArray tools) {
            for (Object element : tools) {
                if (element instanceof JsonObject tool
                        && tool.getValue("function") instanceof JsonObject function
                        && function.getValue("name") instanceof String) {
                    functions.add(function);
                }
            }
        }
        return functions;
    }

    private static String textOf(@Nullable Object content) {
        if (content instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        if (content instanceof JsonArray parts) {
            for (Object element : parts) {
                if (element instanceof JsonObject part && part.getValue("text") instanceof String piece) {
                    text.append(text.isEmpty() ? "" : " ").append(piece);
                }
            }
        }
        return text.toString();
    }

    private static long limit(JsonObject json, String key) {
        return json.getValue(key) instanceof Number number ? Math.max(1, number.longValue()) : Long.MAX_VALUE;
    }

    private static JsonObject object(String text, String what) {
        try {
            return new JsonObject(text);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(what + " is no JSON object", e);
        }
    }
}
