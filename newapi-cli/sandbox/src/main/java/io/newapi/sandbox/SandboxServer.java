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
import java.util.SplittableRandom;

/** One event loop's share of a sandbox: reads requests, finds who answers them. */
final class SandboxServer extends VerticleBase {

    private static final int MOST_BODY_BYTES = 64 << 20;

    private final SandboxOptions options;
    private final SocketAddress address;
    private final RequestLog log;
    private final Stage stage;

    SandboxServer(SandboxOptions options, SocketAddress address, RequestLog log, Stage stage) {
        this.options = options;
        this.address = address;
        this.log = log;
        this.stage = stage;
    }

    @Override
    public Future<?> start() {
        HttpServer server = vertx.createHttpServer(new HttpServerOptions().setMaxHeaderSize(1 << 16));
        return server.requestHandler(this::receive).listen(address).onSuccess(bound -> stage.bound(bound.actualPort()));
    }

    private void receive(HttpServerRequest request) {
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
        String key = options.key();
        if (key != null && !("Bearer " + key).equals(request.getHeader("Authorization"))) {
            refuse(response, entry, 401, ApiError.ofStatus(401));
        } else if (is(request, HttpMethod.POST, "/v1/chat/completions")) {
            chat(request, body, entry);
        } else if (is(request, HttpMethod.GET, "/v1/models")) {
            entry.became(Outcome.ANSWERED);
            send(response, 200, models());
        } else {
            String what = "Unknown request URL: " + request.method() + " " + request.path();
            refuse(response, entry, 404, new ApiError(what, "invalid_request_error", "unknown_url"));
        }
    }

    private void chat(HttpServerRequest request, Buffer body, RequestLog.Entry entry) {
        ChatAnswer answer;
        try {
            ChatRequest wanted = ChatRequest.read(body, request.getHeader("X-Sandbox"));
            answer = new ChatAnswer(wanted, standard(entry.number()).with(wanted.wishes()), entry.number());
        } catch (IllegalArgumentException e) {
            ApiError error = new ApiError(String.valueOf(e.getMessage()), "invalid_request_error", "bad_request");
            refuse(request.response(), entry, 400, error);
            return;
        }
        new ChatExchange(vertx, context, request.response(), answer, entry).start();
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
        } else if (is(request, HttpMethod.DELETE, "/__sandbox/requests")) {
            log.clear();
            response.setStatusCode(204).end();
        } else if (is(request, HttpMethod.PUT, "/__sandbox/script")) {
            replaceScript(response, body);
        } else {
            send(response, 404, ApiError.ofStatus(404).toJson());
        }
    }

    private void replaceScript(HttpServerResponse response, Buffer body) {
        try {
            stage.play(Script.PLAIN.with(body.toJsonObject()));
            response.setStatusCode(204).end();
        } catch (IllegalArgumentException | DecodeException e) {
            String why = String.valueOf(e.getMessage());
            send(response, 400, new ApiError(why, "invalid_request_error", "bad_script").toJson());
        }
    }

    private JsonObject counts() {
        return log.counts().toJson();
    }

    private JsonObject models() {
        JsonArray data = new JsonArray();
        for (String model : options.models()) {
            data.add(new JsonObject()
                    .put("id", model)
                    .put("object", "model")
                    .put("created", 1_767_225_600)
                    .put("owned_by", "sandbox"));
        }
        return new JsonObject().put("object", "list").put("data", data);
    }

    private static boolean is(HttpServerRequest request, HttpMethod method, String path) {
        return request.method().equals(method) && request.path().equals(path);
    }

    private static void refuse(HttpServerResponse response, RequestLog.Entry entry, int status, ApiError error) {
        entry.became(Outcome.REFUSED);
        send(response, status, error.toJson());
    }

    private static void send(HttpServerResponse response, int status, JsonObject body) {
        response.setStatusCode(status)
                .putHeader("Content-Type", "application/json")
                .end(body.encode());
    }
}
