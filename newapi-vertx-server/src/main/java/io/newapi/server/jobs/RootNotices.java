package io.newapi.server.jobs;

import io.newapi.server.mail.MailSender;
import io.newapi.server.mail.MailServer;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.UserRow;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells root: with a line in the log, always, and at the address of each root user who has one: a webhook, a mailbox, Bark or
 * Gotify. Each is tried three times; what it does not take then is in the log alone, and so is what comes while too much
 * waits.
 *
 * <p>Thread-safe. Whoever tells something waits for nothing.
 */
public final class RootNotices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RootNotices.class);
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(2), Duration.ofSeconds(10));
    private static final OutboundClient.Limits LIMITS =
            new OutboundClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10), 64 * 1024);
    private static final MailSender.Limits MAIL_LIMITS =
            new MailSender.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(30));

    /** So that one that hangs does not keep others waiting. */
    private static final int THREADS = 4;

    private static final int MOST_WAITING = 64;

    private final Supplier<List<UserRow>> roots;
    private final RootPost post;
    private final InstantSource clock;
    private final List<Duration> pauses;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicBoolean toldOfNoAddress = new AtomicBoolean();
    private final ThreadPoolExecutor threads;

    /**
     * Nothing is told yet.
     *
     * @param roots the root users who are to be told; asked each time, on a thread that may block
     * @param vertx makes the connections for mail
     * @param client makes those to web addresses
     * @param privateAllowed whether a web address may be in a private network or on this machine; asked each time
     * @param mailServer what takes mail, if that is set up; asked each time
     */
    public RootNotices(
            Supplier<List<UserRow>> roots,
            Vertx vertx,
            HttpClient client,
            BooleanSupplier privateAllowed,
            Supplier<Optional<MailServer>> mailServer,
            InstantSource clock) {
        this(
                roots,
                new RootPost(
                        new OutboundClient(client, LIMITS),
                        privateAllowed,
                        new MailSender(vertx, MAIL_LIMITS),
                        mailServer),
                clock,
                PAUSES,
                MOST_WAITING);
    }

    RootNotices(
            Supplier<List<UserRow>> roots, RootPost post, InstantSource clock, List<Duration> pauses, int mostWaiting) {
        this.roots = roots;
        this.post = post;
        this.clock = clock;
        this.pauses = List.copyOf(pauses);
        this.threads = new ThreadPoolExecutor(
                THREADS, THREADS, 1, TimeUnit.MINUTES, new ArrayBlockingQueue<>(mostWaiting), RootNotices::daemon);
        threads.allowCoreThreadTimeOut(true);
    }

    /** Tells root of an audit that has found something. */
    public void tellOfUncleanBooks(BookReport report) {
        tell(Notices.auditUnclean(report));
    }

    /** Tells root. */
    public void tell(Notice notice) {
        LOG.warn("{}: {}", notice.title(), notice.content());
        Telling telling = new Telling(
                notice, clock.instant().getEpochSecond(), UUID.randomUUID().toString());
        later(notice, () -> sendToAll(telling));
    }

    private void later(Notice notice, Runnable work) {
        try {
            threads.execute(work);
        } catch (RejectedExecutionException e) {
            if (closing.getCount() > 0) {
                LOG.warn("too much waits to be told to root: {} is in the log alone", notice.type());
            }
        }
    }

    private void sendToAll(Telling telling) {
        Notice notice = telling.notice();
        List<RootAddress> addresses;
        try {
            addresses = roots.get().stream()
                    .flatMap(root -> RootAddress.of(root).stream())
                    .filter(address -> address.isReachable(post))
                    .toList();
        } catch (RuntimeException e) {
            LOG.warn("cannot find out where root wants to be told of {}: {}", notice.type(), e.getMessage());
            return;
        }
        if (addresses.isEmpty() && !toldOfNoAddress.getAndSet(true)) {
            LOG.warn("root has no address to be told at, or one for mail without a mail server, and is told in the log"
                    + " only");
        }
        addresses.forEach(address -> later(notice, () -> send(telling, address)));
    }

    private void send(Telling telling, RootAddress address) {
        String trouble = "";
        for (int attempt = 0; attempt <= pauses.size(); attempt++) {
            if (attempt > 0 && !passes(pauses.get(attempt - 1))) {
                return;
            }
            try {
                address.send(telling, post);
                return;
            } catch (NotTold e) {
                trouble = String.valueOf(e.getMessage());
                if (e.isLasting()) {
                    break;
                }
            } catch (RuntimeException e) {
                // its message may quote what is secret
                trouble = e.getClass().getSimpleName();
            }
        }
        LOG.warn("root was not told of {} at {}: {}", telling.notice().type(), address, trouble);
    }

    /** Waits; false if the node stops meanwhile. */
    private boolean passes(Duration pause) {
        try {
            return !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Gives up what was not told yet; it is in the log. */
    @Override
    public void close() {
        closing.countDown();
        threads.shutdownNow();
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "newapi-notices");
        thread.setDaemon(true);
        return thread;
    }
}
