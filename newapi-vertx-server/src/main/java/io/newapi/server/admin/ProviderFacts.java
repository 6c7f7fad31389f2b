package io.newapi.server.admin;

import java.util.Collection;
import java.util.List;
import java.util.SortedMap;

/** What the admin API needs to know about channel types; implemented beside the provider catalogue. Immutable, thread-safe. */
public interface ProviderFacts {

    /** The address that a channel of this type speaks to when it names none; "" if the type has none. */
    String defaultBaseUrl(int channelType);

    /** The model names that a channel type is known to offer, by type number. */
    SortedMap<Integer, List<String>> modelsByType();

    /** Who offers a type's models: {@code owned_by} in model lists. */
    String owner(int channelType);

    /** The kinds of endpoint by which a model can be called that channels of these types offer. */
    List<String> endpointTypes(String model, Collection<Integer> channelTypes);

    /** The path of each kind of endpoint, by its name. */
    SortedMap<String, String> endpointPaths();
}
