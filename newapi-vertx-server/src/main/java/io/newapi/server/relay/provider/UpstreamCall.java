package io.newapi.server.relay.provider;

import java.util.Map;

/**
 * A request to an upstream, without its body.
 *
 * @param url absolute, http or https
 * @param headers headers beyond those that every request has; may hold the key
 */
public record UpstreamCall(String url, Map<String, String> headers) {

    /** An immutable copy. */
    public UpstreamCall {
        headers = Map.copyOf(headers);
    }

    /** Without the headers: they hold the key. */
    @Override
    public String toString() {
        return "UpstreamCall[" + url + "]";
    }
}
