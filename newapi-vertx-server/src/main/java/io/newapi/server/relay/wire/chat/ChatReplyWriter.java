package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes a chat completion ("Chat Completions", "The chat completion object"). Texts are joined as they stand; a picture is said
 * in Markdown, as clients of this format are used to. Confined to one thread.
 */
final class ChatReplyWriter {

    private final Reply reply;
    private final Codec.ReplyFacts facts;

    ChatReplyWriter(Reply reply, Codec.ReplyFacts facts) {
        this.reply = reply;
        this.facts = facts;
    }

    JsonObject write() {
        JsonObject body = new JsonObject()
                .put("id", reply.id().isEmpty() ? facts.id() : reply.id())
                .put("object", "chat.completion")
                .put("created", facts.createdSeconds())
                .put("model", facts.model())
                .put(
                        "choices",
                        new JsonArray()
                                .add(new JsonObject()
                                        .put("index", 0)
                                        .put("message", message())
                                        .put("logprobs", null)
                                        .put("finish_reason", ChatReplyReader.word(reply.finish()))));
        if (reply.spent() != null) {
            body.put("usage", OpenAiUsage.chat(reply.spent()));
        }
        return body;
    }

    private JsonObject message() {
        StringBuilder text = new StringBuilder();
        StringBuilder refusal = new StringBuilder();
        List<Part> thoughts = new ArrayList<>();
        JsonArray calls = new JsonArray();
        for (Part part : reply.parts()) {
            if (part instanceof Part.Text words) {
                text.append(words.text());
            } else if (part instanceof Part.Refusal refused) {
                refusal.append(refused.text());
            } else if (part instanceof Part.ToolCall call) {
                calls.add(ChatMessageWriter.call(call));
            } else if (part instanceof Part.Thought || part instanceof Part.HiddenThought) {
                thoughts.add(part);
            } else {
                text.append(markdown(part));
            }
        }
        JsonObject message = new JsonObject()
                .put("role", "assistant")
                .put("content", nullIfEmpty(text))
                .put("refusal", nullIfEmpty(refusal));
        ChatMessageWriter.putThoughts(message, thoughts);
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        return message;
    }

    private static @Nullable String nullIfEmpty(StringBuilder text) {
        return text.isEmpty() ? null : text.toString();
    }

    /** What cannot be said in words: a link to it; nothing for what is stored with a provider. */
    static String markdown(Part part) {
        if (part instanceof Part.Image image) {
            return link("![image]", image.media());
        }
        if (part instanceof Part.Audio audio) {
            return link("[media]", audio.media());
        }
        if (part instanceof Part.Video video) {
            return link("[media]", video.media());
        }
        return part instanceof Part.Document document ? link("[media]", document.media()) : "";
    }

    /** A picture's link, or another's. */
    static String markdown(Media.Inline media) {
        return link(media.mediaType().startsWith("image/") ? "![image]" : "[media]", media);
    }

    private static String link(String name, Media media) {
        String url = OpenAiMedia.url(media);
        return url == null ? "" : name + "(" + url + ")";
    }
}
