package io.newapi.server.cluster;

import io.newapi.server.redis.RedisChannel;
import io.newapi.server.redis.RedisServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries chosen addresses of the local event bus to the other nodes, through a channel of Redis: what is published there
 * on one node is published there on all.
 *
 * <p>What it promises, and what not:
 * <ul>
 *   <li>A message comes at most once, and messages of one node in the order in which they were published.
 *   <li>It may be lost: Redis keeps nothing for those who are away. Then the others learn that something was lost, at the
 *       latest {@link #LIFE_SIGN} after they hear of the sender again: {@link Listener#somethingWasMissed} is called, and
 *       whoever depends on messages looks up what they would have said. The same is called after each joining. What a
 *       sender said last and is lost when it dies is noticed by nobody.
 *   <li>Only nodes with the same secret are heard, and nobody else can read what they say. Somebody who can write to
 *       Redis may repeat or hold back what he has recorded of a run that ended: a message must therefore not do more
 *       than say that something is to be looked up.
 * </ul>
 *
 * <p>Bodies are buffers of at most a megabyte, head included. Publishing on the bus never fails or waits because of
 * Redis. Everything else is done on the one context that it was made on.
 */
public final class RedisEventBusBridge {

    /** How often a node that has nothing to say says so. */
    public static final Duration LIFE_SIGN = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(RedisEventBusBridge.class);
    private static final String FROM_AFAR = "newapi-bridge-sender";
    private static final int SENDER_BYTES = 16;
    private static final long SILENCE_NANOS = 60 * LIFE_SIGN.toNanos();

    /** Told of what a bridge cannot carry, on its context. */
    @FunctionalInterface
    public interface Listener {
        /** Messages of others may have been lost since the last time. Returns soon. */
        void somethingWasMissed();
    }

    private final Vertx vertx;
    private final EventBus bus;
    private final Set<String> addresses;
    private final String name;
    private final FrameSeal seal;
    private final Listener listener;
    private final String self;
    private final Peers peers = new Peers(SILENCE_NANOS);
    private final List<MessageConsumer<Buffer>> consumers = new ArrayList<>();
    private final RedisChannel channel;
    private final Context context;
    private long number;
    private boolean strangersTold;
    private long timer;

    private RedisEventBusBridge(
            Vertx vertx,
            RedisServers servers,
            String name,
            byte[] secret,
            Set<String> addresses,
            SecureRandom random,
            Listener listener) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.context = vertx.getOrCreateContext();
        this.addresses = Set.copyOf(addresses);
        this.name = name;
        this.seal = new FrameSeal(secret, random);
        this.listener = listener;
        byte[] id = new byte[SENDER_BYTES];
        random.nextBytes(id);
        this.self = HexFormat.of().formatHex(id);
        this.channel = RedisChannel.join(vertx, servers, name, new RedisChannel.Listener() {
            @Override
            public void joined() {
                listener.somethingWasMissed();
            }

            @Override
            public void received(Buffer message) {
                RedisEventBusBridge.this.received(message);
            }
        });
    }

    /**
     * Opens a bridge; the future ends when the local bus is listened to, whether Redis is there or not.
     *
     * @param servers the Redis that carries the messages
     * @param name of the channel: all nodes of an installation have the same, and no others
     * @param secret what all nodes know and nobody else
     * @param addresses what is carried
     */
    public static Future<RedisEventBusBridge> open(
            Vertx vertx,
            RedisServers servers,
            String name,
            byte[] secret,
            Set<String> addresses,
            SecureRandom random,
            Listener listener) {
        Context context = vertx.getOrCreateContext();
        return Future.future(promise -> context.runOnContext(now -> {
            try {
                RedisEventBusBridge bridge =
                        new RedisEventBusBridge(vertx, servers, name, secret, addresses, random, listener);
                bridge.listen().map(bridge).onComplete(promise);
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        }));
    }

    private Future<Void> listen() {
        List<Future<?>> registered = new ArrayList<>();
        for (String address : addresses) {
            MessageConsumer<Buffer> consumer = bus.consumer(address, this::published);
            consumers.add(consumer);
            registered.add(consumer.completion());
        }
        timer = vertx.setPeriodic(LIFE_SIGN.toMillis(), fired -> {
            peers.forgetSilent(System.nanoTime());
            carry(new Frame(self, number, "", Buffer.buffer()));
        });
        return Future.join(registered).mapEmpty();
    }

    /** Carries what was published so far, and nothing any more. */
    public Future<Void> close() {
        return Future.<Void>future(promise -> context.runOnContext(now -> {
                    vertx.cancelTimer(timer);
                    Future.join(consumers.stream()
                                    .map(MessageConsumer::unregister)
                                    .toList())
                            // the last word: whoever has missed one before it learns that
                            .eventually(() -> carry(new Frame(self, number, "", Buffer.buffer())))
                            .<Void>mapEmpty()
                            .onComplete(promise);
                }))
                .eventually(channel::close);
    }

    private void published(Message<Buffer> message) {
        if (!isFromAfar(message)) {
            // counted even if it does not get through: that tells the others that they have missed something
            number++;
            carry(new Frame(self, number, message.address(), message.body()));
        }
    }

    private Future<Void> carry(Frame frame) {
        Optional<Buffer> sealed = seal.seal(frame);
        if (sealed.isEmpty()) {
            LOG.error(
                    "a message to {} has {} bytes, which is too much to be carried",
                    frame.address(),
                    frame.body().length());
            return Future.succeededFuture();
        }
        return channel.publish(sealed.get())
                .onFailure(failure ->
                        LOG.debug("a message to {} was not carried: {}", frame.address(), failure.getMessage()));
    }

    private void received(Buffer message) {
        Optional<Frame> opened = seal.open(message);
        if (opened.isEmpty()) {
            if (!strangersTold) {
                LOG.warn(
                        "another node that uses this Redis has another CRYPTO_SECRET, or somebody else writes to {}:"
                                + " what he says is ignored",
                        name);
            }
            strangersTold = true;
            return;
        }
        Frame frame = opened.get();
        if (frame.sender().equals(self)) {
            return;
        }
        Peers.Hearing hearing = peers.hear(frame, System.nanoTime());
        if (hearing == Peers.Hearing.REPEATED) {
            return;
        }
        if (hearing == Peers.Hearing.GAP) {
            listener.somethingWasMissed();
        }
        if (addresses.contains(frame.address())) {
            bus.publish(frame.address(), frame.body(), new DeliveryOptions().addHeader(FROM_AFAR, frame.sender()));
        }
    }

    /** Whether a message on the local bus was published on another node. */
    public static boolean isFromAfar(Message<?> message) {
        return message.headers().contains(FROM_AFAR);
    }
}
