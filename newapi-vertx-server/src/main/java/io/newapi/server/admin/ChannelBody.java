package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.outbound.OutboundAddresses;
import io.newapi.server.shape.InvalidShapeException;
import io.newapi.server.shape.ParamOverride;
import io.newapi.server.shape.ProxyAddress;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelRow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Reads a channel object of a request. Only the fields named here are read; id, statistics, balance and {@code channel_info} of a
 * body are ignored. JSON inside texts is checked here, so that no reader meets a broken one later.
 */
final class ChannelBody {

    static final int TYPE_VERTEX = 41;

    private static final int MAX_NAME_BYTES = 191;
    private static final int MAX_URL_BYTES = 191;
    private static final int MAX_MODELS = 5000;
    private static final int MAX_GROUP_BYTES = 64;
    private static final int MAX_MODEL_NAME = 255;
    private static final int MAX_REMARK_BYTES = 255;
    private static final int MAX_TAG_BYTES = 191;
    private static final int MAX_CODE_MAPPING_BYTES = 1024;
    private static final int MAX_TEXT_BYTES = 64 * 1024;
    private static final int MAX_TYPE = 100_000;

    private final Fields fields;

    ChannelBody(Fields fields) {
        this.fields = fields;
    }

    /** The columns that the body names. Plain fields count when not empty or zero, nullable ones when present. */
    ChannelChange change() {
        ChannelChange change = ChannelChange.none();
        plain(change);
        nullable(change);
        return change;
    }

    private void plain(ChannelChange change) {
        long type = fields.number("type");
        if (type != 0) {
            change.type((int) within("type", type, 1, MAX_TYPE));
        }
        long status = fields.number("status");
        if (status != 0) {
            if (status < 1 || status > 3) {
                throw Refused.because(Message.CHANNEL_STATUS_INVALID);
            }
            change.status((int) status);
        }
        ifFilled("name", MAX_NAME_BYTES, change::name);
        ifFilled("other", MAX_TEXT_BYTES, change::other);
        if (!fields.text("models").isEmpty()) {
            change.models(models(fields.text("models")));
        }
        if (!fields.text("group").isEmpty()) {
            change.group(names(fields.text("group", MAX_GROUP_BYTES)));
        }
        if (!fields.text("settings").isEmpty()) {
            change.settings(json("settings", MAX_TEXT_BYTES));
        }
    }

    private void nullable(ChannelChange change) {
        ifPresent("openai_organization", MAX_NAME_BYTES, change::organization);
        ifPresent("test_model", MAX_MODEL_NAME, change::testModel);
        ifPresent("base_url", MAX_URL_BYTES, url -> change.baseUrl(url.strip()));
        ifPresent("remark", MAX_REMARK_BYTES, change::remark);
        ifPresent("tag", MAX_TAG_BYTES, tag -> change.tag(tag.strip()));
        ifJson("model_mapping", MAX_TEXT_BYTES, change::modelMapping);
        ifJson("status_code_mapping", MAX_CODE_MAPPING_BYTES, change::statusCodeMapping);
        ifJson("setting", MAX_TEXT_BYTES, change::setting);
        ifJson("param_override", MAX_TEXT_BYTES, change::paramOverride);
        ifJson("header_override", MAX_TEXT_BYTES, change::headerOverride);
        if (fields.has("weight")) {
            change.weight(within("weight", fields.number("weight"), 0, Integer.MAX_VALUE));
        }
        if (fields.has("priority")) {
            change.priority(fields.number("priority"));
        }
        if (fields.has("auto_ban")) {
            change.autoBan(within("auto_ban", fields.number("auto_ban"), 0, 1) == 1);
        }
    }

    /** What a new channel needs beyond well-formed fields. */
    void requireComplete() {
        if (fields.text("name").isBlank()) {
            throw Refused.because(Message.FIELD_MISSING, "name");
        }
        if (fields.number("type") == TYPE_VERTEX) {
            requireRegions(fields.text("other"));
        }
    }

    private static void requireRegions(String other) {
        boolean complete = other.strip().startsWith("{")
                ? Json.parseObject(other)
                        .filter(map -> map.path("default").isTextual())
                        .isPresent()
                : !other.isBlank();
        if (!complete) {
            throw Refused.because(Message.FIELD_INVALID, "other", "a region, or a JSON object with the key default");
        }
    }

    /** Refuses an address of the body that calls must not go to; blocks for a name look-up. */
    void requireCallableAddress(Actor actor, String before) {
        String address = fields.text("base_url").strip();
        boolean changed = !address.isEmpty() && !address.equals(before);
        if (changed && !OutboundAddresses.isCallable(address, actor.isRoot())) {
            throw Refused.because(Message.ADDRESS_REFUSED, address);
        }
    }

    /** Refuses a proxy of the body that calls must not go through; blocks for a name look-up. */
    void requireCallableProxy(Actor actor, String settingBefore) {
        String proxy = proxy(fields.text("setting"));
        if (!proxy.isBlank() && !proxy.equals(proxy(settingBefore)) && !isCallable(proxy, actor)) {
            throw Refused.because(Message.FIELD_INVALID, "setting", "proxy: no proxy that may be called");
        }
    }

    private static boolean isCallable(String proxy, Actor actor) {
        try {
            String url = ProxyAddress.parse(proxy).url();
            return OutboundAddresses.isCallable("http" + url.substring(url.indexOf(':')), actor.isRoot());
        } catch (InvalidShapeException e) {
            throw Refused.because(Message.FIELD_INVALID, "setting", String.valueOf(e.getMessage()));
        }
    }

    /** Refuses more routes than a call may write, for {@code channels} new ones. */
    void requireFewRoutes(int channels) {
        ChannelRules.requireFewRoutes(channels * ChannelRules.routes(fields.text("group"), fields.text("models")));
    }

    /** Refuses more routes than a call may write, if the change of these channels writes any. */
    void requireFewRoutes(List<ChannelRow> changed) {
        String groups = fields.text("group");
        String models = fields.text("models");
        if (!groups.isEmpty() || !models.isEmpty()) {
            ChannelRules.requireFewRoutes(changed.stream()
                    .mapToLong(before -> ChannelRules.routes(
                            groups.isEmpty() ? before.group() : groups, models.isEmpty() ? before.models() : models))
                    .sum());
        }
    }

    /**
     * Refuses a change of where the stored key goes. Keys may be seen by root only; whoever could redirect one to a server of his
     * own would see it too, so others must know the key to do that.
     */
    void requireSameDestination(ChannelRow before) {
        boolean moved = fields.number("type") != 0 && fields.number("type") != before.type();
        moved |= fields.has("base_url") && !fields.text("base_url").strip().equals(before.baseUrl());
        moved |= fields.has("header_override")
                && !fields.text("header_override").strip().equals(before.headerOverride());
        moved |= fields.has("setting") && !proxy(fields.text("setting")).equals(proxy(before.setting()));
        moved |= fields.has("param_override")
                && !fields.text("param_override").strip().equals(before.paramOverride())
                && changesHeaders(fields.text("param_override"));
        if (moved) {
            throw Refused.because(Message.CHANNEL_NEW_ADDRESS_NEEDS_KEY);
        }
    }

    /** A text that cannot be read is refused elsewhere. */
    private static boolean changesHeaders(String paramOverride) {
        try {
            return ParamOverride.parse(paramOverride).changesHeaders();
        } catch (InvalidShapeException e) {
            return false;
        }
    }

    private static String proxy(String setting) {
        return Json.parseObject(setting).map(s -> s.path("proxy").asText("")).orElse("");
    }

    /** The body's {@code key} as it is, "" if there is none. */
    String keyText() {
        return fields.text("key").strip();
    }

    /** The single keys in the body's {@code key}: one a line, or the elements of a JSON array. */
    List<String> keys() {
        String text = keyText();
        Set<String> keys = new LinkedHashSet<>();
        if (text.startsWith("[")) {
            JsonNode array = Json.parse(text)
                    .filter(JsonNode::isArray)
                    .orElseThrow(() -> Refused.because(Message.FIELD_INVALID, "key", "not a JSON array"));
            array.forEach(element ->
                    keys.add(element.isTextual() ? element.textValue().strip() : Json.text(element)));
        } else {
            text.lines().map(String::strip).forEach(keys::add);
        }
        keys.remove("");
        if (keys.isEmpty()) {
            throw Refused.because(Message.CHANNEL_KEY_MISSING);
        }
        return List.copyOf(keys);
    }

    private static String models(String text) {
        List<String> models = new ArrayList<>(new LinkedHashSet<>(Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(m -> !m.isEmpty())
                .toList()));
        if (models.size() > MAX_MODELS) {
            throw Refused.because(Message.FIELD_INVALID, "models", "more than " + MAX_MODELS + " models");
        }
        for (String model : models) {
            if (model.length() > MAX_MODEL_NAME) {
                throw Refused.because(Message.CHANNEL_MODEL_TOO_LONG, model.substring(0, 40) + "...", MAX_MODEL_NAME);
            }
        }
        return String.join(",", models);
    }

    private static String names(String text) {
        return String.join(
                ",",
                new LinkedHashSet<>(Arrays.stream(text.split(",", -1))
                        .map(String::strip)
                        .filter(n -> !n.isEmpty())
                        .toList()));
    }

    private void ifFilled(String name, int maxBytes, Consumer<String> set) {
        String value = fields.text(name, maxBytes);
        if (!value.isEmpty()) {
            set.accept(value);
        }
    }

    private void ifPresent(String name, int maxBytes, Consumer<String> set) {
        if (fields.has(name)) {
            set.accept(fields.text(name, maxBytes));
        }
    }

    private void ifJson(String name, int maxBytes, Consumer<String> set) {
        if (fields.has(name)) {
            set.accept(json(name, maxBytes));
        }
    }

    private String json(String name, int maxBytes) {
        String text = fields.text(name, maxBytes).strip();
        if (!text.isEmpty() && Json.parseObject(text).isEmpty()) {
            throw Refused.because(Message.FIELD_INVALID, name, "not a JSON object");
        }
        return text;
    }

    private static long within(String name, long value, long least, long most) {
        if (value < least || value > most) {
            throw Refused.because(Message.FIELD_INVALID, name, value);
        }
        return value;
    }
}
