package io.newapi.server.outbound;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import java.util.Map;

/**
 * A request to an address that a user has named. Neither the address nor a header is in {@link #toString}: both may hold
 * secrets.
 *
 * @param url absolute, http or https, without user and password
 * @param privateAllowed whether it may lead into a private network or to this machine
 */
public record OutboundRequest(
        HttpMethod method, String url, Map<String, String> headers, Buffer body, boolean privateAllowed) {

    /** Copies the headers. */
    public OutboundRequest {
        headers = Map.copyOf(headers);
    }

    /** A question. */
    public static OutboundRequest get(String url, Map<String, String> headers, boolean privateAllowed) {
        return new OutboundRequest(HttpMethod.GET, url, headers, Buffer.buffer(), privateAllowed);
    }

    /** Something to be taken note of. */
    public static OutboundRequest post(String url, Map<String, String> headers, Buffer body, boolean privateAllowed) {
        return new OutboundRequest(HttpMethod.POST, url, headers, body, privateAllowed);
    }

    @Override
    public String toString() {
        return "OutboundRequest[" + method + "]";
    }
}
