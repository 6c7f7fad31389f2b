package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.core.quota.LedgerListener.ExchangeOutcome;
import io.newapi.server.ops.CallMeter.Attempted;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {

    private final AtomicReference<ServerState> state = new AtomicReference<>(ServerState.STARTING);
    private final Health health = new Health(state::get);
    private final Metrics metrics = new Metrics(Optional.empty(), "v1", "a\"b\\c\nd", health);

    @Test
    void whatStandsInALabelCannotEndIt() {
        assertThat(metrics.text()).contains("\nnewapi_node_info{node=\"a\\\"b\\\\c\\nd\"} 1\n");
    }

    @Test
    void allKindsAreThereBeforeTheyHappen() {
        assertThat(metrics.text())
                .contains(
                        "\nnewapi_calls_total{status=\"1xx\"} 0.0\n",
                        "\nnewapi_calls_total{status=\"5xx\"} 0.0\n",
                        "\nnewapi_reservation_refusals_total{reason=\"closed\"} 0.0\n",
                        "\nnewapi_ledger_exchanges_total{outcome=\"in_doubt\"} 0.0\n",
                        "\nnewapi_charged_tokens_total{kind=\"prompt\"} 0.0\n");
        for (Attempted outcome : Attempted.values()) {
            assertThat(metrics.text())
                    .contains("\nnewapi_attempts_total{outcome=\""
                            + outcome.name().toLowerCase(Locale.ROOT) + "\"} 0.0\n");
        }
    }

    @Test
    void whatManyThreadsCountIsExact() {
        IntStream.range(0, 10_000).parallel().forEach(call -> {
            metrics.calls().called(call % 10 == 0 ? 500 : 200, 1_000_000);
            metrics.calls().attempted(Attempted.ANSWERED);
            metrics.ledger().exchanged(1, 0, ExchangeOutcome.APPLIED);
        });

        assertThat(metrics.text())
                .contains(
                        "\nnewapi_calls_total{status=\"2xx\"} 9000.0\n",
                        "\nnewapi_calls_total{status=\"5xx\"} 1000.0\n",
                        "\nnewapi_call_duration_seconds_count 10000\n",
                        "\nnewapi_call_duration_seconds_bucket{le=\"0.005\"} 10000\n",
                        "\nnewapi_attempts_total{outcome=\"answered\"} 10000.0\n",
                        "\nnewapi_ledger_exchanges_total{outcome=\"applied\"} 10000.0\n");
    }

    @Test
    void statusesThatHttpDoesNotKnowHaveTheNearestClass() {
        metrics.calls().called(0, 1);
        metrics.calls().called(999, 1);

        assertThat(metrics.text())
                .contains("\nnewapi_calls_total{status=\"1xx\"} 1.0\n", "\nnewapi_calls_total{status=\"5xx\"} 1.0\n");
    }

    @Test
    void thePartsAreTheOnesThatAreWatchedNow() {
        assertThat(metrics.text()).doesNotContain("newapi_check");

        AtomicReference<Condition> disk = new AtomicReference<>(Condition.ok());
        health.watch("disk", disk::get);
        health.watch("database", () -> Condition.degraded("unreachable"));
        assertThat(metrics.text())
                .contains("\nnewapi_check{check=\"disk\"} 0.0\n", "\nnewapi_check{check=\"database\"} 1.0\n");

        disk.set(Condition.failed("full"));
        health.watch("database", Condition::ok);
        assertThat(metrics.text())
                .contains("\nnewapi_check{check=\"disk\"} 2.0\n", "\nnewapi_check{check=\"database\"} 0.0\n");
    }

    @Test
    void theStateIsTheOneInWhichTheNodeIs() {
        assertThat(metrics.text())
                .contains(
                        "\nnewapi_node_state{state=\"starting\"} 1.0\n",
                        "\nnewapi_node_state{state=\"serving\"} 0.0\n",
                        "\nnewapi_node_ready 0.0\n");

        state.set(ServerState.SERVING);
        assertThat(metrics.text())
                .contains(
                        "\nnewapi_node_state{state=\"starting\"} 0.0\n",
                        "\nnewapi_node_state{state=\"serving\"} 1.0\n",
                        "\nnewapi_node_ready 1.0\n");
    }

    @Test
    void figuresOfPartsHaveTheNamesTheyAreGiven() {
        AtomicLong loads = new AtomicLong(7);
        metrics.counter("newapi_loads_total", "How often.", loads, AtomicLong::doubleValue);
        metrics.gauge("newapi_look_seconds", "How long.", () -> 0.25);

        assertThat(metrics.text())
                .contains(
                        "# TYPE newapi_loads_total counter\nnewapi_loads_total 7.0\n",
                        "# TYPE newapi_look_seconds gauge\nnewapi_look_seconds 0.25\n");
    }

    @Test
    void theProcessIsToldOfByTheLibrary() throws Exception {
        try (AutoCloseable watched = metrics.watchProcess()) {
            assertThat(watched).isNotNull();
            assertThat(metrics.text())
                    .contains(
                            "\njvm_memory_used_bytes{area=\"heap\",id=",
                            "\njvm_threads_live_threads ",
                            "\nprocess_cpu_usage ",
                            "\nprocess_files_open_files ",
                            "\nprocess_uptime_seconds ");
        }
    }
}
