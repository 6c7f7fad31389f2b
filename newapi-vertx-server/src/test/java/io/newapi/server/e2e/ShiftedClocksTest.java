package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Nodes whose clocks are five minutes ahead and behind: the doctor says so, and nobody else notices. */
class ShiftedClocksTest {

    private static final String UNTESTED = "nodes whose clocks are minutes apart";
    private static final long PLENTY = 1_000_000_000;
    private static final int PER_SECOND = 100;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<TestNode> nodes = new ArrayList<>();
    private RedisServer redis;
    private DataDirectory directory;
    private Console console;
    private Key key;

    @BeforeEach
    void start() throws IOException {
        redis = RedisServer.orLeaveOut(UNTESTED);
        directory = DataDirectory.create(
                Files.createDirectory(path.resolve("ahead")), SharedDatabase.create(MariaDb.orLeaveOut(UNTESTED)));
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        console = new Console(directory.root());
        key = directory.limitedToken(directory.user("someone", PLENTY), "key", PLENTY);
        node(directory, "ahead", "auto", Duration.ofMinutes(5));
        node(another("right"), "right", "auto", Duration.ZERO);
        node(another("behind"), "behind", "slave", Duration.ofMinutes(-5));
    }

    private DataDirectory another(String name) throws IOException {
        return directory.ofAnotherNode(Files.createDirectory(path.resolve(name)));
    }

    private void node(DataDirectory where, String name, String type, Duration ahead) {
        Map<String, String> settings = Map.of(
                "REDIS_CONN_STRING",
                redis.url(),
                "CRYPTO_SECRET",
                "a secret that all nodes know",
                "SESSION_SECRET",
                "another secret that all know",
                "SYNC_FREQUENCY",
                "3600",
                "NODE_NAME",
                name,
                "NODE_TYPE",
                type);
        nodes.add(TestNode.start(where, settings, () -> Instant.now().plus(ahead)));
    }

    @AfterEach
    void stop() {
        nodes.forEach(TestNode::close);
        upstreams.close();
        if (redis != null) {
            redis.close();
        }
    }

    private void everybodyHearsOfAChangeOn(TestNode node, String name) {
        console.rename(node.url(), name);
        Eventually.until(
                "all hear of it",
                () -> nodes.stream().allMatch(asked -> console.name(asked.url()).equals(name)));
    }

    @Test
    void chargeAndChangeWhatIsToBeChargedAndChanged() {
        TestNode ahead = nodes.get(0);
        SteadyLoad load = SteadyLoad.start(nodes.stream().map(TestNode::url).toList(), List.of(key), PER_SECOND);
        try (load) {
            load.awaitServedByEach(PER_SECOND);
            for (TestNode node : nodes) {
                everybodyHearsOfAChangeOn(node, "changed at port " + node.port());
                Audited.inOrder(console.who(), node.url());
            }
            Eventually.until(
                    "the doctor has noticed", () -> findings().containsAll(List.of("clock ahead", "clock behind")));
            assertThat(findings()).doesNotContain("clock right");
            assertThat(console.roles(nodes.get(2).url())).containsEntry("ahead", "master alive");
            assertThat(load.failures()).isEmpty();

            ahead.stop();
            Eventually.until(
                    "another is the master",
                    () -> "master alive"
                            .equals(console.roles(nodes.get(2).url()).get("right")));
            nodes.remove(0);
            everybodyHearsOfAChangeOn(nodes.get(1), "by the new master");
        }
        assertThat(load.failures()).allMatch(call -> call.url().equals(ahead.url()));

        nodes.forEach(TestNode::stop);
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key).stream().map(Charged::requestId).collect(Collectors.toSet()))
                .isEqualTo(load.complete().keySet());
        assertThat(books.charges(key)).hasSize(load.complete().size()).allMatch(charge -> charge.quota() == CALL_UNITS);
        Audited.inOrder(directory);
    }

    private List<String> findings() {
        return console.get(nodes.get(1).url(), "/api/cluster/doctor").getJsonArray("findings").stream()
                .map(JsonObject.class::cast)
                .map(finding -> finding.getString("code") + " " + finding.getString("node"))
                .toList();
    }
}
