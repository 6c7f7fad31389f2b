package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a request of Google's Gemini API (reference, Generating content: {@code models.generateContent}). One for each request; not
 * thread-safe.
 */
final class GeminiRequestReader {

    private static final Set<String> KNOWN = Set.of(
            "model", "contents", "systemInstruction", "tools", "toolConfig", "generationConfig", "cachedContent");
    private static final Set<String> KNOWN_OF_GENERATION = Set.of(
            "temperature",
            "topP",
            "topK",
            "maxOutputTokens",
            "candidateCount",
            "stopSequences",
            "seed",
            "presencePenalty",
            "frequencyPenalty",
            "responseMimeType",
            "responseSchema",
            "responseJsonSchema",
            "thinkingConfig");
    private static final int MOST_CHOICES = 128;

    private final GeminiFields body;
    private final GeminiFields generation;
    private final List<String> unheld = new ArrayList<>();
    private final GeminiPartsReader parts = new GeminiPartsReader(unheld);

    private GeminiRequestReader(JsonObject body) {
        this.body = GeminiFields.of(body);
        GeminiFields said = this.body.objectOrNull("generationConfig");
        this.generation = said == null ? GeminiFields.of(new JsonObject()) : said;
    }

    static Conversation read(JsonObject body, String model, boolean stream) {
        return new GeminiRequestReader(body).conversation(model, stream);
    }

    private Conversation conversation(String model, boolean stream) {
        unheld.addAll(body.others(KNOWN));
        unheld.addAll(generation.others(KNOWN_OF_GENERATION));
        List<Tool> tools = new ArrayList<>();
        body.objects("tools").forEach(tool -> addTools(tool, tools));
        if (body.has("cachedContent")) {
            tools.add(new Tool.Hosted("cachedContent"));
        }
        ToolChoice choice = toolChoice(tools);
        GeminiFields thinking = generation.objectOrNull("thinkingConfig");
        return new Conversation(
                model.isEmpty() ? body.text("model") : model,
                stream,
                instructions(),
                turns(),
                tools,
                choice,
                sampling(),
                thinking == null ? Thinking.UNSAID : GeminiThinking.read(thinking),
                form(),
                "",
                unheld);
    }

    private List<Part.Text> instructions() {
        List<Part.Text> texts = new ArrayList<>();
        GeminiFields system = body.objectOrNull("systemInstruction");
        if (system != null) {
            for (GeminiFields part : system.objects("parts")) {
                if (!part.text("text", "").isEmpty()) {
                    texts.add(Part.Text.of(part.text("text")));
                }
                unheld.addAll(part.others(Set.of("text")));
            }
        }
        return texts;
    }

    private List<Turn> turns() {
        List<GeminiFields> contents = body.objects("contents");
        if (contents.isEmpty()) {
            throw body.bad("contents", "must not be empty");
        }
        MergedTurns turns = new MergedTurns();
        for (GeminiFields content : contents) {
            switch (content.text("role", "user")) {
                case "user", "function", "" -> turns.add(Turn.Role.USER, parts.ofUser(content));
                case "model" -> turns.add(Turn.Role.ASSISTANT, parts.ofModel(content));
                default -> throw content.bad("role", "must be user or model");
            }
        }
        return turns.turns();
    }

    private void addTools(GeminiFields tool, List<Tool> to) {
        for (GeminiFields function : tool.objects("functionDeclarations")) {
            to.add(new Tool.Function(
                    function.text("name"),
                    function.text("description", ""),
                    schema(function, "parameters", "parametersJsonSchema"),
                    null,
                    Part.CacheMark.NONE));
        }
        for (String name : tool.json().fieldNames()) {
            if (tool.json().getValue(name) == null) {
                continue;
            }
            switch (name.replace("_", "").toLowerCase(Locale.ROOT)) {
                case "functiondeclarations" -> {}
                case "googlesearch", "googlesearchretrieval" -> {
                    tool.object(name);
                    to.add(new Tool.WebSearch(0, "", "", "", "", ""));
                }
                default -> to.add(new Tool.Hosted(name));
            }
        }
    }

    private static @Nullable JsonObject schema(GeminiFields owner, String own, String standard) {
        GeminiFields json = owner.objectOrNull(standard);
        if (json != null) {
            return json.json();
        }
        GeminiFields schema = owner.objectOrNull(own);
        return schema == null ? null : GeminiSchemaReader.read(schema.json());
    }

    /** Where one of several functions must be called, the others are taken away. */
    private ToolChoice toolChoice(List<Tool> tools) {
        GeminiFields config = body.objectOrNull("toolConfig");
        if (config == null) {
            return ToolChoice.UNSAID;
        }
        unheld.addAll(config.others(Set.of("functionCallingConfig")));
        GeminiFields calling = config.objectOrNull("functionCallingConfig");
        if (calling == null) {
            return ToolChoice.UNSAID;
        }
        Set<String> allowed = new HashSet<>(calling.texts("allowedFunctionNames"));
        return switch (calling.text("mode", "").toUpperCase(Locale.ROOT)) {
            case "", "MODE_UNSPECIFIED" -> ToolChoice.UNSAID;
            case "AUTO" -> ToolChoice.of(ToolChoice.Mode.AUTO);
            case "VALIDATED" -> {
                keep(allowed, tools);
                yield ToolChoice.of(ToolChoice.Mode.AUTO);
            }
            case "NONE" -> ToolChoice.of(ToolChoice.Mode.NONE);
            case "ANY" -> {
                if (allowed.size() == 1) {
                    yield new ToolChoice(
                            ToolChoice.Mode.NAMED, allowed.iterator().next(), null);
                }
                keep(allowed, tools);
                yield ToolChoice.of(ToolChoice.Mode.REQUIRED);
            }
            default -> throw calling.bad("mode", "must be AUTO, ANY, VALIDATED or NONE");
        };
    }

    private static void keep(Set<String> allowed, List<Tool> tools) {
        if (!allowed.isEmpty()) {
            tools.removeIf(tool -> tool instanceof Tool.Function function && !allowed.contains(function.name()));
        }
    }

    private Sampling sampling() {
        long choices = generation.has("candidateCount") ? generation.count("candidateCount") : 1;
        if (choices < 1 || choices > MOST_CHOICES) {
            throw generation.bad("candidateCount", "must be from 1 to " + MOST_CHOICES);
        }
        return new Sampling(
                generation.count("maxOutputTokens"),
                generation.decimal("temperature"),
                generation.decimal("topP"),
                generation.integer("topK"),
                generation.integer("seed"),
                generation.decimal("frequencyPenalty"),
                generation.decimal("presencePenalty"),
                generation.texts("stopSequences"),
                (int) choices);
    }

    private AnswerForm form() {
        JsonObject schema = schema(generation, "responseSchema", "responseJsonSchema");
        if (schema != null) {
            return new AnswerForm(AnswerForm.Kind.SCHEMA, "", schema, null);
        }
        return switch (generation.text("responseMimeType", "")) {
            case "", "text/plain" -> AnswerForm.TEXT;
            case "application/json" -> AnswerForm.JSON;
            default -> {
                unheld.add(generation.path("responseMimeType"));
                yield AnswerForm.TEXT;
            }
        };
    }
}
