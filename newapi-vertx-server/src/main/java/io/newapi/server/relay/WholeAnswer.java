package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.wire.ChatAnswer;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;

/** Relays an answer that comes in one piece: it is read, its usage is charged, then it is passed on unchanged. */
final class WholeAnswer implements Answer {

    private final Attempt attempt;
    private final HttpClientResponse upstream;
    private final Buffer body = Buffer.buffer();

    private WholeAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.upstream = upstream;
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
        Call call = attempt.call();
        byte[] bytes = body.getBytes();
        ChatAnswer answer = ChatAnswer.read(bytes, call.chat().model(), attempt.completionCount());
        if (!answer.readable()) {
            attempt.fail(
                    RelayError.own(502, "bad_response_body", "the upstream's answer is not a JSON object"),
                    AttemptFailure.ofBadBody(502));
            return;
        }
        if (answer.error()) {
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
                answer.metered(call.chat().estimatedPromptTokens()),
                gone ? "the client went away; the answer was read to its end" : "");
        if (!gone) {
            pass(call.exchange());
        }
        attempt.ended();
    }

    private void pass(Exchange exchange) {
        String type = upstream.getHeader(HttpHeaders.CONTENT_TYPE);
        exchange.response()
                .setStatusCode(upstream.statusCode())
                .putHeader("Content-Type", type == null ? "application/json" : type)
                .end(body);
    }

    @Override
    public MeteredUsage soFar() {
        // nothing of it was passed on
        return new MeteredUsage(Usage.of(attempt.call().chat().estimatedPromptTokens(), 0), true);
    }

    @Override
    public void lost(Patience.Lost what) {
        attempt.fail(Attempt.timedOut(what), AttemptFailure.ofTransport(true));
    }

    @Override
    public void drain() {
        // it is never held up
    }
}
