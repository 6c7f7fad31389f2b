package io.newapi.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;

/**
 * Writes one answer as server-sent events: an opening chunk, content chunks, a finishing chunk, usage if wanted,
 * {@code [DONE]}; with its delays and its fault. It never writes into a full queue.
 *
 * <p>Confined to the event loop of its request.
 */
final class ChatStream {

    /** Chunks written before other requests of the event loop get their turn. */
    private static final int TURN_CHUNKS = 64;

    private static final String BROKEN_EVENT =
            "data: {\"id\":\"chatcmpl-sandbox\",\"choices\":[{\"delta\":{\"conte\n\n";

    private enum Part {
        OPENING,
        CONTENT,
        ENDING,
        OVER
    }

    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private final ChatAnswer answer;
    private final RequestLog.Entry entry;
    private final Fault fault;
    private final long faultAt;
    private final long delayMillis;

    private Part part = Part.OPENING;
    private boolean faultDue;
    private long sent;
    private long timer = -1;

    ChatStream(Vertx vertx, Context context, HttpServerResponse response, ChatAnswer answer, RequestLog.Entry entry) {
        this.vertx = vertx;
        this.context = context;
        this.response = response;
        this.answer = answer;
        this.entry = entry;
        this.fault = answer.script().fault();
        this.faultDue = switch (fault.kind()) {
            case RESET_AFTER_CHUNK, STALL_AFTER_CHUNK, MALFORMED_AFTER_CHUNK, ERROR_EVENT_AFTER_CHUNK -> true;
            case NONE, STATUS, RESET_BEFORE_HEADERS, NO_USAGE, NO_DONE, HUGE_LINE, SLOW_HEADERS -> false;
        };
        this.faultAt = Math.min(fault.number(), answer.reply().chunks());
        this.delayMillis = answer.script().chunkDelay().toMillis();
    }

    void start() {
        response.setChunked(true)
                .putHeader("Content-Type", "text/event-stream; charset=utf-8")
                .putHeader("Cache-Control", "no-cache");
        response.drainHandler(drained -> advance());
        advance();
    }

    /** The client is gone: writes no more and stops the timer. */
    void stop() {
        part = Part.OVER;
        if (timer >= 0) {
            vertx.cancelTimer(timer);
        }
    }

    private void advance() {
        for (int turn = 0; part != Part.OVER && timer < 0 && !response.writeQueueFull(); turn++) {
            if (turn == TURN_CHUNKS) {
                context.runOnContext(again -> advance());
                return;
            }
            step();
        }
    }

    private void step() {
        switch (part) {
            case OPENING -> {
                write(answer.chunk(Reply.opening(), null));
                if (fault.is(Fault.Kind.HUGE_LINE)) {
                    write(answer.chunk(new JsonObject().put("content", answer.hugeText()), null));
                }
                part = Part.CONTENT;
            }
            case CONTENT -> {
                if (faultDue && sent == faultAt) {
                    faultDue = false;
                    meetFault();
                } else if (sent < answer.reply().chunks()) {
                    write(answer.chunk(answer.reply().delta(sent), null));
                    entry.wrote(++sent);
                    pause();
                } else {
                    part = Part.ENDING;
                }
            }
            case ENDING -> end();
            case OVER -> {}
        }
    }

    private void pause() {
        if (delayMillis > 0 && sent < answer.reply().chunks()) {
            timer = vertx.setTimer(delayMillis, fired -> {
                timer = -1;
                advance();
            });
        }
    }

    private void meetFault() {
        switch (fault.kind()) {
            case RESET_AFTER_CHUNK -> {
                part = Part.OVER;
                entry.became(Outcome.FAULTED);
                // What was written must have left before, or the number of chunks would be left to chance.
                response.write(": reset follows\n\n").onComplete(written -> response.reset());
            }
            case STALL_AFTER_CHUNK -> part = Part.OVER;
            case MALFORMED_AFTER_CHUNK -> response.write(BROKEN_EVENT);
            case ERROR_EVENT_AFTER_CHUNK -> {
                part = Part.OVER;
                entry.became(Outcome.FAULTED);
                write(ApiError.ofStatus(500).toJson().encode());
                response.end();
            }
            case NONE, STATUS, RESET_BEFORE_HEADERS, NO_USAGE, NO_DONE, HUGE_LINE, SLOW_HEADERS ->
                throw new IllegalStateException("not a fault within a stream: " + fault);
        }
    }

    private void end() {
        part = Part.OVER;
        write(answer.chunk(new JsonObject(), answer.reply().finishReason()));
        if (answer.usageEndsStream()) {
            write(answer.usageChunk().encode());
        }
        // Before the last byte: who has read the end finds it recorded.
        entry.became(fault.equals(Fault.NONE) ? Outcome.ANSWERED : Outcome.FAULTED);
        if (fault.is(Fault.Kind.NO_DONE)) {
            response.end();
        } else {
            response.end("data: [DONE]\n\n");
        }
    }

    private void write(String event) {
        response.write("data: " + event + "\n\n");
    }
}
