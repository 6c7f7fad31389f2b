package io.newapi.server.relay.provider;

import io.newapi.server.relay.wire.WireFormat;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Every upstream dialect that this node speaks, found by a channel's type. */
public final class ProviderCatalog {

    private static final Map<Integer, Provider> OWN =
            Map.of(Anthropic.TYPE, new Anthropic(), Gemini.TYPE, new Gemini());

    /** The dialect of a channel type; empty when this node does not speak it. */
    public Optional<Provider> ofType(int channelType) {
        Provider own = OWN.get(channelType);
        return own == null ? OpenAiCompatible.ofType(channelType) : Optional.of(own);
    }

    /** Whether a channel of this type can serve a request in this format. */
    public boolean serves(int channelType, WireFormat format) {
        return ofType(channelType)
                .filter(provider -> provider.formats().contains(format))
                .isPresent();
    }

    /** The channel types that this node speaks to, ascending. */
    public SortedSet<Integer> types() {
        SortedSet<Integer> types = new TreeSet<>(OpenAiCompatible.types());
        types.addAll(OWN.keySet());
        return types;
    }
}
