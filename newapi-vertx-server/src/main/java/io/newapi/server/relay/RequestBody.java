package io.newapi.server.relay;

import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Reads a request's body into memory, within bounds of size, time, and of what all bodies together may take. */
final class RequestBody {

    /** So much room is made before anything has come; what a client merely announces takes no memory. */
    static final int SMALL_BYTES = 64 * 1024;

    /** How long a client may be silent while it sends its body. */
    private static final Duration SILENCE = Duration.ofSeconds(60);

    private final Promise<byte[]> whole = Promise.promise();
    private final BodyMemory.Share memory;
    private final long maxBytes;
    private final int announced;
    private byte[] bytes;
    private int length;

    private RequestBody(BodyMemory.Share memory, long maxBytes, long declared) {
        this.memory = memory;
        this.maxBytes = maxBytes;
        this.announced = (int) Math.max(0, Math.min(declared, maxBytes));
        this.bytes = new byte[declared < 0 ? 1024 : Math.min(announced, SMALL_BYTES)];
    }

    /**
     * Fails with a {@link RelayFailure} when the body is larger than {@code maxBytes}, as it comes or decoded, or encoded in an
     * unknown way, when the client goes away or is silent for too long, or when there is no memory left for it. What it takes
     * belongs to the exchange.
     *
     * @param maxBytes at most 2 GB
     */
    static Future<byte[]> read(Vertx vertx, Exchange exchange, long maxBytes) {
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
        Future<byte[]> sent = new RequestBody(exchange.memory(), maxBytes, declared).read(vertx, exchange);
        return encoding.isEmpty()
                ? sent
                : sent.compose(bytes ->
                        vertx.executeBlocking(() -> encoding.get().decode(bytes, exchange.memory(), maxBytes), false));
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

    private Future<byte[]> read(Vertx vertx, Exchange exchange) {
        if (!memory.take(bytes.length)) {
            return Future.failedFuture(new RelayFailure(Refusals.noMemory()));
        }
        HttpServerRequest request = exchange.request();
        Patience patience = new Patience(vertx, Duration.ZERO, lost -> whole.tryFail(new RelayFailure(tooSlow())));
        request.handler(chunk -> {
            patience.sign();
            add(chunk);
        });
        request.endHandler(end -> whole.tryComplete(length == bytes.length ? bytes : Arrays.copyOf(bytes, length)));
        exchange.whenClientGone(() -> whole.tryFail(new RelayFailure(gone())));
        request.resume();
        if (!whole.future().isComplete()) {
            patience.allowSilence(SILENCE);
            whole.future().onComplete(done -> patience.stop());
        }
        return whole.future();
    }

    private void add(Buffer chunk) {
        if (whole.future().isComplete()) {
            return;
        }
        long needed = length + (long) chunk.length();
        if (needed > maxBytes) {
            bytes = new byte[0];
            whole.tryFail(new RelayFailure(tooLarge(maxBytes)));
            return;
        }
        if (needed > bytes.length) {
            long most = announced >= needed ? announced : maxBytes;
            int room = (int) Math.min(Math.max(needed, 2L * bytes.length), most);
            if (!memory.take(room - bytes.length)) {
                bytes = new byte[0];
                whole.tryFail(new RelayFailure(Refusals.noMemory()));
                return;
            }
            bytes = Arrays.copyOf(bytes, room);
        }
        chunk.getBytes(0, chunk.length(), bytes, length);
        length += chunk.length();
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
