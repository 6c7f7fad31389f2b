package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.CALL_UNITS;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The database is gone for a minute while clients go on calling. */
class DatabaseOutageIT {

    private static final int CLIENTS = 8;
    private static final long LEASED_CALLS = 20L * CLIENTS;
    private static final long PLENTY = 1_000_000_000;
    private static final long OUTAGE_SECONDS = 60;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final Queue<Reply> complete = new ConcurrentLinkedQueue<>();
    private final Queue<Reply> refused = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean stopped = new AtomicBoolean();
    private final AtomicInteger open = new AtomicInteger();
    private MariaDb server;
    private DataDirectory directory;
    private NodeProcess node;
    private Key key;

    @BeforeEach
    void prepare() throws IOException {
        server = MariaDb.ownOrLeaveOut("a database that is gone for a minute under load");
        directory = DataDirectory.create(Files.createDirectories(path.resolve("node")), SharedDatabase.create(server));
        Script slow = Script.PLAIN.withDelays(Duration.ofMillis(100), Duration.ZERO);
        directory.channel("only", upstreams.start(slow).url(), 0);
        long user = directory.user("rich", PLENTY);
        key = directory.limitedToken(user, "key", PLENTY / 2);
        node = NodeProcess.start(directory, Map.of());
    }

    @AfterEach
    void stopEverything() {
        if (node != null) {
            node.kill();
        }
        upstreams.close();
        server.kill();
    }

    @Test
    void callsGoOnFromLeasesThenAreToldToComeAgainAndNothingIsLost() {
        Caller caller = new Caller(node.url());
        for (int client = 0; client < CLIENTS; client++) {
            keepCalling(caller);
        }
        // the more a node spends, the more it leases: when its slice has just grown to so many calls, it outlives them
        Eventually.until("a slice is leased", PATIENCE, () -> leased() >= LEASED_CALLS * CALL_UNITS);

        server.kill();
        int served = complete.size();
        Eventually.until("calls are served from leases", () -> complete.size() > served + CLIENTS);
        Eventually.until("leases run out", PATIENCE, () -> !refused.isEmpty());
        awaitEndOfOutage();
        server.startAgain();
        int servedInOutage = complete.size();
        Eventually.until("calls are served again", PATIENCE, () -> complete.size() > servedInOutage + 100);
        stopped.set(true);
        Eventually.until("all clients have noticed", PATIENCE, () -> open.get() == 0);
        node.terminate();
        node.waitForEnd();

        assertThat(refused).allMatch(reply -> reply.status() == 503, "told to come again");
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key).stream().map(Charged::requestId))
                .containsExactlyInAnyOrderElementsOf(
                        complete.stream().map(Reply::requestId).toList());
        assertThat(books.token(key).used()).isEqualTo(complete.size() * CALL_UNITS);
        Audited.inOrder(directory);
    }

    /** What the node holds of the token, read without the rest of the books: this is asked often. */
    private long leased() {
        try (Connection connection = directory.connect();
                Statement statement = connection.createStatement();
                ResultSet sum =
                        statement.executeQuery("select coalesce(sum(held), 0) from newapi_leases where kind = 2")) {
            sum.next();
            return sum.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the leases", e);
        }
    }

    /** A minute of which nothing is asserted but what it does to the calls. */
    private void awaitEndOfOutage() {
        assertThat(node.endsWithin(TimeUnit.SECONDS.toMillis(OUTAGE_SECONDS)))
                .as("the node survives: " + node.output())
                .isFalse();
    }

    private void keepCalling(Caller caller) {
        if (stopped.get()) {
            return;
        }
        open.incrementAndGet();
        JsonObject question = Caller.question(PER_CALL, "Still there?");
        var next = caller.send(key, question).handle((reply, failure) -> {
            List<Reply> answered = reply == null ? List.of() : List.of(reply);
            answered.forEach(it -> (it.complete() ? complete : refused).add(it));
            keepCalling(caller);
            return open.decrementAndGet();
        });
        assertThat(next).isNotCancelled();
    }
}
