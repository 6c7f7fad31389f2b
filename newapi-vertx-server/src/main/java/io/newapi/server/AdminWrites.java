package io.newapi.server;

import io.newapi.server.admin.AdminWrite;
import io.newapi.server.admin.Rendered;
import io.newapi.server.admin.WriteDesk;
import io.newapi.server.admin.WriteRoute;
import io.newapi.server.cluster.ClusterNode;
import io.newapi.server.cluster.Mastership;
import io.newapi.server.cluster.Membership;
import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.cluster.Seal;
import io.newapi.server.store.ClusterStore;
import io.newapi.server.store.ClusterStore.FencedOffException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import io.vertx.core.json.JsonObject;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has what administrators change done by the master: here, if this node is it, else there, over the bridge. Each write that
 * is handed over has an id, under which its answer is kept in the database together with what it changed; whoever asks
 * again, after no answer or another master, gets that answer, and nothing is done twice.
 *
 * <p>Where there is no bridge, or has been no master for ten seconds, the node does it itself, under the same checks.
 */
final class AdminWrites implements WriteRoute {

    /** Where the master is asked. */
    static final String ADDRESS = "newapi.writes";

    private static final Logger LOG = LoggerFactory.getLogger(AdminWrites.class);

    /** How long one question is waited for. */
    private static final Duration ANSWER = Duration.ofSeconds(5);

    /** For how long there must have been no master before a node does it itself. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** How long a master is looked for, in all: until another has followed, or it is certain that none does. */
    private static final Duration SEARCH = Duration.ofSeconds(15);

    private static final long PAUSE_MILLIS = 200;

    /** A question that is older is the work of somebody who repeats what he has recorded; answers are kept for longer. */
    private static final long OLD_MILLIS = 60_000;

    /** Told when what was heard so far from other nodes holds here. */
    @FunctionalInterface
    interface Hearing {
        Future<Void> settled();
    }

    /**
     * One write on its way.
     *
     * @param asked whether another node was asked, which may have done it
     */
    private record Wanted(String id, AdminWrite write, Supplier<Rendered> here, boolean asked, long giveUpNanos) {

        private Wanted askedElsewhere() {
            return new Wanted(id, write, here, true, giveUpNanos);
        }
    }

    private final Vertx vertx;
    private final WorkerExecutor workers;
    private final Membership membership;
    private final ClusterStore store;
    private final Optional<RedisEventBusBridge> bridge;
    private final Hearing hearing;
    private final Seal seal;
    private final LongAdder asked = new LongAdder();

    /**
     * A route that nobody is asked on yet.
     *
     * @param workers does the work of administrators
     * @param seal for the answers that are kept
     */
    AdminWrites(
            Vertx vertx,
            WorkerExecutor workers,
            Membership membership,
            ClusterStore store,
            Optional<RedisEventBusBridge> bridge,
            Hearing hearing,
            Seal seal) {
        this.vertx = vertx;
        this.workers = workers;
        this.membership = membership;
        this.store = store;
        this.bridge = bridge;
        this.hearing = hearing;
        this.seal = seal;
    }

    /** Lets other nodes ask from now on. */
    void serve(WriteDesk desk) {
        vertx.eventBus().<Buffer>consumer(ADDRESS, question -> asked(desk, question));
    }

    /** How often another node was asked to do a write. */
    long asked() {
        return asked.sum();
    }

    @Override
    public Future<Rendered> perform(AdminWrite write, Supplier<Rendered> here) {
        if (bridge.isEmpty()) {
            return work(here);
        }
        String id = UUID.randomUUID().toString().replace("-", "");
        return perform(bridge.get(), new Wanted(id, write, here, false, System.nanoTime() + SEARCH.toNanos()));
    }

    private Future<Rendered> perform(RedisEventBusBridge way, Wanted wanted) {
        Optional<Mastership> own = membership.mastership();
        if (own.isPresent()) {
            // as a whole, because what is fenced off is done again by another
            return work(() -> own.get().run(() -> store.atomically(() -> here(wanted))))
                    .recover(failure ->
                            failure instanceof FencedOffException ? later(way, wanted) : Future.failedFuture(failure));
        }
        if (!way.isJoined() || membership.isMasterlessFor(PATIENCE)) {
            return work(() -> here(wanted));
        }
        if (wanted.giveUpNanos() - System.nanoTime() < 0) {
            return Future.failedFuture(new Unanswered());
        }
        return membership.master().map(master -> handed(way, master, wanted)).orElseGet(() -> later(way, wanted));
    }

    private Rendered here(Wanted wanted) {
        return wanted.asked() ? once(wanted.id(), wanted.here()) : wanted.here().get();
    }

    private Future<Rendered> later(RedisEventBusBridge way, Wanted wanted) {
        return vertx.timer(PAUSE_MILLIS, TimeUnit.MILLISECONDS).compose(fired -> perform(way, wanted));
    }

    private Future<Rendered> handed(RedisEventBusBridge way, ClusterNode master, Wanted wanted) {
        JsonObject question = wanted.write()
                .encoded()
                .put("id", wanted.id())
                .put("asked_at", membership.databaseMillis().orElse(0L));
        asked.increment();
        return way.ask(master.runId(), ADDRESS, Buffer.buffer(question.encode()), ANSWER)
                .map(answer -> Rendered.decoded(answer.toString()))
                // what it changed was told before it was answered
                .compose(answer -> hearing.settled().map(answer).otherwise(answer))
                .recover(failure -> {
                    LOG.debug("{} did not do {}: {}", master.name(), wanted.write(), failure.getMessage());
                    return unanswered(way, wanted);
                });
    }

    /** Whoever was asked may have done it all the same. */
    private Future<Rendered> unanswered(RedisEventBusBridge way, Wanted wanted) {
        return workers.executeBlocking(() -> store.answerTo(wanted.id()).map(this::opened), false)
                .compose(
                        done -> done.map(Future::succeededFuture).orElseGet(() -> later(way, wanted.askedElsewhere())));
    }

    private void asked(WriteDesk desk, Message<Buffer> question) {
        if (!RedisEventBusBridge.isFromAfar(question)) {
            question.fail(0, "only other nodes ask here");
            return;
        }
        workers.executeBlocking(() -> done(desk, new JsonObject(question.body())), false)
                .onSuccess(answer -> question.reply(Buffer.buffer(answer.encoded())))
                .onFailure(failure -> {
                    if (!(failure instanceof FencedOffException)) {
                        LOG.warn("what another node has handed over was not done: {}", failure.getMessage());
                    }
                    question.fail(0, String.valueOf(failure.getMessage()));
                });
    }

    private Rendered done(WriteDesk desk, JsonObject question) {
        Mastership own =
                membership.mastership().orElseThrow(() -> new IllegalStateException("this node is not the master"));
        long age = Math.abs(membership.databaseMillis().orElse(0L) - question.getLong("asked_at"));
        String id = question.getString("id");
        if (age > OLD_MILLIS || !id.matches("[0-9a-f]{32}")) {
            throw new IllegalStateException("the question is " + age + " ms old");
        }
        AdminWrite write = AdminWrite.decoded(question);
        try {
            return own.run(() -> once(id, () -> desk.perform(write)));
        } catch (WriteDesk.Refusal refusal) {
            return refusal.answer();
        }
    }

    private Rendered once(String id, Supplier<Rendered> work) {
        return opened(store.once(id, () -> kept(work.get())));
    }

    /** Answers may hold what only their caller may know. */
    private String kept(Rendered answer) {
        return Base64.getEncoder()
                .encodeToString(seal.seal(answer.encoded().getBytes(StandardCharsets.UTF_8))
                        .getBytes());
    }

    private Rendered opened(String kept) {
        byte[] plain = seal.open(Buffer.buffer(Base64.getDecoder().decode(kept)))
                .orElseThrow(() -> new IllegalStateException("the answer was kept under another CRYPTO_SECRET"));
        return Rendered.decoded(new String(plain, StandardCharsets.UTF_8));
    }

    private Future<Rendered> work(Supplier<Rendered> work) {
        return workers.executeBlocking(work::get, false);
    }
}
