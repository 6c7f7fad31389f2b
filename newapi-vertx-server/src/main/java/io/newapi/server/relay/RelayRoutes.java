package io.newapi.server.relay;

import io.newapi.server.relay.wire.ClientRequest;
import io.newapi.server.relay.wire.RelayError;
import io.newapi.server.relay.wire.WireFormat;
import io.vertx.core.Future;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The paths of API clients. One instance serves one event loop.
 *
 * <p>They are matched by hand, before any router: they are few, and every call pays for it. A slash at the end of a path
 * makes no difference.
 */
public final class RelayRoutes {

    private static final Logger LOG = LoggerFactory.getLogger(RelayRoutes.class);

    /** The formats that have a path of their own, with the model in the body. */
    private static final Map<String, WireFormat> FORMATS = Map.ofEntries(
            Map.entry("/v1/chat/completions", WireFormat.CHAT),
            Map.entry("/v1/responses", WireFormat.RESPONSES),
            Map.entry("/v1/responses/compact", WireFormat.RESPONSES_COMPACT),
            Map.entry("/v1/messages", WireFormat.MESSAGES),
            Map.entry("/v1/completions", WireFormat.COMPLETIONS),
            Map.entry("/v1/embeddings", WireFormat.EMBEDDINGS),
            Map.entry("/v1/moderations", WireFormat.MODERATIONS),
            Map.entry("/v1/rerank", WireFormat.RERANK),
            Map.entry("/v1/images/generations", WireFormat.IMAGES),
            Map.entry("/v1/audio/speech", WireFormat.SPEECH));

    /** The same of those that come as a form with files. */
    private static final Map<String, WireFormat> FORMS = Map.of(
            "/v1/images/edits", WireFormat.IMAGE_EDITS,
            "/v1/audio/transcriptions", WireFormat.TRANSCRIPTIONS,
            "/v1/audio/translations", WireFormat.TRANSLATIONS);

    private static final String COUNT_TOKENS = "/v1/messages/count_tokens";
    private static final String PLAYGROUND = "/pg/chat/completions";
    private static final String REALTIME = "/v1/realtime";
    private static final String ENGINES = "/v1/engines/";
    private static final String OF_ENGINE = "/embeddings";
    private static final String MODELS = "/v1/models";
    private static final String ONE_MODEL = "/v1/models/";
    private static final String BILLING = "/v1/dashboard/";
    private static final int MAX_SHOWN_CHARS = 200;

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
        if (path == null || !isClients(path)) {
            return false;
        }
        HttpServerResponse response = request.response();
        response.putHeader("Access-Control-Allow-Origin", "*");
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.OPTIONS)) {
            preflight(response);
            return true;
        }
        String plain = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        boolean reads = method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD);
        if (method.equals(HttpMethod.GET) && plain.equals(REALTIME)) {
            run(request, () -> pipeline.connect(request));
        } else if (UnbuiltPaths.include(method, plain)) {
            unbuilt(request, path);
        } else if (method.equals(HttpMethod.POST)) {
            post(request, plain);
        } else if (reads && plain.equals(MODELS)) {
            run(request, () -> models.all(request));
        } else if (reads && plain.startsWith(ONE_MODEL)) {
            Optional<String> model = decoded(plain.substring(ONE_MODEL.length()));
            if (model.isPresent()) {
                run(request, () -> models.one(request, model.get()));
            } else {
                unknown(request, path);
            }
        } else {
            unknown(request, path);
        }
        return true;
    }

    private void post(HttpServerRequest request, String path) {
        WireFormat format = FORMATS.get(path);
        if (format != null) {
            run(request, () -> pipeline.serve(request, body -> ClientRequest.scan(format, body)));
            return;
        }
        WireFormat form = FORMS.get(path);
        if (form != null) {
            String type = String.valueOf(request.getHeader(HttpHeaders.CONTENT_TYPE));
            run(request, () -> pipeline.serve(request, body -> ClientRequest.scanForm(form, body, type)));
            return;
        }
        Optional<GeminiPath> gemini = GeminiPath.read(path, request.query());
        Optional<String> engine = engine(path);
        if (path.equals(PLAYGROUND)) {
            run(request, () -> pipeline.play(request));
        } else if (path.equals(COUNT_TOKENS)) {
            run(
                    request,
                    () -> pipeline.countTokens(
                            request, body -> ClientRequest.scan(WireFormat.MESSAGES, body), "input_tokens"));
        } else if (gemini.isPresent() && gemini.get().action() == GeminiPath.Action.COUNT) {
            run(request, () -> pipeline.countTokens(request, gemini.get()::scan, "totalTokens"));
        } else if (gemini.isPresent()) {
            run(request, () -> pipeline.serve(request, gemini.get()::scan));
        } else if (engine.isPresent()) {
            run(request, () -> pipeline.serve(request, body -> ClientRequest.scanEmbeddings(body, engine.get())));
        } else {
            unknown(request, String.valueOf(request.path()));
        }
    }

    /** The model in OpenAI's old path of embeddings. */
    private static Optional<String> engine(String path) {
        boolean old = path.startsWith(ENGINES)
                && path.endsWith(OF_ENGINE)
                && path.length() > ENGINES.length() + OF_ENGINE.length();
        return old ? decoded(path.substring(ENGINES.length(), path.length() - OF_ENGINE.length())) : Optional.empty();
    }

    /** All but the token's balance in the form of OpenAI's old billing endpoints: that is the administration's business. */
    private static boolean isClients(String path) {
        return (path.startsWith("/v1/") && !path.startsWith(BILLING))
                || path.startsWith("/v1beta/")
                || path.startsWith("/pg/")
                || UnbuiltPaths.areBelow(path);
    }

    private void run(HttpServerRequest request, Supplier<Future<Void>> call) {
        try {
            inFlight.run(call, () -> refuseDraining(request));
        } catch (RuntimeException e) {
            // without an answer the client would wait for ever
            Exchange exchange = exchanges.begin(request);
            LOG.error("request {}: serving {} failed", exchange.requestId(), request.path(), e);
            exchange.fail(Refusals.internal());
            exchanges.end(exchange);
        }
    }

    /** A plus sign stands for itself in a path. */
    private static Optional<String> decoded(String segment) {
        try {
            return Optional.of(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void unknown(HttpServerRequest request, String path) {
        refuse(
                request,
                new RelayError(404, "invalid_request_error", "", "", "Invalid URL (" + shown(request, path) + ")", 0));
    }

    private void unbuilt(HttpServerRequest request, String path) {
        refuse(
                request,
                RelayError.own(501, "api_not_implemented", "this version does not have " + shown(request, path)));
    }

    private void refuse(HttpServerRequest request, RelayError error) {
        Exchange exchange = exchanges.begin(request);
        exchange.fail(error);
        exchanges.end(exchange);
    }

    private static String shown(HttpServerRequest request, String path) {
        return request.method() + " " + (path.length() <= MAX_SHOWN_CHARS ? path : path.substring(0, MAX_SHOWN_CHARS));
    }

    private Future<Void> refuseDraining(HttpServerRequest request) {
        Exchange exchange = exchanges.begin(request);
        exchange.closeAfterAnswer();
        exchange.fail(RelayError.own(503, "shutting_down", "this node is shutting down")
                .retryAfter(1));
        exchanges.end(exchange);
        return Future.succeededFuture();
    }

    /** Browsers do not take a star for the header that carries the key. */
    private static void preflight(HttpServerResponse response) {
        response.putHeader("Access-Control-Allow-Methods", "GET, POST, PUT, DELETE, OPTIONS")
                .putHeader("Access-Control-Allow-Headers", "Authorization, *")
                .putHeader("Access-Control-Max-Age", "86400")
                .setStatusCode(204)
                .end();
    }
}
