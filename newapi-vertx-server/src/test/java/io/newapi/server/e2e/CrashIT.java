package io.newapi.server.e2e;

import static io.newapi.server.e2e.DataDirectory.BY_RATIO;
import static io.newapi.server.e2e.DataDirectory.PER_CALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.sandbox.Script;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node that is killed under load has, after its next start, booked everything that it had answered, once. */
class CrashIT {

    private static final long PLENTY = 1_000_000_000;
    private static final int LINES = 24;
    private static final long SEED = 20261124;

    /** Charges stay in the journal for an hour: what the next start books, it books from there. */
    private static final Map<String, String> JOURNAL_ONLY =
            Map.of("BATCH_UPDATE_ENABLED", "true", "BATCH_UPDATE_INTERVAL", "3600");

    @TempDir
    Path path;

    private final Upstreams upstreams = new Upstreams();
    private final Random random = new Random(SEED);
    private final Queue<Reply> complete = new ConcurrentLinkedQueue<>();
    private DataDirectory directory;
    private List<Key> keys;
    private Audited.Root root;

    @BeforeEach
    void prepare() {
        directory = DataDirectory.create(path);
        Script slow = Script.PLAIN
                .withContent("one two three four five")
                .withDelays(Duration.ofMillis(15), Duration.ofMillis(5));
        directory.channel("first", upstreams.start(slow).url(), 0);
        directory.channel("second", upstreams.start(slow).url(), 0);
        long rich = directory.user("rich", PLENTY);
        long other = directory.user("other", PLENTY);
        keys = List.of(
                directory.unlimitedToken(rich, "unlimited"),
                directory.limitedToken(rich, "limited", PLENTY / 2),
                directory.limitedToken(other, "other's", PLENTY / 2));
        root = directory.root();
    }

    @AfterEach
    void closeUpstreams() {
        upstreams.close();
    }

    @Test
    void killedUnderLoadAgainAndAgainItLosesNoChargeAndMakesNone() {
        for (int round = 0; round < 3; round++) {
            killUnderLoad(Map.of(), 20 + random.nextInt(150));
            startAndAudit();
        }
    }

    @Test
    void chargesThatOnlyTheJournalHasAreBookedByTheNextStart() {
        killUnderLoad(JOURNAL_ONLY, 100 + random.nextInt(100));
        assertThat(Books.read(directory).charges()).hasSizeLessThan(complete.size());

        startAndAudit();
    }

    @Test
    void killedWhileItBooksWhatAnEarlierRunLeftItStillBooksItOnce() {
        killUnderLoad(JOURNAL_ONLY, 200);
        for (int start = 0; start < 4; start++) {
            NodeProcess node = NodeProcess.launch(directory, Map.of());
            node.endsWithin(200 + random.nextInt(900));
            node.kill();
        }

        startAndAudit();
    }

    /** Keeps calling, streamed and not, and kills the node after that many complete answers. */
    private void killUnderLoad(Map<String, String> settings, int answers) {
        AtomicBoolean killed = new AtomicBoolean();
        AtomicInteger seen = new AtomicInteger();
        AtomicInteger open = new AtomicInteger();
        try (NodeProcess node = NodeProcess.start(directory, settings)) {
            Caller caller = new Caller(node.url());
            for (int line = 0; line < LINES; line++) {
                keepCalling(caller, line, killed, seen, open);
            }
            Eventually.until(answers + " answers; seen " + seen, () -> seen.get() >= answers);
            node.kill();
            killed.set(true);
        }
        Eventually.until("every client has noticed", () -> open.get() == 0);
    }

    private void keepCalling(Caller caller, int line, AtomicBoolean killed, AtomicInteger seen, AtomicInteger open) {
        if (killed.get()) {
            return;
        }
        JsonObject question = Caller.question(line % 3 == 0 ? PER_CALL : BY_RATIO, "Who is line " + line + "?")
                .put("stream", line % 2 == 0)
                .put("max_tokens", 100);
        open.incrementAndGet();
        var next = caller.send(keys.get(line % keys.size()), question).handle((reply, broken) -> {
            if (reply != null && reply.complete()) {
                complete.add(reply);
                seen.incrementAndGet();
            }
            if (broken == null) {
                keepCalling(caller, line, killed, seen, open);
            }
            return open.decrementAndGet();
        });
        assertThat(next).isNotCancelled();
    }

    /** Starts the node on what is there, makes a call, stops it, and looks at the books. */
    private void startAndAudit() {
        try (NodeProcess node = NodeProcess.start(directory, Map.of())) {
            Books.read(directory).agree().nothingLeased();
            Audited.inOrder(root, node.url());
            Reply reply = new Caller(node.url()).call(keys.get(1), Caller.question(PER_CALL, "Are you back?"));
            assertThat(reply.complete()).as(reply.body()).isTrue();
            complete.add(reply);
            node.terminate();
            node.waitForEnd();
        }
        Books books = Books.read(directory).agree().nothingLeased();
        assertThat(books.charges().stream().map(Charged::requestId))
                .containsAll(complete.stream().map(Reply::requestId).toList());
        assertThat(books.charges()).allMatch(charge -> charge.quota() > 0);
        Audited.inOrder(directory);
    }
}
