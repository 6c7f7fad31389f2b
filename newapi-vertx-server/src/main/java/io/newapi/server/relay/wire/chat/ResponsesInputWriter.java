package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Writes the input items of a request for a response ("Responses", "Create a model response", {@code input}), in the order in
 * which things were said. Confined to one thread.
 */
final class ResponsesInputWriter {

    private final Set<String> lost;
    private final JsonArray input = new JsonArray();

    ResponsesInputWriter(Set<String> lost) {
        this.lost = lost;
    }

    JsonArray write(List<Turn> turns) {
        turns.forEach(this::turn);
        return input;
    }

    /** Notes a mark for the cache, which the format does not know. */
    static void loseMark(Part.CacheMark mark, Set<String> lost) {
        if (mark != Part.CacheMark.NONE) {
            lost.add("cache_control");
        }
    }

    private void turn(Turn turn) {
        List<Part> said = new ArrayList<>();
        for (Part part : turn.parts()) {
            JsonObject item = item(part);
            if (item != null) {
                message(turn.role(), said);
                said.clear();
                input.add(item);
            } else if (!isThought(part)) {
                said.add(part);
            }
        }
        message(turn.role(), said);
    }

    private static boolean isThought(Part part) {
        return part instanceof Part.Thought || part instanceof Part.HiddenThought;
    }

    /** What is an item of its own; null for what belongs into a message, and for thoughts that cannot be handed back. */
    private @Nullable JsonObject item(Part part) {
        if (part instanceof Part.ToolCall call) {
            loseMark(call.cache(), lost);
            return ChatMessageWriter.putSignature(
                    new JsonObject()
                            .put("type", "function_call")
                            .put("call_id", call.id())
                            .put("name", call.name())
                            .put("arguments", call.arguments()),
                    call.signature());
        }
        if (part instanceof Part.ToolResult result) {
            return result(result);
        }
        if (part instanceof Part.HiddenThought hidden) {
            return reasoning(new JsonArray(), hidden.data());
        }
        if (part instanceof Part.Thought thought) {
            if (thought.signature().isEmpty()) {
                lost.add("reasoning_content");
                return null;
            }
            return reasoning(ResponsesObject.summary(thought.text()), thought.signature());
        }
        return null;
    }

    private static JsonObject reasoning(JsonArray summary, String encrypted) {
        return new JsonObject().put("type", "reasoning").put("summary", summary).put("encrypted_content", encrypted);
    }

    private JsonObject result(Part.ToolResult result) {
        if (result.failed()) {
            lost.add("is_error");
        }
        loseMark(result.cache(), lost);
        return new JsonObject()
                .put("type", "function_call_output")
                .put("call_id", result.callId())
                .put("output", content(Turn.Role.USER, result.content()));
    }

    private void message(Turn.Role role, List<Part> parts) {
        List<Part> sayable = new ArrayList<>();
        for (Part part : parts) {
            if (role == Turn.Role.USER || part instanceof Part.Text || part instanceof Part.Refusal) {
                sayable.add(part);
            } else {
                lost.add("media_of_earlier_answers");
            }
        }
        if (!sayable.isEmpty()) {
            input.add(new JsonObject()
                    .put("type", "message")
                    .put("role", role == Turn.Role.USER ? "user" : "assistant")
                    .put("content", content(role, sayable)));
        }
    }

    private Object content(Turn.Role role, List<Part> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text only) {
            loseMark(only.cache(), lost);
            return only.text();
        }
        JsonArray list = new JsonArray();
        parts.forEach(part -> list.add(part(role, part)));
        return list;
    }

    private JsonObject part(Turn.Role role, Part part) {
        if (part instanceof Part.Text text) {
            loseMark(text.cache(), lost);
            return new JsonObject()
                    .put("type", role == Turn.Role.USER ? "input_text" : "output_text")
                    .put("text", text.text());
        }
        if (part instanceof Part.Refusal refusal) {
            return new JsonObject().put("type", "refusal").put("refusal", refusal.text());
        }
        if (part instanceof Part.Image image) {
            return image(image);
        }
        if (part instanceof Part.Document document) {
            return document(document);
        }
        if (part instanceof Part.Audio audio) {
            return ChatMessageWriter.audio(audio);
        }
        if (part instanceof Part.Video video) {
            return new JsonObject()
                    .put("type", "input_video")
                    .put("video_url", ChatMessageWriter.videoUrl(video.media()));
        }
        throw new Unsayable("thoughts and calls of the user");
    }

    private JsonObject image(Part.Image image) {
        loseMark(image.cache(), lost);
        JsonObject written = new JsonObject().put("type", "input_image");
        if (image.media() instanceof Media.Stored stored) {
            written.put("file_id", stored.id());
        } else {
            written.put("image_url", OpenAiMedia.url(image.media()));
        }
        return written.put("detail", image.detail().isEmpty() ? "auto" : image.detail());
    }

    private JsonObject document(Part.Document document) {
        loseMark(document.cache(), lost);
        JsonObject written = new JsonObject().put("type", "input_file");
        if (document.media() instanceof Media.Stored stored) {
            return written.put("file_id", stored.id());
        }
        if (document.media() instanceof Media.Remote remote) {
            return written.put("file_url", remote.url());
        }
        return written.put("file_data", OpenAiMedia.url(document.media()))
                .put("filename", OpenAiMedia.filename(document));
    }
}
