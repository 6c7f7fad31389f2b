package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What one call has tried so far, so that the next attempt goes elsewhere. Immutable; starts at {@link #nothing()}.
 *
 * @param attempts the failed attempts, oldest first
 */
public record Tried(List<Selected> attempts) {

    private static final Tried NOTHING = new Tried(List.of());

    /** Higher than the rank of anything that has not just failed. */
    private static final int JUST_FAILED = Integer.MAX_VALUE;

    /** An immutable copy. */
    public Tried {
        attempts = List.copyOf(attempts);
    }

    /** Before the first attempt. */
    public static Tried nothing() {
        return NOTHING;
    }

    /** This, and then {@code failed}. */
    public Tried and(Selected failed) {
        List<Selected> longer = new ArrayList<>(attempts.size() + 1);
        longer.addAll(attempts);
        longer.add(failed);
        return new Tried(longer);
    }

    /** The newest attempt. */
    public Optional<Selected> last() {
        return attempts.isEmpty() ? Optional.empty() : Optional.of(attempts.get(attempts.size() - 1));
    }

    /** Whether the channel {@code channelId} was tried. */
    public boolean contains(long channelId) {
        for (Selected attempt : attempts) {
            if (attempt.channel().id() == channelId) {
                return true;
            }
        }
        return false;
    }

    /** How often this call has tried {@code channel}; whatever has just failed comes behind everything else. */
    int rank(Channel channel) {
        int rank = 0;
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.get(i).channel().id() == channel.id()) {
                rank = i == attempts.size() - 1 ? JUST_FAILED : rank + 1;
            }
        }
        return rank;
    }

    /** The same for a key. Keys are told apart by their text, because an edit of the channel may renumber them. */
    int rank(ChannelKeys.Slot slot) {
        int rank = 0;
        for (int i = 0; i < attempts.size(); i++) {
            if (attempts.get(i).key().key().equals(slot.key())) {
                rank = i == attempts.size() - 1 ? JUST_FAILED : rank + 1;
            }
        }
        return rank;
    }
}
