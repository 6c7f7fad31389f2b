package io.newapi.server.redis;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.redis.client.Command;
import io.vertx.redis.client.Redis;
import io.vertx.redis.client.RedisConnection;
import io.vertx.redis.client.Request;
import io.vertx.redis.client.Response;
import io.vertx.redis.client.ResponseType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One channel of Redis's publish and subscribe, {@linkplain KeptLink kept} alive: it is joined again as soon as that is
 * possible. Messages are lost while it is not joined, and a listener is told of each joining, so that it can find out what it
 * has missed.
 *
 * <p>All work is done on the one context that it was made on; {@link #publish} may be called on any.
 */
public final class RedisChannel {

    private static final Logger LOG = LoggerFactory.getLogger(RedisChannel.class);

    /** What happens on a channel; told on its context. */
    public interface Listener {
        /** From now on messages come. Before this some may have been missed. */
        void joined();

        /** A message has come. */
        void received(Buffer message);
    }

    /** One connection that listens, one that speaks. */
    private record Link(ServerAddress server, Redis client, RedisConnection listening, RedisConnection speaking)
            implements KeptLink.Link {

        @Override
        public RedisConnection asked() {
            return speaking;
        }

        @Override
        public Future<?> answers() {
            return Future.join(Answers.ask(listening, Command.PING), Answers.ask(speaking, Command.PING))
                    .recover(failure -> Future.failedFuture("it does not answer"));
        }

        @Override
        public Future<Void> close() {
            return client.close();
        }
    }

    private final class Joining implements KeptLink.Owner<Link> {

        @Override
        public Future<Link> make(ServerAddress server) {
            return link(server);
        }

        @Override
        public void joined() {
            listener.joined();
        }

        @Override
        public void apart(String why) {
            LOG.warn("{} cannot be used, until it can the node works by itself: {}", servers, why);
        }

        @Override
        public void again(ServerAddress server) {
            LOG.info("{} is there again, at {}", servers, server);
        }
    }

    private final Vertx vertx;
    private final RedisServers servers;
    private final String name;
    private final Listener listener;
    private final KeptLink<Link> kept;

    private RedisChannel(Vertx vertx, RedisServers servers, String name, Listener listener) {
        this.vertx = vertx;
        this.servers = servers;
        this.name = name;
        this.listener = listener;
        this.kept = new KeptLink<>(vertx, servers, new Joining());
    }

    /**
     * Begins to join a channel, and never gives up. Must be called on a context, which is then the channel's.
     *
     * @param name of the channel, the same for all databases of a server
     */
    public static RedisChannel join(Vertx vertx, RedisServers servers, String name, Listener listener) {
        RedisChannel channel = new RedisChannel(vertx, servers, name, listener);
        channel.kept.start();
        return channel;
    }

    /**
     * Sends a message to everybody who has joined. Fails if this channel has not; nothing is tried twice. A channel on which
     * nothing can be said is joined anew, with a warning.
     */
    public Future<Void> publish(Buffer message) {
        return kept.use(link -> Answers.answered(link.speaking.send(
                        Request.cmd(Command.PUBLISH).arg(name).arg(message)))
                .onFailure(failure -> kept.lost(link, "a message was not taken: " + Answers.reason(failure)))
                .mapEmpty());
    }

    /** Leaves for good. */
    public Future<Void> close() {
        return kept.close();
    }

    private Future<Link> link(ServerAddress server) {
        Redis client = Redis.createClient(vertx, servers.access().options(server));
        return Answers.answered(client.connect())
                .compose(listening -> Answers.answered(client.connect())
                        .map(speaking -> new Link(server, client, listening, speaking)))
                .compose(made -> kept.approve(server, made.speaking)
                        .compose(approved -> subscribe(made))
                        .map(made))
                .onFailure(failure -> client.close());
    }

    private Future<Void> subscribe(Link made) {
        made.listening.handler(this::received);
        kept.watch(made, made.listening);
        kept.watch(made, made.speaking);
        return Answers.ask(made.listening, Command.SUBSCRIBE, name).mapEmpty();
    }

    private void received(Response message) {
        boolean pushed = message.type() == ResponseType.PUSH || message.type() == ResponseType.MULTI;
        if (pushed && message.size() == 3 && message.get(0).toString().equals("message")) {
            listener.received(message.get(2).toBuffer());
        }
    }
}
