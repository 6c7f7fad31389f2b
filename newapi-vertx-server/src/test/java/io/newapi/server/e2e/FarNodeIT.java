package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.newapi.server.testing.MariaDb;
import io.newapi.server.testing.RedisServer;
import io.newapi.server.testing.TcpProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A slave on another continent: 80 ms go by before MariaDB or Redis answer it, and calls do not wait for that. */
class FarNodeIT {

    private static final String UNTESTED = "a node that is far from its database";
    private static final Duration ONE_WAY = Duration.ofMillis(40);
    private static final long PLENTY = 1_000_000_000;
    private static final int WARMING = 200;
    private static final int CALLS = 500;

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final List<AutoCloseable> opened = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
        upstreams.close();
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        opened.add(closeable);
        return closeable;
    }

    @Test
    void aFarNodeServesFromWhatItHoldsAndChargesExactly() throws IOException {
        MariaDb database = MariaDb.orLeaveOut(UNTESTED);
        RedisServer redis = opened(RedisServer.orLeaveOut(UNTESTED));
        DataDirectory directory =
                DataDirectory.create(Files.createDirectory(path.resolve("near")), SharedDatabase.create(database));
        directory.channel("only", upstreams.start(Script.PLAIN).url(), 0);
        Console console = new Console(directory.root());
        Key key = directory.limitedToken(directory.user("someone", PLENTY), "key", PLENTY);
        FaultyNode near = opened(new FaultyNode("near", "auto", directory, redis));
        near.start();
        TcpProxy toDatabase = opened(TcpProxy.to(database.port(), ONE_WAY));
        TcpProxy toRedis = opened(TcpProxy.to(redis.port(), ONE_WAY));
        FaultyNode far = opened(new FaultyNode(
                        "far", "slave", directory.ofAnotherNode(Files.createDirectory(path.resolve("far"))), redis)
                .reaching(database.port(), toDatabase)
                .reaching(redis.port(), toRedis));
        near.awaitServing();
        far.start();
        far.awaitServing();
        console.rename(far.url(), "by the far one");
        Eventually.until("both know it", () -> console.name(near.url()).equals(console.name(far.url())));

        List<Reply> replies = new ArrayList<>();
        medianMicros(near, key, WARMING, replies);
        medianMicros(far, key, WARMING, replies);
        long ofNear = medianMicros(near, key, CALLS, replies);
        long ofFar = medianMicros(far, key, CALLS, replies);

        System.out.println("median of a call: " + ofNear + " us near, " + ofFar + " us far from MariaDB and Redis");
        // an exchange may outlast the patience of who needs it, though it is only a few round trips
        List<Reply> busy = replies.stream().filter(Reply::toldToComeAgain).toList();
        System.out.println(busy.size() + " of " + replies.size() + " calls were told to come again");
        replies.removeAll(busy);
        assertThat(replies).allMatch(Reply::complete);
        far.stop();
        near.stop();
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges(key).stream().map(Charged::requestId))
                .containsExactlyInAnyOrderElementsOf(
                        replies.stream().map(Reply::requestId).toList());
        Audited.inOrder(directory);
    }

    private static long medianMicros(FaultyNode node, Key key, int calls, List<Reply> replies) {
        Caller caller = new Caller(node.url());
        long[] took = new long[calls];
        for (int i = 0; i < calls; i++) {
            long begun = System.nanoTime();
            replies.add(caller.call(key, Caller.question(PER_CALL, "How far are you?")));
            took[i] = System.nanoTime() - begun;
        }
        Arrays.sort(took);
        return TimeUnit.NANOSECONDS.toMicros(took[calls / 2]);
    }
}
