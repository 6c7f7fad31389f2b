package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.AnswerFacts;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.newapi.server.relay.wire.chat.ChatStyle;
import io.newapi.server.relay.wire.chat.Translator;
import io.newapi.server.relay.wire.chat.Unreadable;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Relays an answer that comes in one piece: it is read, its usage is charged, then it is passed on, unchanged unless the client or the
 * channel wants it otherwise. A client that does not take it in the time that a silence may last is cut off.
 */
final class WholeAnswer implements Answer {

    private static final long NO_TIMER = -1;

    private final Attempt attempt;
    private final HttpClientResponse upstream;
    private final BodyMemory.Share memory;
    private final Buffer body = Buffer.buffer();
    private boolean passing;

    private WholeAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.upstream = upstream;
        this.memory = attempt.call().exchange().memory().another();
        attempt.whenOver(() -> {
            if (!passing) {
                memory.close();
            }
        });
    }

    static WholeAnswer relay(Attempt attempt, HttpClientResponse upstream) {
        WholeAnswer answer = new WholeAnswer(attempt, upstream);
        upstream.handler(chunk -> attempt.guarded(() -> answer.chunk(chunk)));
        upstream.exceptionHandler(cut -> answer.interrupted());
        upstream.endHandler(end -> attempt.guarded(answer::complete));
        return answer;
    }

    private void chunk(Buffer chunk) {
        if (attempt.isOver()) {
            return;
        }
        attempt.patience().sign();
        attempt.call().exchange().firstByteAt(System.nanoTime());
        if (body.length() + (long) chunk.length()
                > attempt.upstream().settings().maxAnswerBytes()) {
            attempt.fail(
                    RelayError.own(502, "bad_response_body", "the upstream's answer is too large"),
                    AttemptFailure.ofBadBody(502));
            attempt.reset();
        } else if (!memory.take(chunk.length())) {
            attempt.fail(Refusals.noMemory(), AttemptFailure.ofClient(503));
            attempt.reset();
        } else {
            body.appendBuffer(chunk);
        }
    }

    private void interrupted() {
        attempt.fail(
                RelayError.own(502, "read_response_body_failed", "the upstream broke off its answer"),
                AttemptFailure.ofTransport(true));
    }

    private void complete() {
        if (attempt.isOver()) {
            return;
        }
        if (body.length() == 0) {
            attempt.fail(
                    RelayError.own(502, "empty_response", "the upstream sent an empty answer"),
                    AttemptFailure.ofTransport(true));
            return;
        }
        if (body.length() < RelaySettings.LARGE_BYTES) {
            judge(read());
        } else {
            // elsewhere, so that the other calls of this event loop do not wait for it
            attempt.upstream()
                    .vertx()
                    .executeBlocking(this::read, false)
                    .onComplete(
                            answer -> attempt.guarded(() -> judge(answer)),
                            failure -> attempt.guarded(() -> {
                                throw new IllegalStateException("an answer could not be read", failure);
                            }));
        }
    }

    /**
     * What was read.
     *
     * @param facts what it amounts to
     * @param rewritten the same as the client is to read it; null if that is how it came, or it cannot be read
     */
    private record Read(AnswerFacts facts, @Nullable Buffer rewritten) {}

    private Read read() {
        ClientRequest request = attempt.call().request();
        byte[] bytes = body.getBytes();
        AnswerFacts facts = attempt.spoken().facts(bytes, request.model(), attempt.completionCount());
        Translator translator = attempt.translator();
        ChatStyle style = attempt.style();
        if ((translator == null && !style.plain()) || !facts.readable() || facts.error()) {
            return new Read(facts, null);
        }
        try {
            byte[] rewritten = translator == null
                    ? style.whole(bytes, attempt.facts())
                    : translator.answer(bytes, attempt.facts());
            return new Read(facts, Buffer.buffer(rewritten));
        } catch (Unreadable e) {
            return new Read(new AnswerFacts(false, false, null, 0), null);
        }
    }

    private void judge(Read read) {
        AnswerFacts answer = read.facts();
        if (attempt.isOver()) {
            return;
        }
        Call call = attempt.call();
        if (!answer.readable()) {
            attempt.fail(
                    RelayError.own(502, "bad_response_body", "the upstream's answer is not a JSON object"),
                    AttemptFailure.ofBadBody(502));
            return;
        }
        if (answer.error()) {
            byte[] bytes = body.getBytes();
            attempt.failedInBody(UpstreamErrors.read(502, upstream.statusCode(), bytes, attempt.secrets()), bytes);
            return;
        }
        if (call.exchange().answering()) {
            // an attempt before has begun a stream with comments, and this is no event of one
            attempt.fail(
                    RelayError.own(502, "bad_response", "the upstream does not stream its answer"),
                    AttemptFailure.ofBadBody(502));
            return;
        }
        boolean gone = call.exchange().clientGone();
        attempt.settle(
                answer.metered(call.request().estimatedPromptTokens()),
                gone ? "the client went away; the answer was read to its end" : "");
        if (!gone) {
            Buffer rewritten = read.rewritten();
            pass(call.exchange(), rewritten == null ? body : rewritten);
        }
        attempt.ended();
    }

    private void pass(Exchange exchange, Buffer answer) {
        String type = answer == body ? upstream.getHeader(HttpHeaders.CONTENT_TYPE) : null;
        attempt.announce(exchange.response());
        Future<Void> passed = exchange.response()
                .setStatusCode(upstream.statusCode())
                .putHeader("Content-Type", type == null ? "application/json" : type)
                .end(answer);
        passing = true;
        Duration longest = attempt.upstream().settings().idleTimeout();
        Vertx vertx = attempt.upstream().vertx();
        long timer = passed.isComplete() || longest.isZero()
                ? NO_TIMER
                : vertx.setTimer(longest.toMillis(), late -> exchange.cut());
        passed.onComplete(done -> {
            vertx.cancelTimer(timer);
            memory.close();
        });
    }

    @Override
    public MeteredUsage soFar() {
        // nothing of it was passed on
        return new MeteredUsage(Usage.of(attempt.call().request().estimatedPromptTokens(), 0), true);
    }

    @Override
    public void lost(Patience.Lost what) {
        attempt.fail(Attempt.timedOut(what), Attempt.failureOf(what, true));
    }

    @Override
    public void drain() {
        // it is never held up
    }
}
