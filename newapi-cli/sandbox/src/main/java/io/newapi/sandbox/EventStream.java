package io.newapi.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/**
 * Writes one answer as a stream in its writer's format, with its delays and its fault. It never writes into a full queue.
 *
 * <p>Confined to the event loop of its request.
 */
final class EventStream {

    /** Chunks written before other requests of the event loop get their turn. */
    private static final int TURN_CHUNKS = 64;

    /** No field's name, no end of the line before it, and a byte that begins no character. */
    private static final Buffer BAD_FRAME =
            Buffer.buffer("<bad frame ").appendByte((byte) 0xC3).appendString("(\n\n");

    private enum Part {
        OPENING,
        BLOCK,
        CONTENT,
        ENDING,
        OVER
    }

    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private final Provider provider;
    private final Reply reply;
    private final Writer writer;
    private final RequestLog.Entry entry;
    private final Fault fault;
    private final long faultAt;
    private final long delayMillis;

    private Part part = Part.OPENING;
    private boolean faultDue;
    private int index;
    private long piece;
    private long sent;
    private long timer = -1;

    EventStream(
            Vertx vertx,
            Context context,
            HttpServerResponse response,
            Provider provider,
            Answer.Streamed answer,
            RequestLog.Entry entry) {
        this.vertx = vertx;
        this.context = context;
        this.response = response;
        this.provider = provider;
        this.reply = answer.reply();
        this.writer = answer.writer();
        this.entry = entry;
        this.fault = answer.script().fault();
        this.faultDue = switch (fault.kind()) {
            case RESET_AFTER_CHUNK,
                    STALL_AFTER_CHUNK,
                    MALFORMED_AFTER_CHUNK,
                    BAD_FRAME_AFTER_CHUNK,
                    ERROR_EVENT_AFTER_CHUNK -> true;
            default -> false;
        };
        this.faultAt = Math.min(fault.number(), reply.chunks());
        this.delayMillis = answer.script().chunkDelay().toMillis();
    }

    void start() {
        response.setChunked(true)
                .putHeader("Content-Type", fault.contentType(writer.contentType()))
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
                String opening = writer.open();
                if (opening.isEmpty()) {
                    response.writeHead();
                }
                write(opening);
                part = Part.BLOCK;
            }
            case BLOCK -> {
                if (faultDue && sent == faultAt) {
                    faultDue = false;
                    meetFault();
                } else if (index < reply.blocks().size()) {
                    write(writer.start(index, block()));
                    part = Part.CONTENT;
                } else {
                    part = Part.ENDING;
                }
            }
            case CONTENT -> content();
            case ENDING -> end();
            case OVER -> {}
        }
    }

    private void content() {
        if (piece == block().pieces().count()) {
            write(writer.stop(index, block()));
            index++;
            piece = 0;
            part = Part.BLOCK;
        } else if (faultDue && sent == faultAt) {
            faultDue = false;
            meetFault();
        } else {
            write(writer.piece(index, block(), block().pieces().at(piece)));
            entry.wrote(++sent);
            piece++;
            if (fault.is(Fault.Kind.ENDLESS) && sent >= reply.chunks()) {
                piece = 0;
            }
            pause();
        }
    }

    private Block block() {
        return reply.blocks().get(index);
    }

    private void pause() {
        if (delayMillis > 0 && (sent < reply.chunks() || fault.is(Fault.Kind.ENDLESS))) {
            timer = vertx.setTimer(delayMillis, fired -> {
                timer = -1;
                advance();
            });
        }
    }

    private void meetFault() {
        switch (fault.kind()) {
            case RESET_AFTER_CHUNK -> reset();
            case STALL_AFTER_CHUNK -> part = Part.OVER;
            case MALFORMED_AFTER_CHUNK -> write(writer.malformed());
            case BAD_FRAME_AFTER_CHUNK -> response.write(BAD_FRAME);
            case ERROR_EVENT_AFTER_CHUNK -> {
                part = Part.OVER;
                entry.became(Outcome.FAULTED);
                write(writer.error(provider.error(ApiError.ofStatus(500), entry.number())));
                response.end();
            }
            default -> throw new IllegalStateException("not a fault within a stream: " + fault);
        }
    }

    /** What was written must have left before, or the number of chunks would be left to chance. */
    private void reset() {
        part = Part.OVER;
        entry.became(Outcome.FAULTED);
        response.write("\n").onComplete(written -> response.reset());
    }

    private void end() {
        List<Writer.Ending> ending = writer.ending();
        int last = ending.size() - 1;
        int usage = last;
        for (int i = last; i >= 0; i--) {
            usage = ending.get(i).usage() ? i : usage;
        }
        for (int i = 0; i <= last; i++) {
            if (i == usage && fault.is(Fault.Kind.RESET_BEFORE_USAGE)) {
                reset();
                return;
            }
            if (i == last && !fault.is(Fault.Kind.RESET_AFTER_USAGE)) {
                break;
            }
            write(ending.get(i).text());
            if (i == usage && fault.is(Fault.Kind.RESET_AFTER_USAGE)) {
                reset();
                return;
            }
        }
        part = Part.OVER;
        // Before the last byte: who has read the end finds it recorded.
        entry.became(fault.equals(Fault.NONE) ? Outcome.ANSWERED : Outcome.FAULTED);
        if (fault.is(Fault.Kind.NO_DONE)) {
            response.end();
        } else {
            response.end(ending.get(last).text());
        }
    }

    private void write(String text) {
        if (!text.isEmpty()) {
            response.write(text);
        }
    }
}
