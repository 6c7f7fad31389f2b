package io.newapi.server.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.vertx.core.json.JsonObject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;

/**
 * What the gateway says of its own books, while {@link Books} says it without any of its code: everything was watched
 * from its creation, nothing differs, nothing is in suspense.
 */
final class Audited {

    private static final Duration BETWEEN_AUDITS = Duration.ofMillis(50);
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    /**
     * Who asks.
     *
     * @param accessToken of the console
     */
    record Root(long userId, String accessToken) {}

    private Audited() {}

    /** The books are in order; looked at without any node. */
    static void inOrder(DataDirectory directory) {
        BookReport report = directory.audit();
        assertThat(report.isClean()).as("the books are in order: %s", report).isTrue();
        assertThat(report.opened()).as("books that the audit had to open").isZero();
        assertThat(report.checked(BookKind.USER)).isPositive();
        assertThat(report.checked(BookKind.TOKEN)).isPositive();
        assertThat(report.checked(BookKind.CHANNEL)).isPositive();
    }

    /** The books are in order; looked at by this node, as root asks it to. */
    static void inOrder(Root root, String url) {
        String run = call(root, "POST", url).getString("run");
        Eventually.until(
                "the audit ends",
                () -> !call(root, "GET", url).getString("state").equals("running"));
        JsonObject report = call(root, "GET", url);
        assertThat(report.getString("run")).isEqualTo(run);
        assertThat(report.getBoolean("clean"))
                .as("the books are in order: %s", report.encode())
                .isTrue();
        assertThat(report.getInteger("opened"))
                .as("books that the audit had to open")
                .isZero();
    }

    /** The books are in order however often one looks until {@code work} is done; a look at the least. */
    static void inOrderDuring(Root root, Runnable work, String... urls) {
        // a thread of its own: the common pool may have no other, and answers of HTTP clients come on it
        CompletableFuture<?> working = CompletableFuture.runAsync(work, task -> new Thread(task, "working").start());
        int turn = 0;
        do {
            inOrder(root, urls[turn++ % urls.length]);
            LockSupport.parkNanos(BETWEEN_AUDITS.toNanos());
        } while (!working.isDone());
        working.join();
    }

    private static JsonObject call(Root root, String method, String url) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/api/audit"))
                .method(method, BodyPublishers.noBody())
                .header("Authorization", "Bearer " + root.accessToken())
                .header("New-Api-User", Long.toString(root.userId()))
                .build();
        HttpResponse<String> answer =
                HTTP.sendAsync(request, BodyHandlers.ofString()).join();
        JsonObject envelope = new JsonObject(answer.body());
        assertThat(envelope.getBoolean("success")).as(answer.body()).isTrue();
        return envelope.getJsonObject("data");
    }
}
