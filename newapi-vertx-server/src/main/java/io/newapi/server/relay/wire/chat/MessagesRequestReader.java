package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Reads a request of Anthropic's Messages API (reference, Create a Message). One for each request; not thread-safe. */
final class MessagesRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "system",
            "max_tokens",
            "temperature",
            "top_p",
            "top_k",
            "stop_sequences",
            "stream",
            "tools",
            "tool_choice",
            "thinking",
            "output_config",
            "output_format",
            "metadata",
            "mcp_servers",
            "anthropic_version",
            "anthropic_beta");

    private final Fields body;
    private final List<String> unheld = new ArrayList<>();
    private final MessagesBlocksReader blocks = new MessagesBlocksReader(unheld);
    private final List<Part.Text> instructions = new ArrayList<>();
    private final MergedTurns turns = new MergedTurns();

    private MessagesRequestReader(JsonObject body) {
        this.body = Fields.of(body);
    }

    static Conversation read(JsonObject body) {
        return new MessagesRequestReader(body).conversation();
    }

    private Conversation conversation() {
        unheld.addAll(body.others(KNOWN));
        instructions.addAll(blocks.texts(body, "system"));
        readMessages();
        return new Conversation(
                body.text("model"),
                body.flag("stream"),
                instructions,
                turns.turns(),
                tools(),
                toolChoice(),
                sampling(),
                thinking(),
                form(),
                user(),
                unheld);
    }

    private void readMessages() {
        List<Fields> messages = body.objects("messages");
        if (messages.isEmpty()) {
            throw body.bad("messages", "must not be empty");
        }
        for (Fields message : messages) {
            switch (message.text("role")) {
                case "user" -> turns.add(Turn.Role.USER, blocks.parts(message, "content"));
                case "assistant" -> turns.add(Turn.Role.ASSISTANT, blocks.parts(message, "content"));
                case "system" -> {
                    instructions.addAll(blocks.texts(message, "content"));
                    unheld.add(message.path("role"));
                }
                default -> throw message.bad("role", "must be user, assistant or system");
            }
        }
    }

    private List<Tool> tools() {
        List<Tool> tools = new ArrayList<>();
        for (Fields tool : body.objects("tools")) {
            String type = tool.text("type", "custom");
            if (type.equals("custom")) {
                Fields schema = tool.objectOrNull("input_schema");
                tools.add(new Tool.Function(
                        tool.text("name"),
                        tool.text("description", ""),
                        schema == null ? null : schema.json(),
                        tool.flagOrNull("strict"),
                        MessagesCache.read(tool)));
            } else if (type.startsWith("web_search_")) {
                tools.add(webSearch(tool));
            } else {
                tools.add(new Tool.Hosted(type));
            }
        }
        if (!body.objects("mcp_servers").isEmpty()) {
            tools.add(new Tool.Hosted("mcp_servers"));
        }
        return tools;
    }

    private Tool webSearch(Fields tool) {
        unheld.addAll(tool.others(Set.of("type", "name", "max_uses", "user_location", "cache_control")));
        Fields location = tool.objectOrNull("user_location");
        int uses = (int) Math.min(tool.count("max_uses"), Integer.MAX_VALUE);
        return location == null
                ? new Tool.WebSearch(uses, "", "", "", "", "")
                : new Tool.WebSearch(
                        uses,
                        "",
                        location.text("city", ""),
                        location.text("region", ""),
                        location.text("country", ""),
                        location.text("timezone", ""));
    }

    private ToolChoice toolChoice() {
        Fields choice = body.objectOrNull("tool_choice");
        if (choice == null) {
            return ToolChoice.UNSAID;
        }
        Boolean alone = choice.flagOrNull("disable_parallel_tool_use");
        Boolean parallel = alone == null ? null : !alone;
        return switch (choice.text("type")) {
            case "auto" -> new ToolChoice(ToolChoice.Mode.AUTO, "", parallel);
            case "any" -> new ToolChoice(ToolChoice.Mode.REQUIRED, "", parallel);
            case "none" -> new ToolChoice(ToolChoice.Mode.NONE, "", parallel);
            case "tool" -> new ToolChoice(ToolChoice.Mode.NAMED, choice.text("name"), parallel);
            default -> throw choice.bad("type", "must be auto, any, none or tool");
        };
    }

    private Sampling sampling() {
        return new Sampling(
                body.count("max_tokens"),
                body.decimal("temperature"),
                body.decimal("top_p"),
                body.integer("top_k"),
                null,
                null,
                null,
                body.texts("stop_sequences"),
                1);
    }

    /** An effort without thinking is one too: in other formats there is no other word for how much trouble to take. */
    private Thinking thinking() {
        Fields config = body.objectOrNull("output_config");
        String effort = config == null ? "" : config.text("effort", "");
        Fields thinking = body.objectOrNull("thinking");
        if (thinking == null) {
            return effort.isEmpty() ? Thinking.UNSAID : new Thinking(Thinking.Mode.EFFORT, effort, 0, false);
        }
        boolean shown = !thinking.text("display", "summarized").equals("omitted");
        return switch (thinking.text("type")) {
            case "disabled" -> new Thinking(Thinking.Mode.OFF, "", 0, false);
            case "enabled" -> new Thinking(Thinking.Mode.BUDGET, "", thinking.count("budget_tokens"), shown);
            case "adaptive", "between_tools" ->
                effort.isEmpty()
                        ? new Thinking(Thinking.Mode.ADAPTIVE, "", 0, shown)
                        : new Thinking(Thinking.Mode.EFFORT, effort, 0, shown);
            default -> throw thinking.bad("type", "must be enabled, disabled or adaptive");
        };
    }

    private AnswerForm form() {
        Fields config = body.objectOrNull("output_config");
        Fields format = config == null ? null : config.objectOrNull("format");
        if (format == null) {
            format = body.objectOrNull("output_format");
        }
        if (format == null) {
            return AnswerForm.TEXT;
        }
        if (!format.text("type").equals("json_schema")) {
            throw format.bad("type", "must be json_schema");
        }
        return new AnswerForm(
                AnswerForm.Kind.SCHEMA, "", format.object("schema").json(), null);
    }

    private String user() {
        Fields metadata = body.objectOrNull("metadata");
        if (metadata == null) {
            return "";
        }
        unheld.addAll(metadata.others(Set.of("user_id")));
        return metadata.text("user_id", "");
    }
}
