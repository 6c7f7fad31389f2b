package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.server.relay.wire.ChatStream;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/**
 * Relays a streamed answer: events pass as they come, no faster than the client reads them, and are metered on the way.
 * The call is charged before the last event is sent.
 *
 * <p>Nothing is sent to the client before the first whole event: until then another channel may still be tried.
 */
final class StreamedAnswer {

    private final Attempt attempt;
    private final Call call;
    private final Exchange exchange;
    private final HttpClientResponse upstream;
    private final ChatStream stream;
    private boolean settled;

    private StreamedAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.call = attempt.call();
        this.exchange = call.exchange();
        this.upstream = upstream;
        this.stream = new ChatStream(call.chat().model(), call.chat().usageWanted());
    }

    static void relay(Attempt attempt, HttpClientResponse upstream) {
        StreamedAnswer answer = new StreamedAnswer(attempt, upstream);
        if (!attempt.call().exchange().clientGone()) {
            attempt.call().exchange().whenClientGone(answer::clientGone);
        }
        upstream.handler(answer::chunk);
        upstream.exceptionHandler(cut -> answer.interrupted());
        upstream.endHandler(end -> answer.complete());
    }

    private void chunk(Buffer chunk) {
        if (attempt.isOver()) {
            return;
        }
        exchange.firstByteAt(System.nanoTime());
        pass(stream.feed(chunk));
        if (stream.error()) {
            upstreamError();
        }
    }

    private void pass(Buffer events) {
        if (events.length() == 0 || exchange.clientGone()) {
            return;
        }
        HttpServerResponse response = exchange.response();
        begin(response);
        response.write(events);
        if (response.writeQueueFull()) {
            upstream.pause();
            response.drainHandler(drained -> upstream.resume());
        }
    }

    private static void begin(HttpServerResponse response) {
        if (!response.headWritten()) {
            response.setChunked(true)
                    .putHeader("Content-Type", "text/event-stream")
                    .putHeader("Cache-Control", "no-cache")
                    .putHeader("X-Accel-Buffering", "no");
        }
    }

    /** The upstream reported an error inside the stream. */
    private void upstreamError() {
        RelayError error = UpstreamErrors.read(502, upstream.statusCode(), stream.errorEvent());
        if (exchange.answering() || exchange.clientGone()) {
            settle("the upstream reported an error: " + error.code());
            exchange.fail(error);
            attempt.ended();
        } else {
            attempt.fail(error, AttemptFailure.ofStatus(502));
        }
        attempt.reset();
    }

    private void complete() {
        if (attempt.isOver()) {
            return;
        }
        pass(stream.end());
        if (stream.error()) {
            upstreamError();
            return;
        }
        if (!stream.any()) {
            attempt.fail(
                    RelayError.own(502, "empty_response", "the upstream sent an empty stream"),
                    AttemptFailure.ofBadBody(502));
            return;
        }
        if (!stream.complete()) {
            interrupted();
            return;
        }
        MeteredUsage metered = settle("");
        if (!exchange.clientGone()) {
            HttpServerResponse response = exchange.response();
            begin(response);
            if (call.chat().usageWanted() && !stream.usagePassedOn()) {
                response.write(ChatStream.usageChunk(
                        exchange.requestId(),
                        call.chat().model(),
                        exchange.startedAt().getEpochSecond(),
                        metered.usage()));
            }
            response.end(ChatStream.doneEvent());
        }
        attempt.ended();
    }

    /** The upstream broke off, or was silent for too long. */
    private void interrupted() {
        if (attempt.isOver()) {
            return;
        }
        RelayError error = RelayError.own(502, "stream_interrupted", "the upstream broke off its stream");
        if (!exchange.answering() && !exchange.clientGone()) {
            attempt.fail(error, AttemptFailure.ofTransport(true));
            return;
        }
        settle("the upstream broke off its stream");
        exchange.fail(error);
        attempt.ended();
    }

    private void clientGone() {
        if (attempt.isOver()) {
            return;
        }
        if (attempt.upstream().mayDrain()) {
            attempt.upstream()
                    .vertx()
                    .setTimer(attempt.upstream().settings().drainTimeout().toMillis(), late -> cut());
            attempt.whenOver(attempt.upstream()::drained);
            upstream.resume();
        } else {
            cut();
        }
    }

    private void cut() {
        if (attempt.isOver()) {
            return;
        }
        settle("the client went away");
        attempt.ended();
        attempt.reset();
    }

    private MeteredUsage settle(String note) {
        MeteredUsage metered = stream.metered(call.chat().estimatedPromptTokens());
        if (!settled) {
            settled = true;
            attempt.settle(metered, note);
        }
        return metered;
    }
}
