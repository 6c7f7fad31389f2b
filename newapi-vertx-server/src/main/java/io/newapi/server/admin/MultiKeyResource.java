package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.PageRequest;
import io.newapi.server.store.Stores;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** {@code POST /api/channel/multi_key/manage}: the single keys of a channel with several. Each change is one transaction. */
final class MultiKeyResource {

    private static final int DISABLED_BY_HAND = 2;
    private static final int DISABLED_AUTOMATICALLY = 3;
    private static final int PAGE_SIZE = 50;

    private final ChannelStore channels;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;
    private final InstantSource clock;

    MultiKeyResource(ChannelStore channels, Stores stores, Audit audit, Changes changes, InstantSource clock) {
        this.channels = channels;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
        this.clock = clock;
    }

    void mount(AdminRoutes routes) {
        routes.post("/api/channel/multi_key/manage", Access.ADMIN, this::manage);
    }

    private Answer manage(AdminCall call) {
        Fields body = call.body();
        String action = body.text("action");
        return switch (action) {
            case "get_key_status" -> Answer.ok(status(keys(named(call)), body));
            case "enable_key" ->
                change(call, keys -> keys.withStatus(List.of(index(body, keys)), ChannelStore.ENABLED, "", 0));
            case "disable_key" -> change(call, keys -> disabled(call, keys, List.of(index(body, keys))));
            case "enable_all_keys" -> change(call, keys -> keys.withStatus(all(keys), ChannelStore.ENABLED, "", 0));
            case "disable_all_keys" -> change(call, keys -> disabled(call, keys, all(keys)));
            case "delete_key" ->
                delete(call, keys -> {
                    int index = index(body, keys);
                    return i -> i == index;
                });
            case "delete_disabled_keys" -> delete(call, keys -> i -> keys.status(i) == DISABLED_AUTOMATICALLY);
            default -> throw Refused.because(Message.ACTION_UNKNOWN, action);
        };
    }

    private static MultiKeys keys(ChannelRow channel) {
        return MultiKeys.of(channel).orElseThrow(() -> Refused.because(Message.CHANNEL_HAS_ONE_KEY));
    }

    private static int index(Fields body, MultiKeys keys) {
        long index = body.number("key_index");
        if (!body.has("key_index") || index < 0 || index >= keys.size()) {
            throw Refused.because(Message.FIELD_INVALID, "key_index", index);
        }
        return (int) index;
    }

    private static List<Integer> all(MultiKeys keys) {
        return IntStream.range(0, keys.size()).boxed().toList();
    }

    private ChannelInfo disabled(AdminCall call, MultiKeys keys, List<Integer> indexes) {
        return keys.withStatus(
                indexes,
                DISABLED_BY_HAND,
                "disabled by " + call.actor().username(),
                clock.instant().getEpochSecond());
    }

    private Answer change(AdminCall call, Function<MultiKeys, ChannelInfo> change) {
        stores.atomically(() -> {
            ChannelRow before = locked(call);
            MultiKeys keys = keys(before);
            ChannelInfo info = change.apply(keys);
            ChannelChange saved = ChannelChange.none().channelInfo(info);
            if (before.status() == DISABLED_AUTOMATICALLY
                    && noneEnabled(keys, keys.info())
                    && !noneEnabled(keys, info)) {
                // that was why
                saved.status(ChannelStore.ENABLED);
            }
            save(call, before, saved);
            return before;
        });
        changes.channelsChanged();
        return Answer.ok();
    }

    private static boolean noneEnabled(MultiKeys keys, ChannelInfo info) {
        return all(keys).stream().noneMatch(i -> info.status(i) == ChannelStore.ENABLED);
    }

    /** What is known about the keys that stay goes along with them. */
    private Answer delete(AdminCall call, Function<MultiKeys, IntPredicate> which) {
        int deleted = stores.atomically(() -> {
            ChannelRow before = locked(call);
            MultiKeys keys = keys(before);
            IntPredicate gone = which.apply(keys);
            List<Integer> kept = all(keys).stream().filter(i -> !gone.test(i)).toList();
            if (kept.isEmpty()) {
                throw Refused.because(Message.CHANNEL_LAST_KEY);
            }
            if (kept.size() < keys.size()) {
                save(call, before, keys.keep(ChannelChange.none(), kept));
            }
            return keys.size() - kept.size();
        });
        changes.channelsChanged();
        return Answer.ok(deleted);
    }

    private ChannelRow named(AdminCall call) {
        return ChannelResource.existing(channels, call.body().number("channel_id"));
    }

    /** What is disabled automatically at the same time stays disabled. */
    private ChannelRow locked(AdminCall call) {
        return ChannelResource.locked(channels, call.body().number("channel_id"));
    }

    private void save(AdminCall call, ChannelRow before, ChannelChange change) {
        ChannelRow after = channels.update(before.id(), change).orElse(before);
        audit.changed(
                call,
                "channel/" + before.id() + " " + call.body().text("action"),
                ChannelView.of(before),
                ChannelView.of(after));
    }

    private static ObjectNode status(MultiKeys keys, Fields body) {
        long wanted = body.number("status");
        List<Integer> shown = all(keys).stream()
                .filter(i -> wanted == 0 || keys.status(i) == wanted)
                .toList();
        long size = body.number("page_size");
        PageRequest page = new PageRequest(
                (int) Math.max(1, Math.min(PageRequest.MAX_PAGE, body.number("page"))),
                size == 0 ? PAGE_SIZE : (int) Math.max(1, Math.min(PageRequest.MAX_SIZE, size)));
        ArrayNode entries = Json.array();
        shown.stream().skip(page.offset()).limit(page.size()).forEach(i -> entries.add(entry(keys, i)));
        ObjectNode data = Json.object();
        data.set("keys", entries);
        return data.put("total", shown.size())
                .put("page", page.page())
                .put("page_size", page.size())
                .put("total_pages", (shown.size() + page.size() - 1) / page.size())
                .put("enabled_count", count(keys, ChannelStore.ENABLED))
                .put("manual_disabled_count", count(keys, DISABLED_BY_HAND))
                .put("auto_disabled_count", count(keys, DISABLED_AUTOMATICALLY));
    }

    private static long count(MultiKeys keys, int status) {
        return all(keys).stream().filter(i -> keys.status(i) == status).count();
    }

    private static ObjectNode entry(MultiKeys keys, int index) {
        ObjectNode entry = Json.object().put("index", index).put("status", keys.status(index));
        ChannelInfo info = keys.info();
        if (info.disabledTimes().containsKey(index)) {
            entry.put("disabled_time", info.disabledTimes().get(index));
        }
        if (info.disabledReasons().containsKey(index)) {
            entry.put("reason", info.disabledReasons().get(index));
        }
        return entry.put("key_preview", Masked.key(keys.key(index)));
    }
}
