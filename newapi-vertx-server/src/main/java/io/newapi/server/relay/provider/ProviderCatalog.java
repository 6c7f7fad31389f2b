package io.newapi.server.relay.provider;

import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** Every upstream dialect that this node speaks, found by a channel's type. */
public final class ProviderCatalog {

    /** The version of Azure's API where neither the channel nor the settings name one; New API's default. */
    public static final String AZURE_API_VERSION = "2025-04-01-preview";

    private final Map<Integer, Provider> own;

    /** The catalog of a node without settings. */
    public ProviderCatalog() {
        this(AZURE_API_VERSION);
    }

    /** @param azureApiVersion for channels of Azure that name none */
    public ProviderCatalog(String azureApiVersion) {
        own = Map.of(
                Anthropic.TYPE, new Anthropic(),
                Gemini.TYPE, new Gemini(),
                Azure.TYPE, new Azure(azureApiVersion));
    }

    /** The dialect of a channel type; empty when this node does not speak it. */
    public Optional<Provider> ofType(int channelType) {
        Provider known = own.get(channelType);
        return known == null ? OpenAiCompatible.ofType(channelType) : Optional.of(known);
    }

    /** The channel types that this node speaks to, ascending. */
    public SortedSet<Integer> types() {
        SortedSet<Integer> types = new TreeSet<>(OpenAiCompatible.types());
        types.addAll(own.keySet());
        return types;
    }
}
