package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;

/**
 * Relays an answer that nobody looks at, sound above all: it passes as it comes, no faster than the client reads it, and costs what
 * was asked for. The call is charged before the answer ends.
 *
 * <p>Until the first byte is sent, another channel may still be tried. An answer that breaks off behind it is cut off for the client, too,
 * and charged.
 */
final class ByteAnswer implements Answer {

    private static final String UNKNOWN_TYPE = "application/octet-stream";

    private final Attempt attempt;
    private final Exchange exchange;
    private final HttpClientResponse upstream;
    private boolean any;
    private boolean clientHoldsUp;

    private ByteAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.exchange = attempt.call().exchange();
        this.upstream = upstream;
    }

    static ByteAnswer relay(Attempt attempt, HttpClientResponse upstream) {
        ByteAnswer answer = new ByteAnswer(attempt, upstream);
        upstream.handler(chunk -> attempt.guarded(() -> answer.chunk(chunk)));
        upstream.exceptionHandler(cut -> attempt.guarded(answer::brokenOff));
        upstream.endHandler(end -> attempt.guarded(answer::end));
        return answer;
    }

    private void chunk(Buffer chunk) {
        if (attempt.isOver()) {
            return;
        }
        attempt.patience().sign();
        exchange.firstByteAt(System.nanoTime());
        any |= chunk.length() > 0;
        if (exchange.clientGone() || chunk.length() == 0) {
            return;
        }
        HttpServerResponse response = exchange.response();
        begin(response);
        exchange.payload();
        response.write(chunk);
        if (response.writeQueueFull()) {
            clientHoldsUp = true;
            upstream.pause();
            response.drainHandler(drained -> goOn());
        }
    }

    private void begin(HttpServerResponse response) {
        if (!response.headWritten()) {
            String type = upstream.getHeader(HttpHeaders.CONTENT_TYPE);
            attempt.announce(response);
            response.setStatusCode(upstream.statusCode())
                    .setChunked(true)
                    .putHeader(HttpHeaders.CONTENT_TYPE, type == null ? UNKNOWN_TYPE : type);
        }
    }

    private void goOn() {
        clientHoldsUp = false;
        attempt.patience().sign();
        upstream.resume();
    }

    private void end() {
        if (attempt.isOver()) {
            return;
        }
        if (!any) {
            attempt.fail(
                    RelayError.own(502, "empty_response", "the upstream sent an empty answer"),
                    AttemptFailure.ofTransport(true));
            return;
        }
        boolean gone = exchange.clientGone();
        attempt.settle(soFar(), gone ? "the client went away; the answer was read to its end" : "");
        if (!gone) {
            exchange.response().end();
        }
        attempt.ended();
    }

    private void brokenOff() {
        broken(
                RelayError.own(502, "read_response_body_failed", "the upstream broke off its answer"),
                AttemptFailure.ofTransport(true));
    }

    private void broken(RelayError error, AttemptFailure failure) {
        if (attempt.isOver()) {
            return;
        }
        if (any && (exchange.payloadSent() || exchange.clientGone())) {
            attempt.settle(soFar(), error.message());
            attempt.ended();
            exchange.close();
        } else {
            attempt.fail(error, failure);
        }
    }

    @Override
    public MeteredUsage soFar() {
        return new MeteredUsage(Usage.of(attempt.call().request().estimatedPromptTokens(), 0), true);
    }

    @Override
    public void lost(Patience.Lost what) {
        if (clientHoldsUp && what == Patience.Lost.SILENCE) {
            attempt.settle(soFar(), "the client stopped reading");
            attempt.ended();
            exchange.cut();
        } else {
            broken(Attempt.timedOut(what), Attempt.failureOf(what, true));
        }
    }

    @Override
    public void drain() {
        goOn();
    }
}
