package io.newapi.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;

/**
 * One call after it was understood: waits its latency, then answers, as a stream or in one piece, or meets the fault that
 * comes before an answer. Confined to the event loop of its request.
 */
final class Exchange {

    private static final Buffer BLANKS = Buffer.buffer(" ".repeat(1024));

    private final Vertx vertx;
    private final Context context;
    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final Provider provider;
    private final Answer answer;
    private final RequestLog.Entry entry;
    private final Fault fault;

    Exchange(
            Vertx vertx,
            Context context,
            HttpServerRequest request,
            Provider provider,
            Answer answer,
            RequestLog.Entry entry) {
        this.vertx = vertx;
        this.context = context;
        this.request = request;
        this.response = request.response();
        this.provider = provider;
        this.answer = answer;
        this.entry = entry;
        this.fault = answer.script().fault();
    }

    void start() {
        long waitMillis =
                answer.script().latency().toMillis() + (fault.is(Fault.Kind.SLOW_HEADERS) ? fault.number() : 0);
        if (waitMillis == 0) {
            answer();
            return;
        }
        long timer = vertx.setTimer(waitMillis, fired -> answer());
        response.closeHandler(closed -> {
            vertx.cancelTimer(timer);
            entry.became(Outcome.CLIENT_GONE);
        });
    }

    private void answer() {
        if (response.closed()) {
            entry.became(Outcome.CLIENT_GONE);
        } else if (fault.is(Fault.Kind.STATUS)) {
            answerError();
        } else if (fault.is(Fault.Kind.REDIRECT)) {
            entry.became(Outcome.FAULTED);
            response.setStatusCode((int) fault.number())
                    .putHeader("Location", "/redirected" + request.uri())
                    .end();
        } else if (fault.is(Fault.Kind.RESET_BEFORE_HEADERS)) {
            entry.became(Outcome.FAULTED);
            response.reset();
        } else if (answer instanceof Answer.Streamed streamed) {
            EventStream stream = new EventStream(vertx, context, response, provider, streamed, entry);
            response.closeHandler(closed -> {
                stream.stop();
                entry.became(Outcome.CLIENT_GONE);
            });
            stream.start();
        } else if (answer instanceof Answer.Whole whole) {
            response.putHeader("Content-Type", fault.contentType(whole.contentType()));
            answerWhole(whole.body());
        }
    }

    private void answerError() {
        int status = (int) fault.number();
        Long retryAfter = answer.script().retryAfterSeconds();
        if (retryAfter != null) {
            response.putHeader("Retry-After", retryAfter.toString());
        }
        response.setStatusCode(status).putHeader("Content-Type", "application/json");
        end(error(status), Outcome.FAULTED);
    }

    private Buffer error(int status) {
        return provider.error(ApiError.ofStatus(status), entry.number()).toBuffer();
    }

    private void answerWhole(Buffer body) {
        Buffer half = body.slice(0, body.length() / 2);
        switch (fault.kind()) {
            case RESET_AFTER_CHUNK, RESET_BEFORE_USAGE -> reset(body, half);
            case RESET_AFTER_USAGE -> reset(body, body.slice(0, body.length() - 1));
            case STALL_AFTER_CHUNK -> {
                response.putHeader("Content-Length", String.valueOf(body.length()));
                response.write(half);
            }
            case ENDLESS -> {
                response.setChunked(true).write(half);
                response.drainHandler(drained -> writeBlanks());
                writeBlanks();
            }
            case MALFORMED_AFTER_CHUNK, BAD_FRAME_AFTER_CHUNK -> end(half, Outcome.FAULTED);
            case ERROR_EVENT_AFTER_CHUNK -> end(error(500), Outcome.FAULTED);
            case NO_USAGE, ZERO_USAGE, NO_DONE, HUGE_LINE, SLOW_HEADERS, WRONG_CONTENT_TYPE ->
                end(body, Outcome.FAULTED);
            case NONE -> end(body, Outcome.ANSWERED);
            case STATUS, REDIRECT, RESET_BEFORE_HEADERS ->
                throw new IllegalStateException("was to happen before the answer: " + fault);
        }
    }

    private void reset(Buffer body, Buffer part) {
        entry.became(Outcome.FAULTED);
        response.putHeader("Content-Length", String.valueOf(body.length()));
        response.write(part).onComplete(written -> response.reset());
    }

    /** In turns, so that other requests of the event loop get theirs. */
    private void writeBlanks() {
        if (!response.closed() && !response.writeQueueFull()) {
            response.write(BLANKS.copy());
            context.runOnContext(again -> writeBlanks());
        }
    }

    private void end(Buffer body, Outcome outcome) {
        entry.became(outcome);
        response.end(body);
    }
}
