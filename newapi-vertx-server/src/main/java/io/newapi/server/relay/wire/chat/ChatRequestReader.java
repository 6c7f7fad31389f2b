package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a chat completion request ("Chat Completions", "Create chat completion"). Beyond OpenAI's own it knows {@code top_k},
 * {@code reasoning} (OpenRouter), {@code thinking} (Zhipu, DeepSeek and others) and {@code extra_body.google.thinking_config}
 * (Google, OpenAI compatibility). Confined to one thread.
 */
final class ChatRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model",
            "messages",
            "stream",
            "stream_options",
            "temperature",
            "top_p",
            "top_k",
            "max_tokens",
            "max_completion_tokens",
            "stop",
            "n",
            "seed",
            "frequency_penalty",
            "presence_penalty",
            "tools",
            "tool_choice",
            "parallel_tool_calls",
            "functions",
            "function_call",
            "response_format",
            "reasoning_effort",
            "reasoning",
            "thinking",
            "extra_body",
            "user",
            "web_search_options",
            "modalities");

    private final Fields in;
    private List<Tool> tools = List.of();

    ChatRequestReader(Fields in) {
        this.in = in;
    }

    Conversation read() {
        String model = OpenAiBounds.model(in);
        refuseSound();
        OpenAiTurns turns = new ChatMessages().read(in);
        List<Turn> said = turns.turns();
        if (said.isEmpty() && turns.instructions().isEmpty()) {
            throw in.bad("messages", "is missing or empty");
        }
        tools = tools();
        ToolChoice choice = choice();
        AnswerForm form = form(turns);
        in.others(KNOWN).forEach(turns::unheld);
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

    private void refuseSound() {
        if (in.texts("modalities").contains("audio")) {
            throw new Unsayable("spoken answers");
        }
    }

    private Sampling sampling() {
        return new Sampling(
                Math.max(OpenAiBounds.tokens(in, "max_tokens"), OpenAiBounds.tokens(in, "max_completion_tokens")),
                in.decimal("temperature"),
                in.decimal("top_p"),
                in.integer("top_k"),
                in.integer("seed"),
                in.decimal("frequency_penalty"),
                in.decimal("presence_penalty"),
                stop(),
                OpenAiBounds.choices(in));
    }

    private List<String> stop() {
        Object stop = in.value("stop");
        if (stop instanceof String one) {
            return one.isEmpty() ? List.of() : List.of(one);
        }
        if (stop != null && !(stop instanceof JsonArray)) {
            throw in.bad("stop", "must be a string or an array");
        }
        return in.texts("stop");
    }

    // ---- thinking ----

    private Thinking thinking() {
        Thinking openRouter = openRouterThinking();
        if (openRouter != null) {
            return openRouter;
        }
        String word = OpenAiBounds.effort(in, "reasoning_effort");
        if (!word.isEmpty()) {
            return Thinking.effort(word);
        }
        Thinking switched = switchedThinking();
        return switched != null ? switched : googleThinking();
    }

    /** {@code {"effort" | "max_tokens" | "enabled", "exclude"}}. */
    private @Nullable Thinking openRouterThinking() {
        Fields reasoning = in.objectOrNull("reasoning");
        if (reasoning == null) {
            return null;
        }
        boolean shown = !reasoning.flag("exclude");
        long budget = OpenAiBounds.tokens(reasoning, "max_tokens");
        String word = OpenAiBounds.effort(reasoning, "effort");
        Boolean enabled = reasoning.flagOrNull("enabled");
        if (budget > 0) {
            return new Thinking(Thinking.Mode.BUDGET, "", budget, shown);
        }
        if (Boolean.FALSE.equals(enabled) || word.equals("none")) {
            return Thinking.effort("none");
        }
        if (!word.isEmpty()) {
            return new Thinking(Thinking.Mode.EFFORT, word, 0, shown);
        }
        return enabled == null ? null : new Thinking(Thinking.Mode.ADAPTIVE, "", 0, shown);
    }

    /** {@code {"type": "enabled" | "disabled", "budget_tokens"}}. */
    private @Nullable Thinking switchedThinking() {
        Fields thinking = in.objectOrNull("thinking");
        if (thinking == null) {
            return null;
        }
        if (thinking.text("type").equals("disabled")) {
            return Thinking.effort("none");
        }
        long budget = OpenAiBounds.tokens(thinking, "budget_tokens");
        return budget > 0 ? Thinking.budget(budget) : new Thinking(Thinking.Mode.ADAPTIVE, "", 0, true);
    }

    private Thinking googleThinking() {
        Fields extra = in.objectOrNull("extra_body");
        Fields google = extra == null ? null : extra.objectOrNull("google");
        Fields config = google == null ? null : google.objectOrNull("thinking_config");
        Long budget = config == null ? null : config.integer("thinking_budget");
        if (config == null || budget == null) {
            return Thinking.UNSAID;
        }
        if (budget == 0) {
            return Thinking.effort("none");
        }
        boolean shown = config.flag("include_thoughts");
        return budget < 0
                ? new Thinking(Thinking.Mode.ADAPTIVE, "", 0, shown)
                : new Thinking(Thinking.Mode.BUDGET, "", OpenAiBounds.tokens(config, "thinking_budget"), shown);
    }

    // ---- tools ----

    private List<Tool> tools() {
        List<Tool> all = new ArrayList<>();
        for (Fields tool : in.objects("tools")) {
            String type = tool.text("type", "function");
            all.add(
                    type.equals("function")
                            ? OpenAiTools.function(tool.object("function"), OpenAiCacheMarks.read(tool))
                            : new Tool.Hosted(type));
        }
        for (Fields function : in.objects("functions")) {
            all.add(OpenAiTools.function(function, Part.CacheMark.NONE));
        }
        Fields search = in.objectOrNull("web_search_options");
        if (search != null) {
            Fields place = search.objectOrNull("user_location");
            all.add(OpenAiTools.search(search, place == null ? null : place.objectOrNull("approximate")));
        }
        return all;
    }

    private ToolChoice choice() {
        Boolean parallel = in.flagOrNull("parallel_tool_calls");
        String field = in.has("tool_choice") ? "tool_choice" : "function_call";
        if (!in.has(field)) {
            return new ToolChoice(ToolChoice.Mode.UNSAID, "", parallel);
        }
        if (in.value(field) instanceof String word) {
            return OpenAiTools.choice(word, parallel, in.bad(field, "must be auto, none, required or a function"));
        }
        Fields choice = in.object(field);
        if (field.equals("function_call")) {
            return new ToolChoice(ToolChoice.Mode.NAMED, choice.text("name"), parallel);
        }
        return switch (choice.text("type", "function")) {
            case "function" ->
                new ToolChoice(ToolChoice.Mode.NAMED, choice.object("function").text("name"), parallel);
            case "allowed_tools" -> allowed(choice.object("allowed_tools"), parallel);
            case "custom" -> throw new Unsayable("custom tools");
            default -> throw choice.bad("type", "must be function or allowed_tools");
        };
    }

    /** What is not allowed is not offered. */
    private ToolChoice allowed(Fields choice, @Nullable Boolean parallel) {
        Set<String> names = new HashSet<>();
        for (Fields tool : choice.objects("tools")) {
            Fields function = tool.objectOrNull("function");
            names.add(function == null ? tool.text("name", "") : function.text("name"));
        }
        tools = OpenAiTools.allowed(tools, names);
        return OpenAiTools.choice(choice.text("mode"), parallel, choice.bad("mode", "must be auto or required"));
    }

    // ---- form ----

    private AnswerForm form(OpenAiTurns turns) {
        Fields format = in.objectOrNull("response_format");
        if (format == null) {
            return AnswerForm.TEXT;
        }
        return switch (format.text("type")) {
            case "text" -> AnswerForm.TEXT;
            case "json_object" -> AnswerForm.JSON;
            case "json_schema" -> {
                Fields schema = format.object("json_schema");
                if (schema.has("description")) {
                    turns.unheld(schema.path("description"));
                }
                Fields body = schema.objectOrNull("schema");
                yield body == null
                        ? AnswerForm.JSON
                        : new AnswerForm(
                                AnswerForm.Kind.SCHEMA,
                                schema.text("name", ""),
                                body.json(),
                                schema.flagOrNull("strict"));
            }
            default -> throw format.bad("type", "must be text, json_object or json_schema");
        };
    }
}
