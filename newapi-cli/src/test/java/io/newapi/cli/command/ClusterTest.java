package io.newapi.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes as they are shown, and what is found wrong with them. */
class ClusterTest {

    private static final String NODES = """
            {"asked":"a","nodes":[
              {"run_id":"0a","node_name":"tokyo-1","role":"master","state":"alive","node_type":"master","version":"0.1.0",
               "port":3000,"started_at":1782900000,"silent_ms":900,"calls_under_way":2,"calls_served":1234,
               "sync_seconds":60,"sync_age_seconds":12,"clock_ahead_ms":-3,"time_zone":"Asia/Tokyo",
               "database":"db:3306/new-api","log_database":"db:3306/new-api","redis":"redis:6379/0","redis_joined":true,
               "session_secret_fingerprint":"51","crypto_secret_fingerprint":"c1","frontend_base_url":"",
               "hears":[],"untrusted_forwarders":["203.0.113.9"],"troubles":["logs: away"]}]}""";
    private static final String HEALTHY = "{\"healthy\":true,\"version\":\"0.1.0\",\"nodes\":2,\"findings\":[]}";
    private static final String SICK = """
            {"healthy":false,"version":"0.1.0","nodes":2,"findings":[
              {"level":"error","code":"session_secret","node":"","what":"SESSION_SECRET is not the same",
               "advice":"set the same","rule":"S17 S44"},
              {"level":"notice","code":"versions","node":"","what":"different versions","advice":"fine","rule":"S55"}]}""";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path home;

    private final FakeGateway gateway = new FakeGateway();

    @AfterEach
    void close() {
        gateway.close();
    }

    private Shell.Result run(String... arguments) {
        return new Shell(home).loggedIn(gateway).run(arguments);
    }

    @Test
    void nodesAreATableForPeople() {
        gateway.on("GET /api/cluster/nodes", NODES);

        Shell.Result result = run("cluster", "nodes");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("tokyo-1", "master", "alive", "1234", "logs: away");
    }

    @Test
    void nodesAreADocumentForPrograms() {
        gateway.on("GET /api/cluster/nodes", NODES);

        JsonNode node =
                run("cluster", "nodes", "-o", "json").json().path("items").path(0);

        assertThat(node.path("node").asText()).isEqualTo("tokyo-1");
        assertThat(node.path("redis_joined").asBoolean()).isTrue();
        assertThat(node.path("untrusted_forwarders").path(0).asText()).isEqualTo("203.0.113.9");
        assertThat(node.path("started_at").asText()).startsWith("2026-");
    }

    @Test
    void aHealthyClusterEndsWithZero() {
        gateway.on("GET /api/cluster/doctor", HEALTHY);

        Shell.Result result = run("cluster", "doctor", "--weights", "tokyo-1=3,tokyo-2=5");

        assertThat(result.code()).isZero();
        assertThat(result.out()).contains("healthy", "true");
        assertThat(gateway.lines()).containsExactly("GET /api/cluster/doctor?weights=tokyo-1%3D3%2Ctokyo-2%3D5");
    }

    @Test
    void aSickOneSaysWhatToDoAndEndsWithSix() {
        gateway.on("GET /api/cluster/doctor", SICK);

        Shell.Result result = run("cluster", "doctor");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.out())
                .contains(
                        "ERROR: SESSION_SECRET is not the same",
                        "    set the same (S17 S44)",
                        "NOTICE: different versions");
        assertThat(result.err()).contains("the cluster is not healthy", "findings: 1");
    }

    @Test
    void findingsAreADocumentForPrograms() {
        gateway.on("GET /api/cluster/doctor", SICK);

        Shell.Result result = run("cluster", "doctor", "-o", "json");

        assertThat(result.code()).isEqualTo(6);
        assertThat(result.json().path("healthy").asBoolean()).isFalse();
        assertThat(result.json().path("findings").path(0).path("rule").asText()).isEqualTo("S17 S44");
    }
}
