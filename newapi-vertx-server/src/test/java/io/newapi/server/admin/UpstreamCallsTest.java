package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Promise;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpstreamCallsTest {

    @TempDir
    Path directory;

    @Test
    void slowUpstreamsKeepNobodyWaitingAndAreNotAskedWithoutBound() throws Exception {
        // Given: tests of channels that do not end
        CountDownLatch underWay = new CountDownLatch(AdminApi.UPSTREAM_CALLS);
        Promise<ChannelTestResult> answer = Promise.promise();
        ExecutorService callers = Executors.newCachedThreadPool();
        try (AdminServer server = AdminServer.start(directory, (channel, model, privateAllowed) -> {
            underWay.countDown();
            return answer.future();
        })) {
            AdminClient root = server.root();
            root.post(
                    "/api/channel/",
                    "mode",
                    "single",
                    "channel",
                    AdminClient.object("type", 1, "name", "c", "key", "k", "models", "m"));

            // When: as many as may run are running
            List<CompletableFuture<AdminReply>> tests = new ArrayList<>();
            for (int i = 0; i < AdminApi.UPSTREAM_CALLS; i++) {
                tests.add(CompletableFuture.supplyAsync(() -> root.get("/api/channel/test/1"), callers));
            }
            assertThat(underWay.await(20, TimeUnit.SECONDS)).isTrue();

            // Then: everything else works, and one more is refused at once
            assertThat(root.get("/api/user/self").success()).isTrue();
            AdminReply beyond = root.get("/api/channel/test/1");
            assertThat(beyond.status()).isEqualTo(503);
            assertThat(beyond.code()).isEqualTo("server_busy");

            // When: the upstreams answer; then there is room again
            answer.complete(new ChannelTestResult(true, "", Duration.ofMillis(5)));
            for (CompletableFuture<AdminReply> test : tests) {
                assertThat(test.get(20, TimeUnit.SECONDS).success()).isTrue();
            }
            assertThat(root.get("/api/channel/test/1").success()).isTrue();
        } finally {
            callers.shutdownNow();
        }
    }
}
