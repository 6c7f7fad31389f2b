package io.newapi.server.relay;

import io.newapi.core.quota.Quota;
import io.newapi.server.relay.wire.ClientFormat;
import io.newapi.server.relay.wire.Framing;
import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP request of a client and its answer. Confined to the event loop that received it.
 *
 * <p>It alone listens for the end of the client's connection; whoever waits for something asks {@link #whenClientGone}.
 */
final class Exchange {

    /** How long the rest of a refused body is read and thrown away, so that the client gets to read the refusal. */
    private static final Duration LINGER = Duration.ofSeconds(5);

    /** What a server notes for a client that went away before its answer began. */
    private static final int CLIENT_GONE = 499;

    private final String requestId;
    private final HttpServerRequest request;
    private final ClientFormat format;
    private final String clientAddress;
    private final BodyMemory.Share memory;
    private final Spool.Share disk;
    private final Instant startedAt;
    private final long startNanos;

    private boolean clientGone;
    private @Nullable Runnable whenClientGone;
    private long firstByteNanos;
    private boolean payloadSent;
    private @Nullable Runnable whenPayload;
    private boolean closes;
    private String summary = "";
    private Framing framing = Framing.EVENTS;
    private long writtenNanos;
    private boolean insideEvent;

    Exchange(
            String requestId,
            HttpServerRequest request,
            ClientFormat format,
            String clientAddress,
            BodyMemory.Share memory,
            Spool.Share disk,
            Instant startedAt,
            long startNanos) {
        this.requestId = requestId;
        this.request = request;
        this.format = format;
        this.clientAddress = clientAddress;
        this.memory = memory;
        this.disk = disk;
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

    /** In which the client reads an answer that is not an upstream's. */
    ClientFormat format() {
        return format;
    }

    String clientAddress() {
        return clientAddress;
    }

    /** What its bodies take of the memory for bodies. */
    BodyMemory.Share memory() {
        return memory;
    }

    /** Its bodies that do not lie in memory. */
    Spool.Share disk() {
        return disk;
    }

    Instant startedAt() {
        return startedAt;
    }

    Duration sinceStart(long nowNanos) {
        return Duration.ofNanos(nowNanos - startNanos);
    }

    /** The same in nanoseconds. */
    long nanosSinceStart() {
        return System.nanoTime() - startNanos;
    }

    boolean clientGone() {
        return clientGone;
    }

    /** The status of the answer; 499 if the client had gone before it began. */
    int status() {
        return clientGone && !answering() ? CLIENT_GONE : response().getStatusCode();
    }

    /**
     * Runs {@code action} when the client goes away before the answer has ended; at once if it has gone already. There is
     * one action at a time: whoever waits now.
     */
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

    /** Whether any part of the answer has been sent: its status is given, an error can only be added to it. */
    boolean answering() {
        return response().headWritten();
    }

    /** Notes that content goes to the client: from here another answer would be appended to this one. */
    void payload() {
        payloadSent = true;
        Runnable action = whenPayload;
        if (action != null) {
            whenPayload = null;
            action.run();
        }
    }

    /** Runs {@code action} when the first content goes to the client; it takes the place of the one before. */
    void whenPayload(Runnable action) {
        whenPayload = action;
    }

    /** Whether content, more than a comment, has been sent. */
    boolean payloadSent() {
        return payloadSent;
    }

    /** Notes the form in which an answer is streamed. */
    void framed(Framing form) {
        framing = form;
    }

    /** The form in which an answer is streamed. */
    Framing framing() {
        return framing;
    }

    /** Gives the answer of a stream its head, if it has none yet. */
    void beginStream() {
        HttpServerResponse response = response();
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", framing.contentType())
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("X-Accel-Buffering", "no");
        }
    }

    /**
     * Sends a part of a stream.
     *
     * @param ofAnEvent whether it ends inside an event
     */
    void stream(Buffer part, boolean ofAnEvent) {
        beginStream();
        writtenNanos = System.nanoTime();
        insideEvent = ofAnEvent;
        response().write(part);
    }

    /** Whether something may be said between the events of a stream: not inside one, nor to who does not read. */
    boolean betweenEvents() {
        return !clientGone && !response().ended() && !insideEvent && !response().writeQueueFull();
    }

    /** When a part of a stream was sent last, by {@link System#nanoTime}; when the exchange began if none was. */
    long streamedNanos() {
        return writtenNanos == 0 ? startNanos : writtenNanos;
    }

    /** Notes what the call cost, for the access log. */
    void charged(long channelId, Quota quota) {
        summary = " channel " + channelId + " quota " + quota.units() + summary;
    }

    /** What the access log adds to the request; empty or beginning with a space. */
    String summary() {
        return summary;
    }

    /** Closes the connection when the answer has been sent. */
    void closeAfterAnswer() {
        if (request.version() != HttpVersion.HTTP_2) {
            closes = true;
            response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
    }

    /** Tells the client what went wrong: as the answer, or as an event of a stream that has begun. */
    void fail(RelayError error) {
        if (clientGone || response().ended()) {
            return;
        }
        summary += error.code().isEmpty() ? "" : " " + error.code();
        if (answering()) {
            response().end(framing.error(error, format, requestId).appendBuffer(framing.end()));
            return;
        }
        if (error.retryAfterSeconds() > 0) {
            response().putHeader("Retry-After", Integer.toString(error.retryAfterSeconds()));
        }
        Buffer body = error.body(format, requestId);
        response().setStatusCode(error.status()).putHeader("Content-Type", "application/json; charset=utf-8");
        if (!request.isEnded() && !restIsSmall()) {
            closeAfterAnswer();
        }
        response().end(body).onComplete(sent -> discardRest());
    }

    private boolean restIsSmall() {
        boolean unknown = request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        return !unknown && RequestBody.declaredLength(request) <= BodyGathering.SMALL_BYTES;
    }

    /** Closing at once could take the answer away from a client that is still sending. */
    private void discardRest() {
        if (request.isEnded()) {
            closeIfAnnounced();
            return;
        }
        request.handler(rest -> {});
        request.endHandler(end -> closeIfAnnounced());
        request.resume();
        Context context = Vertx.currentContext();
        if (!request.isEnded() && context != null) {
            context.owner().setTimer(LINGER.toMillis(), late -> {
                if (!request.isEnded()) {
                    close();
                }
            });
        }
    }

    private void closeIfAnnounced() {
        if (closes) {
            close();
        }
    }

    /** Cuts the connection, or with HTTP/2 this stream of it. */
    void close() {
        if (request.version() == HttpVersion.HTTP_2) {
            response().reset();
        } else {
            request.connection().close();
        }
    }

    /** Ends the connection of a client that does not read what was sent; the rest of it is lost. */
    void cut() {
        if (request.version() == HttpVersion.HTTP_2) {
            response().reset();
        } else {
            ConnectionCut.now(request.connection());
        }
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
