package io.newapi.server;

import io.newapi.core.quota.Account;
import io.newapi.server.config.ServerConfig;
import io.newapi.server.jobs.Blocking;
import io.newapi.server.redis.RedisCommands;
import io.newapi.server.redis.RedisCommands.RefusedException;
import io.newapi.server.redis.RedisServers;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.TokenStore;
import io.vertx.core.Vertx;
import io.vertx.core.WorkerExecutor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the nodes of the original that share a Redis with this one see what it has committed: they keep users and tokens,
 * with their balances, as {@code user:<id>} and {@code token:<hash of the key>}, and look into the database only when these
 * are not there. So what was changed is removed.
 *
 * <p>Nothing waits for this. What is to be removed is noted, and removed by a thread of its own: at once when somebody has
 * changed something, and once a second for balances that move because calls are charged. While Redis is away it stays
 * noted, up to a bound; what is above that is left to the keys' own expiry, with one warning.
 *
 * <p>A change is removed once more after a moment: a node of the original that has read the old row just before the commit
 * stores it a little later. A balance that moves is not, because it moves again.
 *
 * <p>Thread-safe.
 */
final class OriginalCaches implements Changes, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(OriginalCaches.class);

    /** How many accounts may be waiting. */
    static final int MAX_WAITING = 20_000;

    private static final int BATCH = 500;
    private static final int MAX_NAMES = 20_000;
    private static final long MOVED_MILLIS = 1_000;
    private static final long AGAIN_MILLIS = 2_000;

    private final Vertx vertx;
    private final TokenStore tokens;
    private final OriginalKeys keys;
    private final WorkerExecutor worker;
    private final RedisCommands redis;
    private final long timer;

    /** What is to be removed. */
    private final Set<Account> waiting = ConcurrentHashMap.newKeySet();
    /** Users who may have been deleted, and their tokens with them. */
    private final Set<Long> changedUsers = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean removing = new AtomicBoolean();
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicBoolean warned = new AtomicBoolean();
    /** Names of tokens, which never change; confined to the worker's one thread. */
    private final Map<Long, String> names = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MAX_NAMES;
        }
    };

    OriginalCaches(Vertx vertx, RedisServers servers, TokenStore tokens, OriginalKeys keys) {
        this.vertx = vertx;
        this.tokens = tokens;
        this.keys = keys;
        this.worker = vertx.createSharedWorkerExecutor("newapi-original-caches", 1);
        this.redis = RedisCommands.open(
                vertx, servers, "the removal of what nodes of the original keep there", this::removeNow);
        this.timer = vertx.setPeriodic(MOVED_MILLIS, fired -> {
            if (!waiting.isEmpty()) {
                removeNow();
            }
        });
    }

    /** Those of a node, if it has a Redis and was not told that no node of the original is there. */
    static Optional<OriginalCaches> open(ServerConfig config, Vertx vertx, TokenStore tokens) {
        return config.cluster()
                .redis()
                .filter(redis -> config.cluster().besideOriginal())
                .map(redis -> new OriginalCaches(
                        vertx,
                        NodeRedis.place(redis),
                        tokens,
                        new OriginalKeys(config.cluster().cryptoSecret().revealUtf8())));
    }

    @Override
    public void optionsChanged() {
        // the original keeps none in Redis
    }

    @Override
    public void channelsChanged() {
        // nor these
    }

    @Override
    public void userChanged(long userId) {
        if (changedUsers.size() < MAX_WAITING) {
            changedUsers.add(userId);
        }
        changed(Account.user(userId));
    }

    @Override
    public void tokenChanged(long userId, long tokenId) {
        changed(Account.token(tokenId));
    }

    @Override
    public void balanceChanged(int kind, long accountId) {
        changed(new Account(Account.Kind.fromCode(kind), accountId));
    }

    /** Balances have moved because something was charged, leased or given back. Returns at once, on any thread. */
    void moved(Set<Account> accounts) {
        accounts.forEach(this::note);
    }

    /** How many accounts were left to the keys' own expiry, because too many waited or Redis refused. */
    long dropped() {
        return dropped.get();
    }

    private void changed(Account account) {
        note(account);
        removeNow();
        vertx.setTimer(AGAIN_MILLIS, fired -> {
            note(account);
            removeNow();
        });
    }

    private void note(Account account) {
        if (waiting.size() < MAX_WAITING) {
            waiting.add(account);
        } else if (!waiting.contains(account)) {
            drop(1, "more than " + MAX_WAITING + " accounts wait");
        }
    }

    private void drop(long accounts, String why) {
        dropped.addAndGet(accounts);
        if (warned.compareAndSet(false, true)) {
            LOG.warn(
                    "nodes of the original see some changes when what they keep in Redis expires, not at once: {}",
                    why);
        }
    }

    private void removeNow() {
        if (removing.compareAndSet(false, true)) {
            worker.executeBlocking(this::removeAll, false)
                    .onFailure(failure -> LOG.error("what nodes of the original keep was not removed", failure));
        }
    }

    /** Until nothing waits or Redis is away. */
    private boolean removeAll() {
        // before anything is taken: what is noted later is taken later
        removing.set(false);
        boolean goesOn = true;
        while (goesOn && !waiting.isEmpty()) {
            goesOn = remove(take());
        }
        return goesOn;
    }

    private List<Account> take() {
        List<Account> taken = new ArrayList<>();
        Iterator<Account> all = waiting.iterator();
        while (all.hasNext() && taken.size() < BATCH) {
            taken.add(all.next());
            all.remove();
        }
        return taken;
    }

    /** Whether Redis is there. */
    private boolean remove(List<Account> accounts) {
        List<Long> users = ids(accounts, Account.Kind.USER);
        List<Long> suspects = users.stream().filter(changedUsers::remove).toList();
        try {
            List<String> names = new ArrayList<>(ofTokens(ids(accounts, Account.Kind.TOKEN)));
            users.forEach(id -> names.add(OriginalKeys.ofUser(id)));
            tokens.keysOfDeletedUsers(suspects).forEach(key -> names.add(keys.ofToken(key)));
            if (!names.isEmpty()) {
                Blocking.await(redis.remove(names).toCompletionStage());
            }
            return true;
        } catch (RefusedException e) {
            drop(accounts.size(), String.valueOf(e.getMessage()));
            return true;
        } catch (RuntimeException e) {
            // Redis, or the database, is away: both say so elsewhere, and when Redis is back this goes on
            LOG.debug("what nodes of the original keep is removed later", e);
            accounts.forEach(this::note);
            changedUsers.addAll(suspects);
            return false;
        }
    }

    private static List<Long> ids(List<Account> accounts, Account.Kind kind) {
        return accounts.stream()
                .filter(account -> account.kind() == kind)
                .map(Account::id)
                .toList();
    }

    private Collection<String> ofTokens(List<Long> ids) {
        List<Long> unknown = ids.stream().filter(id -> !names.containsKey(id)).toList();
        tokens.keys(unknown).forEach((id, key) -> names.put(id, keys.ofToken(key)));
        // a token without a row has no name
        return ids.stream()
                .flatMap(id -> Optional.ofNullable(names.get(id)).stream())
                .toList();
    }

    /** Removes what waits, if Redis is there. Blocks. */
    @Override
    public void close() {
        vertx.cancelTimer(timer);
        Blocking.await(worker.executeBlocking(this::removeAll, false)
                .eventually(() -> redis.close())
                .eventually(worker::close)
                .toCompletionStage());
    }
}
