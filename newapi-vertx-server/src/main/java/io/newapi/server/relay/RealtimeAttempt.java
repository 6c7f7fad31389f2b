package io.newapi.server.relay;

import io.newapi.core.channel.AttemptFailure;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.SelectedKey;
import io.newapi.core.channel.Selection;
import io.newapi.server.relay.RealtimePeer.Message;
import io.newapi.server.relay.provider.Provider;
import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.MeteredUsage;
import io.newapi.server.relay.wire.RealtimeMeter;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.http.ClientWebSocket;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocket;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One attempt to open a live connection at one channel. The client's own connection is opened when the provider has said its first
 * word, so that until then another channel may be tried, and the client is refused with a status that says why.
 *
 * <pre>
 *   dialling --opened--> listening --first word, or none for a while--> RealtimeSession --> Ended
 *      |                     |  \--it is an error, gone--> Failed
 *      +-- refused, too late +--> Failed
 *      +-- client gone ------+--> Ended
 * </pre>
 *
 * <p>Confined to the exchange's event loop.
 */
final class RealtimeAttempt implements RealtimePeer.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeAttempt.class);

    /** Providers greet; those that do not are taken at their silence. */
    private static final Duration GREETING = Duration.ofSeconds(2);

    private static final int NORMAL = 1000;
    private static final String VERSION = "13";

    private final Call call;
    private final Channel channel;
    private final SelectedKey key;
    private final UpstreamRequest asked;
    private final List<Long> usedChannels;
    private final Upstream upstream;
    private final Patience patience;
    private final RealtimeMeter meter;
    private final Promise<AttemptOutcome> outcome = Promise.promise();

    private @Nullable RealtimePeer provider;
    private @Nullable Message greeting;
    private List<String> secrets = List.of();
    private String upstreamRequestId = "";
    private boolean opened;
    private boolean accepting;
    private boolean handedOver;
    private long greetingTimer = -1;

    RealtimeAttempt(
            Call call, Selection.Selected selected, Provider provider, List<Long> usedChannels, Upstream upstream) {
        this.call = call;
        this.channel = selected.channel();
        this.key = selected.key();
        this.asked = new UpstreamRequest(call, channel, key, provider, upstream, usedChannels.size() - 1);
        this.usedChannels = usedChannels;
        this.upstream = upstream;
        this.patience =
                new Patience(upstream.vertx(), upstream.settings().totalTimeout(), call.startNanos(), this::lost);
        this.meter = new RealtimeMeter(call.request().model());
    }

    /** What a client asks for that wants a live connection. */
    static ClientRequest.Scan asked(HttpServerRequest request) {
        String connection = String.valueOf(request.getHeader(HttpHeaders.CONNECTION));
        boolean upgrades = connection.toLowerCase(Locale.ROOT).contains("upgrade")
                && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE))
                && VERSION.equals(request.getHeader("Sec-WebSocket-Version"))
                && request.headers().contains("Sec-WebSocket-Key");
        boolean body =
                request.headers().contains(HttpHeaders.TRANSFER_ENCODING) || RequestBody.declaredLength(request) > 0;
        if (!upgrades || body) {
            return new ClientRequest.Scan.Refused(new RelayError(
                    426,
                    "invalid_request_error",
                    "upgrade_required",
                    "",
                    "this endpoint is for WebSocket connections (version " + VERSION + ")",
                    0));
        }
        String model = request.getParam("model");
        return ClientRequest.scanRealtime(model == null ? "" : model);
    }

    Future<AttemptOutcome> run() {
        call.exchange().whenClientGone(() -> guarded(this::ended));
        guarded(this::dial);
        return outcome.future();
    }

    private void dial() {
        UpstreamRequest.Dial dial;
        try {
            dial = asked.dial();
        } catch (ChannelFault fault) {
            LOG.warn("channel {} is misconfigured: {}", channel.id(), fault.getMessage());
            over(Attempt.misconfigured(fault));
            return;
        }
        secrets = dial.secrets();
        Duration longest = upstream.settings().firstByteTimeout();
        patience.allowSilence(longest);
        // nobody gives up dialling for us: what is not opened in time is closed
        dial.options().setTimeout(longest.toMillis());
        ClientWebSocket socket = upstream.sockets().unopened();
        RealtimePeer peer = new RealtimePeer(upstream.vertx(), socket);
        peer.listen(this);
        socket.connect(dial.options())
                .onComplete(open -> guarded(() -> opened(peer, open)), failure -> guarded(() -> refused(failure)));
    }

    private void opened(RealtimePeer peer, WebSocket socket) {
        if (isOver()) {
            peer.close(NORMAL, "");
            return;
        }
        opened = true;
        provider = peer;
        upstreamRequestId = Attempt.idOf(socket.headers());
        greetingTimer = upstream.vertx().setTimer(GREETING.toMillis(), none -> guarded(this::accept));
        if (greeting != null) {
            accept();
        }
    }

    private void refused(Throwable failure) {
        if (isOver()) {
            return;
        }
        if (failure instanceof UpgradeRejectedException rejected) {
            byte[] body = rejected.getBody() == null
                    ? new byte[0]
                    : rejected.getBody().getBytes();
            over(Attempt.refused(
                    channel, rejected.getStatus(), rejected.getHeaders().get("Retry-After"), body, secrets));
            return;
        }
        LOG.debug("request {}: channel {}", call.exchange().requestId(), channel.id(), failure);
        over(Attempt.unreached(false));
    }

    @Override
    public void said(RealtimePeer by, Message message) {
        guarded(() -> {
            if (isOver() || greeting != null) {
                return;
            }
            by.pause();
            if (message.text() && meter.fromProvider(message.bytes()) == RealtimeMeter.Heard.ERROR) {
                int status = UpstreamErrors.statusOfMessage(message.bytes());
                provider = by;
                over(Attempt.refused(channel, status, null, message.bytes(), secrets));
                return;
            }
            greeting = message;
            if (opened) {
                accept();
            }
        });
    }

    @Override
    public void gone(RealtimePeer who) {
        over(Attempt.unreached(false));
    }

    @Override
    public void unreadable(RealtimePeer by, boolean tooLarge) {
        provider = by;
        over(new AttemptOutcome.Failed(
                RelayError.own(502, "bad_response_body", "the upstream's first message cannot be read"),
                AttemptFailure.ofBadBody(502)));
    }

    private void accept() {
        RealtimePeer there = provider;
        if (isOver() || accepting || there == null) {
            return;
        }
        accepting = true;
        patience.stop();
        there.pause();
        call.exchange().firstByteAt(System.nanoTime());
        call.exchange()
                .request()
                .toWebSocket()
                .onComplete(
                        socket -> guarded(() -> begin(there, socket)),
                        failure -> guarded(() -> {
                            LOG.debug(
                                    "request {} became no socket",
                                    call.exchange().requestId(),
                                    failure);
                            ended();
                        }));
    }

    private void begin(RealtimePeer there, ServerWebSocket socket) {
        RealtimePeer client = new RealtimePeer(upstream.vertx(), socket);
        if (isOver()) {
            client.close(NORMAL, "");
            return;
        }
        handedOver = true;
        call.exchange().whenClientGone(() -> {});
        call.exchange().payload();
        new RealtimeSession(this, client, there, meter).begin(greeting);
    }

    private void lost(Patience.Lost what) {
        over(new AttemptOutcome.Failed(Attempt.timedOut(what), Attempt.failureOf(what, false)));
    }

    /** If we are at fault ourselves, the attempt ends, and no other follows. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error(
                    "request {}: opening a live connection failed",
                    call.exchange().requestId(),
                    e);
            over(new AttemptOutcome.Failed(Refusals.internal(), AttemptFailure.ofClient(500)));
        }
    }

    // ---- used by the session ----

    Call call() {
        return call;
    }

    Upstream upstream() {
        return upstream;
    }

    /** What no error of the upstream may name. */
    List<String> secrets() {
        return secrets;
    }

    /** Charges the connection. */
    void settle(MeteredUsage metered, String note) {
        upstream.settling().settle(call, channel, key, usedChannels, metered, note, upstreamRequestId);
    }

    void ended() {
        over(new AttemptOutcome.Ended());
    }

    private boolean isOver() {
        return outcome.future().isComplete();
    }

    private void over(AttemptOutcome how) {
        if (isOver()) {
            return;
        }
        patience.stop();
        if (greetingTimer >= 0) {
            upstream.vertx().cancelTimer(greetingTimer);
        }
        RealtimePeer there = provider;
        if (there != null && !handedOver) {
            there.close(NORMAL, "");
        }
        outcome.complete(how);
    }
}
