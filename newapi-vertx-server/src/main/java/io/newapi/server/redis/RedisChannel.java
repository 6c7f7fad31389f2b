package io.newapi.server.redis;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel of Redis's publish and subscribe, kept alive: whatever happens to the server or the way to it, the channel
 * is joined again as soon as that is possible, at another server if need be. Messages are lost while it is not joined,
 * and a listener is told of each joining, so that it can find out what it has missed.
 *
 * <pre>
 *   APART --find, connect, approve, subscribe--> JOINED --connection ends, no answer, not approved--> APART, after a pause
 * </pre>
 *
 * <p>All work is done on the one context that it was made on; {@link #publish} may be called on any.
 */
public final class RedisChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RedisChannel.class);
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
        private final ServerAddress server;
        private final Redis client;
        private final RedisConnection listening;
        private final RedisConnection speaking;

        private Link(ServerAddress server, Redis client, RedisConnection listening, RedisConnection speaking) {
            this.server = server;
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
    private final RedisServers servers;
    private final Search search;
    private final String name;
    private final Listener listener;
    private @Nullable Link link;
    private boolean told;
    private boolean closed;
    private int failures;
    private long pulse;

    private RedisChannel(Vertx vertx, RedisServers servers, String name, Listener listener) {
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.servers = servers;
        this.search = servers.search(vertx);
        this.name = name;
        this.listener = listener;
    }

    /**
     * Begins to join a channel, and never gives up. Must be called on a context, which is then the channel's.
     *
     * @param name of the channel, the same for all databases of a server
     */
    public static RedisChannel join(Vertx vertx, RedisServers servers, String name, Listener listener) {
        RedisChannel channel = new RedisChannel(vertx, servers, name, listener);
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
                    : Answers.answered(now.speaking.send(
                                    Request.cmd(Command.PUBLISH).arg(name).arg(message)))
                            .onFailure(failure -> lost(now, "a message was not taken: " + Answers.reason(failure)))
                            .mapEmpty();
        });
    }

    /** Leaves for good. */
    public Future<Void> close() {
        return onContext(() -> {
            closed = true;
            vertx.cancelTimer(pulse);
            search.close();
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
        // what is thrown is a failure too, and tried again
        Future.succeededFuture()
                .compose(now -> search.next())
                .compose(this::link)
                .onSuccess(this::joined)
                .onFailure(this::apart);
    }

    private Future<Link> link(ServerAddress server) {
        Redis client = Redis.createClient(vertx, servers.access().options(server));
        return Answers.answered(client.connect())
                .compose(listening -> Answers.answered(client.connect())
                        .map(speaking -> new Link(server, client, listening, speaking)))
                .compose(made -> search.approve(server, made.speaking)
                        .compose(approved -> subscribe(made))
                        .map(made))
                .onFailure(failure -> client.close());
    }

    private Future<Void> subscribe(Link made) {
        made.listening
                .handler(this::received)
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, Answers.reason(failure)));
        made.speaking
                .endHandler(ended -> lost(made, "the connection was closed"))
                .exceptionHandler(failure -> lost(made, Answers.reason(failure)));
        return Answers.ask(made.listening, Command.SUBSCRIBE, name).mapEmpty();
    }

    private void joined(Link made) {
        if (closed) {
            made.close();
            return;
        }
        link = made;
        failures = 0;
        if (told) {
            LOG.info("{} is there again, at {}", servers, made.server);
        }
        told = false;
        pulse = vertx.setTimer(PULSE_MILLIS, fired -> feelPulse(made));
        listener.joined();
    }

    /** A way that was cut in the middle closes no connection, nor does a master that becomes a replica. */
    private void feelPulse(Link made) {
        Future.join(Answers.ask(made.listening, Command.PING), Answers.ask(made.speaking, Command.PING))
                .transform(both -> both.succeeded()
                        ? search.approve(made.server, made.speaking)
                        : Future.failedFuture("it does not answer"))
                .onFailure(failure -> lost(made, Answers.reason(failure)))
                .onSuccess(approved -> {
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
            LOG.warn("{} cannot be used, until it can the node works by itself: {}", servers, Answers.reason(failure));
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
}
