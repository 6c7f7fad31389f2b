package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.relay.wire.Content;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BodyUploadTest {

    private static final int BYTES = 200 * 1024 * 1024;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        RelayHarness.await(vertx.close());
    }

    /** Zeros that are on no disk. */
    private static final class Counting implements Content {
        private final AtomicLong read = new AtomicLong();

        @Override
        public int length() {
            return BYTES;
        }

        @Override
        public boolean inMemory() {
            return false;
        }

        @Override
        public void read(int from, byte[] into, int at, int count) {
            assertThat(from).isEqualTo((int) read.getAndAdd(count));
        }
    }

    @Test
    void nothingIsReadThatTheUpstreamDoesNotTake() {
        Counting body = new Counting();
        AtomicLong stalledAt = new AtomicLong();
        AtomicLong received = new AtomicLong();
        var server = vertx.createHttpServer().requestHandler(request -> {
            request.handler(bytes -> received.addAndGet(bytes.length()));
            request.endHandler(end -> request.response().end());
            request.pause();
            long[] seen = {0, 0};
            // reads when no more has come for a while
            vertx.setPeriodic(20, timer -> {
                long now = body.read.get();
                seen[1] = now == seen[0] ? seen[1] + 1 : 0;
                seen[0] = now;
                if (seen[1] == 10) {
                    vertx.cancelTimer(timer);
                    stalledAt.set(now);
                    request.resume();
                }
            });
        });
        int port = RelayHarness.await(server.listen(0)).actualPort();
        AtomicLong signs = new AtomicLong();
        CompletableFuture<Integer> status = new CompletableFuture<>();
        vertx.createHttpClient()
                .request(HttpMethod.POST, port, "127.0.0.1", "/")
                .onSuccess((HttpClientRequest opened) -> BodyUpload.begin(vertx, opened, body, signs::incrementAndGet)
                        .answer()
                        .map(HttpClientResponse::statusCode)
                        .onComplete(status::complete, status::completeExceptionally));

        assertThat(RelayHarness.get(status)).isEqualTo(200);
        assertThat(stalledAt.get()).isPositive().isLessThan(BYTES / 4);
        assertThat(received).hasValue(BYTES);
        assertThat(signs.get()).isGreaterThan(100);
    }
}
