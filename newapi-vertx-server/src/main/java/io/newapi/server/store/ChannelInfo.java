package io.newapi.server.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The column {@code channel_info}: what is known about the single keys of a channel with several.
 *
 * @param multiKey whether the channel's key text holds several keys
 * @param multiKeySize how many
 * @param statuses status code by index of the key; an absent index is enabled
 * @param disabledReasons why a key was disabled, by index
 * @param disabledTimes when a key was disabled, Unix seconds, by index
 * @param pollingIndex the index that is next when keys take turns
 * @param mode {@code random}, {@code polling} or empty
 */
public record ChannelInfo(
        boolean multiKey,
        int multiKeySize,
        Map<Integer, Integer> statuses,
        Map<Integer, String> disabledReasons,
        Map<Integer, Long> disabledTimes,
        int pollingIndex,
        String mode) {

    /** A channel with one key. */
    public static final ChannelInfo SINGLE = new ChannelInfo(false, 0, Map.of(), Map.of(), Map.of(), 0, "");

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Copies the maps. */
    public ChannelInfo {
        statuses = Map.copyOf(statuses);
        disabledReasons = Map.copyOf(disabledReasons);
        disabledTimes = Map.copyOf(disabledTimes);
    }

    /** A channel with {@code size} enabled keys. */
    public static ChannelInfo multi(int size, String mode) {
        return new ChannelInfo(true, size, Map.of(), Map.of(), Map.of(), 0, mode);
    }

    /**
     * Reads the column; an empty text is {@link #SINGLE}.
     *
     * @throws IllegalArgumentException if it is not a JSON object of the expected shape
     */
    public static ChannelInfo parse(String text) {
        if (text.isBlank() || text.strip().equals("null")) {
            return SINGLE;
        }
        JsonNode json = read(text);
        return new ChannelInfo(
                json.path("is_multi_key").asBoolean(),
                json.path("multi_key_size").asInt(),
                byIndex(json.path("multi_key_status_list"), JsonNode::asInt),
                byIndex(json.path("multi_key_disabled_reason"), JsonNode::asText),
                byIndex(json.path("multi_key_disabled_time"), JsonNode::asLong),
                json.path("multi_key_polling_index").asInt(),
                json.path("multi_key_mode").asText(""));
    }

    /** The status of the key with this index: 1 enabled, 2 disabled by hand, 3 disabled automatically. */
    public int status(int index) {
        return statuses.getOrDefault(index, ChannelStore.ENABLED);
    }

    /**
     * What is known about the keys of a channel with several once some of them have another status.
     *
     * @param size how many keys there are
     * @param reason why they are disabled
     * @param time since when, Unix seconds
     */
    public ChannelInfo withStatus(int size, Collection<Integer> indexes, int status, String reason, long time) {
        Map<Integer, Integer> newStatuses = new TreeMap<>(statuses);
        Map<Integer, String> reasons = new TreeMap<>(disabledReasons);
        Map<Integer, Long> times = new TreeMap<>(disabledTimes);
        for (int index : indexes) {
            if (status == ChannelStore.ENABLED) {
                newStatuses.remove(index);
                reasons.remove(index);
                times.remove(index);
            } else {
                newStatuses.put(index, status);
                reasons.put(index, reason);
                times.put(index, time);
            }
        }
        return new ChannelInfo(true, size, newStatuses, reasons, times, pollingIndex, mode);
    }

    /** The text for the column. */
    public String toJson() {
        ObjectNode json = JSON.createObjectNode();
        json.put("is_multi_key", multiKey);
        json.put("multi_key_size", multiKeySize);
        ObjectNode list = json.putObject("multi_key_status_list");
        new TreeMap<>(statuses).forEach((index, status) -> list.put(index.toString(), status));
        if (!disabledReasons.isEmpty()) {
            ObjectNode reasons = json.putObject("multi_key_disabled_reason");
            new TreeMap<>(disabledReasons).forEach((index, reason) -> reasons.put(index.toString(), reason));
        }
        if (!disabledTimes.isEmpty()) {
            ObjectNode times = json.putObject("multi_key_disabled_time");
            new TreeMap<>(disabledTimes).forEach((index, time) -> times.put(index.toString(), time));
        }
        json.put("multi_key_polling_index", pollingIndex);
        json.put("multi_key_mode", mode);
        return json.toString();
    }

    private static JsonNode read(String text) {
        try {
            JsonNode json = JSON.readTree(text);
            if (json != null && json.isObject()) {
                return json;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("channel_info is not JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("channel_info is not a JSON object");
    }

    private static <V> Map<Integer, V> byIndex(JsonNode json, Function<JsonNode, V> value) {
        Map<Integer, V> values = new TreeMap<>();
        json.fields().forEachRemaining(entry -> {
            try {
                values.put(Integer.valueOf(entry.getKey()), value.apply(entry.getValue()));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException("channel_info has a key index that is no number: " + entry.getKey());
            }
        });
        return values;
    }
}
