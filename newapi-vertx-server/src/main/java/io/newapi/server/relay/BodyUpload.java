package io.newapi.server.relay;

import io.newapi.server.relay.wire.Content;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpVersion;
import java.io.Serial;

/**
 * Sends a body that does not lie in memory, no faster than the upstream takes it: one step of it is read elsewhere and sent, and
 * when there is room for more, the next. An upstream may answer before it has everything. Confined to one event loop.
 */
final class BodyUpload {

    private static final int STEP_BYTES = 128 * 1024;

    private final Vertx vertx;
    private final HttpClientRequest request;
    private final Content body;
    private final Runnable sign;
    private final Promise<HttpClientResponse> answered = Promise.promise();
    private int sent;
    private boolean waiting;
    private boolean over;

    private BodyUpload(Vertx vertx, HttpClientRequest request, Content body, Runnable sign) {
        this.vertx = vertx;
        this.request = request;
        this.body = body;
        this.sign = sign;
    }

    /** @param sign run whenever the upstream has taken some of it */
    static BodyUpload begin(Vertx vertx, HttpClientRequest request, Content body, Runnable sign) {
        BodyUpload upload = new BodyUpload(vertx, request, body, sign);
        request.putHeader(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        request.response().onComplete(upload.answered::tryComplete, upload.answered::tryFail);
        // what befalls the request befalls its answer
        request.exceptionHandler(failure -> {});
        request.drainHandler(room -> upload.drained());
        upload.next();
        return upload;
    }

    /** The answer's beginning; fails with {@link Unread} if our disk fails, else as the request does. */
    Future<HttpClientResponse> answer() {
        return answered.future();
    }

    /** Nobody waits for the answer any more: what is not sent yet never will be, and the connection is of no more use. */
    void stop() {
        if (!over) {
            over = true;
            request.reset();
            if (request.version() != HttpVersion.HTTP_2) {
                // Vert.x leaves it open if the answer was there before, and waits for an upstream that does not read
                ConnectionCut.now(request.connection());
            }
        }
    }

    private void next() {
        int count = Math.min(STEP_BYTES, body.length() - sent);
        if (count == 0) {
            over = true;
            request.end();
            return;
        }
        int from = sent;
        vertx.executeBlocking(() -> step(from, count), false).onComplete(this::send, this::unread);
    }

    private byte[] step(int from, int count) {
        byte[] step = new byte[count];
        body.read(from, step, 0, count);
        return step;
    }

    private void send(byte[] step) {
        if (over) {
            return;
        }
        sent += step.length;
        sign.run();
        request.write(Buffer.buffer(step));
        if (request.writeQueueFull()) {
            waiting = true;
        } else {
            next();
        }
    }

    private void drained() {
        if (waiting && !over) {
            waiting = false;
            sign.run();
            next();
        }
    }

    private void unread(Throwable failure) {
        if (!over) {
            answered.tryFail(new Unread(failure));
            stop();
        }
    }

    /** It could not be read again. */
    static final class Unread extends RuntimeException {
        @Serial
        private static final long serialVersionUID = 1;

        private Unread(Throwable cause) {
            super("a body cannot be read again", cause);
        }
    }
}
