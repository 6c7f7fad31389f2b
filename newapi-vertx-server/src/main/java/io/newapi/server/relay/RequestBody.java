package io.newapi.server.relay;

import io.newapi.server.relay.wire.RelayError;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Reads a request's body into memory, within a bound. */
final class RequestBody {

    private RequestBody() {}

    /** Fails with a {@link RelayFailure} when the body is larger than {@code maxBytes} or encoded. */
    static Future<Buffer> read(HttpServerRequest request, long maxBytes) {
        String encoding = request.getHeader(HttpHeaders.CONTENT_ENCODING);
        if (encoding != null && !encoding.isBlank() && !encoding.equalsIgnoreCase("identity")) {
            return Future.failedFuture(new RelayFailure(RelayError.badRequest(
                    "unsupported_encoding", "", "the body is encoded as " + printable(encoding) + "; send it plain")));
        }
        if (declaredLength(request) > maxBytes) {
            return Future.failedFuture(new RelayFailure(tooLarge(maxBytes)));
        }
        Promise<Buffer> whole = Promise.promise();
        Buffer body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + (long) chunk.length() > maxBytes) {
                request.handler(ignored -> {});
                whole.tryFail(new RelayFailure(tooLarge(maxBytes)));
            } else {
                body.appendBuffer(chunk);
            }
        });
        request.endHandler(end -> whole.tryComplete(body));
        request.exceptionHandler(whole::tryFail);
        request.resume();
        return whole.future();
    }

    private static long declaredLength(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        try {
            return length == null ? 0 : Long.parseLong(length.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }

    private static RelayError tooLarge(long maxBytes) {
        return new RelayError(
                413,
                "invalid_request_error",
                "request_too_large",
                "",
                "the request body is larger than " + maxBytes + " bytes (MAX_REQUEST_BODY_MB)",
                0);
    }

    private static String printable(String header) {
        return header.substring(0, Math.min(32, header.length())).replaceAll("[^A-Za-z0-9, -]", "?");
    }
}
