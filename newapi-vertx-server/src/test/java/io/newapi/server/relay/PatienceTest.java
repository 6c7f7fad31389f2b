package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PatienceTest {

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        RelayHarness.await(vertx.close());
    }

    @Test
    void theTimeInAllCountsFromWhereItIsToldTo() {
        CompletableFuture<Patience.Lost> lost = new CompletableFuture<>();
        long anHourAgo = System.nanoTime() - Duration.ofHours(1).toNanos();
        Patience patience = new Patience(vertx, Duration.ofMinutes(1), anHourAgo, lost::complete);

        patience.allowSilence(Duration.ofMinutes(1));

        assertThat(RelayHarness.get(lost)).isEqualTo(Patience.Lost.TOTAL);
    }

    @Test
    void silenceCountsFromNow() {
        CompletableFuture<Patience.Lost> lost = new CompletableFuture<>();
        Patience patience = new Patience(vertx, Duration.ofHours(1), lost::complete);

        patience.allowSilence(Duration.ofMillis(1));

        assertThat(RelayHarness.get(lost)).isEqualTo(Patience.Lost.SILENCE);
    }
}
