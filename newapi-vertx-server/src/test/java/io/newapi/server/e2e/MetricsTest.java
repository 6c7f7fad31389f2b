package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.e2e.Line.Said;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node counts, and who may read it. */
class MetricsTest {

    private static final long PLENTY = 1_000_000_000;
    private static final String TOKEN = "a token of sufficient length";

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void callsAttemptsChargesAndExchangesAreCounted() {
        DataDirectory directory = DataDirectory.create(path);
        directory.channel("broken", upstreams.failing("status:500").url(), 10);
        directory.channel(
                "good", upstreams.start(Script.PLAIN.withUsage(7, 10, 0)).url(), 0);
        Key key = directory.unlimitedToken(directory.user("somebody", PLENTY), "key");
        Key poor = directory.limitedToken(directory.user("nobody", PLENTY), "poor", 1);
        try (TestNode node = TestNode.start(directory, Map.of("NODE_NAME", "tokyo \"1\"", "VERSION", "v9"))) {
            Caller caller = new Caller(node.url());
            assertThat(caller.call(key, Caller.question(BY_RATIO, "One")).complete())
                    .isTrue();
            assertThat(caller.call(poor, Caller.question(BY_RATIO, "Two")).status())
                    .isEqualTo(403);
            Eventually.until(
                    "the charge is booked",
                    () -> Figures.of(node).of("newapi_journal_unbooked_bytes") == 0
                            && Figures.of(node).of("newapi_charges_total") == 1);

            Said said = Line.once(node.port(), "GET", "/metrics");
            Figures figures = Figures.read(said.body());

            assertThat(said.header("Content-Type")).isEqualTo("text/plain; version=0.0.4; charset=utf-8");
            assertThat(said.body())
                    .contains("newapi_version_info{version=\"v9\"} 1", "newapi_node_info{node=\"tokyo \\\"1\\\"\"} 1")
                    .doesNotContain(BY_RATIO, "somebody", key.text());
            assertThat(figures.of("newapi_node_state{state=\"serving\"}")).isEqualTo(1);
            assertThat(figures.of("newapi_node_ready")).isEqualTo(1);
            assertThat(figures.of("newapi_check{check=\"database\"}")).isZero();
            assertThat(figures.of("newapi_calls_total{status=\"2xx\"}")).isEqualTo(1);
            assertThat(figures.of("newapi_calls_total{status=\"4xx\"}")).isEqualTo(1);
            assertThat(figures.of("newapi_call_duration_seconds_count")).isEqualTo(2);
            assertThat(figures.of("newapi_call_duration_seconds_bucket{le=\"+Inf\"}"))
                    .isEqualTo(2);
            assertThat(figures.of("newapi_call_preparation_seconds_count")).isEqualTo(1);
            assertThat(figures.of("newapi_attempts_total{outcome=\"status\"}")).isEqualTo(1);
            assertThat(figures.of("newapi_attempts_total{outcome=\"answered\"}"))
                    .isEqualTo(1);
            assertThat(figures.of("newapi_charged_quota_total")).isEqualTo(7 + 2 * 10);
            assertThat(figures.of("newapi_charged_tokens_total{kind=\"completion\"}"))
                    .isEqualTo(10);
            assertThat(figures.of("newapi_reservation_refusals_total{reason=\"insufficient\"}"))
                    .isPositive();
            assertThat(figures.of("newapi_calls_in_flight")).isZero();
            assertThat(figures.of("newapi_reservations_open")).isZero();
            assertThat(figures.of("newapi_ledger_slices")).isPositive();
            assertThat(figures.of("newapi_ledger_exchanges_total{outcome=\"applied\"}"))
                    .isPositive();
            assertThat(figures.of("newapi_journal_bytes")).isPositive();
            assertThat(figures.of("newapi_database_up")).isEqualTo(1);
            assertThat(figures.of("newapi_configuration_loads_total")).isEqualTo(1);
            assertThat(figures.of("newapi_configuration_failures_total")).isZero();
            assertThat(figures.of("newapi_cluster_role{role=\"master\"}")).isEqualTo(1);
            assertThat(figures.of("newapi_cluster_role{role=\"standby\"}")).isZero();
            assertThat(figures.of("newapi_cluster_nodes")).isEqualTo(1);
            assertThat(figures.of("newapi_admin_writes_handed_total")).isZero();
            assertThat(figures.of("process_cpu_time_ns_total")).isPositive();
            assertThat(figures.of("jvm_threads_live_threads")).isPositive();
            assertThat(figures.samples())
                    .as("there is no Redis to be joined to")
                    .doesNotContainKey("newapi_bridge_joined");
        }
    }

    @Test
    void withoutATokenOnlyTheOwnNetworkReadsThem() {
        try (TestNode node = TestNode.start(DataDirectory.create(path))) {
            assertThat(Line.once(node.port(), "GET", "/metrics").status()).isEqualTo(200);
            assertThat(Line.once(node.port(), "HEAD", "/metrics").status()).isEqualTo(200);
            for (String forwarded :
                    new String[] {"X-Forwarded-For: 127.0.0.1", "Forwarded: for=10.0.0.1", "X-Real-IP: 10.0.0.1"}) {
                Said said = Line.once(node.port(), "GET", "/metrics", forwarded);
                assertThat(said.status()).as(forwarded).isEqualTo(403);
                assertThat(said.body()).doesNotContain("newapi_").contains("NEWAPI_METRICS_TOKEN");
            }
        }
    }

    @Test
    void withATokenWhoeverHasItReadsThem() {
        try (TestNode node = TestNode.start(DataDirectory.create(path), Map.of("NEWAPI_METRICS_TOKEN", TOKEN))) {
            assertThat(Line.once(
                                    node.port(),
                                    "GET",
                                    "/metrics",
                                    "Authorization: Bearer " + TOKEN,
                                    "X-Forwarded-For: 203.0.113.7")
                            .status())
                    .isEqualTo(200);
            assertThat(Line.once(node.port(), "GET", "/metrics").status()).isEqualTo(403);
            assertThat(Line.once(node.port(), "GET", "/metrics", "Authorization: Bearer wrong")
                            .status())
                    .isEqualTo(403);
        }
    }
}
