package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Asks an upstream which models it offers. Bounded in time, size and number; follows no redirects, because the key goes along.
 *
 * <p>Blocks: for worker threads. Thread-safe.
 */
final class UpstreamModels {

    private static final int TYPE_ANTHROPIC = 14;
    private static final int TYPE_ALI = 17;
    private static final int TYPE_GEMINI = 24;
    private static final int TYPE_ZHIPU_V4 = 26;
    private static final String ANTHROPIC_VERSION = "2023-06-01";

    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final Duration TOTAL_LIMIT = Duration.ofSeconds(15);
    private static final int MAX_BYTES = 4 * 1024 * 1024;
    private static final int MAX_MODELS = 5000;
    private static final int MAX_NAME = 255;

    private final HttpClient client;

    UpstreamModels(HttpClient client) {
        this.client = client;
    }

    /**
     * The model names that the upstream at {@code baseUrl} lists.
     *
     * @throws Refused if the address is not allowed or the upstream does not answer with a list
     */
    List<String> list(int channelType, String baseUrl, String key, boolean privateAllowed) {
        URI uri = uri(baseUrl, path(channelType));
        boolean encrypted = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() > 0 ? uri.getPort() : encrypted ? 443 : 80;
        SocketAddress server =
                SocketAddress.inetSocketAddress(port, OutboundAddresses.resolve(uri.getHost(), privateAllowed));
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(server)
                .setHost(uri.getHost())
                .setPort(port)
                .setSsl(encrypted)
                .setURI(uri.getRawPath() + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
                .setConnectTimeout(CONNECT_LIMIT.toMillis())
                .setIdleTimeout(ANSWER_LIMIT.toMillis())
                .setFollowRedirects(false)
                .putHeader("Accept", "application/json");
        if (channelType == TYPE_ANTHROPIC) {
            options.putHeader("x-api-key", key).putHeader("anthropic-version", ANTHROPIC_VERSION);
        } else {
            options.putHeader("Authorization", "Bearer " + key);
        }
        return names(fetch(options));
    }

    private static String path(int channelType) {
        return switch (channelType) {
            case TYPE_GEMINI -> "/v1beta/openai/models";
            case TYPE_ALI -> "/compatible-mode/v1/models";
            case TYPE_ZHIPU_V4 -> "/api/paas/v4/models";
            default -> "/v1/models";
        };
    }

    private static URI uri(String baseUrl, String path) {
        try {
            URI uri = new URI(baseUrl.strip().replaceAll("/+$", "") + path);
            String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
            if (uri.getHost() == null
                    || uri.getUserInfo() != null
                    || !(scheme.equals("http") || scheme.equals("https"))) {
                throw Refused.because(Message.ADDRESS_REFUSED, baseUrl);
            }
            return uri;
        } catch (URISyntaxException e) {
            throw Refused.because(Message.ADDRESS_REFUSED, baseUrl);
        }
    }

    private String fetch(RequestOptions options) {
        Future<Buffer> answer = client.request(options)
                .compose(request -> request.send()
                        .compose(UpstreamModels::body)
                        .timeout(TOTAL_LIMIT.toMillis(), java.util.concurrent.TimeUnit.MILLISECONDS)
                        .onFailure(ignored -> request.reset()));
        try {
            return Waiting.on(answer, TOTAL_LIMIT.plusSeconds(5)).toString(StandardCharsets.UTF_8);
        } catch (Waiting.Failed e) {
            throw Refused.with(500, Message.UPSTREAM_FAILED, String.valueOf(e.getMessage()));
        }
    }

    private static Future<Buffer> body(HttpClientResponse response) {
        if (response.statusCode() != 200) {
            // The request is about to be reset, which the unread response reports as a failure of its own.
            response.exceptionHandler(ignored -> {});
            return Future.failedFuture(Refused.with(500, Message.UPSTREAM_FAILED, "status " + response.statusCode()));
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(promise::tryFail);
        response.endHandler(ignored -> promise.tryComplete(body));
        response.handler(chunk -> {
            if (body.length() + chunk.length() > MAX_BYTES) {
                promise.tryFail(Refused.with(500, Message.UPSTREAM_FAILED, "more than " + MAX_BYTES + " bytes"));
            } else {
                body.appendBuffer(chunk);
            }
        });
        return promise.future();
    }

    private static List<String> names(String text) {
        JsonNode data = Json.parse(text)
                .map(tree -> tree.path("data"))
                .filter(JsonNode::isArray)
                .orElseThrow(() -> Refused.with(500, Message.UPSTREAM_FAILED, "the answer is no list of models"));
        List<String> names = new ArrayList<>();
        for (JsonNode model : data) {
            String id = model.path("id").asText("");
            String name = id.startsWith("models/") ? id.substring("models/".length()) : id;
            if (!name.isEmpty() && name.length() <= MAX_NAME && names.size() < MAX_MODELS) {
                names.add(name);
            }
        }
        return List.copyOf(names);
    }
}
