package io.newapi.server.relay.provider;

import java.util.Optional;

/** Every upstream dialect that this node speaks, found by a channel's type. */
public final class ProviderCatalog {

    /** The dialect of a channel type; empty when this node does not speak it. */
    public Optional<Provider> ofType(int channelType) {
        return OpenAiCompatible.ofType(channelType);
    }
}
