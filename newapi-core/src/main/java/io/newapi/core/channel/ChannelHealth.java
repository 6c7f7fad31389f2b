package io.newapi.core.channel;

import io.newapi.core.channel.Selection.Selected;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * How well channels and their keys have been lately, on this node. A channel that fails too often cools down: it yields to
 * others for a while, then one call finds out whether it is well again. None is ever excluded, since a call is better tried
 * than refused; those that cool down only come last.
 *
 * <p>Only {@linkplain AttemptFailure#speaksOfChannel() failures that speak about the channel} count. Of a channel with
 * several keys, what {@linkplain AttemptFailure#speaksOfKey() speaks about the key} counts for the key alone; when every
 * enabled key cools down, so does the channel.
 *
 * <p>Thread-safe. Remembers as many channels and keys as were called since the last {@link #retain}, about 300 bytes each.
 */
public final class ChannelHealth {

    /** A channel as a whole, and its keys once it has several. */
    private static final class Vitals {
        private final Vital channel = new Vital();
        private final ConcurrentMap<String, Vital> keys = new ConcurrentHashMap<>(0);
        private final AtomicInteger unwellKeys = new AtomicInteger();
    }

    private final LongSupplier nanoTime;
    private final HealthListener listener;
    private final ConcurrentMap<Long, Vitals> records = new ConcurrentHashMap<>();

    /** How many channels and keys are not well: as long as there is none, selecting looks no further. */
    private final AtomicInteger unwell = new AtomicInteger();

    /** @param nanoTime a clock that does not jump, such as {@link System#nanoTime} */
    public ChannelHealth(LongSupplier nanoTime, HealthListener listener) {
        this.nanoTime = nanoTime;
        this.listener = listener;
    }

    /** Where the channel as a whole stands. */
    public HealthState state(long channelId) {
        Vitals vitals = records.get(channelId);
        return vitals == null ? HealthState.Healthy.INSTANCE : vitals.channel.state();
    }

    /** Where one key of a channel with several stands; {@code key} is its text. */
    public HealthState state(long channelId, String key) {
        Vitals vitals = records.get(channelId);
        Vital vital = vitals == null ? null : vitals.keys.get(key);
        return vital == null ? HealthState.Healthy.INSTANCE : vital.state();
    }

    /** How many channels and keys are not well. */
    public int unwell() {
        return unwell.get();
    }

    /** An attempt that began at {@code startedNanos} got an answer. */
    public void succeeded(Selected selected, long startedNanos, HealthSettings settings) {
        long now = nanoTime.getAsLong();
        Vitals vitals = vitalsOf(selected);
        note(selected, -1, vitals, vitals.channel.succeeded(startedNanos, now, settings));
        Vital key = key(vitals, selected);
        if (key != null) {
            note(selected, selected.key().index(), vitals, key.succeeded(startedNanos, now, settings));
        }
    }

    /**
     * An attempt that began at {@code startedNanos} failed.
     *
     * @param retryAfter when the upstream wants to be called again; zero if it did not say
     */
    public void failed(
            Selected selected,
            AttemptFailure failure,
            Duration retryAfter,
            long startedNanos,
            HealthSettings settings) {
        if (!failure.speaksOfChannel()) {
            abandoned(selected, startedNanos);
            return;
        }
        long now = nanoTime.getAsLong();
        Vitals vitals = vitalsOf(selected);
        Vital key = key(vitals, selected);
        if (key == null) {
            note(selected, -1, vitals, vitals.channel.failed(startedNanos, now, retryAfter, settings));
        } else if (failure.speaksOfKey()) {
            note(selected, selected.key().index(), vitals, key.failed(startedNanos, now, retryAfter, settings));
            note(selected, -1, vitals, vitals.channel.abandoned(startedNanos, now));
        } else {
            note(selected, -1, vitals, vitals.channel.failed(startedNanos, now, retryAfter, settings));
            note(selected, selected.key().index(), vitals, key.abandoned(startedNanos, now));
        }
    }

    /** An attempt that began at {@code startedNanos} ended without saying anything about its channel. */
    public void abandoned(Selected selected, long startedNanos) {
        Vitals vitals = records.get(selected.channel().id());
        if (vitals != null) {
            long now = nanoTime.getAsLong();
            note(selected, -1, vitals, vitals.channel.abandoned(startedNanos, now));
            Vital key = vitals.keys.get(selected.key().key());
            if (key != null) {
                note(selected, selected.key().index(), vitals, key.abandoned(startedNanos, now));
            }
        }
    }

    /** Forgets the channels and keys that {@code directory} does not have; call it when the directory changes. */
    public void retain(ChannelDirectory directory) {
        for (Map.Entry<Long, Vitals> entry : records.entrySet()) {
            Channel channel = directory.byId(entry.getKey()).orElse(null);
            Vitals vitals = entry.getValue();
            if (channel == null) {
                records.remove(entry.getKey(), vitals);
                forget(vitals.channel);
            }
            for (Map.Entry<String, Vital> key : vitals.keys.entrySet()) {
                if (channel == null || !has(channel, key.getKey())) {
                    vitals.keys.remove(key.getKey(), key.getValue());
                    if (forget(key.getValue())) {
                        vitals.unwellKeys.decrementAndGet();
                    }
                }
            }
        }
    }

    /** The standing of a channel: its own, or that of its best key if that is worse. */
    Standing standing(Channel channel, long nowNanos) {
        Vitals vitals = records.get(channel.id());
        if (vitals == null) {
            return Standing.WELL;
        }
        Standing own = vitals.channel.state().standing(nowNanos);
        if (vitals.unwellKeys.get() == 0) {
            return own;
        }
        Standing best = Standing.TOLD_TO_WAIT;
        for (ChannelKeys.Slot slot : channel.keys().slots()) {
            Standing standing = slot.enabled() ? keyStanding(vitals, slot.key(), nowNanos) : best;
            best = standing.compareTo(best) < 0 ? standing : best;
        }
        return own.compareTo(best) < 0 ? best : own;
    }

    /** The standing of one key among those of its channel. */
    Standing keyStanding(long channelId, String key, long nowNanos) {
        Vitals vitals = records.get(channelId);
        return vitals == null || vitals.unwellKeys.get() == 0 ? Standing.WELL : keyStanding(vitals, key, nowNanos);
    }

    /** Whether a channel that was due may be called now: as the probe, or because it is due by its keys only. */
    boolean probe(Channel channel, long nowNanos) {
        Vitals vitals = records.get(channel.id());
        if (vitals == null || vitals.channel.state().standing(nowNanos) == Standing.WELL) {
            return true;
        }
        Vital.Change change = vitals.channel.probed(nowNanos);
        note(channel.id(), -1, vitals, change);
        return change != null;
    }

    /** The same for a key. */
    boolean probeKey(long channelId, ChannelKeys.Slot slot, long nowNanos) {
        Vitals vitals = records.get(channelId);
        Vital vital = vitals == null ? null : vitals.keys.get(slot.key());
        if (vitals == null || vital == null || vital.state().standing(nowNanos) == Standing.WELL) {
            return true;
        }
        Vital.Change change = vital.probed(nowNanos);
        note(channelId, slot.index(), vitals, change);
        return change != null;
    }

    /** Whether every channel and key is well. */
    boolean allWell() {
        return unwell.get() == 0;
    }

    long nanoTime() {
        return nanoTime.getAsLong();
    }

    private static Standing keyStanding(Vitals vitals, String key, long nowNanos) {
        Vital vital = vitals.keys.get(key);
        return vital == null ? Standing.WELL : vital.state().standing(nowNanos);
    }

    private Vitals vitalsOf(Selected selected) {
        Vitals vitals = records.get(selected.channel().id());
        return vitals != null
                ? vitals
                : records.computeIfAbsent(selected.channel().id(), id -> new Vitals());
    }

    private static @Nullable Vital key(Vitals vitals, Selected selected) {
        if (selected.channel().keys() instanceof ChannelKeys.Single) {
            return null;
        }
        Vital vital = vitals.keys.get(selected.key().key());
        return vital != null
                ? vital
                : vitals.keys.computeIfAbsent(selected.key().key(), key -> new Vital());
    }

    private void note(Selected selected, int keyIndex, Vitals vitals, Vital.@Nullable Change change) {
        note(selected.channel().id(), keyIndex, vitals, change);
    }

    private void note(long channelId, int keyIndex, Vitals vitals, Vital.@Nullable Change change) {
        if (change == null) {
            return;
        }
        boolean fell = change.before() == HealthState.Healthy.INSTANCE;
        boolean recovered = change.after() == HealthState.Healthy.INSTANCE;
        int difference = fell ? 1 : recovered ? -1 : 0;
        unwell.addAndGet(difference);
        if (keyIndex >= 0) {
            vitals.unwellKeys.addAndGet(difference);
        }
        listener.changed(channelId, keyIndex, change.before(), change.after());
    }

    private boolean forget(Vital vital) {
        boolean wasUnwell = vital.forget();
        if (wasUnwell) {
            unwell.decrementAndGet();
        }
        return wasUnwell;
    }

    private static boolean has(Channel channel, String key) {
        for (ChannelKeys.Slot slot : channel.keys().slots()) {
            if (slot.key().equals(key)) {
                return true;
            }
        }
        return false;
    }
}
