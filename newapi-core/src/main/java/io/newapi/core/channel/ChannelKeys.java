package io.newapi.core.channel;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The upstream credentials of a channel. No {@code toString} here shows a key. */
public sealed interface ChannelKeys {

    /** Every key, enabled or not, in stored order; at least one. */
    List<Slot> slots();

    /** How the key for a call is chosen among the enabled ones. */
    KeyMode mode();

    /** Whether some key is enabled; a channel without one cannot serve a call. */
    default boolean usable() {
        for (Slot slot : slots()) {
            if (slot.enabled()) {
                return true;
            }
        }
        return false;
    }

    /** One key, always enabled. It may be empty: some upstreams want none. */
    static ChannelKeys single(String key) {
        return new Single(key);
    }

    /** Several keys. */
    static ChannelKeys multi(List<Slot> slots, KeyMode mode) {
        return new Multi(slots, mode);
    }

    /**
     * One key.
     *
     * @param key secret
     */
    record Single(String key) implements ChannelKeys {
        @Override
        public List<Slot> slots() {
            return List.of(new Slot(0, key, true));
        }

        @Override
        public KeyMode mode() {
            return KeyMode.RANDOM;
        }

        @Override
        public boolean usable() {
            return true;
        }

        @Override
        public String toString() {
            return "1 key";
        }
    }

    /**
     * Several keys, each of which can be switched off by itself.
     *
     * @param slots in stored order; at least one, each with an index of its own
     */
    record Multi(List<Slot> slots, KeyMode mode) implements ChannelKeys {
        /** @throws IllegalArgumentException if there is no slot, or an index occurs twice */
        public Multi {
            slots = List.copyOf(slots);
            if (slots.isEmpty()) {
                throw new IllegalArgumentException("a channel with several keys needs at least one");
            }
            Set<Integer> indexes = new HashSet<>();
            for (Slot slot : slots) {
                if (!indexes.add(slot.index())) {
                    throw new IllegalArgumentException("key index occurs twice: " + slot.index());
                }
            }
        }

        @Override
        public String toString() {
            long enabled = slots.stream().filter(Slot::enabled).count();
            return slots.size() + " keys, " + enabled + " enabled, " + mode.text();
        }
    }

    /**
     * One of several keys.
     *
     * @param index the number under which the key is stored, from 0
     * @param key secret
     * @param enabled whether calls may use it
     */
    record Slot(int index, String key, boolean enabled) {
        /** @throws IllegalArgumentException if {@code index} is negative */
        public Slot {
            if (index < 0) {
                throw new IllegalArgumentException("key index must not be negative: " + index);
            }
        }

        @Override
        public String toString() {
            return "key " + index + (enabled ? "" : " (disabled)");
        }
    }
}
