package io.newapi.server.admin;

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
        return method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD) || !isForeign(request);
    }

    /** Whether a page of another web site sent the request; for the few that change state whatever their method. */
    static boolean isForeign(HttpServerRequest request) {
        if (request.getHeader("New-Api-User") != null) {
            return false;
        }
        String origin = request.getHeader("Origin");
        if (origin == null) {
            return "cross-site".equals(request.getHeader("Sec-Fetch-Site"));
        }
        String host = request.getHeader("Host");
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
