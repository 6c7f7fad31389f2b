package io.newapi.sandbox;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

/**
 * One chat call after it was understood: waits its latency, then answers, as a stream or in one piece, or meets the
 * fault that comes before an answer. Confined to the event loop of its request.
 */
final class ChatExchange {

    private final Vertx vertx;
    private final Context context;
    private final HttpServerResponse response;
    private final ChatAnswer answer;
    private final RequestLog.Entry entry;
    private final Fault fault;

    ChatExchange(Vertx vertx, Context context, HttpServerResponse response, ChatAnswer answer, RequestLog.Entry entry) {
        this.vertx = vertx;
        this.context = context;
        this.response = response;
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
        } else if (fault.is(Fault.Kind.RESET_BEFORE_HEADERS)) {
            entry.became(Outcome.FAULTED);
            response.reset();
        } else if (answer.request().streamed()) {
            ChatStream stream = new ChatStream(vertx, context, response, answer, entry);
            response.closeHandler(closed -> {
                stream.stop();
                entry.became(Outcome.CLIENT_GONE);
            });
            stream.start();
        } else {
            answerWhole();
        }
    }

    private void answerError() {
        entry.became(Outcome.FAULTED);
        int status = (int) fault.number();
        Long retryAfter = answer.script().retryAfterSeconds();
        if (retryAfter != null) {
            response.putHeader("Retry-After", retryAfter.toString());
        }
        json().setStatusCode(status).end(ApiError.ofStatus(status).toJson().encode());
    }

    private void answerWhole() {
        Buffer body = answer.whole().toBuffer();
        Buffer half = body.slice(0, body.length() / 2);
        switch (fault.kind()) {
            case RESET_AFTER_CHUNK -> {
                entry.became(Outcome.FAULTED);
                json().putHeader("Content-Length", String.valueOf(body.length()));
                response.write(half).onComplete(written -> response.reset());
            }
            case STALL_AFTER_CHUNK -> {
                json().putHeader("Content-Length", String.valueOf(body.length()));
                response.write(half);
            }
            case MALFORMED_AFTER_CHUNK -> end(half, Outcome.FAULTED);
            case ERROR_EVENT_AFTER_CHUNK -> end(ApiError.ofStatus(500).toJson().toBuffer(), Outcome.FAULTED);
            case NO_USAGE, NO_DONE, HUGE_LINE, SLOW_HEADERS -> end(body, Outcome.FAULTED);
            case NONE -> end(body, Outcome.ANSWERED);
            case STATUS, RESET_BEFORE_HEADERS ->
                throw new IllegalStateException("was to happen before the answer: " + fault);
        }
    }

    private void end(Buffer body, Outcome outcome) {
        entry.became(outcome);
        json().end(body);
    }

    private HttpServerResponse json() {
        return response.putHeader("Content-Type", "application/json");
    }
}
