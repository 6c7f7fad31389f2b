package io.newapi.server.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.newapi.core.channel.Channel;
import io.newapi.core.channel.ChannelKeys;
import io.newapi.core.channel.ChannelStatus;
import io.newapi.core.channel.ChannelSwitch;
import io.newapi.core.channel.KeyMode;
import io.newapi.server.shape.ChannelShape;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Turns a row into a {@link Channel}. */
public final class ChannelReader {

    private ChannelReader() {}

    /**
     * The channel of a row.
     *
     * @throws IllegalArgumentException if a column holds a text of another form than it should; the message names the
     *     column, and repeats no key
     */
    public static Channel read(ChannelRow row) {
        return Channel.builder(row.id(), keys(row))
                .type(row.type())
                .name(row.name())
                .status(ChannelStatus.fromCode(row.status()))
                .priority(row.priority())
                .weight(Math.max(0, Math.min(row.weight(), Channel.MAX_WEIGHT)))
                .groups(names(row.group()))
                .models(names(row.models()))
                .baseUrl(row.baseUrl().strip())
                .organization(row.organization().strip())
                .typeDetail(row.other().strip())
                .responsesVersion(responsesVersion(row.settings()))
                .createdAtSeconds(row.createdTime())
                .modelMapping(column("model_mapping", row.modelMapping(), JsonText::texts))
                .statusCodeMapping(statuses(row))
                .autoBan(row.autoBan() == 1)
                .switches(switches(row.settings()))
                .build();
    }

    /** The texts of a row that say what it changes in calls. */
    public static ChannelShape.Source shapeOf(ChannelRow row) {
        return new ChannelShape.Source(row.paramOverride(), row.headerOverride(), row.setting());
    }

    /**
     * The keys of a key text: the elements of a JSON array, as they are written there, or the lines.
     *
     * @throws IllegalArgumentException if it begins like a JSON array and is none
     */
    public static List<String> splitKeys(String text) {
        String trimmed = text.strip();
        if (!trimmed.startsWith("[")) {
            return trimmed.lines().map(String::strip).toList();
        }
        List<String> keys = new ArrayList<>();
        for (JsonNode element : keyArray(trimmed)) {
            keys.add(element.isTextual() ? element.textValue() : element.toString());
        }
        return keys;
    }

    private static JsonNode keyArray(String json) {
        try {
            return JsonText.tree(json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("key: " + e.getMessage(), e);
        }
    }

    private static ChannelKeys keys(ChannelRow row) {
        ChannelInfo info = ChannelInfo.parse(row.channelInfo());
        if (!info.multiKey()) {
            return ChannelKeys.single(row.key().strip());
        }
        List<String> keys = splitKeys(row.key());
        List<ChannelKeys.Slot> slots = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            String key = keys.get(i);
            boolean enabled =
                    info.statuses().getOrDefault(i, ChannelStatus.ENABLED.code()) == ChannelStatus.ENABLED.code();
            slots.add(new ChannelKeys.Slot(i, key, enabled && !key.isEmpty()));
        }
        if (slots.isEmpty()) {
            throw new IllegalArgumentException("key: a channel with several keys has none");
        }
        return ChannelKeys.multi(slots, KeyMode.fromText(info.mode()));
    }

    private static Set<ChannelSwitch> switches(String settings) {
        JsonNode tree = settings(settings);
        Set<ChannelSwitch> on = EnumSet.noneOf(ChannelSwitch.class);
        for (ChannelSwitch it : ChannelSwitch.values()) {
            if (tree.path(it.text()).asBoolean(false)) {
                on.add(it);
            }
        }
        return on;
    }

    private static String responsesVersion(String settings) {
        return settings(settings).path("azure_responses_version").asText("").strip();
    }

    /** Settings that cannot be read say nothing. */
    private static JsonNode settings(String text) {
        if (text.isBlank()) {
            return MissingNode.getInstance();
        }
        try {
            return JsonText.tree(text);
        } catch (IllegalArgumentException e) {
            return MissingNode.getInstance();
        }
    }

    private static Map<Integer, Integer> statuses(ChannelRow row) {
        Map<Integer, Integer> statuses = new LinkedHashMap<>();
        column("status_code_mapping", row.statusCodeMapping(), JsonText::scalars)
                .forEach((from, to) -> statuses.put(status(from), status(to)));
        return statuses;
    }

    private static int status(String text) {
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("status_code_mapping: not an HTTP status: " + text, e);
        }
    }

    private static <T> T column(String column, String json, Function<String, T> read) {
        try {
            return read.apply(json.isBlank() || json.strip().equals("null") ? "{}" : json);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(column + ": " + e.getMessage(), e);
        }
    }

    private static List<String> names(String list) {
        return List.of(list.split(",", -1));
    }
}
