package io.newapi.core.channel;

import java.util.function.Function;

/** What came of looking for a channel. */
public sealed interface Selection {

    /** One result for either outcome. */
    <T> T match(Function<Selected, T> selected, Function<NoChannel, T> noChannel);

    /**
     * A channel and the key to call it with.
     *
     * @param group the group through which it was found: the one whose ratio prices the call
     */
    record Selected(String group, Channel channel, SelectedKey key) implements Selection {
        @Override
        public <T> T match(Function<Selected, T> selected, Function<NoChannel, T> noChannel) {
            return selected.apply(this);
        }
    }

    /**
     * No channel serves the model in the group.
     *
     * @param group of several groups, the last one
     */
    record NoChannel(String group, String model) implements Selection {
        @Override
        public <T> T match(Function<Selected, T> selected, Function<NoChannel, T> noChannel) {
            return noChannel.apply(this);
        }
    }
}
