package io.newapi.server.relay.wire.chat;

import java.util.List;
import java.util.function.Consumer;

/**
 * Reads items that a request and an answer may both have ("Responses", "The input items" and "The response object", {@code
 * output}). A reasoning item without a summary is a hidden thought; one with a summary, even if that is empty, is a thought, signed by
 * what is encrypted.
 */
final class ResponsesItems {

    /** Between the parts of a summary, as clients show them. */
    static final String BETWEEN_SUMMARIES = "\n\n";

    private ResponsesItems() {}

    /**
     * A text, or a list of parts.
     *
     * @param unheld is told of fields that have no place
     */
    static List<Part> content(Fields in, String name, Consumer<String> unheld) {
        return ChatParts.content(in, name, unheld, ResponsesItems::part);
    }

    private static Part part(Fields in) {
        return switch (in.text("type")) {
            case "input_text", "output_text", "text" -> Part.Text.of(in.text("text"));
            case "refusal" -> new Part.Refusal(in.text("refusal"));
            case "input_image" -> image(in);
            case "input_file" -> document(in);
            case "input_audio" -> OpenAiMedia.audio(in.object("input_audio"));
            case "input_video" -> new Part.Video(OpenAiMedia.read(in, "video_url"));
            default -> throw in.bad("type", "is none that a message's part can have");
        };
    }

    private static Part image(Fields in) {
        Media media = in.has("file_id") ? new Media.Stored(in.text("file_id")) : OpenAiMedia.read(in, "image_url");
        return new Part.Image(media, in.text("detail", ""), Part.CacheMark.NONE);
    }

    private static Part document(Fields in) {
        String title = in.text("filename", "");
        Media media;
        if (in.has("file_id")) {
            media = new Media.Stored(in.text("file_id"));
        } else if (in.has("file_url")) {
            media = OpenAiMedia.read(in, "file_url");
        } else {
            media = OpenAiMedia.file(in, "file_data", title);
        }
        return new Part.Document(media, title, Part.CacheMark.NONE);
    }

    /** What was thought; nothing for an item that tells nothing. */
    static List<Part> reasoning(Fields item) {
        List<Fields> told = item.objects("summary");
        if (told.isEmpty()) {
            // what was really thought
            told = item.objects("content");
        }
        String encrypted = item.text("encrypted_content", "");
        if (told.isEmpty()) {
            return encrypted.isEmpty() ? List.of() : List.of(new Part.HiddenThought(encrypted));
        }
        String text = String.join(
                BETWEEN_SUMMARIES,
                told.stream().map(part -> part.text("text", "")).toList());
        return text.isEmpty() && encrypted.isEmpty() ? List.of() : List.of(new Part.Thought(text, encrypted));
    }

    static Part.ToolCall call(Fields item) {
        String arguments = item.text("arguments", "");
        return new Part.ToolCall(
                item.text("call_id", item.text("id", "")),
                item.text("name"),
                arguments.isBlank() ? "{}" : arguments,
                ChatParts.signature(item),
                Part.CacheMark.NONE);
    }
}
