package io.newapi.server;

import io.newapi.server.cluster.RedisEventBusBridge;
import io.newapi.server.snapshot.Changes;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.eventbus.Message;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a committed change take effect here, and tells the other nodes; what they tell takes effect here in the same way.
 * A message says only what has changed, never how: whoever hears it reads that from the database.
 *
 * <p>Called on worker threads; thread-safe. What comes from others is done on one worker thread, and however many say that
 * the configuration has changed while it is being loaded, it is loaded once more.
 */
final class SharedChanges implements Changes {

    /** Where changes are published on the event bus. */
    static final String ADDRESS = "newapi.changes";

    private static final Logger LOG = LoggerFactory.getLogger(SharedChanges.class);
    private static final String CONFIGURATION = "configuration";
    private static final String USER = "user";
    private static final String TOKEN = "token";
    private static final String BALANCE = "balance";

    private final LiveChanges here;
    private final Vertx vertx;
    private final WorkerExecutor worker;
    private final AtomicBoolean reloadPending = new AtomicBoolean();

    private SharedChanges(LiveChanges here, Vertx vertx, WorkerExecutor worker) {
        this.here = here;
        this.vertx = vertx;
        this.worker = worker;
    }

    /** @param worker has one thread */
    static SharedChanges join(LiveChanges here, Vertx vertx, WorkerExecutor worker) {
        SharedChanges changes = new SharedChanges(here, vertx, worker);
        vertx.eventBus().<Buffer>consumer(ADDRESS, changes::heard);
        return changes;
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

    /** Others may have said anything: everything that is remembered here is looked up again. May be called on any thread. */
    void somethingWasMissed() {
        onWorker(here::anythingChanged);
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
                    onWorker(() -> here.userChanged(user));
                }
                case TOKEN -> {
                    long user = Long.parseLong(words[1]);
                    long token = Long.parseLong(words[2]);
                    onWorker(() -> here.tokenChanged(user, token));
                }
                case BALANCE -> {
                    int kind = Integer.parseInt(words[1]);
                    long account = Long.parseLong(words[2]);
                    onWorker(() -> here.balanceChanged(kind, account));
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
            onWorker(() -> {
                // before it is read: what is announced later is read again
                reloadPending.set(false);
                here.optionsChanged();
            });
        }
    }

    private void onWorker(Runnable work) {
        worker.executeBlocking(() -> {
                    work.run();
                    return null;
                })
                .onFailure(failure -> LOG.error("a change on another node did not take effect here", failure));
    }
}
