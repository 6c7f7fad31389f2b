package io.newapi.server.relay.wire.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request for a response ("Responses", "Create a model response"). What refers to something that the provider keeps is
 * refused, since another provider does not have it. Confined to one thread.
 */
final class ResponsesRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "input",
            "instructions",
            "stream",
            "stream_options",
            "max_output_tokens",
            "temperature",
            "top_p",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "text",
            "reasoning",
            "include",
            "store",
            "user",
            "background",
            "truncation");

    /** What lies with the provider. */
    private static final List<String> STATEFUL =
            List.of("previous_response_id", "conversation", "prompt", "context_management");

    /** Records of what a provider's own tool did: the words that came of it stand beside them. */
    private static final Set<String> RECORDS = Set.of(
            "web_search_call", "file_search_call", "code_interpreter_call", "image_generation_call", "mcp_list_tools");

    private final Fields in;
    private final OpenAiTurns turns = new OpenAiTurns();
    private List<Tool> tools = List.of();

    ResponsesRequestReader(Fields in) {
        this.in = in;
    }

    Conversation read() {
        String model = OpenAiBounds.model(in);
        refuseState();
        String instructions = in.text("instructions", "");
        if (!instructions.isEmpty()) {
            turns.instruct(Part.Text.of(instructions));
        }
        input();
        List<Turn> said = turns.turns();
        if (said.isEmpty() && turns.instructions().isEmpty()) {
            throw in.bad("input", "is missing or empty");
        }
        tools = tools();
        ToolChoice choice = choice();
        AnswerForm form = form();
        in.others(KNOWN).forEach(turns::unheld);
        if (in.text("truncation", "disabled").equals("auto")) {
            turns.unheld("truncation");
        }
        include();
        return new Conversation(
                model,
                in.flag("stream"),
                turns.instructions(),
                said,
                tools,
                choice,
                sampling(),
                thinking(),
                form,
                in.text("user", ""),
                turns.unheld());
    }

    private void refuseState() {
        for (String field : STATEFUL) {
            if (in.has(field)) {
                throw new Unsayable("the field " + field);
            }
        }
        if (in.flag("background")) {
            throw new Unsayable("answers in the background");
        }
    }

    private void include() {
        for (String wanted : in.texts("include")) {
            if (!wanted.equals("reasoning.encrypted_content")) {
                turns.unheld("include." + wanted);
            }
        }
    }

    private Sampling sampling() {
        return new Sampling(
                OpenAiBounds.tokens(in, "max_output_tokens"),
                in.decimal("temperature"),
                in.decimal("top_p"),
                null,
                null,
                null,
                null,
                List.of(),
                1);
    }

    private Thinking thinking() {
        Fields reasoning = in.objectOrNull("reasoning");
        if (reasoning == null) {
            return Thinking.UNSAID;
        }
        reasoning.others(Set.of("effort", "summary", "generate_summary")).forEach(turns::unheld);
        boolean shown = !reasoning
                .text("summary", reasoning.text("generate_summary", ""))
                .isEmpty();
        String word = OpenAiBounds.effort(reasoning, "effort");
        if (word.isEmpty()) {
            return new Thinking(Thinking.Mode.UNSAID, "", 0, shown);
        }
        return word.equals("none") ? Thinking.effort(word) : new Thinking(Thinking.Mode.EFFORT, word, 0, shown);
    }

    // ---- input ----

    private void input() {
        if (in.value("input") instanceof String text) {
            turns.say(Turn.Role.USER, Part.Text.of(text));
            return;
        }
        for (Fields item : in.objects("input")) {
            String type = item.text("type", "message");
            switch (type) {
                case "message" -> message(item);
                case "function_call" -> call(item);
                case "function_call_output" -> turns.say(Turn.Role.USER, result(item));
                case "reasoning" -> turns.say(Turn.Role.ASSISTANT, ResponsesItems.reasoning(item));
                default -> record(item, type);
            }
        }
    }

    private void record(Fields item, String type) {
        if (!RECORDS.contains(type)) {
            throw new Unsayable("the item " + type);
        }
        turns.unheld(item.path(type));
    }

    private void message(Fields item) {
        List<Part> parts = ResponsesItems.content(item, "content", turns::unheld);
        switch (item.text("role")) {
            case "system", "developer" -> turns.instruct(item, parts);
            case "user" -> turns.ask(parts);
            case "assistant" -> turns.say(Turn.Role.ASSISTANT, parts);
            default -> throw item.bad("role", "must be user, assistant, system or developer");
        }
    }

    private void call(Fields item) {
        item.text("call_id");
        turns.say(Turn.Role.ASSISTANT, ResponsesItems.call(item));
    }

    private Part.ToolResult result(Fields item) {
        List<Part> content = ResponsesItems.content(item, "output", turns::unheld);
        return new Part.ToolResult(item.text("call_id"), "", content, false, Part.CacheMark.NONE);
    }

    // ---- tools ----

    private List<Tool> tools() {
        List<Tool> all = new ArrayList<>();
        for (Fields tool : in.objects("tools")) {
            String type = tool.text("type");
            if (type.equals("function")) {
                all.add(OpenAiTools.function(tool, Part.CacheMark.NONE));
            } else if (type.startsWith("web_search")) {
                if (tool.has("filters")) {
                    turns.unheld(tool.path("filters"));
                }
                all.add(OpenAiTools.search(tool, tool.objectOrNull("user_location")));
            } else {
                all.add(new Tool.Hosted(type));
            }
        }
        return all;
    }

    private ToolChoice choice() {
        Boolean parallel = in.flagOrNull("parallel_tool_calls");
        if (!in.has("tool_choice")) {
            return new ToolChoice(ToolChoice.Mode.UNSAID, "", parallel);
        }
        if (in.value("tool_choice") instanceof String word) {
            return OpenAiTools.choice(
                    word, parallel, in.bad("tool_choice", "must be auto, none, required or a function"));
        }
        Fields choice = in.object("tool_choice");
        String type = choice.text("type");
        return switch (type) {
            case "function" -> new ToolChoice(ToolChoice.Mode.NAMED, choice.text("name"), parallel);
            case "allowed_tools" -> allowed(choice, parallel);
            default -> throw new Unsayable("the choice of the tool " + type);
        };
    }

    /** What is not allowed is not offered. */
    private ToolChoice allowed(Fields choice, @Nullable Boolean parallel) {
        Set<String> names = new HashSet<>();
        choice.objects("tools").forEach(tool -> names.add(tool.text("name", "")));
        tools = OpenAiTools.allowed(tools, names);
        return OpenAiTools.choice(choice.text("mode"), parallel, choice.bad("mode", "must be auto or required"));
    }

    // ---- form ----

    private AnswerForm form() {
        Fields text = in.objectOrNull("text");
        if (text == null) {
            return AnswerForm.TEXT;
        }
        text.others(Set.of("format")).forEach(turns::unheld);
        Fields format = text.objectOrNull("format");
        if (format == null) {
            return AnswerForm.TEXT;
        }
        return switch (format.text("type")) {
            case "text" -> AnswerForm.TEXT;
            case "json_object" -> AnswerForm.JSON;
            case "json_schema" -> {
                if (format.has("description")) {
                    turns.unheld(format.path("description"));
                }
                yield new AnswerForm(
                        AnswerForm.Kind.SCHEMA,
                        format.text("name", ""),
                        format.object("schema").json(),
                        format.flagOrNull("strict"));
            }
            default -> throw format.bad("type", "must be text, json_object or json_schema");
        };
    }
}
