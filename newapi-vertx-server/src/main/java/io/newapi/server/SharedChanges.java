package io.newapi.server;

import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.snapshot.Changes;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a committed change take effect here, and tells the other nodes; what they tell takes effect here in the same way.
 * A message says only what has changed, never how: whoever hears it reads that from the database.
 *
 * <p>Called on worker threads; thread-safe. What comes from others is done on worker threads: one loads the configuration,
 * which may have to wait for the database, and tries until it has it; one forgets what no longer holds, which never waits.
 * However many say that the configuration has changed while it is being loaded, it is loaded once more.
 */
final class SharedChanges implements Changes {

    /** Where changes are published on the event bus. */
    static final String ADDRESS = "newapi.changes";

    private static final Logger LOG = LoggerFactory.getLogger(SharedChanges.class);
    private static final long PAUSE_MILLIS = 1_000;
    private static final String CONFIGURATION = "configuration";
    private static final String USER = "user";
    private static final String TOKEN = "token";
    private static final String BALANCE = "balance";

    private final LiveChanges here;
    private final Vertx vertx;
    private final Context context;
    private final WorkerExecutor loading;
    private final WorkerExecutor forgetting;
    private final AtomicBoolean reloadPending = new AtomicBoolean();
    private final AtomicBoolean lookUpPending = new AtomicBoolean();
    private volatile long mayLookUpNanos = System.nanoTime();

    private SharedChanges(LiveChanges here, Vertx vertx, WorkerExecutor loading, WorkerExecutor forgetting) {
        this.here = here;
        this.vertx = vertx;
        this.context = vertx.getOrCreateContext();
        this.loading = loading;
        this.forgetting = forgetting;
    }

    /**
     * Begins to listen.
     *
     * @param loading has one thread
     * @param forgetting likewise, and another one
     */
    static SharedChanges join(LiveChanges here, Vertx vertx, WorkerExecutor loading, WorkerExecutor forgetting) {
        SharedChanges changes = new SharedChanges(here, vertx, loading, forgetting);
        changes.context.runOnContext(now -> vertx.eventBus().<Buffer>consumer(ADDRESS, changes::heard));
        return changes;
    }

    /** Ends when what others have told so far has taken effect here, unless it could not be loaded. */
    Future<Void> settled() {
        return Future.future(promise -> context.runOnContext(
                now -> Future.join(loading.executeBlocking(() -> null), forgetting.executeBlocking(() -> null))
                        .<Void>mapEmpty()
                        .onComplete(promise)));
    }

    @Override
    public void optionsChanged() {
        here.optionsChanged();
        tell(CONFIGURATION);
    }

    @Override
    public void channelsChanged() {
        here.channelsChanged();
        tell(CONFIGURATION);
    }

    @Override
    public void userChanged(long userId) {
        here.userChanged(userId);
        tell(USER + " " + userId);
    }

    @Override
    public void tokenChanged(long userId, long tokenId) {
        here.tokenChanged(userId, tokenId);
        tell(TOKEN + " " + userId + " " + tokenId);
    }

    @Override
    public void balanceChanged(int kind, long accountId) {
        here.balanceChanged(kind, accountId);
        tell(BALANCE + " " + kind + " " + accountId);
    }

    /**
     * Others may have said anything: everything that is remembered here is looked up again, at once or a moment after the
     * last time. May be called on any thread.
     */
    void somethingWasMissed() {
        if (lookUpPending.compareAndSet(false, true)) {
            long wait = mayLookUpNanos - System.nanoTime();
            after(Math.max(0, TimeUnit.NANOSECONDS.toMillis(wait)), this::lookUp);
        }
    }

    private void lookUp() {
        load(lookUpPending, () -> {
            mayLookUpNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PAUSE_MILLIS);
            return here.anythingChanged();
        });
    }

    private void tell(String change) {
        vertx.eventBus().publish(ADDRESS, Buffer.buffer(change));
    }

    private void heard(Message<Buffer> message) {
        if (RedisEventBusBridge.isFromAfar(message)) {
            take(message.body().toString());
        }
    }

    private void take(String change) {
        String[] words = change.split(" ", -1);
        try {
            switch (words[0]) {
                case CONFIGURATION -> reload();
                case USER -> {
                    long user = Long.parseLong(words[1]);
                    forget(() -> here.userChanged(user));
                }
                case TOKEN -> {
                    long user = Long.parseLong(words[1]);
                    long token = Long.parseLong(words[2]);
                    forget(() -> here.tokenChanged(user, token));
                }
                case BALANCE -> {
                    int kind = Integer.parseInt(words[1]);
                    long account = Long.parseLong(words[2]);
                    forget(() -> here.balanceChanged(kind, account));
                }
                // a newer node may tell of what this one does not know
                default -> somethingWasMissed();
            }
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            somethingWasMissed();
        }
    }

    private void reload() {
        if (reloadPending.compareAndSet(false, true)) {
            load(reloadPending, here::reload);
        }
    }

    /** Loads until it succeeds: the database may blink when Redis does. */
    private void load(AtomicBoolean pending, BooleanSupplier work) {
        loading.executeBlocking(() -> {
                    // before anything is read: what is announced later is read again
                    pending.set(false);
                    return work.getAsBoolean();
                })
                .onSuccess(loaded -> {
                    if (!loaded && pending.compareAndSet(false, true)) {
                        after(PAUSE_MILLIS, () -> load(pending, work));
                    }
                })
                .onFailure(failure -> LOG.error("a change on another node did not take effect here", failure));
    }

    private void forget(Runnable work) {
        forgetting
                .executeBlocking(() -> {
                    work.run();
                    return null;
                })
                .onFailure(failure -> LOG.error("a change on another node did not take effect here", failure));
    }

    private void after(long millis, Runnable work) {
        if (millis == 0) {
            work.run();
        } else {
            vertx.setTimer(millis, fired -> work.run());
        }
    }
}
