package io.newapi.server.outbound;

import io.newapi.server.outbound.OutboundFailure.Reason;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Asks whoever is at an address that a user has named. A name is looked up once, and what was checked is what is connected to;
 * redirects are not followed; an answer is bounded in time and size.
 *
 * <p>Blocks: for threads that may. Thread-safe.
 */
public final class OutboundClient {

    /** How long the one who waits goes on after the request was given up, which comes from another thread. */
    private static final Duration GRACE = Duration.ofSeconds(5);

    /**
     * How much is waited for and read.
     *
     * @param connect for a connection
     * @param idle for the next bytes
     * @param total for all of it
     * @param maxBytes how much of an answer's body is read
     */
    public record Limits(Duration connect, Duration idle, Duration total, int maxBytes) {}

    private final HttpClient client;
    private final Limits limits;

    /** Whoever is asked through {@code client} has these limits. */
    public OutboundClient(HttpClient client, Limits limits) {
        this.client = client;
        this.limits = limits;
    }

    /**
     * The answer, whatever its status.
     *
     * @throws OutboundFailure if the address is refused, or nobody answers in time
     */
    public OutboundAnswer ask(OutboundRequest request) {
        RequestOptions options = options(request);
        Future<HttpClientRequest> begun = client.request(options);
        Future<OutboundAnswer> answer = begun.compose(
                        sent -> sent.send(request.body()).compose(response -> read(sent, response)))
                .timeout(limits.total().toMillis(), TimeUnit.MILLISECONDS)
                .onFailure(failure -> begun.onSuccess(HttpClientRequest::reset));
        try {
            return answer.toCompletionStage()
                    .toCompletableFuture()
                    .get(limits.total().plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new OutboundFailure(Reason.NO_ANSWER, String.valueOf(cause.getMessage()), cause);
        } catch (TimeoutException e) {
            throw new OutboundFailure(Reason.NO_ANSWER, "no answer in time", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OutboundFailure(Reason.NO_ANSWER, "interrupted", e);
        }
    }

    private RequestOptions options(OutboundRequest request) {
        URI uri = uri(request.url());
        boolean encrypted = uri.getScheme().equalsIgnoreCase("https");
        int port = uri.getPort() > 0 ? uri.getPort() : encrypted ? 443 : 80;
        String path = uri.getRawPath().isEmpty() ? "/" : uri.getRawPath();
        RequestOptions options = new RequestOptions()
                .setMethod(request.method())
                .setServer(SocketAddress.inetSocketAddress(port, address(uri.getHost(), request.privateAllowed())))
                .setHost(uri.getHost())
                .setPort(port)
                .setSsl(encrypted)
                .setURI(path + (uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery()))
                .setConnectTimeout(limits.connect().toMillis())
                .setIdleTimeout(limits.idle().toMillis())
                .setFollowRedirects(false);
        request.headers().forEach(options::putHeader);
        return options;
    }

    private static URI uri(String url) {
        try {
            URI uri = new URI(url.strip());
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (URISyntaxException e) {
            // its message quotes all of the address
            throw new OutboundFailure(Reason.ADDRESS_REFUSED, "no web address", null);
        }
        throw new OutboundFailure(Reason.ADDRESS_REFUSED, "no web address", null);
    }

    private static String address(String host, boolean privateAllowed) {
        List<InetAddress> found = OutboundAddresses.addresses(host);
        if (found.isEmpty()) {
            throw new OutboundFailure(Reason.NO_ANSWER, "unknown host " + host, null);
        }
        return OutboundAddresses.allowed(found, privateAllowed)
                .orElseThrow(() -> new OutboundFailure(
                        Reason.ADDRESS_REFUSED, host + " is in a network that requests must not go to", null));
    }

    private Future<OutboundAnswer> read(HttpClientRequest request, HttpClientResponse response) {
        Promise<OutboundAnswer> answer = Promise.promise();
        Buffer body = Buffer.buffer();
        response.exceptionHandler(answer::tryFail);
        response.endHandler(end -> answer.tryComplete(new OutboundAnswer(response.statusCode(), body, true)));
        response.handler(chunk -> {
            int room = limits.maxBytes() - body.length();
            body.appendBuffer(chunk, 0, Math.min(room, chunk.length()));
            if (chunk.length() > room && answer.tryComplete(new OutboundAnswer(response.statusCode(), body, false))) {
                request.reset();
            }
        });
        return answer.future();
    }
}
