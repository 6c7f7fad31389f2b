package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.CompletionCount;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a streamed chat completion ("Chat Completions", "The chat completion chunk object"), its first choice. Tolerant, as
 * vendors differ: words may come with the reason why it ends, usage with every chunk or inside the choice, whole messages in
 * place of deltas. The end is told when the stream has ended, since some write on behind their reason. Confined to one thread.
 */
final class ChatPieceReader implements Codec.PieceReader {

    private final CompletionCount counting;
    private final ChatCalls calls = new ChatCalls();
    private boolean begun;
    private String id = "";
    private String finish = "";

    ChatPieceReader(CompletionCount counting) {
        this.counting = counting;
    }

    @Override
    public List<Piece> event(String name, String data) {
        JsonObject chunk = OpenAiEvents.read(data);
        if (OpenAiEvents.isError(name, chunk)) {
            return List.of(new Piece.Failure(data));
        }
        List<Piece> out = new ArrayList<>();
        Fields in = Fields.of(chunk);
        List<Fields> choices = in.objects("choices");
        if (!choices.isEmpty() || in.has("usage")) {
            begin(in, out);
        }
        Spent spent = OpenAiUsage.read(in.value("usage"), counting);
        for (Fields choice : choices) {
            if (choice.count("index") == 0) {
                choice(choice, out);
                spent = spent == null ? OpenAiUsage.read(choice.value("usage"), counting) : spent;
            }
        }
        if (spent != null) {
            out.add(new Piece.Count(spent, choices.isEmpty() || !finish.isEmpty()));
        }
        return out;
    }

    private void begin(Fields in, List<Piece> out) {
        if (!begun) {
            begun = true;
            id = in.text("id", "");
            out.add(new Piece.Begin(id, in.text("model", "")));
        }
    }

    private void choice(Fields choice, List<Piece> out) {
        Fields delta = choice.objectOrNull("delta");
        if (delta == null) {
            delta = choice.objectOrNull("message");
        }
        if (delta != null) {
            delta(delta, out);
        }
        String reason = choice.text("finish_reason", "");
        if (!reason.isEmpty()) {
            finish = reason;
        }
    }

    private void delta(Fields delta, List<Piece> out) {
        ChatParts.thoughts(delta).forEach(part -> say(part, out));
        ChatParts.content(delta, "content", field -> {}).forEach(part -> say(part, out));
        String refusal = delta.text("refusal", "");
        if (!refusal.isEmpty()) {
            out.add(new Piece.Refusal(refusal));
        }
        for (Fields image : delta.objects("images")) {
            if (OpenAiMedia.read(image.object("image_url"), "url") instanceof Media.Inline picture) {
                out.add(new Piece.Picture(picture));
            }
        }
        for (Fields call : delta.objects("tool_calls")) {
            calls.read(call, id, out);
        }
        Fields call = delta.objectOrNull("function_call");
        if (call != null) {
            calls.readUnnumbered(call, id, out);
        }
    }

    private static void say(Part part, List<Piece> out) {
        if (part instanceof Part.Text text) {
            out.add(new Piece.Text(text.text()));
        } else if (part instanceof Part.Thought thought) {
            if (!thought.text().isEmpty()) {
                out.add(new Piece.Thought(thought.text()));
            }
            if (!thought.signature().isEmpty()) {
                out.add(new Piece.ThoughtSignature(thought.signature()));
            }
        } else if (part instanceof Part.HiddenThought hidden) {
            out.add(new Piece.HiddenThought(hidden.data()));
        } else if (part instanceof Part.Refusal refusal) {
            out.add(new Piece.Refusal(refusal.text()));
        } else if (part instanceof Part.Image image && image.media() instanceof Media.Inline picture) {
            out.add(new Piece.Picture(picture));
        }
    }

    @Override
    public List<Piece> end() {
        List<Piece> out = new ArrayList<>();
        calls.end(out);
        if (!finish.isEmpty()) {
            out.add(new Piece.End(ChatReplyReader.finish(finish, calls.any()), ""));
            finish = "";
        }
        return out;
    }
}
