package io.newapi.server.jobs;

import io.newapi.server.outbound.OutboundAnswer;
import io.newapi.server.outbound.OutboundClient;
import io.newapi.server.outbound.OutboundFailure;
import io.newapi.server.outbound.OutboundRequest;
import io.newapi.server.store.BookReport;
import io.newapi.server.store.UserRow;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
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
 * Tells root: with a line in the log, always, and at the webhook of each root user who has one. A webhook is tried three times;
 * what it does not take then is in the log alone, and so is what comes while too much waits.
 *
 * <p>Thread-safe. Whoever tells something waits for nothing.
 */
public final class RootNotices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(RootNotices.class);
    private static final List<Duration> PAUSES = List.of(Duration.ofSeconds(2), Duration.ofSeconds(10));
    private static final OutboundClient.Limits LIMITS =
            new OutboundClient.Limits(Duration.ofSeconds(5), Duration.ofSeconds(10), Duration.ofSeconds(10), 64 * 1024);

    /** So that one that hangs does not keep others waiting. */
    private static final int THREADS = 4;

    private static final int MOST_WAITING = 64;

    private final Supplier<List<UserRow>> roots;
    private final OutboundClient client;
    private final BooleanSupplier privateAllowed;
    private final InstantSource clock;
    private final List<Duration> pauses;
    private final CountDownLatch closing = new CountDownLatch(1);
    private final AtomicBoolean toldOfNoWebhook = new AtomicBoolean();
    private final ThreadPoolExecutor threads;

    /**
     * Nothing is told yet.
     *
     * @param roots the root users who are to be told; asked each time, on a thread that may block
     * @param client makes the connections
     * @param privateAllowed whether a webhook may be in a private network or on this machine; asked each time
     */
    public RootNotices(
            Supplier<List<UserRow>> roots, HttpClient client, BooleanSupplier privateAllowed, InstantSource clock) {
        this(roots, client, LIMITS, privateAllowed, clock, PAUSES, MOST_WAITING);
    }

    RootNotices(
            Supplier<List<UserRow>> roots,
            HttpClient client,
            OutboundClient.Limits limits,
            BooleanSupplier privateAllowed,
            InstantSource clock,
            List<Duration> pauses,
            int mostWaiting) {
        this.roots = roots;
        this.client = new OutboundClient(client, limits);
        this.privateAllowed = privateAllowed;
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
        Buffer body = body(notice, clock.instant().getEpochSecond());
        later(notice, () -> sendToAll(notice, body));
    }

    private static Buffer body(Notice notice, long timestamp) {
        return new JsonObject()
                .put("type", notice.type())
                .put("title", notice.title())
                .put("content", notice.content())
                .put("values", new JsonArray(notice.values()))
                .put("timestamp", timestamp)
                .toBuffer();
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

    private void sendToAll(Notice notice, Buffer body) {
        List<RootWebhook> webhooks;
        try {
            webhooks = roots.get().stream()
                    .flatMap(root -> RootWebhook.of(root).stream())
                    .toList();
        } catch (RuntimeException e) {
            LOG.warn("cannot find out where root wants to be told of {}: {}", notice.type(), e.getMessage());
            return;
        }
        if (webhooks.isEmpty() && !toldOfNoWebhook.getAndSet(true)) {
            LOG.warn("root has no webhook, and is told in the log only");
        }
        webhooks.forEach(webhook -> later(notice, () -> send(notice, webhook, body)));
    }

    private void send(Notice notice, RootWebhook webhook, Buffer body) {
        String trouble = "";
        for (int attempt = 0; attempt <= pauses.size(); attempt++) {
            if (attempt > 0 && !passes(pauses.get(attempt - 1))) {
                return;
            }
            try {
                OutboundAnswer answer = client.ask(OutboundRequest.post(
                        webhook.url(), webhook.headers(body), body, privateAllowed.getAsBoolean()));
                if (answer.status() / 100 == 2) {
                    return;
                }
                trouble = "status " + answer.status();
            } catch (OutboundFailure e) {
                trouble = String.valueOf(e.getMessage());
                if (e.reason() == OutboundFailure.Reason.ADDRESS_REFUSED) {
                    break;
                }
            } catch (RuntimeException e) {
                // its message may quote what is secret
                trouble = e.getClass().getSimpleName();
            }
        }
        LOG.warn("root was not told of {} at {}: {}", notice.type(), webhook, trouble);
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
