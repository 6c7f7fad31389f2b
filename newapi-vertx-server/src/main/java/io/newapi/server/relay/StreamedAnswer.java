package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.server.relay.wire.AnswerStream;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.Ending;
import io.newapi.server.relay.wire.Framing;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.newapi.server.relay.wire.chat.StreamRewriting;
import io.newapi.server.relay.wire.chat.Translator;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;
import org.jspecify.annotations.Nullable;

/**
 * Relays a streamed answer: events pass as they come, no faster than the client reads them, and are metered on the way.
 * The call is charged before the last event is sent.
 *
 * <p>Until the first event with content is sent, another channel may still be tried. The answer is over with the format's
 * last event, whatever the upstream does with its connection afterwards.
 */
final class StreamedAnswer implements Answer {

    /** How long an upstream that has said its last word may take to end its answer, so that the connection lives on. */
    private static final long LINGER_MILLIS = 2000;

    private final Attempt attempt;
    private final Call call;
    private final Exchange exchange;
    private final HttpClientResponse upstream;
    private final AnswerStream stream;
    private final @Nullable StreamRewriting rewriting;
    private boolean clientHoldsUp;
    private boolean upstreamEnded;

    /** What was taken of the memory for bodies. */
    private long heldBytes;

    private StreamedAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.call = attempt.call();
        this.exchange = call.exchange();
        this.upstream = upstream;
        ClientRequest request = call.request();
        Translator translator = attempt.translator();
        // what is translated has to be read, whatever the client wants to see of it
        boolean usageWanted = translator != null || request.usageWanted();
        this.stream =
                new AnswerStream(attempt.spoken().streamMeter(request.model(), usageWanted, attempt.completionCount()));
        this.rewriting = rewriting(attempt, translator);
    }

    /** The client's format, and then the channel's style; null if the upstream's events pass as they are. */
    private static @Nullable StreamRewriting rewriting(Attempt attempt, @Nullable Translator translator) {
        StreamRewriting styled = attempt.style().stream(attempt.facts()).orElse(null);
        if (translator == null) {
            return styled;
        }
        StreamRewriting translated = translator.stream(attempt.facts());
        return styled == null ? translated : translated.then(styled);
    }

    static StreamedAnswer relay(Attempt attempt, HttpClientResponse upstream) {
        StreamedAnswer answer = new StreamedAnswer(attempt, upstream);
        upstream.handler(chunk -> attempt.guarded(() -> answer.chunk(chunk)));
        upstream.exceptionHandler(cut -> attempt.guarded(answer::end));
        upstream.endHandler(end -> attempt.guarded(answer::end));
        return answer;
    }

    private void chunk(Buffer chunk) {
        if (attempt.isOver()) {
            return;
        }
        attempt.patience().sign();
        exchange.firstByteAt(System.nanoTime());
        pass(stream.feed(chunk));
        if (attempt.isOver()) {
            return;
        }
        if (stream.error()) {
            upstreamError();
        } else if (stream.done()) {
            complete();
            lingerUntilEnd();
        }
    }

    private void pass(Buffer events) {
        if (events.length() == 0 || exchange.clientGone()) {
            return;
        }
        announce();
        if (stream.any()) {
            exchange.payload();
        }
        exchange.stream(exchange.framing().of(rewritten(events)), stream.insideEvent());
        if (isTooMuchToHold()) {
            return;
        }
        HttpServerResponse response = exchange.response();
        if (response.writeQueueFull()) {
            clientHoldsUp = true;
            upstream.pause();
            response.drainHandler(drained -> goOn());
        }
    }

    private Buffer rewritten(Buffer events) {
        StreamRewriting known = rewriting;
        return known == null ? events : known.of(events);
    }

    /** What is rewritten has to be held until its event is whole: as long as there is memory, and not for ever. */
    private boolean isTooMuchToHold() {
        StreamRewriting known = rewriting;
        if (known == null) {
            return false;
        }
        if (known.tooLong()) {
            giveUp(
                    RelayError.own(502, "bad_response_body", "an event of the upstream's is too long to be translated"),
                    "an event was too long to be translated");
            attempt.reset();
            return true;
        }
        if (known.heldBytes() > AnswerStream.MAX_HELD_BYTES && known.heldBytes() > heldBytes) {
            // twice as much as before: memory is not asked for with each piece
            long more = 2L * known.heldBytes() - heldBytes;
            if (!exchange.memory().take(more)) {
                giveUp(Refusals.noMemory(), "there was no memory left to translate it");
                attempt.reset();
                return true;
            }
            heldBytes += more;
        }
        return false;
    }

    private void goOn() {
        clientHoldsUp = false;
        attempt.patience().sign();
        upstream.resume();
    }

    private void announce() {
        if (!exchange.answering()) {
            attempt.announce(exchange.response());
        }
    }

    /** The upstream reported an error inside the stream. */
    private void upstreamError() {
        byte[] event = stream.errorEvent();
        RelayError error = UpstreamErrors.read(502, upstream.statusCode(), event, attempt.secrets());
        if (exchange.payloadSent()) {
            giveUp(error, "the upstream reported an error");
        } else {
            attempt.failedInBody(error, event);
        }
        attempt.reset();
    }

    /** The upstream has ended, in order or not. */
    private void end() {
        upstreamEnded = true;
        if (attempt.isOver()) {
            return;
        }
        pass(stream.end());
        if (attempt.isOver()) {
            return;
        }
        if (stream.error()) {
            upstreamError();
        } else if (stream.complete()) {
            complete();
        } else if (stream.any()) {
            interrupted(RelayError.own(502, "stream_interrupted", "the upstream broke off its stream"));
        } else {
            interrupted(RelayError.own(502, "empty_response", "the upstream sent an empty stream"));
        }
    }

    private void complete() {
        MeteredUsage metered = soFar();
        attempt.settle(metered, exchange.clientGone() ? "the client went away; the answer was read to its end" : "");
        if (!exchange.clientGone()) {
            announce();
            exchange.beginStream();
            Ending facts = new Ending(
                    exchange.requestId(),
                    call.request().model(),
                    exchange.startedAt().getEpochSecond());
            Buffer ending = rewritten(stream.ending(facts, metered.usage()));
            StreamRewriting known = rewriting;
            if (known != null) {
                ending.appendBuffer(known.end(metered.usage()));
            }
            Framing framing = exchange.framing();
            exchange.response().end(framing.of(ending).appendBuffer(framing.end()));
        }
        attempt.ended();
    }

    private void lingerUntilEnd() {
        long timer = attempt.upstream().vertx().setTimer(LINGER_MILLIS, late -> attempt.reset());
        upstream.endHandler(end -> attempt.upstream().vertx().cancelTimer(timer));
        upstream.exceptionHandler(cut -> attempt.upstream().vertx().cancelTimer(timer));
        upstream.resume();
    }

    /** Breaks off: elsewhere it may be tried again if the client has seen nothing of it. */
    private void interrupted(RelayError error) {
        interrupted(error, AttemptFailure.ofTransport(true));
    }

    private void interrupted(RelayError error, AttemptFailure failure) {
        if (exchange.payloadSent() || (exchange.clientGone() && stream.any())) {
            giveUp(error, error.message());
        } else {
            attempt.fail(error, failure);
        }
    }

    /** Charges what has come, and tells the client that no more will. */
    private void giveUp(RelayError error, String note) {
        attempt.settle(soFar(), note);
        if (!exchange.clientGone() && exchange.answering()) {
            exchange.stream(exchange.framing().of(rewritten(stream.closing())), false);
        }
        exchange.fail(error);
        attempt.ended();
    }

    @Override
    public MeteredUsage soFar() {
        return stream.metered(call.request().estimatedPromptTokens());
    }

    @Override
    public void lost(Patience.Lost what) {
        if (clientHoldsUp && what == Patience.Lost.SILENCE) {
            attempt.settle(soFar(), "the client stopped reading");
            attempt.ended();
            exchange.cut();
        } else if (stream.complete() && !upstreamEnded) {
            complete();
        } else {
            interrupted(Attempt.timedOut(what), Attempt.failureOf(what, true));
        }
    }

    @Override
    public void drain() {
        goOn();
    }
}
