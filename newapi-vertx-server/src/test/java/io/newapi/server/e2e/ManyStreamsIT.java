package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many streams that say a little now and then, beside a few that are very long, through a node with a small heap: every event
 * arrives, in its place, and is charged, and memory does not grow. In full, as docs/benchmarks.md has it:
 *
 * <pre>{@code
 * ./mvnw -pl newapi-vertx-server -am verify -DskipTests -Dit.test=ManyStreamsIT -Dfailsafe.failIfNoSpecifiedTests=false \
 *     -Dnewapi.test.streams=2000 -Dnewapi.test.paced=160 -Dnewapi.test.events=600000 -Dnewapi.test.heap=512m
 * }</pre>
 */
class ManyStreamsIT {

    private static final int STREAMS = Integer.getInteger("newapi.test.streams", 200);
    private static final int EVENTS = Integer.getInteger("newapi.test.events", 60_000);
    private static final String HEAP = System.getProperty("newapi.test.heap", "96m");
    private static final int LONG_STREAMS = 20;
    private static final int PACED_EVENTS = Integer.getInteger("newapi.test.paced", 40);
    private static final long PACE_MILLIS = 250;
    private static final int AT_ONCE = 50;
    private static final long PLENTY = 1_000_000_000;
    private static final int PATIENCE_MINUTES = 8;
    private static final Pattern USED =
            Pattern.compile("(?m)^jvm_memory_used_bytes\\{[^}]*area=\"heap\"[^}]*\\} ([0-9.E]+)$");

    @TempDir
    Path path;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void stop() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void everyEventOfManyStreamsArrivesInItsPlaceAndMemoryStaysFlat() throws Exception {
        DataDirectory directory = DataDirectory.create(path);
        directory.channel("only", "http://127.0.0.1:" + upstream(), 0);
        Key key = directory.unlimitedToken(directory.user("rich", PLENTY), "streams");
        long start = System.nanoTime();
        List<Long> heap;
        try (NodeProcess node = node(directory)) {
            // its own client, or its streams would wait for each other
            HttpClient client = vertx.createHttpClient(
                    new HttpClientOptions(), new PoolOptions().setHttp1MaxSize(STREAMS + LONG_STREAMS));
            List<Future<Void>> streams = new ArrayList<>();
            for (int i = 0; i < STREAMS; i++) {
                streams.add(read(client, node, key, PACED_EVENTS, true));
            }
            for (int i = 0; i < LONG_STREAMS; i++) {
                streams.add(read(client, node, key, EVENTS, false));
            }
            heap = watch(
                    node,
                    Future.all(streams).<Void>mapEmpty().toCompletionStage().toCompletableFuture());
            node.terminate();
            Eventually.until("the node ends", () -> node.endsWithin(0));
            assertThat(node.output()).doesNotContain("OutOfMemory", " ERROR ");
        }
        report(heap, System.nanoTime() - start);
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key).stream().mapToLong(Charged::quota).sum())
                .isEqualTo(STREAMS * price(PACED_EVENTS) + LONG_STREAMS * price(EVENTS));
        // least after a collection: what is held on to
        long early = least(heap.subList(heap.size() / 3, 2 * heap.size() / 3));
        long late = least(heap.subList(2 * heap.size() / 3, heap.size()));
        assertThat(late).as("heap that is held on to, of " + heap).isLessThan(early + early / 2);
    }

    private static long price(int events) {
        return NumberedStream.PROMPT_TOKENS + 2L * events;
    }

    private static long least(List<Long> samples) {
        return samples.stream().mapToLong(Long::longValue).min().orElseThrow();
    }

    private static NodeProcess node(DataDirectory directory) {
        NodeProcess node = NodeProcess.launch(
                directory.path(), directory.settings(), List.of("-Xmx" + HEAP, "-XX:+UseSerialGC"), List.of());
        node.awaitServing();
        return node;
    }

    // ---- the upstream

    private int upstream() throws Exception {
        HttpServer server = vertx.createHttpServer().requestHandler(this::answer);
        return server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(1, TimeUnit.MINUTES)
                .actualPort();
    }

    private void answer(HttpServerRequest request) {
        request.body().onSuccess(body -> {
            String[] asked = body.toJsonObject()
                    .getJsonArray("messages")
                    .getJsonObject(0)
                    .getString("content")
                    .split(" ", -1);
            NumberedStream stream = NumberedStream.ofUpstream(Integer.parseInt(asked[1]));
            HttpServerResponse response =
                    request.response().setChunked(true).putHeader("Content-Type", "text/event-stream");
            if (asked[0].equals("paced")) {
                vertx.setPeriodic(PACE_MILLIS, timer -> {
                    if (write(response, stream, 1)) {
                        vertx.cancelTimer(timer);
                    }
                });
            } else {
                pour(response, stream);
            }
        });
    }

    private static void pour(HttpServerResponse response, NumberedStream stream) {
        while (!response.writeQueueFull()) {
            if (write(response, stream, AT_ONCE)) {
                return;
            }
        }
        response.drainHandler(drained -> pour(response, stream));
    }

    /** Whether that was all, or nobody wants more. */
    private static boolean write(HttpServerResponse response, NumberedStream stream, int most) {
        if (response.closed()) {
            return true;
        }
        response.write(stream.next(most));
        if (stream.over()) {
            response.end();
        }
        return stream.over();
    }

    // ---- the clients

    private static Future<Void> read(HttpClient client, NodeProcess node, Key key, int events, boolean paced) {
        JsonObject question = Caller.question(DataDirectory.BY_RATIO, (paced ? "paced " : "poured ") + events)
                .put("stream", true);
        RequestOptions options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setAbsoluteURI(node.url() + "/v1/chat/completions")
                .putHeader("Authorization", "Bearer " + key.text())
                .putHeader("Content-Type", "application/json");
        return client.request(options)
                .compose(request -> request.send(question.toBuffer())
                        .compose(response -> read(response, NumberedStream.ofClient(events))));
    }

    private static Future<Void> read(HttpClientResponse response, NumberedStream expected) {
        Promise<Void> whole = Promise.promise();
        response.exceptionHandler(whole::tryFail);
        response.handler(part -> {
            try {
                expected.expect(part);
            } catch (AssertionError unexpected) {
                whole.tryFail(unexpected);
            }
        });
        response.endHandler(end -> {
            if (expected.over()) {
                whole.tryComplete();
            } else {
                whole.tryFail(new AssertionError("a stream ended early, with status " + response.statusCode()));
            }
        });
        return whole.future();
    }

    // ---- memory

    /** How much of its heap the node has in use, again and again until all is over. */
    private static List<Long> watch(NodeProcess node, CompletableFuture<Void> all) throws Exception {
        List<Long> samples = new ArrayList<>();
        for (int turn = 0; turn < PATIENCE_MINUTES * 60 * 5; turn++) {
            samples.add(heapInUse(node));
            try {
                all.get(200, TimeUnit.MILLISECONDS);
                return samples;
            } catch (TimeoutException goesOn) {
                // looked at again
            }
        }
        throw new AssertionError("the streams do not end: " + samples);
    }

    private static long heapInUse(NodeProcess node) {
        Matcher used = USED.matcher(Line.once(node.port(), "GET", "/metrics").body());
        long sum = 0;
        while (used.find()) {
            sum += (long) Double.parseDouble(used.group(1));
        }
        return sum;
    }

    private static void report(List<Long> heap, long nanos) {
        System.out.printf(
                "%d streams with an event every %d ms, %d streams of %d events: %d s; heap in use at least %d MB, at most %d MB%n",
                STREAMS,
                PACE_MILLIS,
                LONG_STREAMS,
                EVENTS,
                TimeUnit.NANOSECONDS.toSeconds(nanos),
                least(heap) >> 20,
                heap.stream().mapToLong(Long::longValue).max().orElseThrow() >> 20);
    }
}
