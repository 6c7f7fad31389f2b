package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a message of a chat completion says ("Chat Completions", "Create chat completion", {@code messages}; and the message
 * of the completion object). Beyond OpenAI's own it knows {@code reasoning_content} (DeepSeek), {@code reasoning} and {@code
 * reasoning_details} (OpenRouter, "Reasoning tokens"), {@code extra_content} (Google, "Thought signatures", OpenAI
 * compatibility), {@code video_url}, and thoughts among the parts (Mistral).
 */
final class ChatParts {

    private ChatParts() {}

    /**
     * A text, or a list of parts.
     *
     * @param unheld is told of fields that have no place
     */
    static List<Part> content(Fields in, String name, Consumer<String> unheld) {
        return content(in, name, unheld, ChatParts::part);
    }

    /**
     * The same in another format.
     *
     * @param reader reads one part
     */
    static List<Part> content(Fields in, String name, Consumer<String> unheld, Function<Fields, Part> reader) {
        Object value = in.value(name);
        if (value == null || value.equals("")) {
            return List.of();
        }
        if (value instanceof String text) {
            return List.of(Part.Text.of(text));
        }
        if (!(value instanceof JsonArray)) {
            throw in.bad(name, "must be a string or an array");
        }
        List<Part> parts = new ArrayList<>();
        for (Fields part : in.objects(name)) {
            if (part.has("prompt_cache_breakpoint")) {
                unheld.accept(part.path("prompt_cache_breakpoint"));
            }
            parts.add(reader.apply(part));
        }
        return parts;
    }

    private static Part part(Fields in) {
        Part.CacheMark cache = OpenAiCacheMarks.read(in);
        return switch (in.text("type")) {
            case "text" -> new Part.Text(in.text("text"), cache);
            case "image_url" -> image(in, cache);
            case "input_audio" -> OpenAiMedia.audio(in.object("input_audio"));
            case "video_url" -> new Part.Video(OpenAiMedia.read(in.object("video_url"), "url"));
            case "file" -> document(in.object("file"), cache);
            case "refusal" -> new Part.Refusal(in.text("refusal"));
            case "thinking" -> new Part.Thought(thinking(in), in.text("signature", ""));
            default -> throw in.bad("type", "is none that a message's part can have");
        };
    }

    private static Part image(Fields in, Part.CacheMark cache) {
        if (in.value("image_url") instanceof String) {
            return new Part.Image(OpenAiMedia.read(in, "image_url"), "", cache);
        }
        Fields image = in.object("image_url");
        return new Part.Image(OpenAiMedia.read(image, "url"), image.text("detail", ""), cache);
    }

    private static Part document(Fields in, Part.CacheMark cache) {
        String title = in.text("filename", "");
        if (in.has("file_id")) {
            return new Part.Document(new Media.Stored(in.text("file_id")), title, cache);
        }
        return new Part.Document(OpenAiMedia.file(in, "file_data", title), title, cache);
    }

    private static String thinking(Fields in) {
        if (in.value("thinking") instanceof String text) {
            return text;
        }
        StringBuilder text = new StringBuilder();
        in.objects("thinking").forEach(part -> text.append(part.text("text", "")));
        return text.toString();
    }

    /** What was thought, whichever of the vendors' fields tells it; each of them once. */
    static List<Part> thoughts(Fields message) {
        List<Part> parts = new ArrayList<>();
        boolean told = false;
        Long before = null;
        for (Fields detail : message.objects("reasoning_details")) {
            Long index = detail.integer("index");
            String text = detail.text("text", detail.text("summary", ""));
            String signature = detail.text("signature", "");
            String data = detail.text("data", "");
            if (!data.isEmpty()) {
                parts.add(new Part.HiddenThought(data));
            } else if (!text.isEmpty() || !signature.isEmpty()) {
                told |= !text.isEmpty();
                boolean sameBlock = index == null || before == null || index.equals(before);
                addThought(parts, new Part.Thought(text, signature), sameBlock);
            }
            before = index;
        }
        String plain = message.text("reasoning_content", "");
        if (plain.isEmpty() && message.value("reasoning") instanceof String reasoning) {
            plain = reasoning;
        }
        if (!told && !plain.isEmpty()) {
            addPlain(parts, plain);
        }
        return parts;
    }

    /** Clients may hand back a stream's details as they came: pieces of one thought, and its signature at their end. */
    private static void addThought(List<Part> parts, Part.Thought next, boolean sameBlock) {
        int last = parts.size() - 1;
        if (sameBlock
                && last >= 0
                && parts.get(last) instanceof Part.Thought open
                && open.signature().isEmpty()) {
            parts.set(last, new Part.Thought(open.text() + next.text(), next.signature()));
        } else {
            parts.add(next);
        }
    }

    /** Text that the details do not tell is that of the first of them. */
    private static void addPlain(List<Part> parts, String text) {
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) instanceof Part.Thought signed) {
                parts.set(i, new Part.Thought(text, signed.signature()));
                return;
            }
        }
        parts.add(0, new Part.Thought(text, ""));
    }

    /** A call of a tool; its id may be missing in answers only. */
    static Part.ToolCall call(Fields call, String id) {
        Fields function = call.object("function");
        String arguments = arguments(function);
        return new Part.ToolCall(
                id,
                function.text("name"),
                arguments.isBlank() ? "{}" : arguments,
                signature(call),
                OpenAiCacheMarks.read(call));
    }

    /** Arguments as text; some vendors send the object itself. */
    static String arguments(Fields function) {
        return function.value("arguments") instanceof JsonObject object
                ? new String(JsonTree.write(object), StandardCharsets.UTF_8)
                : function.text("arguments", "");
    }

    static String signature(Fields call) {
        Fields extra = call.objectOrNull("extra_content");
        @Nullable Fields google = extra == null ? null : extra.objectOrNull("google");
        return google == null ? "" : google.text("thought_signature", "");
    }
}
