package io.newapi.server.relay;

import io.newapi.server.relay.wire.Content;
import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;

/** Reads a request's body, within bounds of size, time, and of what all bodies together may take. */
final class RequestBody {

    /** How long a client may be silent while it sends its body. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Promise<Content> whole = Promise.promise();
    private final Vertx vertx;
    private final HttpServerRequest request;
    private final BodyGathering gathering;
    private final Patience patience;
    private Future<?> written = Future.succeededFuture();

    private RequestBody(Vertx vertx, HttpServerRequest request, BodyGathering gathering) {
        this.vertx = vertx;
        this.request = request;
        this.gathering = gathering;
        this.patience = new Patience(vertx, Duration.ZERO, lost -> fail(new RelayFailure(tooSlow())));
    }

    /**
     * Fails with a {@link RelayFailure} when the body is larger than {@code maxBytes}, as it comes or decoded, or encoded in an
     * unknown way, when the client goes away or is silent for too long, or when there is no room left for it. What it takes
     * belongs to the exchange.
     *
     * @param maxBytes at most 2 GB
     */
    static Future<Content> read(Vertx vertx, Exchange exchange, long maxBytes) {
        HttpServerRequest request = exchange.request();
        String named = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        boolean plain = named == null || named.isBlank() || named.strip().equalsIgnoreCase("identity");
        Optional<BodyEncoding> encoding = plain ? Optional.empty() : BodyEncoding.of(named);
        if (!plain && encoding.isEmpty()) {
            return Future.failedFuture(new RelayFailure(encoded(named)));
        }
        long declared = declaredLength(request);
        if (declared > maxBytes) {
            return Future.failedFuture(new RelayFailure(tooLarge(maxBytes)));
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT))) {
            exchange.response().writeContinue();
        }
        Future<Content> sent;
        try {
            BodyGathering gathering = new BodyGathering(exchange.memory(), exchange.disk(), maxBytes, declared);
            sent = new RequestBody(vertx, request, gathering).read(exchange);
        } catch (RelayFailure refused) {
            return Future.failedFuture(refused);
        }
        return encoding.isEmpty()
                ? sent
                : sent.compose(
                        body -> vertx.executeBlocking(() -> decoded(body, encoding.get(), exchange, maxBytes), false));
    }

    /** What was sent is not needed any more then. */
    private static Content decoded(Content sent, BodyEncoding encoding, Exchange exchange, long maxBytes) {
        BodyGathering gathering = new BodyGathering(exchange.memory(), exchange.disk(), maxBytes, -1);
        Content decoded = encoding.decode(sent, gathering);
        if (sent instanceof SpoolFile file) {
            file.close();
        }
        return decoded;
    }

    /** The length that the client announces; -1 if it announces none. */
    static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? -1 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private Future<Content> read(Exchange exchange) {
        request.handler(this::arrived);
        request.endHandler(end -> ended());
        exchange.whenClientGone(() -> fail(new RelayFailure(gone())));
        request.resume();
        if (!whole.future().isComplete()) {
            patience.allowSilence(SILENCE);
            whole.future().onComplete(done -> patience.stop());
        }
        return whole.future();
    }

    private void arrived(Buffer chunk) {
        patience.sign();
        if (whole.future().isComplete() || written.failed()) {
            return;
        }
        if (written.isComplete() && !gathering.waits(chunk.length())) {
            try {
                gathering.add(chunk.getBytes(), chunk.length());
            } catch (RelayFailure refused) {
                fail(refused);
            }
            return;
        }
        // more is read when this is on the disk
        request.pause();
        then(() -> {
                    gathering.add(chunk.getBytes(), chunk.length());
                    return gathering;
                })
                .onSuccess(added -> {
                    patience.sign();
                    request.resume();
                });
    }

    private void ended() {
        if (written.isComplete() && !gathering.isOnDisk()) {
            whole.tryComplete(gathering.whole());
        } else {
            then(gathering::whole).onSuccess(whole::tryComplete);
        }
    }

    /** Does something elsewhere, one after the other. */
    private <T> Future<T> then(Callable<T> step) {
        Future<T> done = written.compose(before -> vertx.executeBlocking(step, false));
        written = done;
        return done.onFailure(this::fail);
    }

    /** Not before what is being written is written: what is held for it is given back when this is known. */
    private void fail(Throwable reason) {
        written.onComplete(over -> {
            gathering.drop();
            whole.tryFail(reason);
        });
    }

    private static RelayError encoded(String encoding) {
        StringBuilder shown = new StringBuilder(32);
        for (int i = 0; i < Math.min(32, encoding.length()); i++) {
            char c = encoding.charAt(i);
            shown.append(c >= ' ' && c < 127 ? c : '?');
        }
        return new RelayError(
                415,
                "invalid_request_error",
                "unsupported_encoding",
                "",
                "the body is encoded as " + shown + "; known are " + BodyEncoding.ALL,
                0);
    }

    static RelayError tooLarge(long maxBytes) {
        return new RelayError(
                413,
                "invalid_request_error",
                "request_too_large",
                "",
                "the request body is larger than " + maxBytes + " bytes (MAX_REQUEST_BODY_MB)",
                0);
    }

    private static RelayError tooSlow() {
        return new RelayError(
                408, "invalid_request_error", "request_timeout", "", "the request body did not come in time", 0);
    }

    /** Never seen by anybody. */
    private static RelayError gone() {
        return RelayError.own(499, "client_gone", "the client went away while it sent its request");
    }
}
