package io.newapi.server.jobs;

import io.newapi.server.store.BookDifference;
import io.newapi.server.store.BookKind;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.BookReport.State;
import io.newapi.server.store.BookStore;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.SuspenseRow;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One walk through the books of all users, tokens and channels, page by page, in constant memory.
 *
 * <pre>
 *   RUNNING --all pages read--> DONE
 *      |----a page cannot be read--> FAILED
 *      '----cancel--> CANCELLED
 * </pre>
 *
 * <p>What differs is looked at again, and reported only if the same figure of the same account differs each time. No
 * transaction of a node can make a page differ ({@link BookStore} says why), but the original charges a call in several
 * transactions, and between two of them its user's books are out of order for a moment.
 *
 * <p>Thread-safe: one thread runs it, once; others look at it and may cancel it.
 */
final class AuditRun implements Runnable {

    /** The most differences that are kept; more are counted. */
    static final int MOST_DIFFERENCES = 1000;

    /** The most rows in suspense that are kept; more are counted. */
    static final int MOST_SUSPENSE = 100;

    /** How often something must differ. */
    static final int LOOKS = 3;

    /** In an audit that finds many differences, later looks follow at once: it has to end some time. */
    private static final int MOST_PAUSES = 40;

    private static final Logger LOG = LoggerFactory.getLogger(AuditRun.class);

    private final BookStore books;
    private final InstantSource clock;
    private final String name;
    private final Consumer<BookReport> unclean;
    private final int pageSize;
    private final Runnable pause;
    private final long startedAt;

    // all below: under this object's lock
    private final Map<BookKind, Long> checked = new EnumMap<>(BookKind.class);
    private final List<BookDifference> differences = new ArrayList<>();
    private State state = State.RUNNING;
    private long finishedAt;
    private long opened;
    private long undecided;
    private long differing;
    private long suspended;
    private List<SuspenseRow> suspense = List.of();
    private String failure = "";

    private int pauses;

    /**
     * A run that has not looked at anything.
     *
     * @param name which no other run has
     * @param unclean is told if everything was looked at, and something was found
     * @param pageSize how many accounts are read at once
     * @param pause lets some time pass before something is looked at again
     */
    AuditRun(
            BookStore books,
            InstantSource clock,
            String name,
            Consumer<BookReport> unclean,
            int pageSize,
            Runnable pause) {
        this.books = books;
        this.clock = clock;
        this.name = name;
        this.unclean = unclean;
        this.pageSize = pageSize;
        this.pause = pause;
        this.startedAt = clock.instant().getEpochSecond();
    }

    /** How far it has come. */
    synchronized BookReport report() {
        return new BookReport(
                state,
                name,
                startedAt,
                finishedAt,
                checked,
                opened,
                undecided,
                differing,
                differences,
                suspended,
                suspense,
                failure);
    }

    synchronized boolean isRunning() {
        return state == State.RUNNING;
    }

    /** Ends it, as far as anybody can see: the page that is being read is the last, and is not counted. */
    void cancel() {
        end(State.CANCELLED);
    }

    /** Walks through all books. Blocks; what goes wrong is in the report. */
    @Override
    public void run() {
        for (BookKind kind : BookKind.values()) {
            if (!walk(kind)) {
                return;
            }
        }
        try {
            finish(books.suspense(MOST_SUSPENSE));
        } catch (RuntimeException e) {
            fail("what is in suspense cannot be read", e);
        }
    }

    /** Whether the books of this kind were read to their end. */
    private boolean walk(BookKind kind) {
        long last = 0;
        do {
            try {
                BookStore.Page page = books.check(kind, last, pageSize);
                if (!count(kind, page, lasting(kind, page.differences()))) {
                    return false;
                }
                last = page.lastId();
            } catch (RuntimeException e) {
                fail("the books of " + plural(kind) + " behind id " + last + " cannot be checked", e);
                return false;
            }
        } while (last != 0);
        return true;
    }

    /** Those that differ however often one looks, as they were at the last look. */
    private List<BookDifference> lasting(BookKind kind, List<BookDifference> found) {
        List<BookDifference> lasting = found;
        for (int look = 2; look <= LOOKS && !lasting.isEmpty() && isRunning(); look++) {
            if (pauses < MOST_PAUSES) {
                pauses++;
                pause.run();
            }
            lasting = both(lasting, books.again(kind, accounts(lasting)));
        }
        return lasting;
    }

    private static List<Long> accounts(List<BookDifference> differences) {
        return differences.stream().map(BookDifference::accountId).distinct().toList();
    }

    private static List<BookDifference> both(List<BookDifference> before, List<BookDifference> now) {
        record Place(long accountId, BookDifference.Figure what) {}
        var places = before.stream()
                .map(difference -> new Place(difference.accountId(), difference.what()))
                .collect(Collectors.toSet());
        return now.stream()
                .filter(difference -> places.contains(new Place(difference.accountId(), difference.what())))
                .toList();
    }

    /** Whether the run goes on. */
    private synchronized boolean count(BookKind kind, BookStore.Page page, List<BookDifference> lasting) {
        if (state != State.RUNNING) {
            return false;
        }
        checked.merge(kind, (long) page.checked(), Long::sum);
        opened += page.opened();
        undecided += page.undecided();
        differing += lasting.size();
        lasting.stream().limit(MOST_DIFFERENCES - differences.size()).forEach(differences::add);
        return true;
    }

    private void finish(BookStore.SuspensePage page) {
        synchronized (this) {
            if (state != State.RUNNING) {
                return;
            }
            suspended = page.total();
            suspense = page.rows();
            end(State.DONE);
        }
        tell(report());
    }

    private void tell(BookReport report) {
        if (report.isClean()) {
            LOG.info(
                    "the books of {} users, {} tokens and {} channels are in order",
                    report.checked(BookKind.USER),
                    report.checked(BookKind.TOKEN),
                    report.checked(BookKind.CHANNEL));
        } else {
            unclean.accept(report);
        }
    }

    private void fail(String what, RuntimeException e) {
        synchronized (this) {
            if (state != State.RUNNING) {
                return;
            }
            // what a database says of itself names no secret; what else went wrong is for the log alone
            failure = what + ": "
                    + (e instanceof DatabaseException ? e.getMessage() : "an internal fault, see the node's log");
            end(State.FAILED);
        }
        LOG.error("the audit has failed: {}", what, e);
    }

    private synchronized void end(State how) {
        if (state == State.RUNNING) {
            state = how;
            finishedAt = clock.instant().getEpochSecond();
        }
    }

    private static String plural(BookKind kind) {
        return kind.name().toLowerCase(Locale.ROOT) + "s";
    }
}
