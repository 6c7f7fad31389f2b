package io.newapi.server.admin;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;

/** Reads a paused request's body into memory, up to a limit; runs on the request's event loop. */
final class BoundedBody {

    private BoundedBody() {}

    /** The whole body, or a future failed with {@link Refused} (413) as soon as it is certain that the body is too large. */
    static Future<Buffer> read(HttpServerRequest request, int maxBytes) {
        if (declaredLength(request) > maxBytes) {
            request.handler(ignored -> {});
            request.resume();
            return Future.failedFuture(tooLarge(maxBytes));
        }
        Promise<Buffer> promise = Promise.promise();
        Buffer body = Buffer.buffer();
        request.exceptionHandler(promise::tryFail);
        request.endHandler(ignored -> promise.tryComplete(body));
        request.handler(chunk -> {
            if (body.length() + chunk.length() > maxBytes) {
                promise.tryFail(tooLarge(maxBytes));
            } else if (!promise.future().isComplete()) {
                body.appendBuffer(chunk);
            }
        });
        request.resume();
        return promise.future();
    }

    /** The length that the request names, 0 if it names none. */
    static long declaredLength(HttpServerRequest request) {
        String header = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        return header == null || header.length() > 18 || !header.chars().allMatch(Character::isDigit)
                ? 0
                : Long.parseLong(header);
    }

    private static Refused tooLarge(int maxBytes) {
        return Refused.with(413, Message.BODY_TOO_LARGE, maxBytes);
    }
}
