package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whole answers of Anthropic's Messages API (reference, {@code Message}). */
final class MessagesReplies {

    private MessagesReplies() {}

    /** What its own tools did is left out; what they cost is in the usage. */
    static Reply read(JsonObject body) {
        Fields message = Fields.of(body);
        if (!message.text("type", "message").equals("message")) {
            throw message.bad("type", "must be message");
        }
        if (!message.has("content")) {
            throw message.bad("content", "is missing");
        }
        List<Part> parts = new ArrayList<>();
        String signature = "";
        boolean called = false;
        for (Fields block : message.objects("content")) {
            switch (block.text("type")) {
                case "text" -> addText(block.text("text"), parts);
                case "thinking" -> parts.add(new Part.Thought(block.text("thinking", ""), block.text("signature", "")));
                case "redacted_thinking" -> {
                    String data = block.text("data");
                    if (CarriedSignature.isIn(data)) {
                        signature = CarriedSignature.of(data);
                    } else {
                        parts.add(new Part.HiddenThought(data));
                    }
                }
                case "tool_use" -> {
                    parts.add(call(block, signature));
                    signature = "";
                    called = true;
                }
                default -> {}
            }
        }
        Fields usage = message.objectOrNull("usage");
        return new Reply(
                message.text("id", ""),
                message.text("model", ""),
                parts,
                MessagesStop.read(message.text("stop_reason", ""), called),
                message.text("stop_sequence", ""),
                usage == null || !MessagesUsage.reports(usage)
                        ? null
                        : MessagesUsage.NONE.with(usage).spent());
    }

    private static void addText(String text, List<Part> to) {
        if (!text.isEmpty()) {
            to.add(Part.Text.of(text));
        }
    }

    private static Part call(Fields block, String signature) {
        Fields input = block.objectOrNull("input");
        return new Part.ToolCall(
                block.text("id"),
                block.text("name"),
                input == null ? "{}" : CallInput.write(input.json()),
                signature,
                Part.CacheMark.NONE);
    }

    static JsonObject write(Reply reply, Codec.ReplyFacts facts) {
        boolean called = false;
        JsonArray content = new JsonArray();
        for (Part part : reply.parts()) {
            add(part, content);
            called |= part instanceof Part.ToolCall;
        }
        return new JsonObject()
                .put("id", reply.id().isEmpty() ? facts.id() : reply.id())
                .put("type", "message")
                .put("role", "assistant")
                .put("model", facts.model())
                .put("content", content)
                .put("stop_reason", MessagesStop.write(reply.finish(), called))
                .put("stop_sequence", stopSequence(reply.stopSequence()))
                .put(
                        "usage",
                        reply.spent() == null
                                ? MessagesUsage.estimate(facts.promptTokens())
                                : MessagesUsage.write(reply.spent()));
    }

    /** What stands in an answer for the word that ended it. */
    static @Nullable String stopSequence(String word) {
        return word.isEmpty() ? null : word;
    }

    private static void add(Part part, JsonArray to) {
        if (part instanceof Part.Text text) {
            addText(text.text(), to);
        } else if (part instanceof Part.Refusal refusal) {
            addText(refusal.text(), to);
        } else if (part instanceof Part.Thought thought) {
            to.add(MessagesBlocks.thinking(thought.text(), thought.signature()));
        } else if (part instanceof Part.HiddenThought hidden) {
            to.add(MessagesBlocks.hidden(hidden.data()));
        } else if (part instanceof Part.ToolCall call) {
            if (!call.signature().isEmpty()) {
                to.add(MessagesBlocks.hidden(CarriedSignature.data(call.signature())));
            }
            to.add(MessagesBlocks.call(call.id(), call.name(), CallInput.read(call.arguments())));
        } else if (part instanceof Part.Image image) {
            addMedia(image.media(), to);
        } else if (part instanceof Part.Document document) {
            addMedia(document.media(), to);
        } else if (part instanceof Part.Audio audio) {
            addMedia(audio.media(), to);
        } else if (part instanceof Part.Video video) {
            addMedia(video.media(), to);
        } else {
            throw new IllegalArgumentException("no part of an answer: " + part.getClass());
        }
    }

    private static void addText(String text, JsonArray to) {
        if (!text.isEmpty()) {
            to.add(MessagesBlocks.text(text));
        }
    }

    private static void addMedia(Media media, JsonArray to) {
        if (media instanceof Media.Inline inline) {
            to.add(MessagesBlocks.text(MessagesBlocks.asText(inline)));
        } else if (media instanceof Media.Remote remote) {
            to.add(MessagesBlocks.text(remote.url()));
        }
    }
}
