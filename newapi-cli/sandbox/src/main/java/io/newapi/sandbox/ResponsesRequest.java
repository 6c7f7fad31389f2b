package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads a request in OpenAI's responses format, and refuses what OpenAI refuses. Confined to one thread. */
final class ResponsesRequest {

    private static final String ROLES = "'assistant', 'system', 'developer', and 'user'";
    private static final Set<String> PARTS =
            Set.of("input_text", "input_image", "input_file", "input_audio", "output_text", "refusal");

    /** Items that are taken as they are. */
    private static final Set<String> OTHERS = Set.of(
            "reasoning",
            "item_reference",
            "compaction",
            "mcp_list_tools",
            "mcp_approval_request",
            "mcp_approval_response");

    private final JsonObject json;
    private final Conversation conversation = new Conversation();

    /** Calls seen, and of these the ones without an output. */
    private final Set<String> called = new HashSet<>();

    private final Set<String> open = new LinkedHashSet<>();

    private ResponsesRequest(JsonObject json) {
        this.json = json;
    }

    /** @throws Refused if this is no request for a response */
    static Question read(JsonObject json) {
        return new ResponsesRequest(json).question();
    }

    private Question question() {
        if (Fields.text(json, "model").isEmpty()) {
            throw OpenAiFields.missing("model");
        }
        OpenAiFields.checkNumber(json, "temperature", 0, 2);
        OpenAiFields.checkNumber(json, "top_p", 0, 1);
        OpenAiFields.checkNumber(json, "max_output_tokens", 16, Integer.MAX_VALUE);
        String previous = Fields.text(json, "previous_response_id");
        if (!previous.isEmpty() && !previous.startsWith("resp_sandbox_")) {
            throw new Refused(new ApiError(
                    400,
                    "Previous response with id '" + previous + "' not found.",
                    "invalid_request_error",
                    "previous_response_not_found",
                    "previous_response_id"));
        }
        conversation.heard(Fields.text(json, "instructions"));
        readInput();
        String effort = Fields.text(Fields.object(json, "reasoning"), "effort");
        return new Question(
                Fields.text(json, "model"),
                Fields.isTrue(json, "stream"),
                Fields.limit(json, "max_output_tokens"),
                conversation.question(),
                conversation.promptWords(),
                conversation.calls(toolbox()),
                json.getValue("reasoning") instanceof JsonObject && (effort.isEmpty() || OpenAiFields.reasons(effort)),
                OpenAiFields.schema(Fields.object(Fields.object(json, "text"), "format")));
    }

    private void readInput() {
        Object input = json.getValue("input");
        if (input instanceof String text) {
            conversation.asked(text);
        } else if (input instanceof JsonArray items) {
            for (int i = 0; i < items.size(); i++) {
                read("input[" + i + "]", items.getValue(i));
            }
        } else if (input != null) {
            throw OpenAiFields.wrongType("input", "one of a string or array of input items");
        } else if (json.getValue("prompt") == null && json.getValue("previous_response_id") == null) {
            throw OpenAiFields.missing("input");
        }
        if (!open.isEmpty()) {
            throw Refused.at(
                    "input",
                    "No tool output found for function call " + open.iterator().next() + ".");
        }
    }

    private void read(String at, Object element) {
        if (!(element instanceof JsonObject item)) {
            throw OpenAiFields.wrongType(at, "an input item");
        }
        String type = Fields.text(item, "type");
        switch (type.isEmpty() && item.getValue("role") != null ? "message" : type) {
            case "message" -> readMessage(at, item);
            case "function_call", "custom_tool_call" -> {
                String id = require(at, item, "call_id");
                require(at, item, "name");
                if (type.equals("function_call") && !(item.getValue("arguments") instanceof String)) {
                    throw OpenAiFields.missing(at + ".arguments");
                }
                called.add(id);
                open.add(id);
            }
            case "function_call_output", "custom_tool_call_output" -> {
                String id = require(at, item, "call_id");
                if (!called.contains(id) && json.getValue("previous_response_id") == null) {
                    throw Refused.at("input", "No tool call found for function call output with call_id " + id + ".");
                }
                open.remove(id);
                conversation.result(Conversation.textOf(item.getValue("output")));
            }
            case "" -> throw OpenAiFields.missing(at + ".type");
            // Items of the hosted tools come back as they were sent.
            default -> {
                if (!type.endsWith("_call") && !type.endsWith("_output") && !OTHERS.contains(type)) {
                    throw OpenAiFields.unknown(
                            at, type, "'message', 'reasoning', 'function_call', and 'function_call_output'");
                }
            }
        }
    }

    private void readMessage(String at, JsonObject message) {
        String role = Fields.text(message, "role");
        Object content = message.getValue("content");
        if (!(content instanceof String) && !(content instanceof JsonArray)) {
            throw OpenAiFields.wrongType(at + ".content", "one of a string or array of input content");
        }
        for (JsonObject part : Fields.objects(message, "content")) {
            String type = Fields.text(part, "type");
            boolean ofAssistant = type.equals("output_text") || type.equals("refusal");
            if (!PARTS.contains(type) || ofAssistant != role.equals("assistant")) {
                throw OpenAiFields.unknown(
                        at + ".content",
                        type,
                        role.equals("assistant")
                                ? "'output_text' and 'refusal'"
                                : "'input_text', 'input_image'," + " and 'input_file'");
            }
        }
        String text = Conversation.textOf(content);
        switch (role) {
            case "user" -> conversation.asked(text);
            case "system", "developer", "assistant" -> conversation.heard(text);
            default -> throw OpenAiFields.unknown(at + ".role", message.getValue("role"), ROLES);
        }
    }

    private static String require(String at, JsonObject item, String key) {
        String value = Fields.text(item, key);
        if (value.isEmpty()) {
            throw OpenAiFields.missing(at + "." + key);
        }
        return value;
    }

    private Toolbox toolbox() {
        List<Tool> tools = new ArrayList<>();
        int index = 0;
        for (JsonObject tool : Fields.objects(json, "tools")) {
            String at = "tools[" + index++ + "]";
            if (Fields.text(tool, "type").isEmpty()) {
                throw OpenAiFields.missing(at + ".type");
            }
            if (Fields.text(tool, "type").equals("function")) {
                tools.add(new Tool(require(at, tool, "name"), Fields.object(tool, "parameters")));
            }
        }
        boolean parallel = !Boolean.FALSE.equals(json.getValue("parallel_tool_calls"));
        return OpenAiFields.toolbox(tools, json.getValue("tool_choice"), parallel);
    }
}
