package io.newapi.server.relay;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.newapi.server.relay.RealtimePeer.Message;
import io.newapi.server.relay.wire.RealtimeMeter;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.UpstreamErrors;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A live connection: messages go both ways as they are, and what they use is counted. All of its turns are one call, which is
 * settled once, when the connection ends, whoever ends it.
 *
 * <pre>
 *   OPEN --client gone in a turn, which may be read to its end--> LEAVING --turn over, too late--> OVER
 *     +-- either side gone, no quota left, silence, node stops, our mistake --> OVER
 * </pre>
 *
 * <p>Whoever sends faster than the other side reads is not read from meanwhile; neither is a client while quota for its next turn
 * is being asked for. Confined to the exchange's event loop.
 */
final class RealtimeSession implements RealtimePeer.Listener {

    private static final Logger LOG = LoggerFactory.getLogger(RealtimeSession.class);

    /** How often either side is asked for a sign of life, where the operator has not said. */
    private static final Duration PING_INTERVAL = Duration.ofSeconds(30);

    // RFC 6455, 7.4.1
    private static final int NORMAL = 1000;
    private static final int GOING_AWAY = 1001;
    private static final int NOT_UNDERSTOOD = 1007;
    private static final int POLICY = 1008;
    private static final int TOO_LARGE = 1009;
    private static final int INTERNAL = 1011;

    private static final int FIRST_OF_OTHERS = 3000;
    private static final int LAST_OF_OTHERS = 4999;

    private final RealtimeAttempt attempt;
    private final Call call;
    private final Upstream node;
    private final Vertx vertx;
    private final RealtimePeer client;
    private final RealtimePeer provider;
    private final RealtimeMeter meter;
    private final RealtimeHold hold;
    private final Patience patience;
    private final Context context;

    private Runnable farewell = () -> {};
    private long pings;
    private boolean providerFull;
    private boolean covering;
    private boolean coverAgain;
    private boolean leaving;
    private long leavingTimer;
    private boolean over;

    /** @param meter has looked at what the provider said before */
    RealtimeSession(RealtimeAttempt attempt, RealtimePeer client, RealtimePeer provider, RealtimeMeter meter) {
        this.attempt = attempt;
        this.call = attempt.call();
        this.node = attempt.upstream();
        this.vertx = node.vertx();
        this.client = client;
        this.provider = provider;
        this.meter = meter;
        this.hold = new RealtimeHold(call, node.sockets().ledger(), vertx);
        this.patience = new Patience(vertx, node.settings().totalTimeout(), call.startNanos(), this::lost);
        this.context = vertx.getOrCreateContext();
    }

    /** @param greeting what the provider has said already; null if nothing */
    void begin(@Nullable Message greeting) {
        guarded(() -> open(greeting));
    }

    private void open(@Nullable Message greeting) {
        farewell = node.sockets().inFlight().whenDismissed(() -> context.runOnContext(now -> guarded(this::dismissed)));
        Duration interval = call.world().options().pingInterval();
        pings = vertx.setPeriodic(
                (interval.isZero() ? PING_INTERVAL : interval).toMillis(), tick -> guarded(this::askForSigns));
        patience.allowSilence(node.settings().idleTimeout());
        client.listen(this);
        provider.listen(this);
        client.whenWritable(provider::resume);
        provider.whenWritable(() -> {
            providerFull = false;
            listenToClient();
        });
        if (greeting != null) {
            client.send(greeting);
        }
        provider.resume();
    }

    @Override
    public void said(RealtimePeer by, Message message) {
        guarded(() -> {
            if (over) {
                return;
            }
            patience.sign();
            if (by == client) {
                toProvider(message);
            } else {
                toClient(message);
            }
        });
    }

    private void toProvider(Message message) {
        if (message.text()) {
            meter.fromClient(message.bytes());
        }
        provider.send(message);
        if (provider.isFull()) {
            providerFull = true;
            client.pause();
        }
    }

    private void toClient(Message message) {
        RealtimeMeter.Heard heard = message.text() ? meter.fromProvider(message.bytes()) : RealtimeMeter.Heard.MESSAGE;
        if (!leaving) {
            client.send(heard == RealtimeMeter.Heard.ERROR ? withoutSecrets(message) : message);
            if (client.isFull()) {
                provider.pause();
            }
        }
        if (heard == RealtimeMeter.Heard.TURN_OVER) {
            turnOver();
        }
    }

    private Message withoutSecrets(Message message) {
        String text = new String(message.bytes(), UTF_8);
        String hidden = UpstreamErrors.hide(text, attempt.secrets());
        return hidden.equals(text) ? message : Message.of(hidden);
    }

    private void turnOver() {
        if (!leaving) {
            cover();
        } else if (!meter.isTurnUnderWay()) {
            end(null, NORMAL, "", "the client went away");
        }
    }

    private void cover() {
        if (covering) {
            coverAgain = true;
            return;
        }
        covering = true;
        client.pause();
        hold.cover(meter.metered()).onSuccess(refusal -> guarded(() -> covered(refusal)));
    }

    private void covered(Optional<RelayError> refusal) {
        covering = false;
        if (over) {
            // what came too late was given back
            attempt.ended();
            return;
        }
        if (leaving) {
            return;
        }
        if (refusal.isPresent()) {
            end(refusal.get(), POLICY, refusal.get().code(), "");
        } else if (coverAgain) {
            coverAgain = false;
            cover();
        } else {
            listenToClient();
        }
    }

    private void listenToClient() {
        if (!covering && !providerFull) {
            client.resume();
        }
    }

    @Override
    public void gone(RealtimePeer who) {
        guarded(() -> {
            if (over) {
                return;
            }
            if (who == client) {
                clientGone();
            } else {
                providerGone();
            }
        });
    }

    private void clientGone() {
        if (leaving) {
            return;
        }
        boolean inTurn = meter.isTurnUnderWay();
        if (inTurn && node.mayDrain()) {
            leaving = true;
            leavingTimer = vertx.setTimer(
                    node.settings().drainTimeout().toMillis(),
                    late -> guarded(() -> end(null, NORMAL, "", "the client went away")));
            provider.resume();
        } else {
            end(null, NORMAL, "", inTurn ? "the client went away" : "");
        }
    }

    private void providerGone() {
        int code = provider.closeCode();
        String reason = UpstreamErrors.hide(provider.closeReason(), attempt.secrets());
        if (code == NORMAL) {
            end(null, NORMAL, reason, "");
            return;
        }
        boolean own = code >= FIRST_OF_OTHERS && code <= LAST_OF_OTHERS;
        end(
                RelayError.own(502, "upstream_closed", "the upstream has ended the connection"),
                own || code == GOING_AWAY ? code : INTERNAL,
                reason.isEmpty() ? "upstream_closed" : reason,
                "the upstream ended the connection");
    }

    @Override
    public void unreadable(RealtimePeer by, boolean tooLarge) {
        guarded(() -> {
            if (by == provider) {
                end(
                        RelayError.own(502, "bad_response_body", "the upstream sent something that cannot be read"),
                        INTERNAL,
                        "bad_response_body",
                        "the upstream sent something that cannot be read");
            } else if (tooLarge) {
                end(
                        RelayError.badRequest(
                                "message_too_large",
                                "",
                                "a message has more than " + RealtimeSockets.MAX_MESSAGE_BYTES + " bytes"),
                        TOO_LARGE,
                        "message_too_large",
                        "");
            } else {
                end(
                        RelayError.badRequest("invalid_request", "", "what was sent is no WebSocket frame"),
                        NOT_UNDERSTOOD,
                        "invalid_request",
                        "");
            }
        });
    }

    private void lost(Patience.Lost what) {
        guarded(() -> {
            boolean silence = what == Patience.Lost.SILENCE;
            String code = silence ? "idle_timeout" : "connection_too_long";
            String message = silence
                    ? "nothing was said on this connection for too long"
                    : "this connection has lasted as long as it may";
            end(RelayError.own(408, code, message), GOING_AWAY, code, "");
        });
    }

    private void askForSigns() {
        if (over) {
            return;
        }
        if (!provider.ping()) {
            provider.cut();
            end(
                    Attempt.timedOut(Patience.Lost.SILENCE),
                    INTERNAL,
                    "upstream_timeout",
                    "the upstream gave no sign of life");
        } else if (!leaving && !client.ping()) {
            client.cut();
            clientGone();
        }
    }

    private void dismissed() {
        end(
                RelayError.own(503, "shutting_down", "this node is shutting down"),
                GOING_AWAY,
                "shutting_down",
                "the node was stopped");
    }

    /**
     * Settles the connection, tells the client, and closes both ends.
     *
     * @param error what the client is told; null for nothing
     * @param code with which its end is closed
     * @param note for the log row
     */
    private void end(@Nullable RelayError error, int code, String reason, String note) {
        if (over) {
            return;
        }
        over = true;
        patience.stop();
        vertx.cancelTimer(pings);
        farewell.run();
        if (leaving) {
            vertx.cancelTimer(leavingTimer);
            node.drained();
        }
        try {
            attempt.settle(meter.metered(), note);
        } finally {
            hold.release();
            if (error != null) {
                client.send(Message.of(error.liveMessage(call.exchange().requestId())));
            }
            client.close(code, reason);
            provider.close(NORMAL, "");
            if (!covering) {
                attempt.ended();
            }
        }
    }

    /** If we are at fault ourselves, the connection ends. */
    private void guarded(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException e) {
            LOG.error("request {}: relaying failed", call.exchange().requestId(), e);
            end(Refusals.internal(), INTERNAL, "internal_error", "the gateway failed");
        }
    }
}
