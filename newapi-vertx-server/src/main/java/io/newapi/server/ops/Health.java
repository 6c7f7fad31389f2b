package io.newapi.server.ops;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Supplier;

/**
 * Whether a node is ready for calls, and how its parts are. Thread-safe; asking never waits.
 *
 * <p>What all nodes share is never a reason for one of them not to be ready: all would turn away at once, and nothing would
 * be left that still serves.
 */
public final class Health {

    private final Supplier<ServerState> state;
    private final Map<String, Supplier<Condition>> parts = new ConcurrentSkipListMap<>();

    /** @param state where the node stands now */
    public Health(Supplier<ServerState> state) {
        this.state = state;
    }

    /**
     * Adds a part, or takes another look at one from now on.
     *
     * @param part one word
     * @param condition says how it is, at once
     */
    public void watch(String part, Supplier<Condition> condition) {
        parts.put(part, condition);
    }

    /** Where the node stands. */
    public ServerState state() {
        return state.get();
    }

    /** Whether it was asked to stop. */
    public boolean isStopping() {
        ServerState now = state();
        return now == ServerState.DRAINING || now == ServerState.STOPPED;
    }

    /** The parts that are watched. */
    Set<String> parts() {
        return parts.keySet();
    }

    /** How a part is that is watched. */
    Condition condition(String part) {
        return Objects.requireNonNull(parts.get(part), part).get();
    }

    /** How it is now. */
    public Report report() {
        Map<String, Condition> now = new TreeMap<>();
        parts.forEach((part, condition) -> now.put(part, condition.get()));
        ServerState stands = state();
        boolean fit = now.values().stream().noneMatch(condition -> condition.level() == Condition.Level.FAILED);
        return new Report(stands.isReady() && fit, stands, now);
    }

    /**
     * How a node is at one moment.
     *
     * @param ready whether it should get calls
     * @param state where it stands
     * @param parts how its parts are, by name, in order
     */
    public record Report(boolean ready, ServerState state, Map<String, Condition> parts) {}
}
