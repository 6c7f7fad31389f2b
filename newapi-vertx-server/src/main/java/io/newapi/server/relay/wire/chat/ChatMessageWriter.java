package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Writes the messages of a chat completion request ("Create chat completion", {@code messages}). Results of tools stand before
 * all else that their turn says, since they must follow the calls; pictures and documents among them, which a tool's message
 * cannot hold, are said by the user behind them, with the call's id. Confined to one thread.
 */
final class ChatMessageWriter {

    private static final String ELSEWHERE = "The result is in the user's next message.";

    private final Conversation conversation;
    private final Set<String> lost;
    private final JsonArray messages = new JsonArray();

    ChatMessageWriter(Conversation conversation, Set<String> lost) {
        this.conversation = conversation;
        this.lost = lost;
    }

    JsonArray write() {
        if (!conversation.instructions().isEmpty()) {
            messages.add(new JsonObject()
                    .put("role", OpenAiModels.instructor(conversation.model()))
                    .put("content", content(conversation.instructions())));
        }
        for (Turn turn : conversation.turns()) {
            switch (turn.role()) {
                case USER -> user(turn);
                case ASSISTANT -> assistant(turn);
            }
        }
        return messages;
    }

    private void user(Turn turn) {
        List<Part> rest = new ArrayList<>();
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolResult result) {
                rest.addAll(result(result));
            }
        }
        turn.parts().stream().filter(part -> !(part instanceof Part.ToolResult)).forEach(rest::add);
        if (!rest.isEmpty()) {
            messages.add(new JsonObject().put("role", "user").put("content", content(rest)));
        }
    }

    /** Writes the words of a result; returns what the user has to say of it. */
    private List<Part> result(Part.ToolResult result) {
        List<Part> words = new ArrayList<>();
        List<Part> others = new ArrayList<>();
        for (Part part : result.content()) {
            (part instanceof Part.Text ? words : others).add(part);
        }
        if (result.failed()) {
            lost.add("is_error");
        }
        if (words.isEmpty() && !others.isEmpty()) {
            words.add(Part.Text.of(ELSEWHERE));
        }
        messages.add(OpenAiCacheMarks.put(
                new JsonObject()
                        .put("role", "tool")
                        .put("tool_call_id", result.callId())
                        .put("content", content(words)),
                result.cache()));
        if (!others.isEmpty()) {
            others.add(0, Part.Text.of("From the result of the tool call " + result.callId() + ":"));
        }
        return others;
    }

    private void assistant(Turn turn) {
        JsonObject message = new JsonObject().put("role", "assistant");
        List<Part> said = new ArrayList<>();
        List<Part> thoughts = new ArrayList<>();
        JsonArray calls = new JsonArray();
        for (Part part : turn.parts()) {
            if (part instanceof Part.ToolCall call) {
                calls.add(call(call));
            } else if (part instanceof Part.Thought || part instanceof Part.HiddenThought) {
                thoughts.add(part);
            } else if (part instanceof Part.Text || part instanceof Part.Refusal) {
                said.add(part);
            } else {
                lost.add("media_of_earlier_answers");
            }
        }
        message.put("content", said.isEmpty() && !calls.isEmpty() ? null : content(said));
        boolean thought = thoughts(message, thoughts);
        if (said.isEmpty() && calls.isEmpty() && !thought) {
            return;
        }
        if (!calls.isEmpty()) {
            message.put("tool_calls", calls);
        }
        messages.add(message);
    }

    /** Whether any were written: OpenAI's own models take back none in this format. */
    private boolean thoughts(JsonObject message, List<Part> thoughts) {
        if (thoughts.isEmpty()) {
            return false;
        }
        if (OpenAiModels.reasons(conversation.model())) {
            lost.add("reasoning_content");
            return false;
        }
        putThoughts(message, thoughts);
        return true;
    }

    /** As text, and with signatures if there are any. */
    static void putThoughts(JsonObject message, List<Part> thoughts) {
        StringBuilder text = new StringBuilder();
        JsonArray details = new JsonArray();
        boolean signed = false;
        for (int i = 0; i < thoughts.size(); i++) {
            if (thoughts.get(i) instanceof Part.Thought thought) {
                text.append(thought.text());
                details.add(detail(thought.text(), thought.signature(), i));
                signed |= !thought.signature().isEmpty();
            } else if (thoughts.get(i) instanceof Part.HiddenThought hidden) {
                details.add(hiddenDetail(hidden.data(), i));
                signed = true;
            }
        }
        OpenAiTools.putIfAny(message, "reasoning_content", text.toString());
        if (signed) {
            message.put("reasoning_details", details);
        }
    }

    /** A thought, or a piece of it; the number tells it from others. */
    static JsonObject detail(String text, String signature, int index) {
        JsonObject detail = new JsonObject().put("type", "reasoning.text");
        OpenAiTools.putIfAny(detail, "text", text);
        OpenAiTools.putIfAny(detail, "signature", signature);
        return detail.put("index", index);
    }

    static JsonObject hiddenDetail(String data, int index) {
        return new JsonObject()
                .put("type", "reasoning.encrypted")
                .put("data", data)
                .put("index", index);
    }

    static JsonObject call(Part.ToolCall call) {
        JsonObject written = new JsonObject()
                .put("id", call.id())
                .put("type", "function")
                .put("function", new JsonObject().put("name", call.name()).put("arguments", call.arguments()));
        return OpenAiCacheMarks.put(putSignature(written, call.signature()), call.cache());
    }

    static JsonObject putSignature(JsonObject call, String signature) {
        return signature.isEmpty()
                ? call
                : call.put(
                        "extra_content",
                        new JsonObject().put("google", new JsonObject().put("thought_signature", signature)));
    }

    /** One text is a text, since some vendors take nothing else there; all else is a list. */
    private Object content(List<? extends Part> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        if (parts.size() == 1 && parts.get(0) instanceof Part.Text only && only.cache() == Part.CacheMark.NONE) {
            return only.text();
        }
        JsonArray list = new JsonArray();
        parts.forEach(part -> list.add(part(part)));
        return list;
    }

    private JsonObject part(Part part) {
        if (part instanceof Part.Text text) {
            return OpenAiCacheMarks.put(new JsonObject().put("type", "text").put("text", text.text()), text.cache());
        }
        if (part instanceof Part.Refusal refusal) {
            return new JsonObject().put("type", "refusal").put("refusal", refusal.text());
        }
        if (part instanceof Part.Image image) {
            JsonObject url = new JsonObject().put("url", pictureUrl(image.media()));
            OpenAiTools.putIfAny(url, "detail", image.detail());
            return OpenAiCacheMarks.put(
                    new JsonObject().put("type", "image_url").put("image_url", url), image.cache());
        }
        if (part instanceof Part.Document document) {
            return OpenAiCacheMarks.put(document(document), document.cache());
        }
        if (part instanceof Part.Audio audio) {
            return audio(audio);
        }
        if (part instanceof Part.Video video) {
            return new JsonObject()
                    .put("type", "video_url")
                    .put("video_url", new JsonObject().put("url", videoUrl(video.media())));
        }
        throw new Unsayable("thoughts and calls of the user");
    }

    /** OpenAI reads PDF here and nothing else; a document that is nothing but words is said as words. */
    private static JsonObject document(Part.Document document) {
        String words = OpenAiMedia.words(document);
        if (words != null) {
            return new JsonObject().put("type", "text").put("text", words);
        }
        JsonObject file = new JsonObject();
        if (document.media() instanceof Media.Stored stored) {
            file.put("file_id", stored.id());
            OpenAiTools.putIfAny(file, "filename", document.title());
        } else if (document.media() instanceof Media.Inline) {
            file.put("file_data", OpenAiMedia.url(document.media()));
            file.put("filename", OpenAiMedia.filename(document));
        } else {
            throw new Unsayable("documents at an address");
        }
        return new JsonObject().put("type", "file").put("file", file);
    }

    static JsonObject audio(Part.Audio audio) {
        if (!(audio.media() instanceof Media.Inline here)) {
            throw new Unsayable("sound at an address");
        }
        return new JsonObject()
                .put("type", "input_audio")
                .put(
                        "input_audio",
                        new JsonObject()
                                .put("data", here.base64())
                                .put("format", OpenAiMedia.audioFormat(here.mediaType())));
    }

    private static String pictureUrl(Media media) {
        String url = OpenAiMedia.url(media);
        if (url == null) {
            throw new Unsayable("pictures stored with a provider");
        }
        return url;
    }

    static String videoUrl(Media media) {
        String url = OpenAiMedia.url(media);
        if (url == null) {
            throw new Unsayable("videos stored with a provider");
        }
        return url;
    }
}
