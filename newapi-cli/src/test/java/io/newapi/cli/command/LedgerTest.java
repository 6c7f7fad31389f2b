package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The ledger as it is shown, and nodes that are written off. */
class LedgerTest {

    private static final String GONE = "0123456789abcdef0123456789abcdef";
    private static final String OWN = "fedcba9876543210fedcba9876543210";
    private static final String LEDGER = """
            {"reclaim_seconds":120,"max_journal_bytes":8589934592,"suspended":0,
             "journals":[{"writer_id":"fedcba9876543210fedcba9876543210","segments":3,"bytes":7340032,"booked_bytes":0,
              "lag_bytes":64,"room":true,"fsync":"interval"}],
             "writers":[
              {"writer_id":"fedcba9876543210fedcba9876543210","node_name":"n1","place":"m:1:2","own":true,"state":"open",
               "exchange_no":7,"applied_pos":512,"held_user_quota":10,"held_token_quota":0,"leases":1,
               "started_at":1782900000,"closed_at":0,"silent_seconds":null},
              {"writer_id":"0123456789abcdef0123456789abcdef","node_name":"n2","place":"m:3:4","own":false,"state":"open",
               "exchange_no":3,"applied_pos":0,"held_user_quota":500,"held_token_quota":20,"leases":2,
               "started_at":1782900000,"closed_at":0,"silent_seconds":44}]}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeGateway gateway = new FakeGateway().on("GET /api/ledger", LEDGER);

    @AfterEach
    void close() {
        gateway.close();
    }

    @Test
    void theStatusIsOneDocumentWithStableNames() {
        Shell.Result result = run("ledger", "status", "-o", "json");

        JsonNode document = result.json();
        assertThat(document.path("reclaim_seconds").asInt()).isEqualTo(120);
        assertThat(document.path("suspended").asInt()).isZero();
        assertThat(document.path("journals").path(0).path("lag_bytes").asInt()).isEqualTo(64);
        JsonNode gone = document.path("writers").path(1);
        assertThat(gone.path("writer_id").asText()).isEqualTo(GONE);
        assertThat(gone.path("node").asText()).isEqualTo("n2");
        assertThat(gone.path("held_user_quota").asInt()).isEqualTo(500);
        assertThat(gone.path("silent_seconds").asInt()).isEqualTo(44);
        assertThat(gone.path("closed_at").isNull()).isTrue();
        assertThat(document.path("writers").path(0).path("silent_seconds").isNull())
                .isTrue();
    }

    @Test
    void theStatusIsATableForPeople() {
        Shell.Result result = run("ledger", "status");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("reclaim_seconds", "lag_bytes", GONE, OWN, "n2");
    }

    @Test
    void withoutYesItIsOnlySaidWhatWouldBeGivenBack() {
        Shell.Result result = run("ledger", "write-off", GONE);

        assertThat(result.code()).isEqualTo(2);
        assertThat(result.err()).contains("n2", "500", "20", "--yes");
        assertThat(gateway.lines()).containsExactly("GET /api/ledger");
    }

    @Test
    void aWriterIsWrittenOff() {
        gateway.onAnswer("POST /api/ledger/write_off", 200, "{\"success\":true,\"message\":\"\"}");

        Shell.Result result = run("ledger", "write-off", GONE, "--yes", "-o", "json");

        assertThat(result.code()).isZero();
        JsonNode sent = gateway.request("POST /api/ledger/write_off").json();
        assertThat(sent.path("writer_id").asText()).isEqualTo(GONE);
        assertThat(sent.path("force").asBoolean()).isFalse();
        assertThat(result.json().path("written_off").asBoolean()).isTrue();
        assertThat(result.json().path("held_user_quota").asInt()).isEqualTo(500);
    }

    @Test
    void forceIsPassedOn() {
        gateway.onAnswer("POST /api/ledger/write_off", 200, "{\"success\":true,\"message\":\"\"}");

        run("ledger", "write-off", GONE, "--yes", "--force");

        assertThat(gateway.request("POST /api/ledger/write_off")
                        .json()
                        .path("force")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aWriterThatMayLiveIsRefused() {
        gateway.onRefusal("POST /api/ledger/write_off", "may still live", "writer_may_live");

        Shell.Result result = run("ledger", "write-off", GONE, "--yes");

        assertThat(result.code()).isEqualTo(1);
        assertThat(result.err()).contains("may still live");
    }

    @Test
    void aWriterThatIsNotThereIsNotFound() {
        Shell.Result result = run("ledger", "write-off", "0".repeat(32), "--yes");

        assertThat(result.code()).isEqualTo(5);
        assertThat(gateway.lines()).containsExactly("GET /api/ledger");
    }

    private Shell.Result run(String... arguments) {
        return new Shell(home).loggedIn(gateway).run(arguments);
    }
}
