package io.newapi.server.ops;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code /livez}, {@code /readyz} and {@code /metrics}: what load balancers and supervisors ask. They need no login, count against
 * no limit, and are answered from memory, in every state of the node. Thread-safe.
 */
public final class Probes {

    private static final Logger LOG = LoggerFactory.getLogger(Probes.class);
    private static final JsonFactory JSON = new JsonFactory();

    private final Health health;
    private final Metrics metrics;

    /**
     * Answers from these.
     *
     * @param health for {@code /readyz}
     * @param metrics for {@code /metrics}
     */
    public Probes(Health health, Metrics metrics) {
        this.health = health;
        this.metrics = metrics;
    }

    /** Serves the request if it is a probe; false if somebody else has to. */
    public boolean serve(HttpServerRequest request) {
        String path = String.valueOf(request.path());
        switch (path) {
            case "/livez" -> answer(request, 200, "text/plain; charset=utf-8", "ok\n");
            case "/readyz" -> {
                Health.Report report = health.report();
                answer(request, report.ready() ? 200 : 503, "application/json; charset=utf-8", json(report));
            }
            case "/metrics" -> figures(request);
            default -> {
                return false;
            }
        }
        return true;
    }

    private void figures(HttpServerRequest request) {
        Context context = Vertx.currentContext();
        if (!metrics.admits(request) || context == null) {
            answer(
                    request,
                    403,
                    "text/plain; charset=utf-8",
                    "only for callers of the same network, or with the token of NEWAPI_METRICS_TOKEN\n");
            return;
        }
        // counting files takes a moment, in which no call should have to wait
        context.executeBlocking(metrics::text, false)
                .onSuccess(text -> answer(request, 200, Metrics.CONTENT_TYPE, text))
                .onFailure(failure -> {
                    LOG.error("the metrics cannot be told", failure);
                    answer(request, 500, "text/plain; charset=utf-8", "the metrics cannot be told\n");
                });
    }

    /** Refuses anything else while the node starts. */
    public void refuseStarting(HttpServerRequest request) {
        request.response().putHeader("Retry-After", "2").putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        send(
                request,
                503,
                "application/json; charset=utf-8",
                "{\"success\":false,\"message\":\"this node is starting\",\"code\":\"starting\",\"error\":{\"message\":"
                        + "\"this node is starting\",\"type\":\"new_api_error\",\"param\":\"\",\"code\":\"starting\"}}");
    }

    private static void answer(HttpServerRequest request, int status, String type, String text) {
        HttpMethod method = request.method();
        if (method.equals(HttpMethod.GET) || method.equals(HttpMethod.HEAD)) {
            send(request, status, type, text);
        } else {
            request.response().putHeader(HttpHeaders.ALLOW, "GET, HEAD");
            send(request, 405, "text/plain; charset=utf-8", "only GET and HEAD\n");
        }
    }

    private static void send(HttpServerRequest request, int status, String type, String text) {
        Buffer body = Buffer.buffer(text);
        HttpServerResponse response = request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, type)
                .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
                .putHeader("X-Content-Type-Options", "nosniff");
        if (request.method().equals(HttpMethod.HEAD)) {
            response.putHeader(HttpHeaders.CONTENT_LENGTH, String.valueOf(body.length()))
                    .end();
        } else {
            response.end(body);
        }
    }

    private static String json(Health.Report report) {
        StringWriter text = new StringWriter();
        try (JsonGenerator out = JSON.createGenerator(text)) {
            out.writeStartObject();
            out.writeBooleanField("ready", report.ready());
            out.writeStringField("state", word(report.state()));
            out.writeObjectFieldStart("checks");
            for (Map.Entry<String, Condition> part : report.parts().entrySet()) {
                out.writeObjectFieldStart(part.getKey());
                out.writeStringField("status", word(part.getValue().level()));
                if (!part.getValue().reason().isEmpty()) {
                    out.writeStringField("reason", part.getValue().reason());
                }
                out.writeEndObject();
            }
            out.writeEndObject();
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a text in memory cannot be written", e);
        }
        return text.toString();
    }

    private static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
