package io.newapi.server.relay.provider;

import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Every upstream dialect that this node speaks, found by a channel's type. */
public final class ProviderCatalog {

    /** The dialect of a channel type; empty when this node does not speak it. */
    public Optional<Provider> ofType(int channelType) {
        return OpenAiCompatible.ofType(channelType);
    }

    /** The channel types that this node speaks to, ascending. */
    public SortedSet<Integer> types() {
        return new TreeSet<>(OpenAiCompatible.types());
    }
}
