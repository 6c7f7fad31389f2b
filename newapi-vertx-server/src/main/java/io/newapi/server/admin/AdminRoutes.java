package io.newapi.server.admin;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.newapi.server.auth.ClientAddress;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.WorkerExecutor;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.LanguageHeader;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.HttpException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way of every admin call: rate limit, who is it, read the body up to a bound, run the handler on a worker, render. Resources
 * only say method, path, access and handler. Each path is served with and without a slash at its end.
 */
final class AdminRoutes {

    private static final Logger log = LoggerFactory.getLogger(AdminRoutes.class);
    private static final int ANONYMOUS_BODY_BYTES = 64 * 1024;
    private static final int BODY_BYTES = 1024 * 1024;
    private static final long LINGER_MILLIS = 1_000;
    private static final String CHOSEN_LANGUAGE = "language";
    private static final String REQUEST_ID = "X-Oneapi-Request-Id";
    private static final Map<String, String> STANDARD_HEADERS = Map.of(
            "Content-Type", "application/json; charset=utf-8",
            "Cache-Control", "no-store",
            "X-Content-Type-Options", "nosniff",
            "Referrer-Policy", "no-referrer",
            "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");

    private final Router router;
    private final WorkerExecutor workers;
    private final UpstreamCalls upstreamCalls;
    private final Admittance admittance;
    private final RateLimits limits;
    private final ClientAddress addresses;
    private final Messages messages;
    private final Doorkeeper door;
    private final WriteRoute writes;
    private final Endpoints endpoints = new Endpoints();

    AdminRoutes(
            Router router,
            WorkerExecutor workers,
            UpstreamCalls upstreamCalls,
            Admittance admittance,
            RateLimits limits,
            ClientAddress addresses,
            Messages messages,
            Doorkeeper door,
            WriteRoute writes) {
        this.router = router;
        this.workers = workers;
        this.upstreamCalls = upstreamCalls;
        this.admittance = admittance;
        this.limits = limits;
        this.addresses = addresses;
        this.messages = messages;
        this.door = door;
        this.writes = writes;
    }

    AdminRoutes get(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.GET, path, access, Kind.USUAL, handler);
    }

    AdminRoutes post(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.POST, path, access, Kind.USUAL, handler);
    }

    AdminRoutes put(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.PUT, path, access, Kind.USUAL, handler);
    }

    AdminRoutes delete(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.DELETE, path, access, Kind.USUAL, handler);
    }

    /** A POST endpoint that is about this node, or takes long: no other does it in its place. */
    AdminRoutes postHere(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.POST, path, access, Kind.HERE, handler);
    }

    /** A DELETE endpoint that is about this node, or takes long: no other does it in its place. */
    AdminRoutes deleteHere(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.DELETE, path, access, Kind.HERE, handler);
    }

    /** A GET endpoint that is answered to the end of the node, whatever it is doing. */
    AdminRoutes alwaysGet(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.GET, path, access, Kind.ALWAYS, handler);
    }

    /** A GET endpoint that counts against the critical limit of the caller's address. */
    AdminRoutes criticalGet(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.GET, path, access, Kind.CRITICAL, handler);
    }

    /** A POST endpoint that counts against the critical limit of the caller's address. */
    AdminRoutes criticalPost(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.POST, path, access, Kind.CRITICAL, handler);
    }

    /** A GET endpoint whose handler waits for an upstream. */
    AdminRoutes upstreamGet(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.GET, path, access, Kind.UPSTREAM, handler);
    }

    /** A POST endpoint whose handler waits for an upstream. */
    AdminRoutes upstreamPost(String path, Access access, AdminHandler handler) {
        return add(HttpMethod.POST, path, access, Kind.UPSTREAM, handler);
    }

    /**
     * Lets pages of any web site read {@code path}, failures included; for endpoints that look at nothing but an API key in the
     * request. To be called before the path's endpoint is added.
     */
    AdminRoutes fromAnyOrigin(String path) {
        router.route(path).handler(AdminRoutes::allowAnyOrigin);
        router.route(path + "/").handler(AdminRoutes::allowAnyOrigin);
        return this;
    }

    private static void allowAnyOrigin(RoutingContext context) {
        HttpServerResponse response = context.response();
        response.putHeader("Access-Control-Allow-Origin", "*");
        if (!context.request().method().equals(HttpMethod.OPTIONS)) {
            context.next();
            return;
        }
        response.putHeader("Access-Control-Allow-Methods", "GET")
                .putHeader("Access-Control-Allow-Headers", "Authorization")
                .putHeader("Access-Control-Max-Age", "86400")
                .setStatusCode(204)
                .end();
    }

    /** Answers every path below {@code prefix} that no resource knows; to be called last. */
    void unknownPathsBelow(String prefix) {
        router.route(prefix + "/*").handler(this::unknown);
        router.route(prefix).handler(this::unknown);
    }

    /** What is special about an endpoint. */
    private enum Kind {
        /** Nothing. */
        USUAL,
        /** It is not handed to another node. */
        HERE,
        /** It is served while the node stops, too. */
        ALWAYS,
        /** It counts against the critical limit. */
        CRITICAL,
        /** Its handler waits for somebody else's server. */
        UPSTREAM
    }

    private AdminRoutes add(HttpMethod method, String path, Access access, Kind kind, AdminHandler handler) {
        if (isHandedOn(method, access, kind)) {
            endpoints.add(method.name(), path, access, handler);
        }
        router.route(method, path).handler(context -> enter(context, access, kind, handler));
        router.route(method, path + "/").handler(context -> enter(context, access, kind, handler));
        return this;
    }

    private void enter(RoutingContext context, Access access, Kind kind, AdminHandler handler) {
        if (kind == Kind.ALWAYS) {
            serve(context, access, kind, handler, () -> {});
        } else if (door.enter(context.request())) {
            serve(context, access, kind, handler, door::leave);
        } else {
            send(
                    context,
                    Answer.failure(Refused.with(503, Message.SHUTTING_DOWN)).header("Retry-After", "1"));
        }
    }

    /** @param over run when it is served, one way or another */
    private void serve(RoutingContext context, Access access, Kind kind, AdminHandler handler, Runnable over) {
        HttpServerRequest request = context.request();
        String address = addresses.of(request);
        Duration wait = limits.call(address);
        if (wait.isZero() && kind == Kind.CRITICAL) {
            wait = limits.criticalCall(address);
        }
        if (!wait.isZero()) {
            send(context, tooMany(wait));
            over.run();
            return;
        }
        request.pause();
        admit(request, access)
                .onSuccess(actor -> actor.ifPresent(known -> context.put(CHOSEN_LANGUAGE, known.language())))
                .compose(actor -> body(request, access).compose(body -> {
                    String language = language(context);
                    AdminCall call = new AdminCall(
                            request.method().name(),
                            request.path(),
                            request.headers(),
                            context.pathParams(),
                            context.queryParams(),
                            body,
                            actor.orElse(null),
                            address,
                            addresses.overHttps(request));
                    Supplier<Rendered> here = () -> rendered(context, language, handler.handle(call));
                    return isHandedOn(request.method(), access, kind)
                            ? writes.perform(AdminWrite.of(request, address, language, body), here)
                            : run(kind, here::get);
                }))
                .onComplete(done -> {
                    try {
                        if (done.succeeded()) {
                            write(context, done.result());
                        } else {
                            fail(context, done.cause());
                        }
                    } finally {
                        over.run();
                    }
                });
    }

    /** What administrators change for all is the master's to do. */
    private static boolean isHandedOn(HttpMethod method, Access access, Kind kind) {
        boolean changes = !method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD);
        return changes && kind == Kind.USUAL && (access == Access.ADMIN || access == Access.ROOT);
    }

    /**
     * Does what was handed over by another node, after judging the credential in it. Blocks.
     *
     * @throws Refused if it is not done
     */
    Rendered perform(AdminWrite write) {
        Endpoints.Found found = endpoints
                .find(write.method(), write.path())
                .orElseThrow(() -> Refused.with(404, Message.FIELD_INVALID, "path", write.path()));
        MultiMap headers = write.headerMap();
        Actor actor = admittance.require(headers, found.endpoint().access());
        MultiMap query = MultiMap.caseInsensitiveMultiMap();
        new QueryStringDecoder(write.query(), false).parameters().forEach(query::add);
        Answer answer = found.endpoint()
                .handler()
                .handle(new AdminCall(
                        write.method(),
                        write.path(),
                        headers,
                        found.parameters(),
                        query,
                        write.body(),
                        actor,
                        write.clientAddress(),
                        false));
        return Rendered.of(answer, messages, write.language(), write.header("Accept-Encoding"));
    }

    /** The answer to what was refused. */
    Rendered refusal(AdminWrite write, Refused refused) {
        return Rendered.of(Answer.failure(refused), messages, write.language(), write.header("Accept-Encoding"));
    }

    private Future<Rendered> run(Kind kind, Callable<Rendered> work) {
        return kind == Kind.UPSTREAM ? upstreamCalls.run(work) : workers.executeBlocking(work, false);
    }

    private Future<Optional<Actor>> admit(HttpServerRequest request, Access access) {
        if (access.needsLogin()) {
            return workers.executeBlocking(() -> Optional.of(admittance.require(request.headers(), access)), false);
        }
        return Origins.mayChangeState(request)
                ? Future.succeededFuture(Optional.empty())
                : Future.failedFuture(Refused.with(403, Message.ORIGIN_REFUSED));
    }

    private static Future<Buffer> body(HttpServerRequest request, Access access) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            request.resume();
            return Future.succeededFuture(Buffer.buffer());
        }
        return BoundedBody.read(request, access.needsLogin() ? BODY_BYTES : ANONYMOUS_BODY_BYTES);
    }

    /** A 429 answer that says when to come back. */
    static Refused tooManyRequests(Duration wait) {
        return Refused.with(429, Message.TOO_MANY_REQUESTS, secondsUp(wait));
    }

    private static Answer tooMany(Duration wait) {
        return Answer.failure(tooManyRequests(wait));
    }

    private static long secondsUp(Duration wait) {
        return Math.max(1, wait.plusNanos(999_999_999).toSeconds());
    }

    private void fail(RoutingContext context, Throwable cause) {
        if (cause instanceof Refused refused) {
            send(context, Answer.failure(refused));
            return;
        }
        if (cause instanceof WriteRoute.Unanswered) {
            send(context, Answer.failure(Refused.with(503, Message.SERVER_BUSY)).header("Retry-After", "1"));
            return;
        }
        if (cause instanceof HttpException undecodable && undecodable.getStatusCode() == 400) {
            send(context, Answer.failure(Refused.with(400, Message.QUERY_INVALID)));
            return;
        }
        if (context.response().closed()) {
            return;
        }
        String id = requestId(context);
        log.error(
                "{} {} failed, request id {}",
                context.request().method(),
                context.request().path(),
                id,
                cause);
        ObjectNode error = Json.object()
                .put("message", messages.text(language(context), Message.INTERNAL_ERROR, id))
                .put("type", "new_api_panic")
                .put("code", Message.INTERNAL_ERROR.code());
        ObjectNode body = Json.object();
        body.set("error", error);
        send(context, Answer.bare(500, body));
    }

    private void unknown(RoutingContext context) {
        HttpServerRequest request = context.request();
        Duration wait = limits.call(addresses.of(request));
        if (!wait.isZero()) {
            send(context, tooMany(wait));
            return;
        }
        ObjectNode error = Json.object()
                .put("message", "Invalid URL (" + request.method().name() + " " + request.path() + ")")
                .put("type", "invalid_request_error")
                .put("param", "")
                .put("code", "");
        ObjectNode body = Json.object();
        body.set("error", error);
        send(context, Answer.bare(404, body));
    }

    /** For short answers: renders on the event loop. */
    private void send(RoutingContext context, Answer answer) {
        write(context, rendered(context, language(context), answer));
    }

    private Rendered rendered(RoutingContext context, String language, Answer answer) {
        String acceptEncoding = context.request().getHeader("Accept-Encoding");
        return Rendered.of(answer, messages, language, acceptEncoding == null ? "" : acceptEncoding);
    }

    private static void write(RoutingContext context, Rendered answer) {
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        requestId(context);
        STANDARD_HEADERS.forEach(response::putHeader);
        answer.headers().forEach(response::putHeader);
        HttpServerRequest request = context.request();
        if (answer.status() == 413 || leavesLongBody(request)) {
            endAfterAnswer(context);
        }
        response.setStatusCode(answer.status()).end(answer.body());
        if (!request.isEnded()) {
            // what is left of a refused request would block the next one on its connection
            request.resume();
        }
    }

    /** Lets go of the connection, or with HTTP/2 of this stream of it, whose answers name no connection. */
    private static void endAfterAnswer(RoutingContext context) {
        HttpServerRequest request = context.request();
        boolean ownStream = request.version() == HttpVersion.HTTP_2;
        if (!ownStream) {
            request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        }
        // ended at once, the answer might be lost to a caller who is still sending
        context.vertx().setTimer(LINGER_MILLIS, late -> {
            if (!ownStream) {
                request.connection().close();
            } else if (!request.isEnded()) {
                request.response().reset();
            }
        });
    }

    /** Whether so much of the request is still to come that a new connection is cheaper than to read it. */
    private static boolean leavesLongBody(HttpServerRequest request) {
        return !request.isEnded()
                && (request.headers().contains("Transfer-Encoding")
                        || BoundedBody.declaredLength(request) > ANONYMOUS_BODY_BYTES);
    }

    private static String requestId(RoutingContext context) {
        @Nullable String given = context.response().headers().get(REQUEST_ID);
        if (given != null) {
            return given;
        }
        String id = RequestIds.next();
        context.response().putHeader(REQUEST_ID, id);
        return id;
    }

    /** What the user has chosen, else what his program asks for. */
    private String language(RoutingContext context) {
        @Nullable String chosen = context.get(CHOSEN_LANGUAGE);
        if (chosen != null && messages.speaks(chosen)) {
            return chosen;
        }
        for (LanguageHeader wanted : context.acceptableLanguages()) {
            if (messages.speaks(wanted.tag())) {
                return wanted.tag();
            }
        }
        return Messages.DEFAULT_LANGUAGE;
    }
}
