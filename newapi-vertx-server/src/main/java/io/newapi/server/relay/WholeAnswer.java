package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.server.relay.wire.ChatAnswer;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpServerResponse;

/** Relays an answer that comes in one piece: it is read, its usage is charged, then it is passed on unchanged. */
final class WholeAnswer {

    private final Attempt attempt;
    private final HttpClientResponse upstream;
    private final Buffer body = Buffer.buffer();

    private WholeAnswer(Attempt attempt, HttpClientResponse upstream) {
        this.attempt = attempt;
        this.upstream = upstream;
    }

    static void relay(Attempt attempt, HttpClientResponse upstream) {
        WholeAnswer answer = new WholeAnswer(attempt, upstream);
        upstream.handler(answer::chunk);
        upstream.exceptionHandler(cut -> answer.interrupted());
        upstream.endHandler(end -> answer.complete());
    }

    private void chunk(Buffer chunk) {
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
        Call call = attempt.call();
        ChatAnswer answer = ChatAnswer.read(body.getBytes(), call.chat().model());
        if (!answer.readable()) {
            attempt.fail(
                    RelayError.own(502, "bad_response_body", "the upstream's answer is not a JSON object"),
                    AttemptFailure.ofBadBody(502));
            return;
        }
        if (answer.error()) {
            attempt.fail(
                    UpstreamErrors.read(502, upstream.statusCode(), body.getBytes()), AttemptFailure.ofStatus(502));
            return;
        }
        attempt.settle(answer.metered(call.chat().estimatedPromptTokens()), "");
        pass(call.exchange());
        attempt.ended();
    }

    private void pass(Exchange exchange) {
        if (exchange.clientGone()) {
            return;
        }
        HttpServerResponse response = exchange.response();
        response.setStatusCode(upstream.statusCode());
        String type = upstream.getHeader("Content-Type");
        response.putHeader("Content-Type", type == null ? "application/json" : type);
        response.end(body);
    }
}
