package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.snapshot.Changes;
import io.newapi.server.store.ChannelChange;
import io.newapi.server.store.ChannelRow;
import io.newapi.server.store.ChannelStore;
import io.newapi.server.store.Stores;
import java.util.Comparator;
import java.util.List;

/** {@code /api/channel/tag}: channels that are handled together, because they have the same tag. */
final class ChannelTagResource {

    private static final int MAX_TAG_BYTES = 191;
    private static final int DISABLED_BY_HAND = 2;
    private static final List<String> WHEN_PRESENT = List.of("priority", "weight", "param_override", "header_override");

    private final ChannelStore channels;
    private final Stores stores;
    private final Audit audit;
    private final Changes changes;

    ChannelTagResource(ChannelStore channels, Stores stores, Audit audit, Changes changes) {
        this.channels = channels;
        this.stores = stores;
        this.audit = audit;
        this.changes = changes;
    }

    void mount(AdminRoutes routes) {
        routes.post("/api/channel/tag/enabled", Access.ADMIN, call -> setStatus(call, ChannelStore.ENABLED))
                .post("/api/channel/tag/disabled", Access.ADMIN, call -> setStatus(call, DISABLED_BY_HAND))
                .put("/api/channel/tag", Access.ADMIN, this::edit)
                .get("/api/channel/tag/models", Access.ADMIN, this::models)
                .post("/api/channel/batch/tag", Access.ADMIN, this::assign);
    }

    private Answer setStatus(AdminCall call, int status) {
        String tag = tag(call.body());
        stores.atomically(() -> {
            channels.tagged(tag)
                    .forEach(before -> change(call, before, ChannelChange.none().status(status)));
            return tag;
        });
        changes.channelsChanged();
        return Answer.ok();
    }

    /** Only what is filled in, but for the overrides and the new tag, which may be emptied. */
    private Answer edit(AdminCall call) {
        Fields body = call.body();
        String tag = tag(body);
        ChannelBody channel = new ChannelBody(named(body));
        stores.atomically(() -> {
            List<ChannelRow> tagged = channels.tagged(tag);
            channel.requireFewRoutes(tagged);
            for (ChannelRow before : tagged) {
                if (!call.actor().isRoot()) {
                    channel.requireSameDestination(before);
                }
                change(call, before, channel.change());
            }
            return tag;
        });
        changes.channelsChanged();
        return Answer.ok();
    }

    /** The fields as they are called in a channel. */
    private static Fields named(Fields body) {
        ObjectNode channel = Json.object();
        WHEN_PRESENT.stream().filter(body::has).forEach(name -> channel.set(name, body.raw(name)));
        if (body.has("new_tag")) {
            channel.put("tag", body.text("new_tag"));
        }
        if (!body.text("model_mapping").isEmpty()) {
            channel.put("model_mapping", body.text("model_mapping"));
        }
        if (!body.text("models").isEmpty()) {
            channel.put("models", body.text("models"));
        }
        if (!body.text("groups").isEmpty()) {
            channel.put("group", body.text("groups"));
        }
        return new Fields(channel);
    }

    private void change(AdminCall call, ChannelRow before, ChannelChange change) {
        ChannelRow after = channels.update(before.id(), change).orElse(before);
        ChannelRules.requireUsable(before, after);
        audit.changed(call, "channel/" + before.id(), ChannelView.of(before), ChannelView.of(after));
    }

    /** The longest list of models among the channels of a tag: what the console fills into its form. */
    private Answer models(AdminCall call) {
        String tag = call.query("tag");
        if (tag.isBlank()) {
            throw Refused.with(400, Message.FIELD_MISSING, "tag");
        }
        return Answer.ok(channels.tagged(tag).stream()
                .map(ChannelRow::models)
                .max(Comparator.comparingInt(String::length))
                .orElse(""));
    }

    private Answer assign(AdminCall call) {
        Fields body = call.body();
        List<Long> ids = body.ids("ids");
        String tag = body.text("tag", MAX_TAG_BYTES).strip();
        int count = stores.atomically(() -> {
            List<ChannelRow> named = ids.stream()
                    .distinct()
                    .flatMap(id -> channels.byId(id).stream())
                    .toList();
            named.forEach(before -> change(call, before, ChannelChange.none().tag(tag)));
            return named.size();
        });
        changes.channelsChanged();
        return Answer.ok(count);
    }

    private static String tag(Fields body) {
        String tag = body.text("tag").strip();
        if (tag.isEmpty()) {
            throw Refused.because(Message.FIELD_MISSING, "tag");
        }
        return tag;
    }
}
