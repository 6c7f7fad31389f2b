package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import io.newapi.server.store.AuditEntry;
import io.newapi.server.store.PageRequest;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Audits of the books, as root asks for them. */
class BooksTest {

    @TempDir
    Path directory;

    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start() {
        server = AdminServer.start(directory);
        root = server.root();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** What another program does, behind the gateway's back. */
    private void foreign(String sql) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("one-api.db"));
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(sql, e);
        }
    }

    @Test
    void onlyRootMayAskForThem() {
        root.post("/api/user/", "username", "admin", "password", "password1", "role", 10);
        AdminClient admin = server.client().login("admin", "password1");

        for (String method : List.of("POST", "GET", "DELETE")) {
            assertThat(admin.send(method, "/api/audit", "").code()).as(method).isEqualTo("role_too_low");
            assertThat(server.client().send(method, "/api/audit", "").status())
                    .as(method)
                    .isEqualTo(401);
        }
        assertThat(server.audits).isEmpty();
    }

    @Test
    void anAuditIsBegunWatchedAndDone() {
        assertThat(root.get("/api/audit").data().path("state").asText()).isEqualTo("never");

        JsonNode begun = root.post("/api/audit").data();
        JsonNode again = root.post("/api/audit").data();
        assertThat(begun.path("state").asText()).isEqualTo("running");
        assertThat(again.path("run").asText())
                .isNotEmpty()
                .isEqualTo(begun.path("run").asText());
        assertThat(server.audits).hasSize(1);
        server.audits.remove().run();

        JsonNode done = root.get("/api/audit").data();
        assertThat(done.path("state").asText()).isEqualTo("done");
        assertThat(done.path("run")).isEqualTo(begun.path("run"));
        assertThat(done.path("started_at").asLong()).isPositive();
        assertThat(done.path("finished_at").asLong())
                .isGreaterThanOrEqualTo(done.path("started_at").asLong());
        assertThat(done.path("clean").asBoolean()).isTrue();
        assertThat(done.path("checked").toString()).isEqualTo("{\"users\":1,\"tokens\":0,\"channels\":0}");
        assertThat(done.path("differences").toString()).isEqualTo("{\"total\":0,\"items\":[]}");
        assertThat(done.path("suspense").toString()).isEqualTo("{\"total\":0,\"items\":[]}");
        assertThat(done.path("failure").asText("none")).isEmpty();
    }

    @Test
    void whatDiffersIsNamedWithItsCauseAndSinceWhen() {
        foreign("update users set quota = quota + 7 where id = 1");
        foreign("insert into newapi_ledger_suspense (writer_id, kind, account_id, amount, reason, created_at)"
                + " values ('w', 2, 9, -5, 'the token 9 does not exist', 8)");
        root.post("/api/audit");
        server.audits.remove().run();

        JsonNode done = root.get("/api/audit").data();

        assertThat(done.path("clean").asBoolean()).isFalse();
        assertThat(done.path("differences").path("total").asLong()).isEqualTo(1);
        JsonNode difference = done.path("differences").path("items").path(0);
        assertThat(difference.path("kind").asText()).isEqualTo("user");
        assertThat(difference.path("id").asLong()).isEqualTo(1);
        assertThat(difference.path("figure").asText()).isEqualTo("balance");
        assertThat(difference.path("cause").asText()).isEqualTo("foreign_change");
        assertThat(difference.path("difference").asLong()).isEqualTo(7);
        assertThat(difference.path("found").asLong())
                .isEqualTo(difference.path("expected").asLong() + 7);
        assertThat(difference.path("clean_at").asLong()).isPositive();
        assertThat(done.path("suspense").toString())
                .isEqualTo("{\"total\":1,\"items\":[{\"kind\":\"token\",\"id\":9,\"quota\":-5,"
                        + "\"reason\":\"the token 9 does not exist\",\"writer\":\"w\",\"created_at\":8}]}");
    }

    @Test
    void anAuditCanBeEnded() {
        root.post("/api/audit");

        assertThat(root.delete("/api/audit").data().path("state").asText()).isEqualTo("cancelled");
        server.audits.remove().run();

        assertThat(root.get("/api/audit").data().path("state").asText()).isEqualTo("cancelled");
    }

    @Test
    void whoBeganAndWhoEndedOneIsRecorded() {
        root.post("/api/audit");
        root.delete("/api/audit");

        assertThat(server.stores.audit().page(new PageRequest(1, 10)).items())
                .extracting(AuditEntry::method, AuditEntry::target)
                .contains(tuple("POST /api/audit", "books"), tuple("DELETE /api/audit", "books"));
    }
}
