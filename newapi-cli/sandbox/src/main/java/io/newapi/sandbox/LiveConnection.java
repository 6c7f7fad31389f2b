package io.newapi.sandbox;

import io.vertx.core.Vertx;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A live connection in OpenAI's form (realtime), with turns of text: the user's words are echoed when a response is asked for.
 * Sound is taken and not understood. Confined to the event loop of its request.
 */
final class LiveConnection {

    private static final int INTERNAL_ERROR = 1011;

    private final Vertx vertx;
    private final ServerWebSocket socket;
    private final String model;
    private final boolean beta;
    private final Script script;
    private final RequestLog.Entry entry;

    private Conversation conversation = new Conversation();
    private long events;
    private long turns;
    private long chunks;

    /** @param beta whether the client speaks the first form of these connections */
    LiveConnection(
            Vertx vertx, ServerWebSocket socket, String model, boolean beta, Script script, RequestLog.Entry entry) {
        this.vertx = vertx;
        this.socket = socket;
        this.model = model;
        this.beta = beta;
        this.script = script;
        this.entry = entry;
    }

    void begin() {
        socket.textMessageHandler(this::heard);
        socket.exceptionHandler(broken -> {});
        socket.closeHandler(closed -> entry.became(turns > 0 ? Outcome.ANSWERED : Outcome.CLIENT_GONE));
        say("session.created", new JsonObject().put("session", session()));
    }

    private JsonObject session() {
        return new JsonObject()
                .put("id", "sess_sandbox_" + entry.number())
                .put("object", "realtime.session")
                .put("model", model);
    }

    private void heard(String text) {
        JsonObject message;
        try {
            message = new JsonObject(text);
        } catch (DecodeException e) {
            refuse("the message is no JSON object");
            return;
        }
        String type = String.valueOf(message.getValue("type"));
        switch (type) {
            case "session.update" ->
                say(
                        "session.updated",
                        new JsonObject().put("session", session().mergeIn(Fields.object(message, "session"))));
            case "conversation.item.create" -> item(Fields.object(message, "item"));
            case "input_audio_buffer.append" -> {}
            case "input_audio_buffer.commit" ->
                say("input_audio_buffer.committed", new JsonObject().put("item_id", id("item")));
            case "input_audio_buffer.clear" -> say("input_audio_buffer.cleared", new JsonObject());
            case "response.create" -> turn();
            case "response.cancel" -> refuse("no response is under way");
            default -> refuse("Invalid value: '" + type + "'.");
        }
    }

    private void item(JsonObject item) {
        String text = Conversation.textOf(item.getValue("content"));
        if ("user".equals(item.getValue("role"))) {
            conversation.asked(text);
        } else {
            conversation.heard(text);
        }
        JsonObject named = new JsonObject().put("id", id("item")).mergeIn(item);
        say(beta ? "conversation.item.created" : "conversation.item.added", new JsonObject().put("item", named));
    }

    private void turn() {
        turns++;
        Question question = new Question(
                model,
                true,
                Long.MAX_VALUE,
                conversation.question(),
                conversation.promptWords(),
                List.of(),
                false,
                null);
        Reply reply = Reply.to(question, script, entry.number());
        say("response.created", new JsonObject().put("response", response(reply, "in_progress", null)));
        delta(reply, 0);
    }

    /** In turns, so that other requests of the event loop get theirs. */
    private void delta(Reply reply, long index) {
        Pieces pieces = reply.blocks().get(reply.blocks().size() - 1).pieces();
        if (socket.isClosed() || met(Fault.Kind.STALL_AFTER_CHUNK, index)) {
            return;
        }
        if (met(Fault.Kind.RESET_AFTER_CHUNK, index)) {
            entry.became(Outcome.FAULTED);
            socket.close((short) INTERNAL_ERROR, "reset");
            return;
        }
        if (index == pieces.count()) {
            done(reply);
            return;
        }
        entry.wrote(++chunks);
        say(
                beta ? "response.text.delta" : "response.output_text.delta",
                new JsonObject().put("response_id", id("resp")).put("delta", pieces.at(index)));
        long waitMillis = script.chunkDelay().toMillis();
        if (waitMillis == 0) {
            vertx.runOnContext(next -> delta(reply, index + 1));
        } else {
            vertx.setTimer(waitMillis, next -> delta(reply, index + 1));
        }
    }

    private boolean met(Fault.Kind fault, long index) {
        return script.fault().is(fault) && script.fault().number() == index;
    }

    private void done(Reply reply) {
        say("response.done", new JsonObject().put("response", response(reply, "completed", reply.usage())));
        conversation.heard(reply.joined(Block.Kind.TEXT));
    }

    private JsonObject response(Reply reply, String status, @Nullable Usage usage) {
        JsonArray output = new JsonArray();
        if (!status.equals("in_progress")) {
            output.add(new JsonObject()
                    .put("id", id("item"))
                    .put("type", "message")
                    .put("role", "assistant")
                    .put(
                            "content",
                            new JsonArray()
                                    .add(new JsonObject()
                                            .put("type", beta ? "text" : "output_text")
                                            .put("text", reply.joined(Block.Kind.TEXT)))));
        }
        return new JsonObject()
                .put("id", id("resp"))
                .put("object", "realtime.response")
                .put("status", status)
                .put("output", output)
                .put("usage", usage == null ? null : counted(usage));
    }

    private static JsonObject counted(Usage usage) {
        return new JsonObject()
                .put("total_tokens", usage.total())
                .put("input_tokens", usage.prompt())
                .put("output_tokens", usage.completion())
                .put(
                        "input_token_details",
                        new JsonObject()
                                .put("cached_tokens", usage.cached())
                                .put("text_tokens", usage.prompt())
                                .put("audio_tokens", 0))
                .put(
                        "output_token_details",
                        new JsonObject().put("text_tokens", usage.completion()).put("audio_tokens", 0));
    }

    private void refuse(String why) {
        say(
                "error",
                new JsonObject()
                        .put(
                                "error",
                                new JsonObject()
                                        .put("type", "invalid_request_error")
                                        .put("code", "invalid_value")
                                        .put("message", why)
                                        .putNull("param")));
    }

    private void say(String type, JsonObject rest) {
        JsonObject event = new JsonObject().put("type", type).put("event_id", "event_sandbox_" + ++events);
        socket.writeTextMessage(event.mergeIn(rest).encode());
    }

    private String id(String of) {
        return of + "_sandbox_" + entry.number() + "_" + turns;
    }
}
