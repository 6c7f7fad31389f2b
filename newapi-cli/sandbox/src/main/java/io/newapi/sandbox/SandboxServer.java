package io.newapi.sandbox;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.core.net.SocketAddress;
import java.util.Base64;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One event loop's share of a sandbox: reads requests, finds who answers them. */
final class SandboxServer extends VerticleBase {

    private static final int MOST_BODY_BYTES = 64 << 20;

    private final SandboxOptions options;
    private final SocketAddress address;
    private final RequestLog log;
    private final Stage stage;
    private final Routes routes;

    SandboxServer(SandboxOptions options, SocketAddress address, RequestLog log, Stage stage) {
        this.options = options;
        this.address = address;
        this.log = log;
        this.stage = stage;
        this.routes = new Routes(options.models());
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(1 << 16));
        return server.requestHandler(this::receive).listen(address).onSuccess(bound -> stage.bound(bound.actualPort()));
    }

    private void receive(HttpServerRequest request) {
        if (is(request, HttpMethod.GET, "/v1/realtime")) {
            connect(request, Provider.OPENAI, "model");
            return;
        }
        if (is(request, HttpMethod.GET, "/openai/realtime")) {
            connect(request, Provider.AZURE, "deployment");
            return;
        }
        Buffer body = Buffer.buffer();
        request.handler(part -> {
            if (body.length() + part.length() <= MOST_BODY_BYTES) {
                body.appendBuffer(part);
            } else {
                request.connection().close();
            }
        });
        request.endHandler(complete -> route(request, body));
    }

    private void route(HttpServerRequest request, Buffer body) {
        if (request.path().startsWith("/__sandbox/")) {
            inspect(request, body);
            return;
        }
        RequestLog.Entry entry = log.open(request, body);
        HttpServerResponse response = request.response();
        response.closeHandler(closed -> entry.became(Outcome.CLIENT_GONE));
        Route route = routes.find(request);
        Provider provider = route == null ? Provider.OPENAI : route.provider();
        try {
            checkKey(request, provider);
            if (route == null) {
                String what = "Unknown request URL: " + request.method() + " " + request.path();
                throw new Refused(new ApiError(404, what, "invalid_request_error", "unknown_url", null));
            }
            Call call = new Call(request, body, entry.number(), route.model(), standard(entry.number()));
            Answer answer = route.endpoint().answer(call);
            new Exchange(vertx, context, request, provider, answer, entry).start();
        } catch (Refused e) {
            entry.became(Outcome.REFUSED);
            ApiError error = e.error();
            send(response, error.status(), provider.error(error, entry.number()));
        }
    }

    /** @param model the parameter that names it */
    private void connect(HttpServerRequest request, Provider provider, String model) {
        RequestLog.Entry entry = log.open(request, Buffer.buffer());
        try {
            checkKey(request, provider);
            Script script = scriptOfConnection(request, provider, request.getParam(model), entry);
            String beta = String.valueOf(request.getHeader("OpenAI-Beta"));
            request.toWebSocket()
                    .onSuccess(socket -> new LiveConnection(
                                    vertx, socket, request.getParam(model), beta.contains("realtime=v1"), script, entry)
                            .begin())
                    .onFailure(no -> entry.became(Outcome.REFUSED));
        } catch (Refused e) {
            entry.became(Outcome.REFUSED);
            ApiError error = e.error();
            send(request.response(), error.status(), provider.error(error, entry.number()));
        }
    }

    private Script scriptOfConnection(
            HttpServerRequest request, Provider provider, @Nullable String model, RequestLog.Entry entry) {
        boolean versioned = provider == Provider.OPENAI || request.getParam("api-version") != null;
        if (model == null || model.isEmpty() || !versioned) {
            throw Refused.because("the query is not that of a live connection");
        }
        Call call = new Call(request, Buffer.buffer("{}"), entry.number(), model, standard(entry.number()));
        Script script = call.script(call.json());
        if (script.fault().is(Fault.Kind.STATUS)) {
            throw new Refused(ApiError.ofStatus((int) script.fault().number()));
        }
        return script;
    }

    private void checkKey(HttpServerRequest request, Provider provider) {
        String key = options.key();
        String given = provider.key(request);
        if (key != null && !key.equals(given)) {
            throw new Refused(provider.wrongKey(given));
        }
    }

    /** The standard script, with its fault only for the chosen part of the requests. */
    private Script standard(long number) {
        Script standard = stage.script();
        boolean chosen = options.faultRate() >= 1
                || new SplittableRandom(options.seed() * 0x9E3779B97F4A7C15L + number).nextDouble()
                        < options.faultRate();
        return chosen ? standard : standard.withFault(Fault.NONE);
    }

    private void inspect(HttpServerRequest request, Buffer body) {
        HttpServerResponse response = request.response();
        if (is(request, HttpMethod.GET, "/__sandbox/requests")) {
            JsonArray requests = new JsonArray();
            log.requests().forEach(received -> requests.add(received.toJson()));
            send(response, 200, new JsonObject().put("counts", counts()).put("requests", requests));
        } else if (is(request, HttpMethod.GET, "/__sandbox/counts")) {
            send(response, 200, counts());
        } else if (is(request, HttpMethod.GET, MediaEndpoints.PNG_PATH)) {
            byte[] png = Base64.getDecoder().decode(Media.PNG);
            response.putHeader("Content-Type", "image/png").end(Buffer.buffer(png));
        } else if (is(request, HttpMethod.DELETE, "/__sandbox/requests")) {
            log.clear();
            response.setStatusCode(204).end();
        } else if (is(request, HttpMethod.PUT, "/__sandbox/script")) {
            replaceScript(response, body);
        } else {
            send(response, 404, Provider.OPENAI.error(ApiError.ofStatus(404), 0));
        }
    }

    private void replaceScript(HttpServerResponse response, Buffer body) {
        try {
            stage.play(Script.PLAIN.with(body.toJsonObject()));
            response.setStatusCode(204).end();
        } catch (IllegalArgumentException | DecodeException e) {
            String why = String.valueOf(e.getMessage());
            ApiError error = new ApiError(400, why, "invalid_request_error", "bad_script", null);
            send(response, error.status(), Provider.OPENAI.error(error, 0));
        }
    }

    private JsonObject counts() {
        return log.counts().toJson();
    }

    private static boolean is(HttpServerRequest request, HttpMethod method, String path) {
        return request.method().equals(method) && request.path().equals(path);
    }

    private static void send(HttpServerResponse response, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.encode());
    }
}
