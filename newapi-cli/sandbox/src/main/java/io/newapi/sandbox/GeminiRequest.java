package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads a request in Gemini's format, and refuses what Google refuses. Confined to one thread. */
final class GeminiRequest {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "contents",
            "tools",
            "toolConfig",
            "safetySettings",
            "systemInstruction",
            "generationConfig",
            "cachedContent",
            "labels",
            "serviceTier",
            "store",
            "sandbox");

    /** What the schema of a function's parameters may hold, a selection of OpenAPI's words. */
    private static final Set<String> SCHEMA = Set.of(
            "type",
            "format",
            "title",
            "description",
            "nullable",
            "enum",
            "maxItems",
            "minItems",
            "properties",
            "required",
            "minProperties",
            "maxProperties",
            "minLength",
            "maxLength",
            "pattern",
            "example",
            "anyOf",
            "propertyOrdering",
            "default",
            "items",
            "minimum",
            "maximum");

    /** Fields whose names within are the caller's. */
    private static final Set<String> FREE = Set.of(
            "args",
            "response",
            "properties",
            "parametersJsonSchema",
            "responseJsonSchema",
            "labels",
            "sandbox",
            "responseSchema",
            "parameters");

    private static final Set<String> DATA = Set.of(
            "text",
            "inlineData",
            "functionCall",
            "functionResponse",
            "fileData",
            "executableCode",
            "codeExecutionResult");
    private static final String RESPONSE_TURN =
            "Please ensure that function response turn comes immediately after a function call turn.";

    private enum Turn {
        START,
        USER,
        MODEL,
        CALLS,
        RESPONSES
    }

    private final JsonObject json;
    private final Conversation conversation = new Conversation();
    private Turn turn = Turn.START;
    private int calls;

    private GeminiRequest(JsonObject json) {
        this.json = json;
    }

    /**
     * @param json the body with its fields in camel case, see {@link #camel}
     * @param model the path's model
     * @throws Refused if this is no request for content
     */
    static Question read(JsonObject json, String model, boolean streamed) {
        return new GeminiRequest(json).question(model, streamed);
    }

    /** Google takes the names of fields in snake case too; what a caller's functions take is left as it is. */
    static JsonObject camel(JsonObject json) {
        JsonObject camel = new JsonObject();
        for (Map.Entry<String, Object> field : json) {
            String name = field.getKey();
            Object value = field.getValue();
            StringBuilder renamed = new StringBuilder();
            for (int i = 0; i < name.length(); i++) {
                boolean hump = name.charAt(i) == '_' && i > 0 && i + 1 < name.length();
                renamed.append(hump ? Character.toUpperCase(name.charAt(++i)) : name.charAt(i));
            }
            camel.put(renamed.toString(), FREE.contains(renamed.toString()) ? value : camelValue(value));
        }
        return camel;
    }

    private static @Nullable Object camelValue(@Nullable Object value) {
        if (value instanceof JsonObject object) {
            return camel(object);
        }
        if (value instanceof JsonArray list) {
            JsonArray renamed = new JsonArray();
            list.forEach(element -> renamed.add(camelValue(element)));
            return renamed;
        }
        return value;
    }

    private Question question(String model, boolean streamed) {
        for (String field : json.fieldNames()) {
            check(KNOWN.contains(field), unknownName(field, ""));
        }
        List<JsonObject> contents = Fields.objects(json, "contents");
        check(!contents.isEmpty(), "* GenerateContentRequest.contents: contents is not specified\n");
        conversation.heard(textOf(Fields.object(json, "systemInstruction")));
        for (int i = 0; i < contents.size(); i++) {
            read(i, contents.get(i));
        }
        JsonObject config = Fields.object(json, "generationConfig");
        checkRange(config, "temperature", 0, 2);
        checkRange(config, "topP", 0, 1);
        JsonObject thinking = Fields.object(config, "thinkingConfig");
        Object schema = Fields.or(config, "responseJsonSchema", config.getValue("responseSchema"));
        boolean wantsJson = Fields.text(config, "responseMimeType").equals("application/json");
        check(
                schema == null || wantsJson,
                "Function calling or schema with a response mime type other than 'application/json' is unsupported");
        JsonObject wanted = schema instanceof JsonObject object ? object : new JsonObject();
        return new Question(
                model,
                streamed,
                Fields.limit(config, "maxOutputTokens"),
                conversation.question(),
                conversation.promptWords(),
                conversation.calls(toolbox()),
                Fields.isTrue(thinking, "includeThoughts"),
                wantsJson ? wanted : null);
    }

    private static void checkRange(JsonObject config, String key, double least, double most) {
        check(
                !(config.getValue(key) instanceof Number number)
                        || (number.doubleValue() >= least && number.doubleValue() <= most),
                "* GenerateContentRequest.generation_config." + key + ": must be in the range [" + least + ", " + most
                        + "]\n");
    }

    private void read(int index, JsonObject content) {
        String at = "* GenerateContentRequest.contents[" + index + "].parts";
        List<JsonObject> parts = Fields.objects(content, "parts");
        check(!parts.isEmpty(), at + ": contents.parts must not be empty.\n");
        int functionCalls = 0;
        int functionResponses = 0;
        for (JsonObject part : parts) {
            functionCalls += part.getValue("functionCall") instanceof JsonObject call && named(call) ? 1 : 0;
            functionResponses +=
                    part.getValue("functionResponse") instanceof JsonObject response && named(response) ? 1 : 0;
            boolean data = part.fieldNames().stream().anyMatch(DATA::contains);
            check(data, at + ": required oneof field 'data' must have one initialized field\n");
        }
        String text = textOf(content);
        switch (Fields.text(content, "role")) {
            case "", "user", "function" -> readUser(functionResponses, text);
            case "model" -> {
                check(turn != Turn.CALLS, RESPONSE_TURN);
                check(
                        functionCalls == 0 || turn == Turn.USER || turn == Turn.RESPONSES,
                        "Please ensure that function call turn comes immediately after a user turn or after a"
                                + " function response turn.");
                turn = functionCalls > 0 ? Turn.CALLS : Turn.MODEL;
                calls = functionCalls;
                conversation.heard(text);
            }
            default -> throw Refused.because("Please use a valid role: user, model.");
        }
    }

    private void readUser(int functionResponses, String text) {
        check((functionResponses > 0) == (turn == Turn.CALLS), RESPONSE_TURN);
        check(
                functionResponses == 0 || functionResponses == calls,
                "Please ensure that the number of function response parts is equal to the number of function call"
                        + " parts of the function call turn.");
        if (functionResponses > 0) {
            turn = Turn.RESPONSES;
            conversation.result(text);
        } else {
            turn = Turn.USER;
            conversation.asked(text);
        }
    }

    private static boolean named(JsonObject call) {
        check(!Fields.text(call, "name").isEmpty(), "* GenerateContentRequest.contents: function name is required\n");
        return true;
    }

    /** The texts of a content's parts, thoughts not among them. */
    static String textOf(JsonObject content) {
        JsonArray spoken = new JsonArray();
        for (JsonObject part : Fields.objects(content, "parts")) {
            if (!Fields.isTrue(part, "thought")) {
                spoken.add(part);
            }
        }
        return Conversation.textOf(spoken);
    }

    private Toolbox toolbox() {
        List<Tool> tools = new ArrayList<>();
        List<JsonObject> offered = Fields.objects(json, "tools");
        for (int i = 0; i < offered.size(); i++) {
            List<JsonObject> functions = Fields.objects(offered.get(i), "functionDeclarations");
            for (int j = 0; j < functions.size(); j++) {
                JsonObject function = functions.get(j);
                check(
                        !Fields.text(function, "name").isEmpty(),
                        "* GenerateContentRequest.tools[" + i + "].function_declarations[" + j
                                + "].name: Invalid function name.\n");
                JsonObject parameters = Fields.object(function, "parameters");
                checkSchema("tools[" + i + "].function_declarations[" + j + "].parameters", parameters);
                tools.add(new Tool(
                        Fields.text(function, "name"),
                        parameters.isEmpty() ? Fields.object(function, "parametersJsonSchema") : parameters));
            }
        }
        JsonObject config = Fields.object(Fields.object(json, "toolConfig"), "functionCallingConfig");
        List<Object> allowed = Fields.list(config, "allowedFunctionNames");
        return switch (Fields.text(config, "mode")) {
            case "NONE" -> new Toolbox(tools, Toolbox.Choice.NONE, "", true);
            case "ANY" ->
                allowed.size() == 1
                        ? new Toolbox(tools, Toolbox.Choice.NAMED, String.valueOf(allowed.get(0)), true)
                        : new Toolbox(tools, Toolbox.Choice.ANY, "", true);
            default -> new Toolbox(tools, Toolbox.Choice.AUTO, "", true);
        };
    }

    private static void checkSchema(String at, JsonObject schema) {
        for (String word : camel(schema).fieldNames()) {
            check(SCHEMA.contains(word), unknownName(word, " at '" + at + "'"));
        }
        JsonObject properties = Fields.object(schema, "properties");
        for (String property : properties.fieldNames()) {
            checkSchema(at + ".properties[" + property + "].value", Fields.object(properties, property));
        }
        if (schema.getValue("items") instanceof JsonObject items) {
            checkSchema(at + ".items", items);
        }
    }

    private static String unknownName(String name, String where) {
        return "Invalid JSON payload received. Unknown name \"" + name + "\"" + where + ": Cannot find field.";
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw Refused.because(otherwise);
        }
    }
}
