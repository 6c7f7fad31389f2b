package io.newapi.server.home;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;

/** Tells a program that asks for something that is not there so in the form that it understands: OpenAI's. */
public final class UnknownPaths {

    private static final int MAX_SHOWN_CHARS = 200;

    private UnknownPaths() {}

    /** To be called last. */
    public static void mount(Router router) {
        router.route().handler(UnknownPaths::answer);
    }

    private static void answer(RoutingContext context) {
        HttpServerRequest request = context.request();
        String path = request.path();
        if (path == null || !ProgramPaths.include(path)) {
            context.next();
            return;
        }
        String shown = path.length() <= MAX_SHOWN_CHARS ? path : path.substring(0, MAX_SHOWN_CHARS);
        JsonObject error = new JsonObject()
                .put("message", "Invalid URL (" + request.method() + " " + shown + ")")
                .put("type", "invalid_request_error")
                .put("param", "")
                .put("code", "");
        request.response()
                .setStatusCode(404)
                .putHeader(HttpHeaders.CONTENT_TYPE, "application/json; charset=utf-8")
                .end(new JsonObject().put("error", error).toBuffer());
    }
}
