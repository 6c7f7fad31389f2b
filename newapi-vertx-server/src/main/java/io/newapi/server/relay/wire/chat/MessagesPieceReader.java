package io.newapi.server.relay.wire.chat;

import io.newapi.server.relay.wire.JsonTree;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a streamed answer of Anthropic's (documentation, streaming messages). Blocks are counted from 0 among all kinds; calls are
 * among calls. What its own tools did is left out.
 */
final class MessagesPieceReader implements Codec.PieceReader {

    /** A call whose block is open. */
    private static final class OpenCall {
        private final int number;
        private boolean argued;

        private OpenCall(int number) {
            this.number = number;
        }
    }

    private final Map<Long, OpenCall> open = new HashMap<>();
    private MessagesUsage usage = MessagesUsage.NONE;
    private boolean counted;
    private int calls;
    private String signature = "";
    private @Nullable String reason;
    private String stopSequence = "";
    private boolean ended;

    @Override
    public List<Piece> event(String name, String data) {
        Fields event = Fields.of(parsed(data));
        List<Piece> pieces = new ArrayList<>();
        switch (event.text("type", name)) {
            case "message_start" -> start(event.object("message"), pieces);
            case "content_block_start" -> startBlock(index(event), event.object("content_block"), pieces);
            case "content_block_delta" -> delta(index(event), event.object("delta"), pieces);
            case "content_block_stop" -> stopBlock(index(event), pieces);
            case "message_delta" -> messageDelta(event, pieces);
            case "message_stop" -> {
                reason = reason == null ? "" : reason;
                pieces.addAll(end());
            }
            case "error" -> pieces.add(new Piece.Failure(data));
            default -> {}
        }
        return pieces;
    }

    private static JsonObject parsed(String data) {
        try {
            return JsonTree.read(data.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new Unreadable("", "must be a JSON object");
        }
    }

    private static long index(Fields event) {
        return event.count("index");
    }

    private void start(Fields message, List<Piece> to) {
        to.add(new Piece.Begin(message.text("id", ""), message.text("model", "")));
        count(message, false, to);
    }

    private void count(Fields owner, boolean last, List<Piece> to) {
        Fields said = owner.objectOrNull("usage");
        boolean reports = said != null && MessagesUsage.reports(said);
        if (said != null && reports) {
            usage = usage.with(said);
            counted = true;
        }
        if (reports || (last && counted)) {
            to.add(new Piece.Count(usage.spent(), last));
        }
    }

    private void startBlock(long index, Fields block, List<Piece> to) {
        switch (block.text("type")) {
            case "text" -> addText(block.text("text", ""), to);
            case "thinking" -> {
                addThought(block.text("thinking", ""), to);
                addSignature(block.text("signature", ""), to);
            }
            case "redacted_thinking" -> {
                String data = block.text("data");
                if (CarriedSignature.isIn(data)) {
                    signature = CarriedSignature.of(data);
                } else {
                    to.add(new Piece.HiddenThought(data));
                }
            }
            case "tool_use" -> startCall(index, block, to);
            default -> {}
        }
    }

    private void startCall(long index, Fields block, List<Piece> to) {
        String id = block.text("id");
        String name = block.text("name");
        Fields input = block.objectOrNull("input");
        OpenCall call = new OpenCall(calls++);
        open.put(index, call);
        to.add(new Piece.Call(call.number, id, name, signature));
        signature = "";
        if (input != null && !input.json().isEmpty()) {
            addArguments(call, CallInput.write(input.json()), to);
        }
    }

    private void delta(long index, Fields delta, List<Piece> to) {
        switch (delta.text("type")) {
            case "text_delta" -> addText(delta.text("text"), to);
            case "thinking_delta" -> addThought(delta.text("thinking"), to);
            case "signature_delta" -> addSignature(delta.text("signature"), to);
            case "input_json_delta" -> {
                OpenCall call = open.get(index);
                if (call != null) {
                    addArguments(call, delta.text("partial_json"), to);
                }
            }
            default -> {}
        }
    }

    private void stopBlock(long index, List<Piece> to) {
        OpenCall call = open.remove(index);
        if (call != null && !call.argued) {
            addArguments(call, "{}", to);
        }
    }

    private void messageDelta(Fields event, List<Piece> to) {
        Fields delta = event.objectOrNull("delta");
        if (delta != null) {
            String said = delta.text("stop_reason", "");
            reason = said.isEmpty() ? reason : said;
            stopSequence = delta.text("stop_sequence", stopSequence);
        }
        count(event, reason != null, to);
    }

    @Override
    public List<Piece> end() {
        if (ended || reason == null) {
            return List.of();
        }
        ended = true;
        return List.of(new Piece.End(MessagesStop.read(reason, calls > 0), stopSequence));
    }

    private static void addText(String text, List<Piece> to) {
        if (!text.isEmpty()) {
            to.add(new Piece.Text(text));
        }
    }

    private static void addThought(String text, List<Piece> to) {
        if (!text.isEmpty()) {
            to.add(new Piece.Thought(text));
        }
    }

    private static void addSignature(String said, List<Piece> to) {
        if (!said.isEmpty()) {
            to.add(new Piece.ThoughtSignature(said));
        }
    }

    private static void addArguments(OpenCall call, String json, List<Piece> to) {
        if (!json.isEmpty()) {
            call.argued = true;
            to.add(new Piece.Arguments(call.number, json));
        }
    }
}
