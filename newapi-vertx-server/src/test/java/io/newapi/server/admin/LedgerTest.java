package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.core.quota.Account;
import io.newapi.core.quota.FsyncMode;
import io.newapi.core.quota.JournalStatus;
import io.newapi.core.quota.QuotaAuthority.Exchange;
import io.newapi.core.quota.QuotaAuthority.GrantRequest;
import io.newapi.core.quota.QuotaAuthority.Shortfall;
import io.newapi.core.quota.WriterId;
import io.newapi.server.admin.LedgerControl.WriteOff;
import io.newapi.server.store.PageRequest;
import io.newapi.server.store.SqlQuotaAuthority;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What root sees of the ledger, and how a node that is gone is written off. */
class LedgerTest {

    private final WriterId own = WriterId.random(new SecureRandom());
    private final WriterId other = WriterId.random(new SecureRandom());
    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void rootSeesWhoHoldsWhat() {
        authority("node-1", "here").register(own).toCompletableFuture().join();
        lease(other, 250);
        server.ledger.journals.add(new JournalStatus(own, 3, 7_000, 500, 64, true, FsyncMode.INTERVAL));
        server.ledger.silences.put(other, Duration.ofSeconds(33));

        JsonNode data = root.get("/api/ledger").data();

        assertThat(data.path("reclaim_seconds").asInt()).isEqualTo(120);
        assertThat(data.path("max_journal_bytes").asInt()).isEqualTo(8_000);
        assertThat(data.path("suspended").asInt()).isZero();
        assertThat(data.path("journals"))
                .containsExactly(Json.parse("{\"writer_id\":\"" + own + "\",\"segments\":3,\"bytes\":7000,"
                                + "\"booked_bytes\":500,\"lag_bytes\":64,\"room\":true,\"fsync\":\"interval\"}")
                        .orElseThrow());
        assertThat(data.path("writers")).hasSize(2);
        JsonNode mine = writer(data, own);
        assertThat(mine.path("own").asBoolean()).isTrue();
        assertThat(mine.path("silent_seconds").isNull()).isTrue();
        JsonNode silent = writer(data, other);
        assertThat(silent.path("own").asBoolean()).isFalse();
        assertThat(silent.path("node_name").asText()).isEqualTo("node-2");
        assertThat(silent.path("place").asText()).isEqualTo("there");
        assertThat(silent.path("state").asText()).isEqualTo("open");
        assertThat(silent.path("exchange_no").asInt()).isEqualTo(1);
        assertThat(silent.path("held_user_quota").asInt()).isEqualTo(250);
        assertThat(silent.path("held_token_quota").asInt()).isZero();
        assertThat(silent.path("leases").asInt()).isEqualTo(1);
        assertThat(silent.path("silent_seconds").asInt()).isEqualTo(33);
        assertThat(silent.path("closed_at").asInt()).isZero();
    }

    @Test
    void aWriterThatWasClosedLatelyIsStillShown() {
        SqlQuotaAuthority authority = authority("node-1", "here");
        authority.register(own).toCompletableFuture().join();
        authority.beginClose(own).toCompletableFuture().join();
        authority.finishClose(own).toCompletableFuture().join();

        JsonNode writer = writer(root.get("/api/ledger").data(), own);

        assertThat(writer.path("state").asText()).isEqualTo("closed");
        assertThat(writer.path("closed_at").asLong()).isPositive();
    }

    @Test
    void writingOffIsDoneAsToldAndWrittenDown() {
        assertThat(root.post("/api/ledger/write_off", "writer_id", other.hex()).success())
                .isTrue();
        assertThat(root.post("/api/ledger/write_off", "writer_id", other.hex(), "force", true)
                        .success())
                .isTrue();

        assertThat(server.ledger.writtenOff).containsExactly(other.hex(), other.hex() + " forced");
        assertThat(server.stores.audit().page(PageRequest.first()).items())
                .filteredOn(entry -> entry.target().equals("ledger/" + other.hex()))
                .hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({
        "OWN, writer_own",
        "MAY_LIVE, writer_may_live",
        "ENDED_BEFORE, writer_ended",
        "UNKNOWN, writer_unknown",
    })
    void whatIsNotWrittenOffIsRefusedWithAReason(WriteOff outcome, String code) {
        server.ledger.outcome = outcome;

        AdminReply reply = root.post("/api/ledger/write_off", "writer_id", other.hex());

        assertThat(reply.success()).isFalse();
        assertThat(reply.code()).isEqualTo(code);
        assertThat(server.stores.audit().page(PageRequest.first()).items())
                .noneMatch(entry -> entry.target().startsWith("ledger/"));
    }

    @Test
    void whatIsNoIdIsRefused() {
        AdminReply reply = root.post("/api/ledger/write_off", "writer_id", "abc");

        assertThat(reply.code()).isEqualTo("writer_unknown");
        assertThat(server.ledger.writtenOff).isEmpty();
    }

    @Test
    void nobodyButRootMayLook() {
        root.post("/api/user/", "username", "admin", "password", "a password", "role", 10);
        AdminClient admin = server.client().login("admin", "a password");

        assertThat(admin.get("/api/ledger").success()).isFalse();
        assertThat(admin.post("/api/ledger/write_off", "writer_id", other.hex()).success())
                .isFalse();
        assertThat(server.ledger.writtenOff).isEmpty();
    }

    private static JsonNode writer(JsonNode data, WriterId writer) {
        for (JsonNode row : data.path("writers")) {
            if (row.path("writer_id").asText().equals(writer.hex())) {
                return row;
            }
        }
        throw new AssertionError("no " + writer + " in " + data);
    }

    private void lease(WriterId writer, long units) {
        long user = root.get("/api/user/self").data().path("id").asLong();
        root.post("/api/user/manage", "id", user, "action", "add_quota", "value", 1_000_000, "mode", "add");
        SqlQuotaAuthority authority = authority("node-2", "there");
        authority.register(writer).toCompletableFuture().join();
        Account account = Account.user(user);
        authority
                .exchange(new Exchange(
                        writer,
                        0,
                        List.of(),
                        List.of(),
                        Map.of(),
                        List.of(new GrantRequest(new Shortfall(account, units, 0, true), Optional.empty())),
                        Set.of(account)))
                .toCompletableFuture()
                .join();
    }

    private SqlQuotaAuthority authority(String node, String place) {
        return new SqlQuotaAuthority(server.stores.database(), Runnable::run, InstantSource.system(), node, place);
    }
}
