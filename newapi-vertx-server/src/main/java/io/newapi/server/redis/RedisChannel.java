package io.newapi.server.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.net.NetClientOptions;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.RedisOptions;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel of Redis's publish and subscribe, kept alive: whatever happens to the server or the way to it, the channel
 * is joined again as soon as that is possible. Messages are lost while it is not joined, and a listener is told of each
 * joining, so that it can find out what it has missed.
 *
 * <pre>
 *   APART --connect, subscribe--> JOINED --connection ends, or does not answer--> APART, after a pause
 * </pre>
 *
 * <p>All work is done on the one context that it was made on; {@link #publish} may be called on any.
 */
public final class RedisChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RedisChannel.class);
    private static final int CONNECT_MILLIS = 3_000;
    private static final int ANSWER_MILLIS = 3_000;
    private static final int PULSE_MILLIS = 2_000;
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long LONGEST_PAUSE_MILLIS = 2_000;

    /** What happens on a channel; told on its context. */
    public interface Listener {
        /** From now on messages come. Before this some may have been missed. */
        void joined();

        /** A message has come. */
        void received(Buffer message);
    }

    /**
     * The connections of one joining: one that listens, one that speaks. They have a client of their own, because a client
     * gives connections out again that seem to be good, and here they are often not.
     */
    private static final class Link {
        private final Redis client;
        private final RedisConnection listening;
        private final RedisConnection speaking;

        private Link(Redis client, RedisConnection listening, RedisConnection speaking) {
            this.client = client;
            this.listening = listening;
            this.speaking = speaking;
        }

        private Future<Void> close() {
            return client.close();
        }
    }

    private final Vertx vertx;
    private final Context context;
    private final RedisOptions options;
    private final String server;
    private final String name;
    private final Listener listener;
    private @Nullable Link link;
    private boolean told;
    private boolean closed;
    private int failures;
    private long pulse;

    private RedisChannel(Vertx vertx, String connection, String server, String name, Listener listener) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.server = server;
        this.name = name;
        this.listener = listener;
        NetClientOptions net =
                new NetClientOptions().setConnectTimeout(CONNECT_MILLIS).setTcpNoDelay(true);
        if (connection.startsWith("rediss:")) {
            net.setSsl(true).setHostnameVerificationAlgorithm("HTTPS");
        }
        this.options = new RedisOptions().setConnectionString(connection).setNetClientOptions(net);
    }

    /**
     * Begins to join a channel, and never gives up. Must be called on a context, which is then the channel's.
     *
     * @param connection the server, as Vert.x reads it, password included
     * @param server the same for people
     */
    public static RedisChannel join(Vertx vertx, String connection, String server, String name, Listener listener) {
        RedisChannel channel = new RedisChannel(vertx, connection, server, name, listener);
        channel.connect();
        return channel;
    }

    /**
     * Sends a message to everybody who has joined. Fails if this channel has not; nothing is tried twice. A channel on which
     * nothing can be said is joined anew, with a warning.
     */
    public Future<Void> publish(Buffer message) {
        return onContext(() -> {
            Link now = link;
            return now == null
                    ? Future.failedFuture("not joined")
                    : now.speaking
                            .send(Request.cmd(Command.PUBLISH).arg(name).arg(message))
                            .onFailure(failure -> lost(now, "a message was not taken: " + failure.getMessage()))
                            .mapEmpty();
        });
    }

    /** Leaves for good. */
    public Future<Void> close() {
        return onContext(() -> {
            closed = true;
            vertx.cancelTimer(pulse);
            Link now = link;
            link = null;
            return now == null ? Future.succeededFuture() : now.close();
        });
    }

    private Future<Void> onContext(Supplier<Future<Void>> work) {
        return Future.future(promise -> context.runOnContext(now -> work.get().onComplete(promise)));
    }

    private void connect() {
        if (closed) {
            return;
        }
        try {
            Redis client = Redis.createClient(vertx, options);
            link(client).onSuccess(this::joined).onFailure(failure -> {
                client.close();
                apart(failure);
            });
        } catch (RuntimeException e) {
            // its message may name the connection, password included
            apart(new IllegalStateException("its address cannot be used"));
        }
    }

    private Future<Link> link(Redis client) {
        return answered(client.connect())
                .compose(listening -> answered(client.connect()).map(speaking -> new Link(client, listening, speaking)))
                .compose(made -> subscribe(made).map(made));
    }

    private Future<Void> subscribe(Link made) {
        made.listening
                .handler(this::received)
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, String.valueOf(failure.getMessage())));
        made.speaking
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, String.valueOf(failure.getMessage())));
        return answered(made.listening.send(Request.cmd(Command.SUBSCRIBE).arg(name)))
                .mapEmpty();
    }

    private void joined(Link made) {
        if (closed) {
            made.close();
            return;
        }
        link = made;
        failures = 0;
        if (told) {
            LOG.info("{} is there again", server);
        }
        told = false;
        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
        listener.joined();
    }

    /** A way that was cut in the middle closes no connection. */
    private void feelPulse(Link made) {
        Future.join(
                        answered(made.listening.send(Request.cmd(Command.PING))),
                        answered(made.speaking.send(Request.cmd(Command.PING))))
                .onFailure(failure -> lost(made, "it does not answer"))
                .onSuccess(both -> {
                    if (made == link) {
                        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
                    }
                });
    }

    private void lost(Link made, String why) {
        if (made != link) {
            return;
        }
        link = null;
        vertx.cancelTimer(pulse);
        made.close();
        apart(new IllegalStateException(why));
    }

    private void apart(Throwable failure) {
        if (closed) {
            return;
        }
        if (!told) {
            LOG.warn("{} cannot be used, until it can the node works by itself: {}", server, failure.getMessage());
        }
        told = true;
        long pause = Math.min(FIRST_PAUSE_MILLIS << Math.min(failures, 10), LONGEST_PAUSE_MILLIS);
        failures++;
        // not all nodes at once
        vertx.setTimer(pause + ThreadLocalRandom.current().nextLong(pause), fired -> connect());
    }

    private void received(Response message) {
        boolean pushed = message.type() == ResponseType.PUSH || message.type() == ResponseType.MULTI;
        if (pushed && message.size() == 3 && message.get(0).toString().equals("message")) {
            listener.received(message.get(2).toBuffer());
        }
    }

    /** A server that stands still must not be waited for. */
    private static <T> Future<T> answered(Future<T> asked) {
        return asked.timeout(ANSWER_MILLIS, TimeUnit.MILLISECONDS);
    }
}
