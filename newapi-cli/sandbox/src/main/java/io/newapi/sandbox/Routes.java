package io.newapi.sandbox;

import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Finds who answers a request by its method and path. Immutable. */
final class Routes {

    private static final Pattern DEPLOYMENT = Pattern.compile("/openai/deployments/([^/]+)/(.+)");
    private static final Pattern GEMINI = Pattern.compile("/(?:v1|v1beta)/models/([^/]+):([A-Za-z]+)");

    private final Map<String, Endpoint> openAi = OpenAiEndpoints.ofAll();
    private final Map<String, Endpoint> anthropic = AnthropicEndpoints.ofAll();
    private final Map<String, Endpoint> gemini = GeminiEndpoints.ofAll();
    private final Catalog catalog;

    Routes(List<String> models) {
        this.catalog = new Catalog(models);
    }

    /** Absent if there is nothing at this path. */
    @Nullable
    Route find(HttpServerRequest request) {
        String path = request.path();
        if (request.method().equals(HttpMethod.GET)) {
            return catalog.find(request);
        }
        if (!request.method().equals(HttpMethod.POST)) {
            return null;
        }
        Matcher deployment = DEPLOYMENT.matcher(path);
        if (deployment.matches()) {
            return azure(request, openAi.get(deployment.group(2)), decoded(deployment.group(1)));
        }
        Matcher method = GEMINI.matcher(path);
        if (method.matches()) {
            return route(Provider.GOOGLE, gemini.get(method.group(2)), decoded(method.group(1)));
        }
        if (path.startsWith("/openai/v1/")) {
            return route(Provider.AZURE, openAi.get(path.substring("/openai/v1/".length())), null);
        }
        if (path.equals("/openai/responses")) {
            return azure(request, openAi.get("responses"), null);
        }
        if (!path.startsWith("/v1/")) {
            return null;
        }
        String name = path.substring("/v1/".length());
        Route route = route(Provider.ANTHROPIC, anthropic.get(name), null);
        return route == null ? route(Provider.OPENAI, openAi.get(name), null) : route;
    }

    /** Azure knows no resource without the version of its API. */
    private static @Nullable Route azure(
            HttpServerRequest request, @Nullable Endpoint endpoint, @Nullable String model) {
        if (endpoint == null || request.getParam("api-version") == null) {
            Endpoint unknown = call -> {
                throw new Refused(new ApiError(404, "Resource not found", "invalid_request_error", "404", null));
            };
            return new Route(Provider.AZURE, unknown, null);
        }
        return new Route(Provider.AZURE, endpoint, model);
    }

    private static @Nullable Route route(Provider provider, @Nullable Endpoint endpoint, @Nullable String model) {
        return endpoint == null ? null : new Route(provider, endpoint, model);
    }

    /** A plus is a plus in a path. */
    private static String decoded(String segment) {
        return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    }
}
