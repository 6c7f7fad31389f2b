package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Fault;
import io.newapi.sandbox.Sandbox;
import io.newapi.sandbox.Script;
import io.newapi.server.testing.InstalledProgram;
import io.newapi.server.testing.MariaDb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shipped balancers in front of two nodes and the address of one that is down: what is asked twice, and what is not. */
class LoadBalancerIT {

    private static final long PLENTY = 1_000_000_000;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private Sandbox upstream;
    private DataDirectory first;
    private Key key;
    private Nginx nginx;
    private Caller caller;

    @BeforeEach
    void prepare() throws IOException {
        InstalledProgram.orLeaveOut("nginx", "nginx", "nginx in front of nodes");
        MariaDb server = MariaDb.orLeaveOut("nginx in front of nodes that share a database");
        upstream = upstreams.start(Script.PLAIN);
        first = DataDirectory.create(Files.createDirectory(path.resolve("a")), SharedDatabase.create(server));
        first.channel("only", upstream.url(), 0);
        key = first.unlimitedToken(first.user("rich", PLENTY), "unlimited");
        DataDirectory second = first.ofAnotherNode(Files.createDirectory(path.resolve("b")));
        nodes.add(NodeProcess.launch(first, Map.of("SHUTDOWN_TIMEOUT_SECONDS", "50", "NODE_NAME", "a")));
        nodes.add(NodeProcess.launch(second, Map.of("NODE_NAME", "b")));
        nodes.forEach(NodeProcess::awaitServing);
        balance(Nginx.NOBODY);
    }

    /** Starts nginx in front of the two and a third. */
    private void balance(String third) throws IOException {
        InstalledProgram program = InstalledProgram.orLeaveOut("nginx", "nginx", "nginx in front of nodes");
        if (nginx != null) {
            nginx.close();
        }
        nginx = Nginx.start(program, Files.createTempDirectory(path, "nginx"), List.of(address(0), address(1), third));
        caller = new Caller(nginx.url());
    }

    @AfterEach
    void stopEverything() {
        // answers that are still to come would hold the nodes up
        upstreams.close();
        if (nginx != null) {
            nginx.close();
        }
        nodes.forEach(NodeProcess::kill);
    }

    @Test
    void callsReachTheProviderOnceEachThoughOneNodeIsDownAndAnotherStops() throws Exception {
        List<Reply> replies = caller.together(26, key, question());

        assertThat(replies).allMatch(Reply::complete);
        assertThat(upstream.counts().received()).isEqualTo(26);
        nodes.forEach(node -> Eventually.until(
                "it has written of a call", () -> replies.stream().anyMatch(reply -> served(node, reply))));
        theNodesSeeTheClientAndTheHostThatItAskedFor();
        aStreamComesAsItIsMade();
        onlyAMissingModelIsWhatTheNodesThemselvesSayItIs();
        aCallThatAStoppingNodeRefusesIsServedByAnotherAndAskedForOnce();
    }

    private void theNodesSeeTheClientAndTheHostThatItAskedFor() throws Exception {
        assertThat(get("/metrics").statusCode()).isEqualTo(404);
        assertThat(get("/api/status").body()).contains("\"success\":true");
        HttpResponse<String> page = get("/");
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<!doctype html>");
    }

    private void aStreamComesAsItIsMade() throws Exception {
        upstream.play(Script.PLAIN.withFault(Fault.parse("stall-after-chunk:1")));
        HttpRequest request = HttpRequest.newBuilder(URI.create(nginx.url() + "/v1/chat/completions"))
                .header("Authorization", "Bearer " + key.text())
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(
                        question().put("stream", true).encode()))
                .build();
        HttpResponse<Stream<String>> answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofLines());
        try (Stream<String> lines = answer.body()) {
            Iterator<String> line = lines.iterator();
            assertThat(line.next()).startsWith("data: ");
            assertThat(upstream.counts().active()).isEqualTo(1);
        }
        upstream.play(Script.PLAIN);
    }

    /** Each such answer is a 503, which nginx would count against the node that gave it. */
    private void onlyAMissingModelIsWhatTheNodesThemselvesSayItIs() {
        List<Reply> refused = caller.together(40, key, Caller.question("no-such-model", "Anybody?"));

        assertThat(refused).allMatch(reply -> reply.status() == 503);
        assertThat(refused).allMatch(reply -> reply.errorCode().equals("model_not_found"));
        assertThat(caller.together(26, key, question())).allMatch(Reply::complete);
    }

    private void aCallThatAStoppingNodeRefusesIsServedByAnotherAndAskedForOnce() throws IOException {
        balance(address(1));
        long before = upstream.counts().received();
        upstream.play(Script.PLAIN.withFault(Fault.parse("stall-after-chunk:0")));
        Caller direct = new Caller(nodes.get(0).url());
        CompletableFuture<Reply> underWay = direct.send(key, question());
        Eventually.until("the call is under way", () -> upstream.counts().received() == before + 1);
        nodes.get(0).terminate();
        Eventually.until(
                "the node refuses calls",
                () -> direct.call(key, Caller.question("no-such-model", "Still there?"))
                        .errorCode()
                        .equals("shutting_down"));
        upstream.play(Script.PLAIN);

        List<Reply> replies = caller.together(40, key, question());

        assertThat(replies).allMatch(Reply::complete);
        Eventually.until(
                "it has written of all calls", () -> replies.stream().allMatch(reply -> served(nodes.get(1), reply)));
        assertThat(upstream.counts().received()).isEqualTo(before + 41);
        assertThat(underWay).isNotDone();
        Eventually.until(
                "what was answered is booked",
                () -> Books.read(first).charges(key).stream()
                        .map(Charged::requestId)
                        .toList()
                        .containsAll(replies.stream().map(Reply::requestId).toList()));
        assertThat(Books.read(first).charges(key)).allMatch(charge -> charge.quota() == CALL_UNITS);
    }

    @Test
    void aCallWhoseNodeDiesIsNotMadeAgain() {
        upstream.play(Script.PLAIN.withFault(Fault.parse("stall-after-chunk:0")));
        int calls = 13;
        List<CompletableFuture<Reply>> underWay = IntStream.range(0, calls)
                .mapToObj(number -> caller.send(key, question()))
                .toList();
        Eventually.until("all calls are under way", () -> upstream.counts().active() == calls);

        nodes.get(0).kill();

        Eventually.until(
                "the calls of that node have failed", () -> underWay.stream().anyMatch(CompletableFuture::isDone));
        assertThat(underWay.stream().filter(CompletableFuture::isDone).map(CompletableFuture::join))
                .allMatch(reply -> reply.status() == 502);
        upstream.play(Script.PLAIN);
        assertThat(caller.together(13, key, question())).allMatch(Reply::complete);
        assertThat(upstream.counts().received()).isEqualTo(calls + 13);
    }

    @Test
    void throughHaproxyTooCallsReachTheProviderOnceEachThoughOneNodeIsDownAndAnotherStops() throws IOException {
        InstalledProgram program = InstalledProgram.orLeaveOut("haproxy", "haproxy", "HAProxy in front of nodes");
        List<String> addresses = List.of(address(0), address(1), Nginx.NOBODY);
        try (HaProxy haproxy = HaProxy.start(program, Files.createTempDirectory(path, "haproxy"), addresses)) {
            caller = new Caller(haproxy.url());
            haproxy.awaitDown("nodes/slave-2");
            List<Reply> replies = new ArrayList<>(caller.together(26, key, question()));
            nodes.get(0).terminate();
            while (!nodes.get(0).endsWithin(0)) {
                replies.addAll(caller.together(3, key, question()));
            }
            replies.addAll(caller.together(26, key, question()));

            assertThat(replies).filteredOn(reply -> !reply.complete()).isEmpty();
            assertThat(upstream.counts().received()).isEqualTo(replies.size());
            nodes.forEach(node -> Eventually.until(
                    "it has written of a call", () -> replies.stream().anyMatch(reply -> served(node, reply))));
        }
    }

    private static JsonObject question() {
        return Caller.question(PER_CALL, "Who are you?");
    }

    /** The node names the calls that it has served in its log. */
    private static boolean served(NodeProcess node, Reply reply) {
        return node.output().contains(reply.requestId());
    }

    private String address(int node) {
        return nodes.get(node).url().substring("http://".length());
    }

    private HttpResponse<String> get(String uri) throws IOException, InterruptedException {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(nginx.url() + uri)).build(), BodyHandlers.ofString());
    }
}
