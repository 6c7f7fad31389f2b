package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a request in OpenAI's chat format, and refuses what OpenAI refuses. Confined to one thread. */
final class ChatRequest {

    private static final Set<String> PARTS =
            Set.of("text", "image_url", "input_audio", "file", "refusal", "audio", "video_url");
    private static final String ROLES = "'system', 'assistant', 'user', 'function', 'tool', and 'developer'";

    private final JsonObject json;
    private final Conversation conversation = new Conversation();

    /** Calls of the last assistant message that have no result yet. */
    private final Set<String> open = new LinkedHashSet<>();

    private ChatRequest(JsonObject json) {
        this.json = json;
    }

    /** @throws Refused if this is no chat request */
    static Question read(JsonObject json) {
        return new ChatRequest(json).question();
    }

    private Question question() {
        String model = OpenAiFields.model(json);
        if (!(json.getValue("messages") instanceof JsonArray messages)) {
            throw OpenAiFields.missing("messages");
        }
        if (messages.isEmpty()) {
            throw Refused.at("messages", "Invalid 'messages': empty array. Expected an array with minimum length 1.");
        }
        boolean streamed = Fields.isTrue(json, "stream");
        if (!streamed && json.getValue("stream_options") != null) {
            throw Refused.at(
                    "stream_options", "The 'stream_options' parameter is only allowed when 'stream' is enabled.");
        }
        OpenAiFields.checkNumber(json, "temperature", 0, 2);
        OpenAiFields.checkNumber(json, "top_p", 0, 1);
        OpenAiFields.checkNumber(json, "max_tokens", 1, Integer.MAX_VALUE);
        OpenAiFields.checkNumber(json, "max_completion_tokens", 1, Integer.MAX_VALUE);
        for (int i = 0; i < messages.size(); i++) {
            read("messages[" + i + "]", messages.getValue(i));
        }
        checkNothingOpen("messages");
        return new Question(
                model,
                streamed,
                Math.min(Fields.limit(json, "max_tokens"), Fields.limit(json, "max_completion_tokens")),
                conversation.question(),
                conversation.promptWords(),
                conversation.calls(toolbox()),
                OpenAiFields.reasons(Fields.text(json, "reasoning_effort")),
                OpenAiFields.schema(Fields.object(json, "response_format")));
    }

    private void read(String at, Object element) {
        if (!(element instanceof JsonObject message)) {
            throw OpenAiFields.wrongType(at, "an object");
        }
        if (message.getValue("role") == null) {
            throw OpenAiFields.missing(at + ".role");
        }
        String role = Fields.text(message, "role");
        String text = Conversation.textOf(message.getValue("content"));
        switch (role) {
            case "system", "developer" -> {
                checkNothingOpen(at);
                checkContent(at, message);
                conversation.heard(text);
            }
            case "user" -> {
                checkNothingOpen(at);
                checkContent(at, message);
                conversation.asked(text);
            }
            case "assistant" -> {
                checkNothingOpen(at);
                conversation.heard(text);
                readCalls(at, message);
            }
            case "tool" -> {
                checkContent(at, message);
                if (!open.remove(Fields.text(message, "tool_call_id"))) {
                    throw Refused.at(
                            at + ".role",
                            "Invalid parameter: messages with role 'tool' must be a response to a preceding message"
                                    + " with 'tool_calls'.");
                }
                conversation.result(text);
            }
            case "function" -> conversation.result(text);
            default -> throw OpenAiFields.unknown(at + ".role", message.getValue("role"), ROLES);
        }
    }

    private void readCalls(String at, JsonObject message) {
        List<JsonObject> calls = Fields.objects(message, "tool_calls");
        for (int i = 0; i < calls.size(); i++) {
            JsonObject call = calls.get(i);
            String place = at + ".tool_calls[" + i + "]";
            JsonObject function = Fields.object(call, "function");
            if (Fields.text(call, "id").isEmpty()) {
                throw OpenAiFields.missing(place + ".id");
            }
            if (!function.isEmpty() && !(function.getValue("arguments") instanceof String)) {
                throw OpenAiFields.wrongType(place + ".function.arguments", "a string");
            }
            open.add(Fields.text(call, "id"));
        }
        if (calls.isEmpty() && message.getValue("function_call") == null) {
            checkContent(at, message);
        }
    }

    private static void checkContent(String at, JsonObject message) {
        Object content = message.getValue("content");
        if (!(content instanceof String) && !(content instanceof JsonArray)) {
            throw OpenAiFields.wrongType(
                    at + ".content", "one of a string or array of objects, but got " + content + " instead");
        }
        for (JsonObject part : Fields.objects(message, "content")) {
            if (!PARTS.contains(Fields.text(part, "type"))) {
                throw OpenAiFields.unknown(
                        at + ".content.type",
                        part.getValue("type"),
                        "'text', 'image_url', 'input_audio', 'refusal', 'audio', and 'file'");
            }
        }
    }

    private void checkNothingOpen(String at) {
        if (!open.isEmpty()) {
            throw Refused.at(
                    at,
                    "An assistant message with 'tool_calls' must be followed by tool messages responding to each"
                            + " 'tool_call_id'. The following tool_call_ids did not have response messages: "
                            + String.join(", ", open));
        }
    }

    private Toolbox toolbox() {
        List<Tool> tools = new ArrayList<>();
        int index = 0;
        for (JsonObject tool : Fields.objects(json, "tools")) {
            JsonObject function = Fields.object(tool, "function");
            if (Fields.text(tool, "type").equals("function")
                    && Fields.text(function, "name").isEmpty()) {
                throw OpenAiFields.missing("tools[" + index + "].function.name");
            }
            if (!function.isEmpty()) {
                tools.add(new Tool(Fields.text(function, "name"), Fields.object(function, "parameters")));
            }
            index++;
        }
        if (index == 0 && json.getValue("tool_choice") != null && !"none".equals(json.getValue("tool_choice"))) {
            throw Refused.at(
                    "tool_choice",
                    "Invalid value for 'tool_choice': 'tool_choice' is only allowed when" + " 'tools' are specified.");
        }
        boolean parallel = !Boolean.FALSE.equals(json.getValue("parallel_tool_calls"));
        return OpenAiFields.toolbox(tools, json.getValue("tool_choice"), parallel);
    }
}
