package io.newapi.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What administrators see of the nodes that share a database. */
class ClusterTest {

    private AdminServer server;
    private AdminClient root;

    @BeforeEach
    void start(@TempDir Path directory) {
        server = AdminServer.start(directory);
        root = server.root();
        server.membership.join();
    }

    @AfterEach
    void stop() {
        server.membership.close();
        server.close();
    }

    @Test
    void nodesAreListedWithWhatTheyTell() {
        JsonNode data = root.get("/api/cluster/nodes").data();

        assertThat(data.path("asked").asText()).isEqualTo("a".repeat(32));
        assertThat(data.path("nodes")).hasSize(1);
        JsonNode node = data.path("nodes").path(0);
        assertThat(node.path("node_name").asText()).isEqualTo("this");
        assertThat(node.path("role").asText()).isEqualTo("master");
        assertThat(node.path("state").asText()).isEqualTo("alive");
        assertThat(node.path("calls_served").asInt()).isEqualTo(17);
        assertThat(node.path("database").asText()).isEqualTo("db:3306/new-api");
    }

    @Test
    void aNodeThatStoppedIsStillShown() {
        server.membership.close();

        JsonNode node = root.get("/api/cluster/nodes").data().path("nodes").path(0);

        assertThat(node.path("state").asText()).isEqualTo("stopped");
        assertThat(node.path("role").asText()).isEqualTo("standby");
    }

    @Test
    void oneNodeAloneIsHealthy() {
        JsonNode data = root.get("/api/cluster/doctor?weights=this%3D3").data();

        assertThat(data.path("healthy").asBoolean()).isTrue();
        assertThat(data.path("nodes").asInt()).isEqualTo(1);
        assertThat(data.path("findings")).isEmpty();
    }

    @Test
    void whatIsFoundSaysWhatToDo() {
        server.membership.close();

        JsonNode data = root.get("/api/cluster/doctor").data();

        assertThat(data.path("healthy").asBoolean()).isFalse();
        JsonNode finding = data.path("findings").path(0);
        assertThat(finding.path("code").asText()).isEqualTo("no_master");
        assertThat(finding.path("level").asText()).isEqualTo("warning");
        assertThat(finding.path("advice").asText()).isNotEmpty();
        assertThat(finding.path("rule").asText()).isEqualTo("S8 S27");
    }

    @ParameterizedTest
    @ValueSource(strings = {"this", "this%3Dmany", "%3D3", "a%3D1,b", "a%3D99999999"})
    void weightsThatAreNoneAreRefused(String weights) {
        assertThat(root.get("/api/cluster/doctor?weights=" + weights).success()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/api/cluster/nodes", "/api/cluster/doctor"})
    void itIsForAdministrators(String path) {
        assertThat(server.client().get(path).status()).isEqualTo(401);
    }
}
