package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.PER_CALL;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Calls at a steady rate, whatever comes of it: nodes take turns, and so do keys, and every second call is streamed. A node
 * that has too many calls under way is left out. All answers are remembered. Thread-safe.
 */
final class SteadyLoad implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** Of each node: one that answers slowly, or not at all, is not overrun. */
    private static final int MOST_UNDER_WAY = 100;

    /**
     * A call that was not answered as it should be.
     *
     * @param url the node's
     * @param reply what it said instead; status 0 if the connection broke
     */
    record Failed(String url, Reply reply) {

        boolean broke() {
            return reply.status() == 0 || reply.status() == 200;
        }
    }

    private record Target(String url, Caller caller, AtomicLong served, AtomicInteger underWay) {}

    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
    private final List<Target> targets = new ArrayList<>();
    private final List<Key> keys;
    private final Map<String, Key> complete = new ConcurrentHashMap<>();
    private final Queue<Failed> failed = new ConcurrentLinkedQueue<>();
    private final ConcurrentSkipListSet<Long> open = new ConcurrentSkipListSet<>();
    private final AtomicLong turns = new AtomicLong();
    private final AtomicLong started = new AtomicLong();
    private final AtomicLong broken = new AtomicLong();

    private SteadyLoad(List<String> urls, List<Key> keys) {
        urls.forEach(url -> targets.add(new Target(url, new Caller(url), new AtomicLong(), new AtomicInteger())));
        this.keys = List.copyOf(keys);
    }

    static SteadyLoad start(List<String> urls, List<Key> keys, int perSecond) {
        SteadyLoad load = new SteadyLoad(urls, keys);
        var unused = load.clock.scheduleAtFixedRate(
                load::callOnce, 0, TimeUnit.SECONDS.toMicros(1) / perSecond, TimeUnit.MICROSECONDS);
        return load;
    }

    private void callOnce() {
        long number = turns.getAndIncrement();
        Target target = targets.get((int) (number % targets.size()));
        if (target.underWay().get() >= MOST_UNDER_WAY) {
            return;
        }
        target.underWay().incrementAndGet();
        open.add(number);
        started.incrementAndGet();
        Key key = keys.get((int) (number % keys.size()));
        var unused = target.caller()
                .send(key, Caller.question(PER_CALL, "Call " + number + "?").put("stream", number % 2 == 0))
                .handle((reply, failure) -> {
                    if (reply != null && reply.complete()) {
                        complete.put(reply.requestId(), key);
                        target.served().incrementAndGet();
                    } else {
                        Failed call = new Failed(target.url(), reply != null ? reply : new Reply(0, "", "" + failure));
                        broken.addAndGet(call.broke() ? 1 : 0);
                        failed.add(call);
                    }
                    target.underWay().decrementAndGet();
                    return open.remove(number);
                });
    }

    /** Waits until each node has served so many calls more. */
    void awaitServedByEach(int more) {
        List<Long> goals =
                targets.stream().map(target -> target.served().get() + more).toList();
        Eventually.until("all nodes serve", PATIENCE, () -> {
            for (int i = 0; i < goals.size(); i++) {
                if (targets.get(i).served().get() < goals.get(i)) {
                    return false;
                }
            }
            return true;
        });
    }

    /** Waits until this node has served so many calls more. */
    void awaitServedBy(String url, int more) {
        Target target = targets.stream()
                .filter(each -> each.url().equals(url))
                .findFirst()
                .orElseThrow();
        long goal = target.served().get() + more;
        Eventually.until("it serves", PATIENCE, () -> target.served().get() >= goal);
    }

    /** Waits for as long as so many calls take to be made. */
    void awaitTurns(int more) {
        long goal = turns.get() + more;
        Eventually.until("calls are made", PATIENCE, () -> turns.get() >= goal);
    }

    /** Waits until so many calls were made in all. */
    void awaitMade(long goal) {
        Eventually.until("calls are made", PATIENCE, () -> made() >= goal);
    }

    /** Waits until all calls that were made so far have ended. */
    void awaitEndOfCalls() {
        long goal = turns.get();
        Eventually.until("calls end", PATIENCE, () -> open.headSet(goal).isEmpty());
    }

    /** What was answered otherwise since this was asked last. */
    List<Failed> failures() {
        List<Failed> all = new ArrayList<>();
        for (Failed next = failed.poll(); next != null; next = failed.poll()) {
            all.add(next);
        }
        return all;
    }

    /** Which key has paid for each answer that came to its end, by the node's name for the call. */
    Map<String, Key> complete() {
        return Map.copyOf(complete);
    }

    /** How many calls were made. */
    long made() {
        return started.get();
    }

    /** How many were served by nobody knows whom: they may have been charged. */
    long broken() {
        return broken.get();
    }

    /** Makes no more calls, and waits for those under way. */
    @Override
    public void close() {
        clock.shutdown();
        try {
            if (!clock.awaitTermination(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the load does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        awaitEndOfCalls();
    }
}
