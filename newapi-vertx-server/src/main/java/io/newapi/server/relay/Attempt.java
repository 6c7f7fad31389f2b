package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.SelectedKey;
import io.newapi.core.channel.Selection;
import io.newapi.core.pricing.Usage;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.wire.CompletionCount;
import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.newapi.server.relay.wire.WireFormat;
import io.newapi.server.relay.wire.chat.ChatStyle;
import io.newapi.server.relay.wire.chat.Codec;
import io.newapi.server.relay.wire.chat.Translator;
import io.newapi.server.relay.wire.chat.Unreadable;
import io.newapi.server.relay.wire.chat.Unsayable;
import io.newapi.server.shape.ChannelSetting;
import io.newapi.server.shape.NotApplicableException;
import io.newapi.server.shape.ReturnedError;
import io.newapi.server.shape.ReturnedErrorException;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt at one channel.
 *
 * <pre>
 *   connecting --sent--> waiting --2xx--> answering --> Ended
 *       |                   |  \--other status--> Failed
 *       |                   |                          answering, nothing sent yet --> Failed
 *       +-- refused --------+-- timed out, reset --> Failed
 *       +-- client gone --> Ended
 *                           +-- client gone --> cut, or drained, and charged unless refused --> Ended
 * </pre>
 *
 * <p>Confined to the exchange's event loop.
 */
final class Attempt {

    private static final Logger LOG = LoggerFactory.getLogger(Attempt.class);
    private static final int MAX_ERROR_BYTES = 64 * 1024;
    private static final int MAX_UPSTREAM_ID_CHARS = 64;

    /** Names the fields of the request for which the provider's format has no place. */
    private static final String NOT_PASSED_ON = "X-Newapi-Not-Passed-On";

    /** A client that repeats its request after the upstream's word waits no longer than a day. */
    private static final int MAX_RETRY_AFTER_DIGITS = 5;

    private final Call call;
    private final Channel channel;
    private final SelectedKey key;
    private final Provider provider;
    private final UpstreamRequest asked;
    private final List<Long> usedChannels;
    private final Upstream upstream;
    private final Patience patience;
    private final Promise<AttemptOutcome> outcome = Promise.promise();

    private @Nullable HttpClientRequest request;
    private @Nullable Answer answer;
    private List<String> secrets = List.of();
    private List<String> lost = List.of();
    private String upstreamRequestId = "";
    private boolean sent;
    private boolean refused;
    private boolean draining;
    private long drainTimer;

    Attempt(Call call, Selection.Selected selected, Provider provider, List<Long> usedChannels, Upstream upstream) {
        this.call = call;
        this.channel = selected.channel();
        this.key = selected.key();
        this.provider = provider;
        this.asked = new UpstreamRequest(call, channel, key, provider, upstream, usedChannels.size() - 1);
        this.usedChannels = usedChannels;
        this.upstream = upstream;
        this.patience =
                new Patience(upstream.vertx(), upstream.settings().totalTimeout(), call.startNanos(), this::lost);
    }

    Future<AttemptOutcome> run() {
        call.exchange().whenClientGone(() -> guarded(this::clientGone));
        whenOver(asked::close);
        asked.write().onComplete(ready -> guarded(() -> ask(ready)), failure -> guarded(() -> unasked(failure)));
        return outcome.future();
    }

    private void ask(UpstreamRequest.Ready ready) {
        if (isOver()) {
            return;
        }
        lost = ready.lost();
        secrets = ready.secrets();
        patience.allowSilence(upstream.settings().firstByteTimeout());
        upstream.clients()
                .of(asked.shape().setting().proxy(), call.world().shapes())
                .request(ready.options())
                .compose(opened -> send(opened, ready.body()))
                .onComplete(response -> guarded(() -> answered(response)), this::unanswered);
    }

    private void unasked(Throwable failure) {
        if (failure instanceof Unsayable unsayable) {
            over(new AttemptOutcome.Unsaid(asked.spoken(), unsayable.what()));
        } else if (failure instanceof Unreadable unreadable) {
            String message = unreadable.field().isEmpty()
                    ? "the body " + unreadable.reason()
                    : "the field " + unreadable.field() + " " + unreadable.reason();
            fail(RelayError.badRequest("invalid_request", unreadable.field(), message), AttemptFailure.ofClient(400));
        } else if (failure instanceof ChannelFault fault) {
            LOG.warn("channel {} is misconfigured: {}", channel.id(), fault.getMessage());
            over(misconfigured(fault));
        } else if (failure instanceof NotApplicableException misfit) {
            LOG.warn(
                    "request {}: channel {}: param_override does not fit: {}",
                    call.exchange().requestId(),
                    channel.id(),
                    misfit.getMessage());
            fail(
                    RelayError.own(
                            500, "channel:param_override_invalid", "a channel of this model cannot take this request"),
                    AttemptFailure.ofMisfit());
        } else if (failure instanceof ReturnedErrorException returned) {
            ReturnedError error = returned.error();
            fail(
                    new RelayError(error.status(), error.type(), error.code(), "", error.message(), 0),
                    error.last() ? AttemptFailure.ofClient(error.status()) : AttemptFailure.ofMisfit());
        } else if (failure instanceof RelayFailure refused) {
            fail(refused.error(), AttemptFailure.ofClient(refused.error().status()));
        } else {
            throw new IllegalStateException("a request could not be made", failure);
        }
    }

    private Future<HttpClientResponse> send(HttpClientRequest opened, Content body) {
        request = opened;
        if (isOver()) {
            opened.reset();
            return Future.failedFuture("the attempt is over");
        }
        sent = true;
        if (body.inMemory()) {
            return opened.send(Buffer.buffer(body.bytes()));
        }
        BodyUpload upload = BodyUpload.begin(upstream.vertx(), opened, body, patience::sign);
        whenOver(upload::stop);
        return upload.answer();
    }

    private void answered(HttpClientResponse response) {
        response.exceptionHandler(cut -> {});
        if (isOver()) {
            reset();
            return;
        }
        patience.allowSilence(upstream.settings().idleTimeout());
        upstreamRequestId = idOf(response.headers());
        if (response.statusCode() / 100 != 2) {
            readError(response);
        } else if (isEncoded(response)) {
            fail(
                    RelayError.own(502, "bad_response_body", "the upstream's answer is compressed without being asked"),
                    AttemptFailure.ofBadBody(502));
            reset();
        } else if (call.request().format().answersInBytes() && !isJson(response)) {
            answer = ByteAnswer.relay(this, response);
        } else if (call.request().stream() && !isJson(response)) {
            answer = StreamedAnswer.relay(this, response);
        } else {
            answer = WholeAnswer.relay(this, response);
        }
    }

    private static boolean isEncoded(HttpClientResponse response) {
        String encoding = response.getHeader(HttpHeaders.CONTENT_ENCODING);
        return encoding != null && !encoding.equalsIgnoreCase("identity");
    }

    /** An upstream that does not stream answers in one piece, mostly because something went wrong. */
    private static boolean isJson(HttpClientResponse response) {
        String type = response.getHeader(HttpHeaders.CONTENT_TYPE);
        return type != null && type.regionMatches(true, 0, "application/json", 0, "application/json".length());
    }

    /** The provider's own id of a call. */
    static String idOf(MultiMap headers) {
        String id = headers.get("x-request-id");
        return id == null ? "" : id.length() <= MAX_UPSTREAM_ID_CHARS ? id : id.substring(0, MAX_UPSTREAM_ID_CHARS);
    }

    private void readError(HttpClientResponse response) {
        refused = true;
        Buffer body = Buffer.buffer();
        response.handler(chunk -> {
            patience.sign();
            body.appendBuffer(chunk, 0, Math.min(MAX_ERROR_BYTES - body.length(), chunk.length()));
            if (body.length() >= MAX_ERROR_BYTES) {
                failedWithStatus(response, body);
                reset();
            }
        });
        response.exceptionHandler(cut -> failedWithStatus(response, body));
        response.endHandler(end -> failedWithStatus(response, body));
    }

    private void failedWithStatus(HttpClientResponse response, Buffer body) {
        if (isOver()) {
            return;
        }
        over(refused(channel, response.statusCode(), response.getHeader("Retry-After"), body.getBytes(), secrets));
    }

    // ---- what attempts of other kinds fail with too ----

    static AttemptOutcome.Failed misconfigured(ChannelFault fault) {
        return new AttemptOutcome.Failed(RelayError.own(500, fault.code(), fault.told()), AttemptFailure.ofChannel());
    }

    /** The upstream has refused, for the reason in {@code body}. */
    static AttemptOutcome.Failed refused(
            Channel channel, int upstreamStatus, @Nullable String retryAfter, byte[] body, List<String> secrets) {
        int mapped = channel.reportedStatus(upstreamStatus);
        int status = mapped >= 400 && mapped <= 599 ? mapped : 502;
        RelayError error =
                UpstreamErrors.read(status, upstreamStatus, body, secrets).retryAfter(retryAfterSeconds(retryAfter));
        return new AttemptOutcome.Failed(error, AttemptFailure.ofStatus(mapped, upstreamStatus));
    }

    /** @param mayHaveStarted whether the upstream may have begun to work */
    static AttemptOutcome.Failed unreached(boolean mayHaveStarted) {
        return new AttemptOutcome.Failed(
                RelayError.own(500, "do_request_failed", "upstream error: do request failed"),
                AttemptFailure.ofTransport(mayHaveStarted));
    }

    private static int retryAfterSeconds(@Nullable String header) {
        if (header == null || header.isEmpty() || header.length() > MAX_RETRY_AFTER_DIGITS) {
            return 0;
        }
        for (int i = 0; i < header.length(); i++) {
            if (header.charAt(i) < '0' || header.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(header);
    }

    private void unanswered(Throwable failure) {
        if (failure instanceof BodyUpload.Unread && !isOver()) {
            guarded(() -> {
                throw new IllegalStateException("a body was lost", failure);
            });
            return;
        }
        if (!isOver()) {
            LOG.debug("request {}: channel {}", call.exchange().requestId(), channel.id(), failure);
        }
        over(unreached(sent));
    }

    private void lost(Patience.Lost what) {
        if (isOver()) {
            return;
        }
        guarded(() -> {
            Answer coming = answer;
            if (coming != null) {
                coming.lost(what);
            } else {
                fail(timedOut(what), failureOf(what, sent));
            }
        });
        reset();
    }

    // ---- used by the two kinds of answer ----

    /** The format that the upstream answers in. */
    WireFormat spoken() {
        return asked.spoken();
    }

    /** Says the answer in the client's format; null if the upstream speaks that. */
    @Nullable
    Translator translator() {
        return asked.translator();
    }

    /** How the channel wants the client's answers to look. */
    ChatStyle style() {
        ChannelSetting setting = asked.shape().setting();
        return call.request().format() == WireFormat.CHAT
                ? new ChatStyle(setting.forceFormat() && translator() == null, setting.thinkingToContent())
                : ChatStyle.UNCHANGED;
    }

    /** Before the answer's head is sent: says what of the request the provider did not get. */
    void announce(HttpServerResponse response) {
        if (!lost.isEmpty()) {
            response.putHeader(NOT_PASSED_ON, String.join(", ", lost));
        }
    }

    /** What a translated answer is told of the call. */
    Codec.ReplyFacts facts() {
        return new Codec.ReplyFacts(
                call.exchange().requestId(),
                call.request().model(),
                call.exchange().startedAt().getEpochSecond(),
                call.request().estimatedPromptTokens(),
                call.request().usageWanted());
    }

    Call call() {
        return call;
    }

    Upstream upstream() {
        return upstream;
    }

    Patience patience() {
        return patience;
    }

    /** Runs {@code action} when the attempt is over. */
    void whenOver(Runnable action) {
        outcome.future().onComplete(over -> action.run());
    }

    boolean isOver() {
        return outcome.future().isComplete();
    }

    static RelayError timedOut(Patience.Lost what) {
        return RelayError.own(
                504,
                "upstream_timeout",
                what == Patience.Lost.TOTAL
                        ? "the upstream took too long to answer"
                        : "the upstream was silent for too long");
    }

    /** When the time for all attempts is over, there is none for another. */
    static AttemptFailure failureOf(Patience.Lost what, boolean mayHaveStarted) {
        return what == Patience.Lost.TOTAL
                ? AttemptFailure.ofStatus(504, 0)
                : AttemptFailure.ofTransport(mayHaveStarted);
    }

    /** The upstream reported an error with a status of success: what to tell, and what it means for another attempt. */
    void failedInBody(RelayError error, byte[] body) {
        int upstreamStatus = UpstreamErrors.statusIn(body, error.status());
        int mapped = channel.reportedStatus(upstreamStatus);
        fail(
                error.withStatus(mapped >= 400 && mapped <= 599 ? mapped : 502),
                AttemptFailure.ofStatus(mapped, upstreamStatus));
    }

    /** Ends the attempt without a charge; another channel may be tried. */
    void fail(RelayError error, AttemptFailure failure) {
        if (!isOver()) {
            over(new AttemptOutcome.Failed(error, failure));
        }
    }

    /** What no error of the upstream may name. */
    List<String> secrets() {
        return secrets;
    }

    CompletionCount completionCount() {
        return provider.completionCount();
    }

    /** Charges the call; the attempt is then over. Called before the answer's last byte is sent. */
    void settle(MeteredUsage metered, String note) {
        upstream.settling().settle(call, channel, key, usedChannels, metered, note, upstreamRequestId);
    }

    void ended() {
        over(new AttemptOutcome.Ended());
    }

    /** Leaves no timer behind, and no place among the drains taken, before anybody learns of the end. */
    private void over(AttemptOutcome how) {
        if (isOver()) {
            return;
        }
        patience.stop();
        if (draining) {
            upstream.vertx().cancelTimer(drainTimer);
            upstream.drained();
        }
        outcome.complete(how);
    }

    void reset() {
        HttpClientRequest opened = request;
        if (opened != null) {
            opened.reset();
        }
    }

    /** Runs a step of the attempt; if we are at fault ourselves, the attempt ends, and no other follows. */
    void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("request {}: relaying failed", call.exchange().requestId(), e);
            fail(Refusals.internal(), AttemptFailure.ofClient(500));
            reset();
        }
    }

    private void clientGone() {
        if (isOver()) {
            return;
        }
        if (!sent || refused) {
            ended();
            reset();
            return;
        }
        if (!upstream.mayDrain()) {
            cut();
            return;
        }
        draining = true;
        drainTimer =
                upstream.vertx().setTimer(upstream.settings().drainTimeout().toMillis(), late -> guarded(this::cut));
        Answer coming = answer;
        if (coming != null) {
            coming.drain();
        }
    }

    private void cut() {
        if (isOver()) {
            return;
        }
        if (!refused) {
            Answer coming = answer;
            settle(
                    coming != null
                            ? coming.soFar()
                            : new MeteredUsage(Usage.of(call.request().estimatedPromptTokens(), 0), true),
                    "the client went away");
        }
        ended();
        reset();
    }
}
