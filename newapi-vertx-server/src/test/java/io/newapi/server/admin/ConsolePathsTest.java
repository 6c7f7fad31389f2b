package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.store.LogRow;
import io.newapi.server.store.LogType;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Paths that the stock console calls and few others do. */
class ConsolePathsTest {

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
    void modelsWithASlashIsTheAdministratorsPage() {
        assertThat(root.get("/api/models").data().has("1")).isTrue();
        assertThat(root.get("/api/models/?p=1&page_size=10").data().toString())
                .isEqualTo("{\"page\":1,\"page_size\":10,\"total\":0,\"items\":[],\"vendor_counts\":{}}");
        root.post("/api/user/", "username", "alice", "password", "password1");
        AdminClient alice = server.client().login("alice", "password1");
        assertThat(alice.get("/api/models").success()).isTrue();
        assertThat(alice.get("/api/models/").code()).isEqualTo("role_too_low");
    }

    @Test
    void theStatusTestTellsHowManyCallsAreUnderWay() {
        AdminReply reply = root.get("/api/status/test");

        assertThat(reply.success()).isTrue();
        assertThat(reply.json().path("http_stats").path("active_connections").asInt())
                .isEqualTo(3);
        assertThat(server.client().get("/api/status/test").status()).isEqualTo(401);
    }

    @Test
    void theStateOfASecondFactorCountsTheBackupCodesThatAreLeft() throws Exception {
        assertThat(root.get("/api/user/2fa/status").data().has("backup_codes_remaining"))
                .isFalse();
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:sqlite:" + server.stores.database().file());
                Statement sql = connection.createStatement()) {
            sql.execute("insert into two_fas (user_id, secret, is_enabled) values (1, 's', 1)");
            sql.execute("insert into two_fa_backup_codes (user_id, code_hash, is_used) values (1, 'a', 1), (1, 'b', 0),"
                    + " (1, 'c', null), (2, 'd', 0)");
        }

        assertThat(root.get("/api/user/2fa/status")
                        .data()
                        .path("backup_codes_remaining")
                        .asInt())
                .isEqualTo(2);
    }

    @Test
    void logsAreFoundByTypeOrByHowTheirTextBegins() {
        server.stores.logs().append(LogRow.remark(LogType.MANAGE, 1, "root", 5, "Quota changed"));
        server.stores.logs().append(LogRow.remark(LogType.SYSTEM, 2, "alice", 5, "Quota 100% used"));
        server.stores.logs().append(LogRow.remark(LogType.SYSTEM, 1, "root", 5, "Something else"));

        assertThat(root.get("/api/log/search?keyword=Quota").data().findValuesAsText("content"))
                .containsExactly("Quota 100% used", "Quota changed");
        assertThat(root.get("/api/log/search?keyword=%25").data()).isEmpty();
        assertThat(root.get("/api/log/search?keyword=3").data().findValuesAsText("content"))
                .containsExactly("Quota changed");
        assertThat(root.get("/api/log/self/search?keyword=4").data().findValuesAsText("content"))
                .containsExactly("Something else");
        assertThat(root.get("/api/log/self/search?keyword=Quota").data()).isEmpty();
    }

    @Test
    void theModelsOfAnAddressOfOnesOwnAnswerWithTheHttpStatusOfWhatWentWrong() {
        assertThat(root.send("POST", "/api/channel/fetch_models", "{oops").status())
                .isEqualTo(400);
        AdminReply refused = root.post("/api/channel/fetch_models", "base_url", "http://169.254.169.254", "key", "k");
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.code()).isEqualTo("address_refused");
        assertThat(root.post("/api/channel/fetch_models", "base_url", "http://localhost:1", "key", "k")
                        .status())
                .isEqualTo(500);
    }
}
