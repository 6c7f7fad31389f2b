package io.newapi.core.channel;

import java.util.List;
import java.util.stream.IntStream;

/** Channels for tests: they serve {@link #MODEL} in {@link #GROUP}. */
final class Channels {

    static final String GROUP = "default";
    static final String MODEL = "gpt-4o";

    private Channels() {}

    static Channel.Builder channel(long id) {
        return Channel.builder(id, ChannelKeys.single("secret-" + id))
                .name("channel-" + id)
                .groups(List.of(GROUP))
                .models(List.of(MODEL));
    }

    static Channel channel(long id, long priority, long weight) {
        return channel(id).priority(priority).weight(weight).build();
    }

    /** Keys {@code key-0}, {@code key-1} and so on, enabled as told. */
    static ChannelKeys keys(KeyMode mode, boolean... enabled) {
        return ChannelKeys.multi(
                IntStream.range(0, enabled.length)
                        .mapToObj(i -> new ChannelKeys.Slot(i, "key-" + i, enabled[i]))
                        .toList(),
                mode);
    }

    static Selection.Selected selected(Selection selection) {
        return selection.match(selected -> selected, none -> {
            throw new AssertionError("no channel for " + none);
        });
    }
}
