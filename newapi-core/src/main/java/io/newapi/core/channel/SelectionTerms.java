package io.newapi.core.channel;

import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What a call wants of the selection beyond group and model. Immutable; start with {@link #weighted()}.
 */
public final class SelectionTerms {

    private static final SelectionTerms WEIGHTED = new SelectionTerms(SelectionStrategy.WEIGHTED, null, true, null);

    private final SelectionStrategy strategy;
    private final @Nullable AffinityKey affinity;
    private final boolean yielding;
    /** Null if any channel will do. */
    private final @Nullable Predicate<Channel> eligible;

    private final boolean plain;

    private SelectionTerms(
            SelectionStrategy strategy,
            @Nullable AffinityKey affinity,
            boolean yielding,
            @Nullable Predicate<Channel> eligible) {
        this.strategy = strategy;
        this.affinity = affinity;
        this.yielding = yielding;
        this.eligible = eligible;
        this.plain = strategy == SelectionStrategy.WEIGHTED && affinity == null && eligible == null;
    }

    /** Whether only weights decide, among all channels. */
    boolean plain() {
        return plain;
    }

    /** Any channel, by weight, without affinity; those that cool down come last. */
    public static SelectionTerms weighted() {
        return WEIGHTED;
    }

    /** These terms with another strategy. */
    public SelectionTerms with(SelectionStrategy other) {
        return new SelectionTerms(other, affinity, yielding, eligible);
    }

    /**
     * These terms for a call that belongs to others. The key then decides instead of the strategy, among the same
     * channels: it yields to failures, cool-downs and priorities as the strategy does.
     */
    public SelectionTerms with(AffinityKey key) {
        return new SelectionTerms(strategy, key, yielding, eligible);
    }

    /** These terms, whatever the {@linkplain ChannelHealth health} of channels and keys. */
    public SelectionTerms ignoringHealth() {
        return new SelectionTerms(strategy, affinity, false, eligible);
    }

    /** These terms, only among channels that the call can use, such as those that speak its wire format. */
    public SelectionTerms among(Predicate<Channel> only) {
        return new SelectionTerms(strategy, affinity, yielding, only);
    }

    /** How to choose among equal channels. */
    public SelectionStrategy strategy() {
        return strategy;
    }

    /** What the call has in common with others. */
    public Optional<AffinityKey> affinity() {
        return Optional.ofNullable(affinity);
    }

    /** Whether channels and keys that cool down come last. */
    public boolean yielding() {
        return yielding;
    }

    boolean accepts(Channel channel) {
        return eligible == null || eligible.test(channel);
    }

    @Nullable
    AffinityKey key() {
        return affinity;
    }
}
