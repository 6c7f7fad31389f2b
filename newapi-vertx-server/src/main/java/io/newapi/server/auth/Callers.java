package io.newapi.server.auth;

import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Finds the caller behind an API key: from a bounded cache, else from the store, once however many ask.
 *
 * <p>Guessing keys costs the guesser more than us: unknown keys are remembered, and no more than
 * {@value UnknownKeys#PER_ADDRESS} unknown ones are looked up in a second for one client address, {@value
 * UnknownKeys#PER_SECOND} for all. A key that was found before is looked up again whatever others guess.
 *
 * <p>A change takes effect with the next call after {@link #forgetUser}, {@link #forgetToken} or {@link #forgetAll}; a look-up that
 * is under way meanwhile is neither cached nor shared with later calls. What nobody announces is seen after the time to live.
 * While the store fails, a key that it knew is believed for {@link #OUTAGE}: who has quota at hand may go on spending it.
 *
 * <p>Thread-safe; results arrive on the context that asked.
 */
public final class Callers {

    /** How long after it was read an answer is believed while the store fails. */
    static final Duration OUTAGE = Duration.ofMinutes(5);

    private static final int MAX_UNDER_WAY = 2000;

    private final KeyOwner.Lookup lookup;
    private final LongSupplier nanoTime;
    private final long ttlNanos;
    private final Generations<Known> known;
    private final UnknownKeys unknown;
    private final Map<String, Future<Optional<KeyOwner>>> underWay = new ConcurrentHashMap<>();
    private final AtomicLong changes = new AtomicLong();
    private volatile @Nullable Throwable storeFailure;

    private record Known(KeyOwner owner, long loadedAtNanos) {}

    /**
     * @param lookup finds keys
     * @param timeToLive how long an answer is believed that nobody revokes, positive
     * @param maxEntries keys that are remembered at most
     * @param nanoTime a clock that only runs forward
     */
    public Callers(KeyOwner.Lookup lookup, Duration timeToLive, int maxEntries, LongSupplier nanoTime) {
        if (timeToLive.isZero() || timeToLive.isNegative()) {
            throw new IllegalArgumentException("the time to live must be positive: " + timeToLive);
        }
        this.lookup = lookup;
        this.nanoTime = nanoTime;
        this.ttlNanos = timeToLive.toNanos();
        this.known = new Generations<>(maxEntries);
        this.unknown = new UnknownKeys(nanoTime);
    }

    /**
     * The caller behind a key; fails only if the store does and the key was not read from it lately.
     *
     * @param clientAddress who sent it: one that guesses is slowed down before others are
     */
    public Future<CallerLookup> find(ApiKey key, String clientAddress) {
        Known cached = known.get(key.key());
        if (cached != null && ageNanos(cached) < ttlNanos) {
            return Future.succeededFuture(found(cached.owner(), key));
        }
        if (unknown.isKnownToBeUnknown(key.key())) {
            return Future.succeededFuture(new CallerLookup.Unknown());
        }
        Throwable failure = storeFailure;
        Known believed = failure != null && cached != null && outlives(cached, key) ? cached : null;
        if (failure != null && !underWay.isEmpty()) {
            // somebody's look-up will tell when the store is back; nobody else waits for it until then
            return believed != null
                    ? Future.succeededFuture(found(believed.owner(), key))
                    : Future.failedFuture(failure);
        }
        Future<Optional<KeyOwner>> shared = underWay.get(key.key());
        if (shared == null) {
            boolean crowded = underWay.size() >= MAX_UNDER_WAY || !unknown.mayLookUp(clientAddress);
            if (cached == null && crowded) {
                return Future.succeededFuture(new CallerLookup.Busy());
            }
            shared = load(key.key(), clientAddress);
        }
        if (believed != null) {
            return Future.succeededFuture(found(believed.owner(), key));
        }
        return onCallersContext(shared)
                .map(owner -> owner.map(o -> found(o, key)).orElseGet(CallerLookup.Unknown::new))
                .recover(failed -> cached != null && outlives(cached, key)
                        ? Future.succeededFuture(found(cached.owner(), key))
                        : Future.failedFuture(failed));
    }

    private long ageNanos(Known entry) {
        return nanoTime.getAsLong() - entry.loadedAtNanos();
    }

    /** Whether an answer holds although the store fails: it is not too old, and nobody has revoked it meanwhile. */
    private boolean outlives(Known entry, ApiKey key) {
        return ageNanos(entry) < OUTAGE.toNanos() && entry.equals(known.get(key.key()));
    }

    private static CallerLookup found(KeyOwner owner, ApiKey key) {
        return new CallerLookup.Found(new Caller(owner.user(), owner.token(), key.pinnedChannel()));
    }

    private Future<Optional<KeyOwner>> load(String key, String clientAddress) {
        Promise<Optional<KeyOwner>> promise = Promise.promise();
        Future<Optional<KeyOwner>> earlier = underWay.putIfAbsent(key, promise.future());
        if (earlier != null) {
            return earlier;
        }
        long changesBefore = changes.get();
        lookup.byKey(key).onComplete(done -> {
            underWay.remove(key, promise.future());
            storeFailure = done.failed() ? done.cause() : null;
            if (done.failed()) {
                promise.fail(done.cause());
                return;
            }
            remember(key, done.result(), clientAddress, changesBefore);
            promise.complete(done.result());
        });
        return promise.future();
    }

    private synchronized void remember(String key, Optional<KeyOwner> owner, String clientAddress, long changesBefore) {
        if (owner.isEmpty()) {
            unknown.counted(clientAddress);
            // what was read before is not believed again, whatever becomes of the store
            known.remove(key);
        }
        if (changes.get() == changesBefore) {
            owner.ifPresentOrElse(o -> known.put(key, new Known(o, nanoTime.getAsLong())), () -> unknown.remember(key));
        }
    }

    /** The user, or what decides about the user's calls, has changed. */
    public synchronized void forgetUser(long userId) {
        forget();
        known.removeIf(entry -> entry.owner().user().id() == userId);
    }

    /** The token was made, changed or deleted. */
    public synchronized void forgetToken(long tokenId) {
        forget();
        known.removeIf(entry -> entry.owner().token().id() == tokenId);
    }

    /** Anything may have changed. */
    public synchronized void forgetAll() {
        forget();
        known.clear();
    }

    private void forget() {
        changes.incrementAndGet();
        underWay.clear();
        unknown.forgetAll();
    }

    private static <T> Future<T> onCallersContext(Future<T> shared) {
        Context context = Vertx.currentContext();
        if (context == null) {
            return shared;
        }
        Promise<T> promise = Promise.promise();
        shared.onComplete(done -> context.runOnContext(ignored -> {
            if (done.succeeded()) {
                promise.complete(done.result());
            } else {
                promise.fail(done.cause());
            }
        }));
        return promise.future();
    }
}
