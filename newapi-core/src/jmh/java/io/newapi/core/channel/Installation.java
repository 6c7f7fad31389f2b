package io.newapi.core.channel;

import java.util.ArrayList;
import java.util.List;

/** Channels as a large installation has them, for benchmarks. */
final class Installation {

    static final String GROUP = "default";
    static final String MODEL = "gpt-4o";

    private Installation() {}

    /** So many channels of one priority, of equal or different weights, each with one key, in two groups, for five models. */
    static List<Channel> channels(int count, boolean differentWeights) {
        List<Channel> channels = new ArrayList<>(count);
        for (int id = 1; id <= count; id++) {
            channels.add(Channel.builder(id, ChannelKeys.single("sk-" + id))
                    .name("channel " + id)
                    .weight(differentWeights ? 1 + id % 97 : 1)
                    .groups(List.of(GROUP, "vip"))
                    .models(List.of(MODEL, "gpt-4o-mini", "o3", "claude-sonnet-4", "gemini-2.5-pro"))
                    .build());
        }
        return channels;
    }
}
