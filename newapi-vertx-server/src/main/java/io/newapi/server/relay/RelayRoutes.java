package io.newapi.server.relay;

import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * The paths of API clients. One instance serves one event loop.
 *
 * <p>They are matched by hand, before any router: they are few, and every call pays for it.
 */
public final class RelayRoutes {

    private static final String CHAT = "/v1/chat/completions";
    private static final String MODELS = "/v1/models";
    private static final String ONE_MODEL = "/v1/models/";
    private static final Set<String> PREFIXES = Set.of("/v1/", "/v1beta/", "/pg/", "/mj/", "/suno/");

    private final RelayPipeline pipeline;
    private final ModelList models;
    private final Exchanges exchanges;
    private final InFlight inFlight;

    /** @param inFlight counts calls, and refuses new ones while the node drains */
    public RelayRoutes(RelayPipeline pipeline, ModelList models, Exchanges exchanges, InFlight inFlight) {
        this.pipeline = pipeline;
        this.models = models;
        this.exchanges = exchanges;
        this.inFlight = inFlight;
    }

    /** Serves the request if it is an API client's; false if somebody else has to. */
    public boolean serve(HttpServerRequest request) {
        String path = request.path();
        if (path == null || PREFIXES.stream().noneMatch(path::startsWith) || isBilling(path)) {
            return false;
        }
        allowAnyOrigin(request.response());
        if (request.method().equals(HttpMethod.OPTIONS)) {
            request.response().setStatusCode(204).end();
        } else if (request.method().equals(HttpMethod.POST) && path.equals(CHAT)) {
            inFlight.run(request, () -> pipeline.chatCompletions(request), () -> refuseDraining(request));
        } else if (request.method().equals(HttpMethod.GET) && path.equals(MODELS)) {
            inFlight.run(request, () -> models.all(request), () -> refuseDraining(request));
        } else if (request.method().equals(HttpMethod.GET) && path.startsWith(ONE_MODEL)) {
            String model = URLDecoder.decode(
                    path.substring(ONE_MODEL.length()), StandardCharsets.UTF_8);
            inFlight.run(request, () -> models.one(request, model), () -> refuseDraining(request));
        } else {
            unknown(request, path);
        }
        return true;
    }

    /** The token's balance in the form of OpenAI's old billing endpoints is the administration's business. */
    private static boolean isBilling(String path) {
        return path.startsWith("/v1/dashboard/");
    }

    private void unknown(HttpServerRequest request, String path) {
        String shown = path.length() <= 200 ? path : path.substring(0, 200);
        exchanges.begin(request)
                .fail(new RelayError(
                        404,
                        "invalid_request_error",
                        "",
                        "",
                        "Invalid URL (" + request.method() + " " + shown + ")",
                        0));
    }

    private Future<Void> refuseDraining(HttpServerRequest request) {
        request.response().putHeader("Connection", "close");
        exchanges.begin(request)
                .fail(RelayError.own(503, "shutting_down", "this node is shutting down").retryAfter(1));
        return Future.succeededFuture();
    }

    private static void allowAnyOrigin(HttpServerResponse response) {
        response.putHeader("Access-Control-Allow-Origin", "*")
                .putHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
                .putHeader("Access-Control-Allow-Headers", "*");
    }
}
