package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** The keys of a channel that has several, and what is known about each; that follows the key, not its place in the list. Immutable. */
final class MultiKeys {

    private final ChannelInfo info;
    private final List<String> keys;

    private MultiKeys(ChannelInfo info, List<String> keys) {
        this.info = info;
        this.keys = keys;
    }

    /** The keys of a channel; empty if it has a single one. Refused if they cannot be told apart. */
    static Optional<MultiKeys> of(ChannelRow channel) {
        ChannelInfo info = info(channel);
        return info.multiKey() ? Optional.of(new MultiKeys(info, split(channel.key()))) : Optional.empty();
    }

    private static ChannelInfo info(ChannelRow channel) {
        try {
            return ChannelInfo.parse(channel.channelInfo());
        } catch (IllegalArgumentException e) {
            throw Refused.because(Message.FIELD_INVALID, "channel_info", String.valueOf(e.getMessage()));
        }
    }

    /**
     * Several keys as one column value: one a line; or a JSON array, when one of them could be taken for JSON or has more than one
     * line itself. In an array, a JSON object stands as it is, and everything else as text.
     */
    static String join(List<String> keys) {
        if (keys.stream().noneMatch(MultiKeys::needsArray)) {
            return String.join("\n", keys);
        }
        ArrayNode array = Json.array();
        for (String key : keys) {
            Optional<ObjectNode> object = Json.parseObject(key);
            if (object.isPresent()) {
                array.add(object.get());
            } else {
                array.add(key);
            }
        }
        return Json.text(array);
    }

    private static boolean needsArray(String key) {
        return key.startsWith("{") || key.startsWith("[") || key.lines().count() > 1;
    }

    private static List<String> split(String column) {
        String text = column.strip();
        if (!text.startsWith("[")) {
            return text.lines().map(String::strip).toList();
        }
        List<String> keys = new ArrayList<>();
        for (JsonNode element : Json.parse(text)
                .filter(JsonNode::isArray)
                .orElseThrow(
                        () -> Refused.because(Message.FIELD_INVALID, "key", "the stored keys are no JSON array"))) {
            keys.add(element.isTextual() ? element.textValue() : Json.text(element));
        }
        return List.copyOf(keys);
    }

    /** A key as it comes back from the column: JSON objects lose their blanks there. */
    private static String stored(String key) {
        return Json.parseObject(key).map(Json::text).orElse(key);
    }

    int size() {
        return keys.size();
    }

    String key(int index) {
        return keys.get(index);
    }

    /** What is known about the keys. */
    ChannelInfo info() {
        return info;
    }

    /**
     * Puts new keys into a change of this channel.
     *
     * @param given the keys of the request, empty to leave the keys as they are
     * @param append whether they are added to those that are there
     * @param mode how keys take turns from now on, "" to leave it
     */
    void applyTo(ChannelChange change, List<String> given, boolean append, String mode) {
        String newMode = mode.isEmpty() ? info.mode() : mode;
        Set<String> now = new LinkedHashSet<>(given.isEmpty() || append ? keys : List.of());
        given.forEach(key -> now.add(stored(key)));
        if (given.isEmpty()) {
            change.channelInfo(moved(keys, newMode));
        } else {
            putInto(change, now, newMode);
        }
    }

    /** The change with the keys at these indexes only, in the same order; what is known about each goes along. */
    ChannelChange keep(ChannelChange change, List<Integer> indexes) {
        return change.key(join(indexes.stream().map(keys::get).toList()))
                .channelInfo(new ChannelInfo(
                        true,
                        indexes.size(),
                        kept(info.statuses(), indexes),
                        kept(info.disabledReasons(), indexes),
                        kept(info.disabledTimes(), indexes),
                        info.pollingIndex() < indexes.size() ? info.pollingIndex() : 0,
                        info.mode()));
    }

    private static <V> Map<Integer, V> kept(Map<Integer, V> byIndex, List<Integer> indexes) {
        Map<Integer, V> kept = new TreeMap<>();
        for (int i = 0; i < indexes.size(); i++) {
            V value = byIndex.get(indexes.get(i));
            if (value != null) {
                kept.put(i, value);
            }
        }
        return kept;
    }

    /** The status of a key: 1 enabled, 2 disabled by hand, 3 disabled automatically. */
    int status(int index) {
        return info.status(index);
    }

    /**
     * What is known about the keys once some of them have another status.
     *
     * @param reason why they are disabled
     * @param time since when, Unix seconds
     */
    ChannelInfo withStatus(Collection<Integer> indexes, int status, String reason, long time) {
        return info.withStatus(keys.size(), indexes, status, reason, time);
    }

    private void putInto(ChannelChange change, Collection<String> now, String mode) {
        List<String> list = List.copyOf(now);
        change.key(join(list)).channelInfo(moved(list, mode));
    }

    private ChannelInfo moved(List<String> now, String mode) {
        return new ChannelInfo(
                true,
                now.size(),
                moved(info.statuses(), now),
                moved(info.disabledReasons(), now),
                moved(info.disabledTimes(), now),
                info.pollingIndex() < now.size() ? info.pollingIndex() : 0,
                mode);
    }

    private <V> Map<Integer, V> moved(Map<Integer, V> byIndex, List<String> now) {
        Map<Integer, V> moved = new TreeMap<>();
        for (int i = 0; i < now.size(); i++) {
            int before = keys.indexOf(now.get(i));
            if (before >= 0 && byIndex.containsKey(before)) {
                moved.put(i, byIndex.get(before));
            }
        }
        return moved;
    }
}
