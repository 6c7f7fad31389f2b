package io.newapi.server.admin;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URI;
import java.net.URISyntaxException;

/**
 * Keeps other web sites from making a browser change state here without a login of ours: such a request names its origin. A call
 * with {@code New-Api-User} cannot come from a foreign page, because browsers ask before they send such a header. Programs that
 * are no browsers send no origin.
 */
final class Origins {

    private Origins() {}

    static boolean mayChangeState(HttpServerRequest request) {
        HttpMethod method = request.method();
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || !isForeign(request.headers());
    }

    /** Whether a page of another web site sent the request; for the few that change state whatever their method. */
    static boolean isForeign(MultiMap headers) {
        if (headers.get("New-Api-User") != null) {
            return false;
        }
        String origin = headers.get("Origin");
        if (origin == null) {
            return "cross-site".equals(headers.get("Sec-Fetch-Site"));
        }
        String host = headers.get("Host");
        return host == null || !host.equalsIgnoreCase(authority(origin));
    }

    private static String authority(String origin) {
        try {
            String authority = new URI(origin).getAuthority();
            return authority == null ? "" : authority;
        } catch (URISyntaxException e) {
            return "";
        }
    }
}
