package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The keys of a channel and what is known about each; what is known follows the key, not its place in the list. */
final class MultiKeys {

    private final ChannelInfo info;
    private final List<String> keys;

    private MultiKeys(ChannelInfo info, List<String> keys) {
        this.info = info;
        this.keys = keys;
    }

    static MultiKeys of(ChannelRow channel) {
        return new MultiKeys(ChannelInfo.parse(channel.channelInfo()), split(channel.key()));
    }

    /** Several keys as one column value: one a line, or a JSON array when a key is itself JSON. */
    static String join(List<String> keys) {
        return keys.stream().anyMatch(key -> key.startsWith("{"))
                ? "[" + String.join(",", keys) + "]"
                : String.join("\n", keys);
    }

    private static List<String> split(String column) {
        String text = column.strip();
        List<String> keys = new ArrayList<>();
        if (text.startsWith("[")) {
            for (JsonNode element : Json.parse(text).orElseGet(Json::array)) {
                keys.add(element.isTextual() ? element.textValue() : Json.text(element));
            }
            return keys;
        }
        text.lines().map(String::strip).forEach(keys::add);
        return keys;
    }

    /**
     * Puts new keys into a change of this channel.
     *
     * @param given the keys of the request, empty to leave the keys as they are
     * @param append whether they are added to those of a channel with several
     * @param mode how keys take turns from now on, "" to leave it
     */
    void applyTo(ChannelChange change, List<String> given, boolean append, String mode) {
        String newMode = mode.isEmpty() ? info.mode() : mode;
        if (!info.multiKey()) {
            if (!given.isEmpty()) {
                change.key(join(given));
            }
            return;
        }
        List<String> now = given.isEmpty() ? keys : append ? appended(given) : given;
        if (!given.isEmpty()) {
            change.key(join(now));
        }
        if (!given.isEmpty() || !newMode.equals(info.mode())) {
            change.channelInfo(moved(now, newMode));
        }
    }

    private List<String> appended(List<String> given) {
        Set<String> all = new LinkedHashSet<>(keys);
        all.addAll(given);
        return List.copyOf(all);
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
