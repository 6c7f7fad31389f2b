package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/** Whole answers of Google's Gemini API (reference, {@code GenerateContentResponse}). */
final class GeminiReplies {

    private GeminiReplies() {}

    static Reply read(JsonObject body) {
        GeminiFields response = GeminiFields.of(body);
        GeminiAnswer answer = new GeminiAnswer();
        List<Part> parts = answer.parts(response);
        if (response.objects("candidates").isEmpty() && !answer.isOver()) {
            throw response.bad("candidates", "is missing");
        }
        FinishReason finish =
                answer.isOver() ? answer.finish() : answer.calls() > 0 ? FinishReason.TOOL_CALLS : FinishReason.STOP;
        return new Reply(
                response.text("responseId", ""),
                response.text("modelVersion", ""),
                joined(parts),
                finish,
                "",
                GeminiUsage.read(response.objectOrNull("usageMetadata")));
    }

    /** Neighbouring texts are one, without anything between. */
    private static List<Part> joined(List<Part> parts) {
        List<Part> joined = new ArrayList<>();
        for (Part part : parts) {
            int last = joined.size() - 1;
            Part before = last < 0 ? null : joined.get(last);
            if (before instanceof Part.Text first && part instanceof Part.Text second) {
                joined.set(last, Part.Text.of(first.text() + second.text()));
            } else if (before instanceof Part.Thought first && part instanceof Part.Thought second) {
                joined.set(last, new Part.Thought(first.text() + second.text(), ""));
            } else {
                joined.add(part);
            }
        }
        return joined;
    }

    static JsonObject write(Reply reply, Codec.ReplyFacts facts) {
        JsonArray parts = new JsonArray();
        reply.parts().forEach(part -> add(part, parts));
        JsonObject written = response(
                reply.id().isEmpty() ? facts.id() : reply.id(),
                facts.model(),
                candidate(parts).put("finishReason", GeminiFinish.write(reply.finish())));
        Spent spent = reply.spent();
        return spent == null ? written : written.put("usageMetadata", GeminiUsage.write(spent));
    }

    static JsonObject candidate(JsonArray parts) {
        return new JsonObject()
                .put("content", new JsonObject().put("role", "model").put("parts", parts))
                .put("index", 0);
    }

    static JsonObject response(String id, String model, JsonObject candidate) {
        return new JsonObject()
                .put("candidates", new JsonArray().add(candidate))
                .put("modelVersion", model)
                .put("responseId", id);
    }

    /**
     * A thought's signature, which is Anthropic's, goes where Google's own stand: its clients hand them back. A thought that only
     * its provider can read has no place.
     */
    static JsonObject thought(String text, String signature) {
        JsonObject part = GeminiPartsWriter.thought(text);
        return signature.isEmpty() ? part : part.put("thoughtSignature", signature);
    }

    private static void add(Part part, JsonArray to) {
        if (part instanceof Part.Text text) {
            to.add(new JsonObject().put("text", text.text()));
        } else if (part instanceof Part.Refusal refusal) {
            to.add(new JsonObject().put("text", refusal.text()));
        } else if (part instanceof Part.Thought thought) {
            to.add(thought(thought.text(), thought.signature()));
        } else if (part instanceof Part.ToolCall call) {
            to.add(GeminiPartsWriter.call(call, call.signature()));
        } else if (part instanceof Part.Image image) {
            addMedia(image.media(), to);
        } else if (part instanceof Part.Document document) {
            addMedia(document.media(), to);
        } else if (part instanceof Part.Audio audio) {
            addMedia(audio.media(), to);
        } else if (part instanceof Part.Video video) {
            addMedia(video.media(), to);
        } else if (!(part instanceof Part.HiddenThought)) {
            throw new IllegalArgumentException("no part of an answer: " + part.getClass());
        }
    }

    private static void addMedia(Media media, JsonArray to) {
        if (!(media instanceof Media.Stored)) {
            to.add(GeminiMedia.write(media, "image/jpeg"));
        }
    }
}
