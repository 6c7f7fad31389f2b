package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.CyclicModelMappingException;
import io.newapi.core.channel.SelectedKey;
import io.newapi.core.channel.Selection;
import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.provider.UpstreamCall;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one channel.
 *
 * <pre>
 *   connecting --sent--> waiting --2xx--> answering --> Ended
 *       |                   |  \--other status--> Failed
 *       |                   |                          answering, nothing sent yet --> Failed
 *       +-- refused --------+-- timed out, reset --> Failed
 *                           +-- client gone --> charged, Ended
 * </pre>
 *
 * <p>Confined to the exchange's event loop.
 */
final class Attempt {

    private static final int MAX_ERROR_BYTES = 64 * 1024;

    private final Call call;
    private final Channel channel;
    private final SelectedKey key;
    private final Provider provider;
    private final List<Long> usedChannels;
    private final Upstream upstream;
    private final Promise<AttemptOutcome> outcome = Promise.promise();

    private @Nullable HttpClientRequest request;
    private boolean sent;

    Attempt(Call call, Selection.Selected selected, Provider provider, List<Long> usedChannels, Upstream upstream) {
        this.call = call;
        this.channel = selected.channel();
        this.key = selected.key();
        this.provider = provider;
        this.usedChannels = usedChannels;
        this.upstream = upstream;
    }

    Future<AttemptOutcome> run() {
        byte[] body;
        RequestOptions options;
        try {
            String upstreamModel = channel.upstreamModel(call.chat().model());
            UpstreamCall target = provider.chat(channel, key.key(), upstreamModel);
            boolean askForUsage = upstream.settings().askForUsage() && provider.understandsStreamOptions();
            body = call.chat().forUpstream(upstreamModel, askForUsage);
            options = options(target);
        } catch (IllegalArgumentException | CyclicModelMappingException e) {
            return Future.succeededFuture(new AttemptOutcome.Failed(
                    RelayError.own(500, "channel:invalid_configuration", "a channel of this model is misconfigured"),
                    AttemptFailure.ofChannel()));
        }
        call.exchange().whenClientGone(this::clientGone);
        upstream.client()
                .request(options)
                .compose(opened -> send(opened, Buffer.buffer(body)))
                .onComplete(this::answered, this::transportFailed);
        return outcome.future();
    }

    private RequestOptions options(UpstreamCall target) {
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(target.url())
                .setIdleTimeout(upstream.settings().firstByteTimeout().toMillis())
                .putHeader("Content-Type", "application/json")
                .putHeader("Accept", call.chat().stream() ? "text/event-stream" : "application/json");
        target.headers().forEach(options::putHeader);
        return options;
    }

    private Future<HttpClientResponse> send(HttpClientRequest opened, Buffer body) {
        request = opened;
        if (outcome.future().isComplete()) {
            opened.reset();
            return Future.failedFuture("the client has gone");
        }
        sent = true;
        return opened.send(body);
    }

    private void answered(HttpClientResponse response) {
        if (outcome.future().isComplete()) {
            reset();
            return;
        }
        HttpClientRequest opened = request;
        if (opened != null) {
            opened.idleTimeout(upstream.settings().idleTimeout().toMillis());
        }
        int status = response.statusCode();
        if (status / 100 != 2) {
            readError(response);
        } else if (call.chat().stream()) {
            StreamedAnswer.relay(this, response);
        } else {
            WholeAnswer.relay(this, response);
        }
    }

    private void readError(HttpClientResponse response) {
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            int room = MAX_ERROR_BYTES - body.length();
            body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (body.length() >= MAX_ERROR_BYTES) {
                failedWithStatus(response, body);
                reset();
            }
        });
        response.exceptionHandler(cut -> failedWithStatus(response, body));
        response.endHandler(end -> failedWithStatus(response, body));
    }

    private void failedWithStatus(HttpClientResponse response, Buffer body) {
        int upstreamStatus = response.statusCode();
        int mapped = channel.reportedStatus(upstreamStatus);
        int status = mapped >= 400 && mapped <= 599 ? mapped : 502;
        RelayError error = UpstreamErrors.read(status, upstreamStatus, body.getBytes());
        String retryAfter = response.getHeader("Retry-After");
        if (retryAfter != null && retryAfter.matches("[0-9]{1,6}")) {
            error = error.retryAfter(Integer.parseInt(retryAfter));
        }
        fail(error, AttemptFailure.ofStatus(mapped));
    }

    private void transportFailed(Throwable failure) {
        fail(
                RelayError.own(500, "do_request_failed", "upstream error: do request failed"),
                AttemptFailure.ofTransport(sent));
    }

    // ---- used by the two kinds of answer ----

    Call call() {
        return call;
    }

    Upstream upstream() {
        return upstream;
    }

    boolean isOver() {
        return outcome.future().isComplete();
    }

    /** Ends the attempt without a charge; another channel may be tried. */
    void fail(RelayError error, AttemptFailure failure) {
        outcome.tryComplete(new AttemptOutcome.Failed(error, failure));
    }

    /** Charges the call; the attempt is then over. Called before the answer's last byte is sent. */
    void settle(MeteredUsage metered, String note) {
        upstream.settling().settle(call, channel, usedChannels, metered, note);
    }

    void whenOver(Runnable action) {
        outcome.future().onComplete(over -> action.run());
    }

    void ended() {
        outcome.tryComplete(new AttemptOutcome.Ended());
    }

    void reset() {
        HttpClientRequest opened = request;
        if (opened != null) {
            opened.reset();
        }
    }

    /** The client has gone before the upstream began to answer. */
    private void clientGone() {
        if (isOver()) {
            return;
        }
        if (!sent) {
            ended();
            reset();
            return;
        }
        if (upstream.mayDrain()) {
            whenOver(upstream::drained);
            upstream.vertx().setTimer(upstream.settings().drainTimeout().toMillis(), late -> chargePromptAndCut());
            return;
        }
        chargePromptAndCut();
    }

    private void chargePromptAndCut() {
        if (isOver()) {
            return;
        }
        settle(
                new MeteredUsage(Usage.of(call.chat().estimatedPromptTokens(), 0), true),
                "the client went away before the answer began");
        ended();
        reset();
    }
}
