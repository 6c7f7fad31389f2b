package io.newapi.server.e2e;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * How long it takes until what is changed on one of three nodes holds on all. Measures, and asserts nothing but that it does:
 *
 * <pre>{@code
 * ./mvnw -pl newapi-vertx-server -am test -Dtest=PropagationBench -Dsurefire.failIfNoSpecifiedTests=false
 * }</pre>
 */
class PropagationBench {

    private static final String UNTESTED = "how fast changes hold on all nodes";
    private static final int ROUNDS = 250;
    private static final int WARMING = 20;
    private static final long PLENTY = 1_000_000_000;
    private static final long BETWEEN_LOOKS_NANOS = 500_000;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<FaultyNode> nodes = new ArrayList<>();
    private final List<Looker> lookers = new ArrayList<>();
    private final ExecutorService looking = Executors.newCachedThreadPool();

    /** What is done on the first node, and how one sees on another that it holds there. */
    private record Change(Console by, String method, String resource, JsonObject body, Predicate<Looker> holds) {}

    /** Looks at one node again and again, on one connection. */
    private record Looker(HttpClient client, String url) {

        private String name() {
            return new JsonObject(body("/api/status", "")).getJsonObject("data").getString("system_name");
        }

        private String models(Key key) {
            return body("/v1/models", key.text());
        }

        private String body(String resource, String token) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + resource))
                    .header("Authorization", "Bearer " + token)
                    .build();
            try {
                return client.send(request, BodyHandlers.ofString()).body();
            } catch (IOException e) {
                throw new IllegalStateException(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
    }

    @AfterEach
    void stop() {
        looking.shutdownNow();
        nodes.forEach(FaultyNode::close);
        upstreams.close();
    }

    @Test
    void measure() throws IOException {
        MariaDb database = MariaDb.orLeaveOut(UNTESTED);
        RedisServer redis = RedisServer.orLeaveOut(UNTESTED);
        DataDirectory directory =
                DataDirectory.create(Files.createDirectory(path.resolve("a")), SharedDatabase.create(database));
        String upstream = upstreams.start(Script.PLAIN).url();
        long channel = directory.channel("changes", upstream, 0);
        Console console = new Console(directory.root());
        long user = directory.user("user", PLENTY);
        long owner = directory.user("owner", PLENTY);
        Key ofUser = directory.unlimitedToken(user, "key");
        Key ofOwner = directory.unlimitedToken(owner, "key");
        Key stays = directory.unlimitedToken(owner, "stays");
        Console ownersConsole = new Console(new Audited.Root(owner, directory.accessToken(owner)));
        for (String name : List.of("a", "b", "c")) {
            nodes.add(new FaultyNode(
                    name,
                    name.equals("a") ? "auto" : "slave",
                    name.equals("a") ? directory : directory.ofAnotherNode(Files.createDirectory(path.resolve(name))),
                    redis));
        }
        nodes.forEach(FaultyNode::start);
        nodes.forEach(FaultyNode::awaitServing);
        nodes.subList(1, nodes.size()).forEach(node -> lookers.add(new Looker(HttpClient.newHttpClient(), node.url())));

        System.out.println("| Change | Median | 99th percentile | Worst | the same, counted from the answer |");
        List<long[]> all = new ArrayList<>();
        all.addAll(series("option", turn -> option(console, turn)));
        all.addAll(series("channel", turn -> channel(console, channel, stays, turn)));
        all.addAll(series("token", turn -> token(ownersConsole, ofOwner, turn)));
        all.addAll(series("user", turn -> user(console, user, ofUser, turn)));
        print("all", all);
    }

    private static Change option(Console by, int turn) {
        String name = "turn " + turn;
        return new Change(
                by,
                "PUT",
                "/api/option/",
                new JsonObject().put("key", "SystemName").put("value", name),
                looker -> looker.name().equals(name));
    }

    private static Change channel(Console by, long channel, Key key, int turn) {
        String model = turn % 2 == 0 ? DataDirectory.PER_CALL : DataDirectory.BY_RATIO;
        return new Change(
                by,
                "PUT",
                "/api/channel/",
                new JsonObject().put("id", channel).put("models", model),
                looker -> looker.models(key).contains("\"" + model + "\""));
    }

    private static Change token(Console by, Key key, int turn) {
        boolean enabled = turn % 2 == 1;
        return new Change(
                by,
                "PUT",
                "/api/token/?status_only=true",
                new JsonObject().put("id", key.tokenId()).put("status", enabled ? 1 : 2),
                looker -> looker.models(key).contains("\"data\"") == enabled);
    }

    private static Change user(Console by, long user, Key key, int turn) {
        boolean enabled = turn % 2 == 1;
        return new Change(
                by,
                "POST",
                "/api/user/manage",
                new JsonObject().put("id", user).put("action", enabled ? "enable" : "disable"),
                looker -> looker.models(key).contains("\"data\"") == enabled);
    }

    /** For each change, how long it took until the last of the other nodes had it: from the request, and from its answer. */
    private List<long[]> series(String what, IntFunction<Change> changes) {
        List<long[]> took = new ArrayList<>();
        for (int turn = 0; turn < WARMING + ROUNDS; turn++) {
            long[] one = measured(changes.apply(turn));
            if (turn >= WARMING) {
                took.add(one);
            }
        }
        print(what, took);
        return took;
    }

    private long[] measured(Change change) {
        List<CompletableFuture<Long>> seen = lookers.stream()
                .map(looker -> CompletableFuture.supplyAsync(() -> awaited(looker, change.holds()), looking))
                .toList();
        long begun = System.nanoTime();
        JsonObject answer = change.by().ask(nodes.get(0).url(), change.method(), change.resource(), change.body());
        long answered = System.nanoTime();
        if (!answer.getBoolean("success")) {
            throw new AssertionError(answer.encode());
        }
        long last = seen.stream().mapToLong(CompletableFuture::join).max().orElseThrow();
        return new long[] {last - begun, Math.max(0, last - answered)};
    }

    private static long awaited(Looker looker, Predicate<Looker> holds) {
        while (!holds.test(looker)) {
            LockSupport.parkNanos(BETWEEN_LOOKS_NANOS);
        }
        return System.nanoTime();
    }

    private static void print(String what, List<long[]> took) {
        System.out.println("| " + what + " | " + figures(took, 0) + " | " + figures(took, 1) + " |");
    }

    private static String figures(List<long[]> took, int which) {
        List<Long> sorted = new ArrayList<>(took.stream().map(one -> one[which]).toList());
        Collections.sort(sorted);
        return String.format(
                Locale.ROOT,
                "%.1f ms | %.1f ms | %.1f ms",
                sorted.get(sorted.size() / 2) / 1e6,
                sorted.get(sorted.size() * 99 / 100) / 1e6,
                sorted.get(sorted.size() - 1) / 1e6);
    }
}
