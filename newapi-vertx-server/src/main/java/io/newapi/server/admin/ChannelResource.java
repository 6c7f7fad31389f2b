package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelInfo;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.FixOutcome;
import io.newapi.server.store.Stores;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /api/channel}: making, changing and removing channels. */
final class ChannelResource {

    private static final int MAX_KEYS = 1000;
    private static final int NAME_PREFIX = 8;
    private static final int MAX_NAME_LENGTH = 191;
    private static final Set<String> MULTI_KEY_MODES = Set.of("random", "polling");

    private final ChannelStore channels;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;

    ChannelResource(ChannelStore channels, Stores stores, Audit audit, Changes changes) {
        this.channels = channels;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.post("/api/channel", Access.ADMIN, this::create)
                .put("/api/channel", Access.ADMIN, this::update)
                .delete("/api/channel/disabled", Access.ADMIN, this::deleteDisabled)
                .post("/api/channel/batch", Access.ADMIN, this::deleteMany)
                .post("/api/channel/fix", Access.ADMIN, this::fix)
                .post("/api/channel/copy/:id", Access.ADMIN, this::copy)
                .delete("/api/channel/:id", Access.ADMIN, this::delete)
                .get("/api/channel/:id", Access.ADMIN, this::read);
    }

    private Answer read(AdminCall call) {
        return Answer.ok(ChannelView.of(existing(channels, call.pathId())));
    }

    static ChannelRow existing(ChannelStore channels, long id) {
        return channels.byId(id).orElseThrow(() -> Refused.because(Message.CHANNEL_NOT_FOUND));
    }

    /** The same, inside a transaction that changes it after what it finds there. */
    static ChannelRow locked(ChannelStore channels, long id) {
        return channels.locked(id).orElseThrow(() -> Refused.because(Message.CHANNEL_NOT_FOUND));
    }

    private Answer create(AdminCall call) {
        Fields body = call.body();
        Fields object = body.object("channel").orElseThrow(() -> Refused.because(Message.FIELD_MISSING, "channel"));
        ChannelBody channel = new ChannelBody(object);
        channel.requireComplete();
        channel.requireCallableAddress(call.actor(), "");
        channel.requireCallableProxy(call.actor(), "");
        List<ChannelChange> made = switch (body.text("mode")) {
            case "single" -> List.of(channel.change().key(singleKey(channel)));
            case "batch" -> batch(channel, object, body.flag("batch_add_set_key_prefix_2_name"));
            case "multi_to_single" -> List.of(multi(channel, multiKeyMode(body)));
            default -> throw Refused.because(Message.CHANNEL_MODE_UNKNOWN, body.text("mode"));
        };
        channel.requireFewRoutes(made.size());
        stores.atomically(() -> {
            List<Long> ids = channels.create(made);
            ids.forEach(id -> {
                ChannelRow saved = existing(channels, id);
                ChannelRules.requireUsable(saved);
                audit.created(call, "channel/" + id, ChannelView.of(saved));
            });
            return ids;
        });
        changes.channelsChanged();
        return Answer.ok();
    }

    private static String singleKey(ChannelBody channel) {
        String key = channel.keyText();
        if (key.isEmpty()) {
            throw Refused.because(Message.CHANNEL_KEY_MISSING);
        }
        return key;
    }

    private static List<ChannelChange> batch(ChannelBody channel, Fields object, boolean prefixInName) {
        List<ChannelChange> made = new ArrayList<>();
        String name = object.text("name");
        for (String key : bounded(channel.keys())) {
            ChannelChange change = channel.change().key(key);
            if (prefixInName) {
                String named = name + " " + key.substring(0, Math.min(NAME_PREFIX, key.length()));
                change.name(named.length() > MAX_NAME_LENGTH ? named.substring(0, MAX_NAME_LENGTH) : named);
            }
            made.add(change);
        }
        return made;
    }

    private static ChannelChange multi(ChannelBody channel, String mode) {
        List<String> keys = bounded(channel.keys());
        return channel.change()
                .key(MultiKeys.join(keys))
                .channelInfo(ChannelInfo.multi(keys.size(), mode.isEmpty() ? "random" : mode));
    }

    private static List<String> bounded(List<String> keys) {
        if (keys.size() > MAX_KEYS) {
            throw Refused.because(Message.FIELD_INVALID, "key", "more than " + MAX_KEYS + " keys");
        }
        return keys;
    }

    private static String multiKeyMode(Fields body) {
        String mode = body.text("multi_key_mode");
        if (!mode.isEmpty() && !MULTI_KEY_MODES.contains(mode)) {
            throw Refused.because(Message.CHANNEL_MULTI_KEY_MODE_UNKNOWN);
        }
        return mode;
    }

    private Answer update(AdminCall call) {
        Fields body = call.body();
        long id = body.number("id");
        String mode = multiKeyMode(body);
        ChannelBody channel = new ChannelBody(body);
        boolean append = body.text("key_mode").equals("append");
        boolean knowsKey =
                call.actor().isRoot() || (!append && !channel.keyText().isEmpty());
        ChannelRow now = existing(channels, id);
        if (!knowsKey) {
            channel.requireSameDestination(now);
        }
        // outside the transaction, because it may wait for a name server
        channel.requireCallableAddress(call.actor(), now.baseUrl());
        channel.requireCallableProxy(call.actor(), now.setting());
        ChannelRow after = stores.atomically(() -> {
            ChannelRow before = locked(channels, id);
            if (!knowsKey) {
                channel.requireSameDestination(before);
            }
            channel.requireFewRoutes(List.of(before));
            ChannelChange change = channel.change();
            changeKeys(change, before, channel, append, mode);
            ChannelRow saved = channels.update(id, change).orElse(before);
            ChannelRules.requireUsable(before, saved);
            audit.changed(
                    call,
                    "channel/" + id + (channel.keyText().isEmpty() ? "" : " key"),
                    ChannelView.of(before),
                    ChannelView.of(saved));
            return saved;
        });
        changes.channelsChanged();
        ObjectNode view = ChannelView.of(after);
        view.put("multi_key_mode", mode);
        view.put("key_mode", body.text("key_mode"));
        return Answer.ok(view);
    }

    private static void changeKeys(
            ChannelChange change, ChannelRow before, ChannelBody channel, boolean append, String mode) {
        boolean given = !channel.keyText().isEmpty();
        if (!given && mode.isEmpty()) {
            return;
        }
        Optional<MultiKeys> several = MultiKeys.of(before);
        if (several.isPresent()) {
            several.get().applyTo(change, given ? channel.keys() : List.of(), append, mode);
        } else if (given) {
            change.key(channel.keyText());
        }
    }

    private Answer delete(AdminCall call) {
        long id = call.pathId();
        stores.atomically(() -> {
            ChannelRow before = existing(channels, id);
            audit.deleted(call, "channel/" + id, ChannelView.of(before));
            return channels.delete(id);
        });
        changes.channelsChanged();
        return Answer.ok();
    }

    private Answer deleteMany(AdminCall call) {
        List<Long> ids = call.body().ids("ids");
        int deleted = stores.atomically(() -> {
            audit.done(call, "channels " + ids);
            return channels.deleteAll(ids);
        });
        changes.channelsChanged();
        return Answer.ok(deleted);
    }

    private Answer deleteDisabled(AdminCall call) {
        int deleted = stores.atomically(() -> {
            audit.done(call, "disabled channels");
            return channels.deleteDisabled();
        });
        changes.channelsChanged();
        return Answer.ok(deleted);
    }

    private Answer fix(AdminCall call) {
        FixOutcome outcome = stores.atomically(() -> {
            audit.done(call, "abilities");
            return channels.fixAbilities();
        });
        changes.channelsChanged();
        return Answer.ok(Json.object().put("success", outcome.channels()).put("fails", 0));
    }

    private Answer copy(AdminCall call) {
        String suffix = call.query("suffix").isEmpty() ? "_copy" : call.query("suffix");
        boolean resetBalance = !call.query("reset_balance").equals("false");
        long copied = stores.atomically(() -> {
            ChannelRow original = existing(channels, call.pathId());
            ChannelRules.requireFewRoutes(ChannelRules.routes(original.group(), original.models()));
            String name = original.name() + suffix;
            long id = channels.create(ChannelCopy.of(original)
                    .name(name.length() > MAX_NAME_LENGTH ? name.substring(0, MAX_NAME_LENGTH) : name));
            if (!resetBalance) {
                channels.recordBalance(id, original.balance());
            }
            audit.created(call, "channel/" + id, ChannelView.of(existing(channels, id)));
            return id;
        });
        changes.channelsChanged();
        return Answer.ok(Json.object().put("id", copied));
    }
}
