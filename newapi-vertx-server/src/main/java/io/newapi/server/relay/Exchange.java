package io.newapi.server.relay;

import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One HTTP request of a client and its answer. Confined to the event loop that received it. */
final class Exchange {

    private final String requestId;
    private final HttpServerRequest request;
    private final String clientAddress;
    private final Instant startedAt;
    private final long startNanos;

    private boolean clientGone;
    private @Nullable Runnable whenClientGone;
    private long firstByteNanos;

    Exchange(String requestId, HttpServerRequest request, String clientAddress, Instant startedAt, long startNanos) {
        this.requestId = requestId;
        this.request = request;
        this.clientAddress = clientAddress;
        this.startedAt = startedAt;
        this.startNanos = startNanos;
        response().closeHandler(closed -> clientHasGone());
        response().exceptionHandler(failure -> clientHasGone());
        request.exceptionHandler(failure -> clientHasGone());
    }

    String requestId() {
        return requestId;
    }

    HttpServerRequest request() {
        return request;
    }

    HttpServerResponse response() {
        return request.response();
    }

    String clientAddress() {
        return clientAddress;
    }

    Instant startedAt() {
        return startedAt;
    }

    Duration sinceStart(long nowNanos) {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    boolean clientGone() {
        return clientGone;
    }

    /** Runs {@code action} when the client goes away before the answer has ended; at once if it has gone already. */
    void whenClientGone(Runnable action) {
        if (clientGone) {
            action.run();
        } else {
            whenClientGone = action;
        }
    }

    /** Notes that the upstream's first byte is there. */
    void firstByteAt(long nowNanos) {
        if (firstByteNanos == 0) {
            firstByteNanos = nowNanos;
        }
    }

    /** Milliseconds from the request to the upstream's first byte; -1 if none came. */
    long firstByteMillis() {
        return firstByteNanos == 0
                ? -1
                : Duration.ofNanos(firstByteNanos - startNanos).toMillis();
    }

    /** Whether any part of the answer has been sent. */
    boolean answering() {
        return response().headWritten();
    }

    /** Tells the client what went wrong: as the answer, or as an event of a stream that has begun. */
    void fail(RelayError error) {
        if (clientGone || response().ended()) {
            return;
        }
        if (answering()) {
            response().end(error.openAiEvent(requestId));
            return;
        }
        if (error.retryAfterSeconds() > 0) {
            response().putHeader("Retry-After", Integer.toString(error.retryAfterSeconds()));
        }
        Buffer body = error.openAiBody(requestId);
        response().setStatusCode(error.status()).putHeader("Content-Type", "application/json; charset=utf-8");
        if (!request.isEnded()) {
            // the rest of the body is not read; the connection cannot be used again
            response().putHeader("Connection", "close");
        }
        response().end(body);
    }

    private void clientHasGone() {
        if (clientGone || response().ended()) {
            return;
        }
        clientGone = true;
        Runnable action = whenClientGone;
        if (action != null) {
            action.run();
        }
    }
}
