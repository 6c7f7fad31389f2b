package io.newapi.server.relay.provider;

import io.newapi.core.channel.Channel;
import java.util.Optional;
import java.util.function.Function;

/**
 * What a call is for.
 *
 * @param channel the account
 * @param key the account's key that was selected
 * @param upstreamModel the model's name at the provider
 * @param stream whether the answer is to be streamed
 * @param clientHeader finds a header of the client's request by its name in any case
 * @param versions of the provider's API
 */
public record Target(
        Channel channel,
        String key,
        String upstreamModel,
        boolean stream,
        Function<String, Optional<String>> clientHeader,
        ApiVersions versions) {

    /** A call that no client has asked for. */
    public static Target ofOurOwn(Channel channel, String key, String upstreamModel, ApiVersions versions) {
        return new Target(channel, key, upstreamModel, false, name -> Optional.empty(), versions);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "Target[channel " + channel.id() + ", " + upstreamModel + "]";
    }
}
