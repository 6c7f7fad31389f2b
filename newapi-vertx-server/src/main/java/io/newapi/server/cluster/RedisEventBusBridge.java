package io.newapi.server.cluster;

import io.newapi.server.redis.RedisChannel;
import io.newapi.server.redis.RedisServers;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.DeliveryOptions;
import io.vertx.core.eventbus.EventBus;
import io.vertx.core.eventbus.Message;
import io.vertx.core.eventbus.MessageConsumer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries chosen addresses of the local event bus to the other nodes, through a channel of Redis: what is published there
 * on one node is published there on all; and one node may ask another, which is asked as if by a request on its own bus.
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
 *   <li>A question comes at most once to the run of a node that it is meant for, and to no other run. The answer may be
 *       lost like any message: who gets none does not know whether the question arrived.
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
    private static final long LATELY_NANOS = 5 * LIFE_SIGN.toNanos();
    private static final long SILENCE_NANOS = 60 * LIFE_SIGN.toNanos();

    /**
     * What is carried.
     *
     * @param told addresses of what is published on all nodes
     * @param asked addresses at which this node may be asked
     */
    public record Carried(Set<String> told, Set<String> asked) {

        /** Copies the sets. */
        public Carried {
            told = Set.copyOf(told);
            asked = Set.copyOf(asked);
        }
    }

    /** Told of what a bridge cannot carry, on its context. */
    @FunctionalInterface
    public interface Listener {
        /** Messages of others may have been lost since the last time. Returns soon. */
        void somethingWasMissed();
    }

    private final Vertx vertx;
    private final EventBus bus;
    private final Carried carried;
    private final String name;
    private final FrameSeal seal;
    private final Listener listener;
    private final String self;
    private final Peers peers = new Peers(SILENCE_NANOS);
    private final List<MessageConsumer<Buffer>> consumers = new ArrayList<>();
    private final RedisChannel channel;
    private final Context context;
    private final Map<Long, Promise<Buffer>> questions = new HashMap<>();
    private volatile boolean joined;
    private volatile Set<String> heard = Set.of();
    private long lastQuestion;
    private long number;
    private boolean strangersTold;
    private long timer;

    private RedisEventBusBridge(
            Vertx vertx,
            RedisServers servers,
            String name,
            String runId,
            byte[] secret,
            Carried carried,
            SecureRandom random,
            Listener listener) {
        this.vertx = vertx;
        this.bus = vertx.eventBus();
        this.context = vertx.getOrCreateContext();
        this.carried = carried;
        this.name = name;
        this.seal = new FrameSeal(secret, random);
        this.listener = listener;
        this.self = runId;
        this.channel = RedisChannel.join(vertx, servers, name, new RedisChannel.Listener() {
            @Override
            public void joined() {
                joined = true;
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
     * @param runId who speaks: 32 hexadecimal digits that no other run of any node has
     * @param secret what all nodes know and nobody else
     */
    public static Future<RedisEventBusBridge> open(
            Vertx vertx,
            RedisServers servers,
            String name,
            String runId,
            byte[] secret,
            Carried carried,
            SecureRandom random,
            Listener listener) {
        Context context = vertx.getOrCreateContext();
        return Future.future(promise -> context.runOnContext(now -> {
            try {
                RedisEventBusBridge bridge =
                        new RedisEventBusBridge(vertx, servers, name, runId, secret, carried, random, listener);
                bridge.listen().map(bridge).onComplete(promise);
            } catch (RuntimeException e) {
                promise.fail(e);
            }
        }));
    }

    private Future<Void> listen() {
        List<Future<?>> registered = new ArrayList<>();
        for (String address : carried.told()) {
            MessageConsumer<Buffer> consumer = bus.consumer(address, this::published);
            consumers.add(consumer);
            registered.add(consumer.completion());
        }
        timer = vertx.setPeriodic(LIFE_SIGN.toMillis(), fired -> {
            long now = System.nanoTime();
            peers.forgetSilent(now);
            heard = peers.heardSince(now - LATELY_NANOS);
            carry(Frame.lifeSign(self, number));
        });
        return Future.join(registered).mapEmpty();
    }

    /** Carries what was published so far, and nothing any more. */
    public Future<Void> close() {
        return Future.<Void>future(promise -> context.runOnContext(now -> {
                    vertx.cancelTimer(timer);
                    List.copyOf(questions.values()).forEach(question -> question.tryFail("the node stops"));
                    Future.join(consumers.stream()
                                    .map(MessageConsumer::unregister)
                                    .toList())
                            // the last word: whoever has missed one before it learns that
                            .eventually(() -> carry(Frame.lifeSign(self, number)))
                            .<Void>mapEmpty()
                            .onComplete(promise);
                }))
                .eventually(channel::close);
    }

    private void published(Message<Buffer> message) {
        if (!isFromAfar(message)) {
            // counted even if it does not get through: that tells the others that they have missed something
            number++;
            carry(Frame.tell(self, number, message.address(), message.body()));
        }
    }

    /**
     * Asks another node. May be called on any thread.
     *
     * @param runId who is asked
     * @param address one at which that node may be asked
     * @param patience after which the answer is not waited for any more
     * @return the answer; a failure if there is none, whatever became of the question
     */
    public Future<Buffer> ask(String runId, String address, Buffer question, Duration patience) {
        return Future.future(answer -> context.runOnContext(now -> {
            long id = ++lastQuestion;
            questions.put(id, answer);
            long giveUp = vertx.setTimer(patience.toMillis(), late -> answer.tryFail("no answer in time"));
            answer.future().onComplete(done -> {
                vertx.cancelTimer(giveUp);
                questions.remove(id);
            });
            number++;
            carry(new Frame(self, number, Frame.Purpose.ASK, runId, id, address, question))
                    .onFailure(answer::tryFail);
        }));
    }

    /** Whether Redis could be spoken through when it was last tried. */
    public boolean isJoined() {
        return joined;
    }

    /** The runs of other nodes that were heard in the last seconds. */
    public Set<String> heard() {
        return heard;
    }

    private Future<Void> carry(Frame frame) {
        Optional<Buffer> sealed = seal.seal(frame);
        if (sealed.isEmpty()) {
            LOG.error(
                    "a message to {} has {} bytes, which is too much to be carried",
                    frame.address(),
                    frame.body().length());
            return Future.failedFuture("too much to be carried");
        }
        return channel.publish(sealed.get()).onSuccess(sent -> joined = true).onFailure(failure -> {
            joined = false;
            LOG.debug("a message to {} was not carried: {}", frame.address(), failure.getMessage());
        });
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
        boolean forSelf = frame.target().equals(self);
        switch (frame.purpose()) {
            case LIFE_SIGN -> {
                // what it says is in its number
            }
            case TELL -> tell(frame);
            case ASK -> {
                if (forSelf) {
                    asked(frame);
                }
            }
            case ANSWER, FAILURE -> {
                if (forSelf) {
                    answered(frame);
                }
            }
        }
    }

    private void tell(Frame frame) {
        if (carried.told().contains(frame.address())) {
            bus.publish(frame.address(), frame.body(), fromAfar(frame));
        }
    }

    private void asked(Frame question) {
        if (!carried.asked().contains(question.address())) {
            reply(question, Frame.Purpose.FAILURE, Buffer.buffer("nobody answers at " + question.address()));
            return;
        }
        bus.<Buffer>request(question.address(), question.body(), fromAfar(question))
                .onSuccess(answer -> reply(question, Frame.Purpose.ANSWER, answer.body()))
                .onFailure(failure ->
                        reply(question, Frame.Purpose.FAILURE, Buffer.buffer(String.valueOf(failure.getMessage()))));
    }

    private void reply(Frame question, Frame.Purpose purpose, Buffer body) {
        number++;
        Frame reply = new Frame(self, number, purpose, question.sender(), question.question(), "", body);
        if (!seal.fits(reply)) {
            reply(question, Frame.Purpose.FAILURE, Buffer.buffer("the answer is too much to be carried"));
            return;
        }
        carry(reply);
    }

    private void answered(Frame frame) {
        Promise<Buffer> question = questions.get(frame.question());
        if (question == null) {
            // nobody waits for it any more
            return;
        }
        if (frame.purpose() == Frame.Purpose.ANSWER) {
            question.tryComplete(frame.body());
        } else {
            question.tryFail(frame.body().toString());
        }
    }

    private static DeliveryOptions fromAfar(Frame frame) {
        return new DeliveryOptions().addHeader(FROM_AFAR, frame.sender());
    }

    /** Whether a message on the local bus was published on another node. */
    public static boolean isFromAfar(Message<?> message) {
        return message.headers().contains(FROM_AFAR);
    }
}
