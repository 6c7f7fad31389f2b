package io.newapi.server.jobs;

import io.newapi.server.snapshot.Changes;
import io.newapi.server.snapshot.ChannelReader;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.StatusNote;
import io.newapi.server.store.Stores;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * Disables and enables channels and single keys by itself. Each step looks at the row as it is, with nobody else changing
 * it, and does nothing if that has changed meanwhile: however many nodes find out the same, it is done once. What a person
 * has disabled stays as it is. Only the columns of the step are written.
 *
 * <p>Blocks; thread-safe. The other nodes and root are told when it is committed.
 */
public final class AutomaticStatus {

    private static final int ENABLED = ChannelStore.ENABLED;
    private static final int DISABLED = 3;
    private static final String ALL_KEYS = "All keys are disabled";

    /**
     * What is done.
     *
     * @param keys which keys it is about; empty if it is about the channel
     * @param status what they have then
     */
    private record Step(ChannelChange change, List<Integer> keys, int status, String reason) {}

    private final Stores stores;
    private final Changes changes;
    private final Consumer<Notice> notices;
    private final InstantSource clock;

    /**
     * Nothing is done yet.
     *
     * @param changes told of each step
     * @param notices what root is to be told
     */
    public AutomaticStatus(Stores stores, Changes changes, Consumer<Notice> notices, InstantSource clock) {
        this.stores = stores;
        this.changes = changes;
        this.notices = notices;
        this.clock = clock;
    }

    /**
     * Disables a channel because of one of its keys; of several keys, that key alone, and the channel with the last one.
     *
     * @param key its text; if the channel does not have it any more, nothing is done
     * @param reason what administrators read; names no secret
     * @return whether anything was done
     * @throws io.newapi.server.store.DatabaseException if the database fails
     */
    public boolean disable(long channelId, String key, String reason) {
        return step(channelId, row -> disabled(row, key, reason));
    }

    /** Disables a channel for what none of its keys is to blame for; otherwise as {@link #disable}. */
    public boolean disableWhole(long channelId, String reason) {
        return step(
                channelId,
                row -> mayDisable(row)
                        ? Optional.of(new Step(off(row, ChannelChange.none(), reason), List.of(), DISABLED, reason))
                        : Optional.empty());
    }

    /**
     * Enables what was disabled automatically and has worked with this key: the key, and the channel.
     *
     * @param key its text; if the channel does not have it any more, nothing is done
     * @return whether anything was done
     * @throws io.newapi.server.store.DatabaseException if the database fails
     */
    public boolean enable(long channelId, String key, String reason) {
        return step(channelId, row -> enabled(row, key, reason));
    }

    private boolean step(long channelId, Function<ChannelRow, Optional<Step>> decide) {
        return stores.atomically(() -> {
            Optional<ChannelRow> row = stores.channels().locked(channelId);
            Optional<Step> step = row.flatMap(decide);
            if (row.isEmpty() || step.isEmpty()) {
                return false;
            }
            stores.channels().update(channelId, step.get().change());
            stores.database().afterCommit(() -> {
                changes.channelsChanged();
                notices.accept(notice(row.get(), step.get()));
            });
            return true;
        });
    }

    private Optional<Step> disabled(ChannelRow row, String key, String reason) {
        if (!mayDisable(row)) {
            return Optional.empty();
        }
        ChannelInfo info = ChannelInfo.parse(row.channelInfo());
        if (!info.multiKey()) {
            return row.key().strip().equals(key)
                    ? Optional.of(new Step(off(row, ChannelChange.none(), reason), List.of(), DISABLED, reason))
                    : Optional.empty();
        }
        List<String> keys = ChannelReader.splitKeys(row.key());
        List<Integer> failed = with(keys, key, info, ENABLED);
        if (failed.isEmpty()) {
            return Optional.empty();
        }
        ChannelInfo now = info.withStatus(keys.size(), failed, DISABLED, reason, now().getEpochSecond());
        ChannelChange change = ChannelChange.none().channelInfo(now);
        boolean last = IntStream.range(0, keys.size())
                .noneMatch(i -> now.status(i) == ENABLED && !keys.get(i).isEmpty());
        return Optional.of(new Step(last ? off(row, change, ALL_KEYS) : change, failed, DISABLED, reason));
    }

    private Optional<Step> enabled(ChannelRow row, String key, String reason) {
        if (row.status() != ENABLED && row.status() != DISABLED) {
            return Optional.empty();
        }
        ChannelChange change = ChannelChange.none();
        ChannelInfo info = ChannelInfo.parse(row.channelInfo());
        List<String> keys = info.multiKey()
                ? ChannelReader.splitKeys(row.key())
                : List.of(row.key().strip());
        List<Integer> back = info.multiKey() ? with(keys, key, info, DISABLED) : List.of();
        if (!back.isEmpty()) {
            change.channelInfo(info.withStatus(keys.size(), back, ENABLED, "", 0));
        }
        boolean channelToo = row.status() == DISABLED
                && (!back.isEmpty() || !with(keys, key, info, ENABLED).isEmpty());
        if (channelToo) {
            change.status(ENABLED).otherInfo(StatusNote.in(row.otherInfo(), reason, now()));
        }
        return back.isEmpty() && !channelToo ? Optional.empty() : Optional.of(new Step(change, back, ENABLED, reason));
    }

    private static boolean mayDisable(ChannelRow row) {
        return row.status() == ENABLED && row.autoBan() == 1;
    }

    private ChannelChange off(ChannelRow row, ChannelChange change, String reason) {
        return change.status(DISABLED).otherInfo(StatusNote.in(row.otherInfo(), reason, now()));
    }

    private Instant now() {
        return clock.instant();
    }

    /** Where the key is, by its text, and has this status. */
    private static List<Integer> with(List<String> keys, String key, ChannelInfo info, int status) {
        return IntStream.range(0, keys.size())
                .filter(i -> keys.get(i).equals(key) && info.status(i) == status)
                .boxed()
                .toList();
    }

    private static Notice notice(ChannelRow row, Step step) {
        String channel = row.id() + " (" + row.name() + ")";
        String subject = step.keys().isEmpty()
                ? "Channel " + channel
                : "Key " + step.keys().get(0) + " of channel " + channel;
        boolean disabled = step.status() == DISABLED;
        return new Notice(
                "channel_update_" + row.id() + "_" + step.status(),
                disabled ? "Disabled automatically" : "Enabled automatically",
                subject + " was " + (disabled ? "disabled: " : "enabled: ") + step.reason(),
                List.of(Long.toString(row.id()), row.name(), Integer.toString(step.status()), step.reason()));
    }
}
