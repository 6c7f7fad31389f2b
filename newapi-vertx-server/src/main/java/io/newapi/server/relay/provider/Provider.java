package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import io.newapi.server.relay.wire.CompletionCount;

/** How one kind of upstream is spoken to. Stateless and thread-safe. */
public interface Provider {

    /**
     * Where a chat completion goes, and how it is signed.
     *
     * @param channel the account
     * @param key the account's key that was selected
     * @param upstreamModel the model's name at the provider
     * @throws IllegalArgumentException if the channel's address is not a usable URL
     */
    UpstreamCall chat(Channel channel, String key, String upstreamModel);

    /** The provider's name, for lists. */
    String name();

    /** The address of a channel that names none; empty if the type has none. */
    String defaultBaseUrl();

    /** Whether {@code stream_options} may be sent. */
    boolean understandsStreamOptions();

    /** How it counts what was written. */
    CompletionCount completionCount();
}
