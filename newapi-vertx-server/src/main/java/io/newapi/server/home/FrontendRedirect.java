package io.newapi.server.home;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.HostAndPort;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * Sends browsers that ask a slave for a page to where the console is.
 *
 * <p>With 302, which browsers do not keep, and only for GET and HEAD. A browser that is at the right address already gets its page
 * here: behind a load balancer that address is the one of all nodes, and to send it there again could go on for ever. The address is
 * taken from the header {@code Host}, or {@code X-Forwarded-Host} of a proxy that rewrites it; whoever invents one only gets a page
 * from here.
 *
 * <p>Immutable.
 */
public final class FrontendRedirect {

    private static final String FORWARDED_HOST = "X-Forwarded-Host";

    private final URI base;

    /** @param base an absolute HTTP address without a slash at its end */
    public FrontendRedirect(URI base) {
        this.base = base;
    }

    /** To be called after the routes of programs and before those of pages. */
    public void mount(Router router) {
        router.route().method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::redirect);
    }

    private void redirect(RoutingContext context) {
        HttpServerRequest request = context.request();
        if (ProgramPaths.include(request.path()) || !request.uri().startsWith("/") || isAtBase(request)) {
            context.next();
            return;
        }
        request.response()
                .setStatusCode(302)
                .putHeader(HttpHeaders.LOCATION, base + request.uri())
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .end();
    }

    private boolean isAtBase(HttpServerRequest request) {
        return isBase(request.authority()) || isBase(forwarded(request.getHeader(FORWARDED_HOST)));
    }

    /** What the first proxy was asked for. */
    private static @Nullable HostAndPort forwarded(@Nullable String header) {
        return header == null ? null : HostAndPort.parseAuthority(header.split(",", 2)[0].strip(), -1);
    }

    /** Proxies often leave the port out, so that only a different one tells two addresses of one host apart. */
    private boolean isBase(@Nullable HostAndPort asked) {
        return asked != null
                && asked.host().equalsIgnoreCase(base.getHost())
                && (asked.port() <= 0 || asked.port() == port(base));
    }

    private static int port(URI address) {
        if (address.getPort() >= 0) {
            return address.getPort();
        }
        return "https".equalsIgnoreCase(address.getScheme()) ? 443 : 80;
    }
}
