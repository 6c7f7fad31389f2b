package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.e2e.Books.Balance;
import io.newapi.server.testing.MariaDb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several nodes, each a process of its own, spend one budget that lies in a MariaDB. */
class SharedBudgetIT {

    private static final int NODES = 4;
    private static final int CLIENTS = 400;
    private static final int KILLS = 5;
    private static final long SEED = 20261126;
    private static final long PLENTY = 1_000_000_000;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<NodeProcess> nodes = new ArrayList<>();
    private final List<DataDirectory> directories = new ArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final AtomicInteger broken = new AtomicInteger();
    private DataDirectory first;
    private Audited.Root root;

    @BeforeEach
    void prepare() {
        MariaDb server = MariaDb.orLeaveOut("nodes that share a budget in MySQL");
        first = DataDirectory.create(folder(0), SharedDatabase.create(server));
        first.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        root = first.root();
    }

    @AfterEach
    void stopEverything() {
        nodes.forEach(NodeProcess::kill);
        upstreams.close();
    }

    @Test
    void aBudgetForSoManyCallsPaysForExactlySoManyWhereverTheyArrive() {
        long user = first.user("rich", PLENTY);
        Map<Integer, Key> keys = new TreeMap<>();
        for (int calls : List.of(1, 7, 1000)) {
            keys.put(calls, first.limitedToken(user, "for " + calls, calls * CALL_UNITS));
        }
        startAll();

        keys.forEach((calls, key) -> {
            served.set(0);
            Audited.inOrderDuring(root, () -> everybodyCallsUntilRefused(key), urls());
            assertThat(served).hasValue(calls);
        });

        stopAll();
        Books books = Books.read(first).agree().nothingLeased();
        keys.forEach((calls, key) -> {
            assertThat(books.token(key)).isEqualTo(new Balance(0, 0, calls * CALL_UNITS));
            assertThat(books.charges(key)).hasSize(calls);
        });
        Audited.inOrder(first);
    }

    @Test
    void killedNodesNeitherLoseACallNorPayForOneTwice() {
        int calls = 1000;
        long user = first.user("rich", PLENTY);
        Key key = first.limitedToken(user, "poor", calls * CALL_UNITS);
        startAll();
        Random random = new Random(SEED);

        for (int round = 0; round < KILLS; round++) {
            int victim = random.nextInt(NODES);
            callSome(key, 40 + random.nextInt(80), () -> nodes.get(victim).kill());
            // what the victim has charged and not booked is missing everywhere alike
            Audited.inOrder(root, nodes.get((victim + 1) % NODES).url());
            nodes.set(
                    victim,
                    NodeProcess.start(directories.get(victim), Map.of("GLOBAL_API_RATE_LIMIT_ENABLE", "false")));
        }
        Books.read(first);
        everybodyCallsUntilRefused(key);
        stopAll();

        Books books = Books.read(first).agree().nothingLeased();
        assertThat(books.token(key)).isEqualTo(new Balance(0, 0, calls * CALL_UNITS));
        assertThat(books.charges(key)).hasSize(calls);
        // a call that was under way when its node was killed may have been charged without its answer getting through
        assertThat(served.get()).isBetween(calls - broken.get(), calls);
        Audited.inOrder(first);
    }

    private void startAll() {
        for (int i = 0; i < NODES; i++) {
            DataDirectory directory = first.ofAnotherNode(folder(i));
            directories.add(directory);
            nodes.add(NodeProcess.launch(
                    directory, Map.of("NODE_NAME", "node-" + i, "GLOBAL_API_RATE_LIMIT_ENABLE", "false")));
        }
        nodes.forEach(NodeProcess::awaitServing);
    }

    private String[] urls() {
        return nodes.stream().map(NodeProcess::url).toArray(String[]::new);
    }

    private void stopAll() {
        nodes.forEach(NodeProcess::terminate);
        nodes.forEach(NodeProcess::waitForEnd);
    }

    private Path folder(int node) {
        try {
            return Files.createDirectories(path.resolve("node-" + node));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Each client calls one node after another, and comes again when it is told to. */
    private void everybodyCallsUntilRefused(Key key) {
        List<Caller> callers =
                nodes.stream().map(node -> new Caller(node.url())).toList();
        AtomicInteger open = new AtomicInteger(CLIENTS);
        CompletableFuture<Void> faultless = new CompletableFuture<>();
        for (int client = 0; client < CLIENTS; client++) {
            callUntilRefused(callers, client, key, open, faultless);
        }
        Eventually.until(
                "all clients are refused", PATIENCE, () -> open.get() == 0 || faultless.isCompletedExceptionally());
        faultless.complete(null);
        faultless.join();
    }

    private void callUntilRefused(
            List<Caller> callers, int turn, Key key, AtomicInteger open, CompletableFuture<Void> faultless) {
        var unused = callers.get(turn % callers.size())
                .send(key, question(turn))
                .whenComplete((reply, failure) -> {
                    if (failure != null) {
                        faultless.completeExceptionally(failure);
                    } else if (reply.status() == 403) {
                        open.decrementAndGet();
                    } else if (reply.complete() || reply.status() == 503) {
                        // 503 says that the quota is there but cannot be reached now
                        served.addAndGet(reply.complete() ? 1 : 0);
                        callUntilRefused(callers, turn + 1, key, open, faultless);
                    } else {
                        faultless.completeExceptionally(new AssertionError("a client was answered " + reply));
                    }
                });
    }

    /** Lets clients call until so many were served, then does something, and waits for the rest. */
    private void callSome(Key key, int answers, Runnable then) {
        List<Caller> callers =
                nodes.stream().map(node -> new Caller(node.url())).toList();
        int goal = served.get() + answers;
        AtomicInteger open = new AtomicInteger();
        for (int client = 0; client < CLIENTS / 10; client++) {
            open.incrementAndGet();
            callUntil(callers, client, key, goal, open);
        }
        Eventually.until("some calls are served", PATIENCE, () -> served.get() >= goal || open.get() == 0);
        then.run();
        Eventually.until("all clients have noticed", PATIENCE, () -> open.get() == 0);
    }

    private void callUntil(List<Caller> callers, int turn, Key key, int goal, AtomicInteger open) {
        var next = callers.get(turn % callers.size()).send(key, question(turn)).handle((reply, failure) -> {
            if (reply != null && reply.complete()) {
                served.incrementAndGet();
            }
            if (failure != null) {
                broken.incrementAndGet();
            }
            if (failure == null && served.get() < goal && reply.status() != 403) {
                callUntil(callers, turn + 1, key, goal, open);
                return 0;
            }
            return open.decrementAndGet();
        });
        assertThat(next).isNotCancelled();
    }

    private static JsonObject question(int turn) {
        return Caller.question(PER_CALL, "Turn " + turn + "?").put("stream", turn % 2 == 0);
    }
}
