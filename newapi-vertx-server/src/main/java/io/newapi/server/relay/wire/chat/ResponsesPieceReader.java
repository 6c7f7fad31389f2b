package io.newapi.server.relay.wire.chat;

import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed response ("Responses", "Streaming events"). Tolerant: what was not told in pieces is taken from the event
 * that says that it is done, from the item's, or from the whole response's, whichever comes first; of a longer text only what is
 * missing. Of what was told only the length is kept. Confined to one thread.
 */
final class ResponsesPieceReader implements Codec.PieceReader {

    private final Map<String, Integer> told = new HashMap<>();
    private final Map<Long, String> thoughts = new HashMap<>();
    private final Map<Long, Integer> calls = new HashMap<>();
    private final Set<Long> done = new HashSet<>();
    private boolean begun;
    private boolean over;

    @Override
    public List<Piece> event(String name, String data) {
        JsonObject event = OpenAiEvents.read(data);
        if (OpenAiEvents.isError(name, event)) {
            return List.of(new Piece.Failure(data));
        }
        Fields in = Fields.of(event);
        List<Piece> out = new ArrayList<>();
        switch (in.text("type", name)) {
            case "response.created", "response.in_progress", "response.queued" ->
                begin(in.objectOrNull("response"), out);
            case "response.output_item.added" -> added(in, out);
            case "response.output_text.delta" -> tell(Kind.TEXT, in, "content_index", "delta", out);
            case "response.output_text.done" -> complete(Kind.TEXT, in, "content_index", in.text("text", ""), out);
            case "response.refusal.delta" -> tell(Kind.REFUSAL, in, "content_index", "delta", out);
            case "response.refusal.done" -> complete(Kind.REFUSAL, in, "content_index", in.text("refusal", ""), out);
            case "response.reasoning_summary_text.delta" -> thought(in, "summary_index", out);
            case "response.reasoning_text.delta" -> thought(in, "content_index", out);
            case "response.function_call_arguments.delta" -> arguments(in, in.text("delta", ""), out);
            case "response.function_call_arguments.done" -> completeArguments(in, in.text("arguments", ""), out);
            case "response.output_item.done" -> item(in.count("output_index"), in.object("item"), out);
            case "response.completed", "response.incomplete", "response.done" -> over(in.object("response"), out);
            case "response.failed" -> {
                Fields response = in.objectOrNull("response");
                Spent spent = response == null ? null : ResponsesReplyReader.spent(response);
                if (spent != null) {
                    out.add(new Piece.Count(spent, true));
                }
                out.add(new Piece.Failure(data));
            }
            default -> {}
        }
        return out;
    }

    /** What a text is, and how more of it is told. */
    private enum Kind {
        TEXT,
        REFUSAL,
        THOUGHT;

        Piece piece(String text) {
            return switch (this) {
                case TEXT -> new Piece.Text(text);
                case REFUSAL -> new Piece.Refusal(text);
                case THOUGHT -> new Piece.Thought(text);
            };
        }
    }

    @Override
    public List<Piece> end() {
        return List.of();
    }

    private void begin(@Nullable Fields response, List<Piece> out) {
        if (!begun) {
            begun = true;
            out.add(
                    response == null
                            ? new Piece.Begin("", "")
                            : new Piece.Begin(response.text("id", ""), response.text("model", "")));
        }
    }

    private void add(Piece piece, List<Piece> out) {
        begin(null, out);
        out.add(piece);
    }

    // ---- texts ----

    private void tell(Kind kind, Fields in, String index, String field, List<Piece> out) {
        more(kind, place(in, index), in.text(field, ""), out);
    }

    private void complete(Kind kind, Fields in, String index, String whole, List<Piece> out) {
        rest(kind, place(in, index), whole, out);
    }

    private static String place(Fields in, String index) {
        return place(in.count("output_index"), in.count(index));
    }

    private static String place(long output, long index) {
        return output + ":" + index;
    }

    private void more(Kind kind, String place, String text, List<Piece> out) {
        if (!text.isEmpty()) {
            told.merge(place, text.length(), Integer::sum);
            add(kind.piece(text), out);
        }
    }

    private void rest(Kind kind, String place, String whole, List<Piece> out) {
        int length = told.getOrDefault(place, 0);
        if (whole.length() > length) {
            more(kind, place, whole.substring(length), out);
        }
    }

    /**
     * A summary has parts, told as one text; all of an item is counted in one place. Where both a summary and what was really
     * thought come, the first of them is told.
     */
    private void thought(Fields in, String index, List<Piece> out) {
        long output = in.count("output_index");
        if (!thoughts.computeIfAbsent(output, first -> index).equals(index)) {
            return;
        }
        long part = in.count(index);
        String text = in.text("delta", "");
        String place = place(output, 0);
        if (part > 0 && !text.isEmpty() && told.putIfAbsent(output + "/" + part, 0) == null) {
            more(Kind.THOUGHT, place, ResponsesItems.BETWEEN_SUMMARIES, out);
        }
        more(Kind.THOUGHT, place, text, out);
    }

    // ---- calls ----

    private void added(Fields in, List<Piece> out) {
        Fields item = in.object("item");
        if (item.text("type", "").equals("function_call")
                && !item.text("name", "").isEmpty()) {
            call(in.count("output_index"), item, out);
        }
    }

    private int call(long output, Fields item, List<Piece> out) {
        Integer known = calls.get(output);
        if (known != null) {
            return known;
        }
        int number = calls.size();
        calls.put(output, number);
        Part.ToolCall call = ResponsesItems.call(item);
        add(new Piece.Call(number, call.id(), call.name(), call.signature()), out);
        return number;
    }

    private void arguments(Fields in, String json, List<Piece> out) {
        Integer number = calls.get(in.count("output_index"));
        if (number != null && !json.isEmpty()) {
            told.merge(place(in.count("output_index"), 0), json.length(), Integer::sum);
            add(new Piece.Arguments(number, json), out);
        }
    }

    private void completeArguments(Fields in, String whole, List<Piece> out) {
        completeArguments(in.count("output_index"), whole, out);
    }

    private void completeArguments(long output, String whole, List<Piece> out) {
        Integer number = calls.get(output);
        String place = place(output, 0);
        int length = told.getOrDefault(place, 0);
        if (number != null && whole.length() > length) {
            told.put(place, whole.length());
            add(new Piece.Arguments(number, whole.substring(length)), out);
        }
    }

    // ---- whole items ----

    private void item(long output, Fields item, List<Piece> out) {
        if (!done.add(output)) {
            return;
        }
        switch (item.text("type", "")) {
            case "message" -> message(output, item, out);
            case "reasoning" -> ResponsesItems.reasoning(item).forEach(part -> reasoning(output, part, out));
            case "function_call" -> {
                call(output, item, out);
                completeArguments(output, item.text("arguments", ""), out);
            }
            case "image_generation_call" -> {
                for (Part part : ResponsesReplyReader.parts(item)) {
                    if (part instanceof Part.Image image && image.media() instanceof Media.Inline picture) {
                        add(new Piece.Picture(picture), out);
                    }
                }
            }
            default -> {}
        }
    }

    private void message(long output, Fields item, List<Piece> out) {
        long index = 0;
        for (Part part : ResponsesItems.content(item, "content", field -> {})) {
            if (part instanceof Part.Text text) {
                rest(Kind.TEXT, place(output, index), text.text(), out);
            } else if (part instanceof Part.Refusal refusal) {
                rest(Kind.REFUSAL, place(output, index), refusal.text(), out);
            }
            index++;
        }
    }

    private void reasoning(long output, Part part, List<Piece> out) {
        String place = place(output, 0);
        if (part instanceof Part.Thought thought) {
            if (!told.containsKey(place)) {
                more(Kind.THOUGHT, place, thought.text(), out);
            }
            if (!thought.signature().isEmpty()) {
                add(new Piece.ThoughtSignature(thought.signature()), out);
            }
        } else if (part instanceof Part.HiddenThought hidden) {
            add(
                    told.containsKey(place)
                            ? new Piece.ThoughtSignature(hidden.data())
                            : new Piece.HiddenThought(hidden.data()),
                    out);
        }
    }

    private void over(Fields response, List<Piece> out) {
        if (over) {
            return;
        }
        over = true;
        begin(response, out);
        long output = 0;
        for (Fields item : response.objects("output")) {
            item(output++, item, out);
        }
        Spent spent = ResponsesReplyReader.spent(response);
        if (spent != null) {
            out.add(new Piece.Count(spent, true));
        }
        out.add(new Piece.End(ResponsesReplyReader.finish(response, !calls.isEmpty()), ""));
    }
}
