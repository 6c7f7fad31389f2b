package io.newapi.sandbox;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads a request in Anthropic's messages format, and refuses what Anthropic refuses. Confined to one thread. */
final class MessagesRequest {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "max_tokens",
            "metadata",
            "stop_sequences",
            "stream",
            "system",
            "temperature",
            "thinking",
            "tool_choice",
            "tools",
            "top_k",
            "top_p",
            "cache_control",
            "container",
            "context_management",
            "inference_geo",
            "mcp_servers",
            "output_config",
            "output_format",
            "service_tier",
            "speed",
            "sandbox");
    private static final Set<String> USER_BLOCKS =
            Set.of("text", "image", "document", "search_result", "tool_result", "container_upload");
    private static final Set<String> ASSISTANT_BLOCKS = Set.of("text", "thinking", "redacted_thinking", "tool_use");
    private static final Pattern TOOL_NAME = Pattern.compile("[a-zA-Z0-9_-]{1,128}");
    private static final long LEAST_BUDGET = 1024;

    private final JsonObject json;
    private final Conversation conversation = new Conversation();

    /** Tools that the message before used. */
    private final Set<String> used = new LinkedHashSet<>();

    private MessagesRequest(JsonObject json) {
        this.json = json;
    }

    /**
     * @param counted whether tokens are only to be counted: nothing is answered, so there is no limit to name
     * @throws Refused if this is no request for a message
     */
    static Question read(JsonObject json, boolean counted) {
        return new MessagesRequest(json).question(counted);
    }

    private Question question(boolean counted) {
        for (String field : json.fieldNames()) {
            if (!KNOWN.contains(field)) {
                throw Refused.because(field + ": Extra inputs are not permitted");
            }
        }
        if (Fields.text(json, "model").isEmpty()) {
            throw Refused.because("model: Field required");
        }
        Long maxTokens = Fields.whole(json, "max_tokens");
        if (!counted) {
            check(maxTokens != null, "max_tokens: Field required");
            check(maxTokens != null && maxTokens >= 1, "max_tokens: must be greater than or equal to 1");
        }
        checkFraction("temperature");
        checkFraction("top_p");
        checkMetadata();
        if (!(json.getValue("messages") instanceof JsonArray messages)) {
            throw Refused.because("messages: Field required");
        }
        check(!messages.isEmpty(), "messages: at least one message is required");
        conversation.heard(Conversation.textOf(json.getValue("system")));
        for (int i = 0; i < messages.size(); i++) {
            read(i, messages.getValue(i), i == messages.size() - 1);
        }
        if (!used.isEmpty()) {
            throw unanswered(messages.size() - 1);
        }
        Toolbox toolbox = toolbox();
        JsonObject format = Fields.object(Fields.object(json, "output_config"), "format");
        JsonObject wanted = format.isEmpty() ? Fields.object(json, "output_format") : format;
        return new Question(
                Fields.text(json, "model"),
                Fields.isTrue(json, "stream"),
                maxTokens == null ? Long.MAX_VALUE : maxTokens,
                conversation.question(),
                conversation.promptWords(),
                conversation.calls(toolbox),
                thinks(toolbox, maxTokens),
                Fields.text(wanted, "type").equals("json_schema") ? Fields.object(wanted, "schema") : null);
    }

    private void checkFraction(String key) {
        Object value = json.getValue(key);
        check(value == null || value instanceof Number, key + ": Input should be a valid number");
        if (value instanceof Number number) {
            check(number.doubleValue() >= 0, key + ": Input should be greater than or equal to 0");
            check(number.doubleValue() <= 1, key + ": Input should be less than or equal to 1");
        }
    }

    private void checkMetadata() {
        for (String field : Fields.object(json, "metadata").fieldNames()) {
            check(
                    field.equals("user_id") || field.equals("sandbox"),
                    "metadata." + field + ": Extra inputs are not permitted");
        }
    }

    private boolean thinks(Toolbox toolbox, @Nullable Long maxTokens) {
        JsonObject thinking = Fields.object(json, "thinking");
        String type = Fields.text(thinking, "type");
        if (type.equals("enabled")) {
            Long budget = Fields.whole(thinking, "budget_tokens");
            if (budget == null) {
                throw Refused.because("thinking.enabled.budget_tokens: Field required");
            }
            check(
                    budget >= LEAST_BUDGET,
                    "thinking.enabled.budget_tokens: Input should be greater than or equal to " + LEAST_BUDGET);
            check(
                    maxTokens == null || maxTokens > budget,
                    "`max_tokens` must be greater than `thinking.budget_tokens`.");
            check(
                    json.getValue("temperature") == null
                            || (json.getValue("temperature") instanceof Number number && number.doubleValue() == 1),
                    "`temperature` may only be set to 1 when thinking is enabled.");
            check(
                    toolbox.choice() == Toolbox.Choice.AUTO || toolbox.choice() == Toolbox.Choice.NONE,
                    "Thinking may not be enabled when tool_choice forces tool use.");
        }
        return type.equals("enabled") || type.equals("adaptive");
    }

    private void read(int index, Object element, boolean last) {
        String at = "messages." + index;
        if (!(element instanceof JsonObject message)) {
            throw Refused.because(at + ": Input should be an object");
        }
        String role = Fields.text(message, "role");
        check(!role.isEmpty(), at + ".role: Field required");
        check(role.equals("user") || role.equals("assistant"), at + ".role: Input should be 'user' or 'assistant'");
        check(index > 0 || role.equals("user"), "messages: first message must use the \"user\" role");
        List<JsonObject> blocks = blocks(at, message, last && role.equals("assistant"));
        if (role.equals("user")) {
            readUser(index, blocks);
        } else {
            if (!used.isEmpty()) {
                throw unanswered(index - 1);
            }
            readAssistant(at, blocks);
        }
    }

    /** A text counts as one block of text. */
    private static List<JsonObject> blocks(String at, JsonObject message, boolean mayBeEmpty) {
        Object content = message.getValue("content");
        if (content instanceof String text) {
            check(
                    !text.isEmpty() || mayBeEmpty,
                    at + ": all messages must have non-empty content except for the"
                            + " optional final assistant message");
            return List.of(new JsonObject().put("type", "text").put("text", text));
        }
        if (!(content instanceof JsonArray list)) {
            throw Refused.because(at + ".content: Field required");
        }
        check(
                !list.isEmpty() || mayBeEmpty,
                at + ": all messages must have non-empty content except for the optional" + " final assistant message");
        List<JsonObject> blocks = Fields.objects(message, "content");
        for (JsonObject block : blocks) {
            check(
                    !Fields.text(block, "type").equals("text")
                            || !Fields.text(block, "text").isBlank(),
                    "messages: text content blocks must be non-empty");
        }
        return blocks;
    }

    private void readUser(int index, List<JsonObject> blocks) {
        String at = "messages." + index + ".content.";
        boolean resultsOver = false;
        Set<String> open = new LinkedHashSet<>(used);
        List<String> results = new ArrayList<>();
        for (int i = 0; i < blocks.size(); i++) {
            JsonObject block = blocks.get(i);
            String type = Fields.text(block, "type");
            checkType(at + i, type, USER_BLOCKS);
            if (!type.equals("tool_result")) {
                resultsOver = true;
                continue;
            }
            String id = Fields.text(block, "tool_use_id");
            check(!id.isEmpty(), at + i + ".tool_result.tool_use_id: Field required");
            check(
                    used.contains(id),
                    at + i + ": unexpected `tool_use_id` found in `tool_result` blocks: " + id
                            + ". Each `tool_result` block must have a corresponding `tool_use` block in the previous"
                            + " message.");
            if (!resultsOver) {
                open.remove(id);
            }
            results.add(Conversation.textOf(block.getValue("content")));
        }
        if (!open.isEmpty()) {
            used.retainAll(open);
            throw unanswered(index - 1);
        }
        used.clear();
        String text = Conversation.textOf(new JsonArray(blocks));
        if (!text.isEmpty() || results.isEmpty()) {
            conversation.asked(text);
        }
        results.forEach(conversation::result);
    }

    private void readAssistant(String at, List<JsonObject> blocks) {
        for (int i = 0; i < blocks.size(); i++) {
            JsonObject block = blocks.get(i);
            String place = at + ".content." + i;
            String type = Fields.text(block, "type");
            if (type.equals("tool_use")) {
                check(!Fields.text(block, "id").isEmpty(), place + ".tool_use.id: Field required");
                check(!Fields.text(block, "name").isEmpty(), place + ".tool_use.name: Field required");
                check(
                        block.getValue("input") instanceof JsonObject,
                        place + ".tool_use.input: Input should be a valid dictionary");
                used.add(Fields.text(block, "id"));
            } else if (type.equals("thinking")) {
                check(
                        Fields.text(block, "signature").equals(Signature.of(Fields.text(block, "thinking"))),
                        place + ": Invalid `signature` in `thinking` block");
            } else if (!type.startsWith("server_tool_") && !type.endsWith("_tool_result") && !type.startsWith("mcp_")) {
                checkType(place, type, ASSISTANT_BLOCKS);
            }
        }
        conversation.heard(Conversation.textOf(new JsonArray(blocks)));
    }

    private static void checkType(String at, String type, Set<String> known) {
        check(!type.isEmpty(), at + ".type: Field required");
        check(
                known.contains(type),
                at + ": Input tag '" + type + "' found using 'type' does not match any of the expected tags: "
                        + String.join(", ", known.stream().sorted().toList()));
    }

    private Refused unanswered(int index) {
        return Refused.because("messages." + index + ": `tool_use` ids were found without `tool_result` blocks"
                + " immediately after: " + String.join(", ", used)
                + ". Each `tool_use` block must have a corresponding `tool_result` block in the next message.");
    }

    private Toolbox toolbox() {
        List<Tool> tools = new ArrayList<>();
        List<JsonObject> offered = Fields.objects(json, "tools");
        for (int i = 0; i < offered.size(); i++) {
            JsonObject tool = offered.get(i);
            String type = Fields.text(tool, "type");
            if (!type.isEmpty() && !type.equals("custom")) {
                continue;
            }
            String at = "tools." + i + ".custom.";
            String name = Fields.text(tool, "name");
            check(!name.isEmpty(), at + "name: Field required");
            check(TOOL_NAME.matcher(name).matches(), at + "name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'");
            JsonObject schema = Fields.object(tool, "input_schema");
            check(tool.getValue("input_schema") != null, at + "input_schema: Field required");
            check(
                    Fields.text(schema, "type").equals("object"),
                    at + "input_schema.type: "
                            + (schema.containsKey("type") ? "Input should be 'object'" : "Field required"));
            tools.add(new Tool(name, schema));
        }
        JsonObject choice = Fields.object(json, "tool_choice");
        check(
                json.getValue("tool_choice") == null || !offered.isEmpty(),
                "tool_choice: may only be specified while providing tools");
        boolean parallel = !Fields.isTrue(choice, "disable_parallel_tool_use");
        String type = Fields.text(choice, "type");
        Toolbox.Choice kind = switch (type.isEmpty() && json.getValue("tool_choice") == null ? "auto" : type) {
            case "auto" -> Toolbox.Choice.AUTO;
            case "none" -> Toolbox.Choice.NONE;
            case "any" -> Toolbox.Choice.ANY;
            case "tool" -> Toolbox.Choice.NAMED;
            default ->
                throw Refused.because("tool_choice: Input tag '" + type + "' found using 'type' does not match"
                        + " any of the expected tags: 'auto', 'any', 'tool', 'none'");
        };
        return new Toolbox(tools, kind, Fields.text(choice, "name"), parallel);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw Refused.because(otherwise);
        }
    }
}
