package io.newapi.server.store;

import io.newapi.server.store.Conversation.Said;
import io.newapi.server.store.Conversation.Saying;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.net.ClientSSLOptions;
import io.vertx.core.net.NetClientOptions;
import io.vertx.mysqlclient.MySQLConnectOptions;
import io.vertx.mysqlclient.SslMode;
import io.vertx.mysqlclient.spi.MySQLDriver;
import io.vertx.sqlclient.PreparedStatement;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.spi.ConnectionFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;
import org.jspecify.annotations.Nullable;

/**
 * One connection to a MySQL or MariaDB server over which everything that is to be said is sent at once, and the answers
 * come when they come. Thread-safe; never blocks. Failures are {@link DataAccessException}s whose cause is what a JDBC driver
 * would throw, so that they are told apart in one place.
 *
 * <p>The client below forgets all but the first of the commands that were under way when a connection ends, and its own
 * end of a connection waits for answers. So this keeps account of what is under way itself, and ends a connection by its
 * socket.
 */
final class MySqlLine {

    /** Texts of statements differ in few things, of which the longest is how many accounts they name. */
    private static final int MAX_PREPARED = 250;

    /** What the client may send before it has an answer: whatever it is given. */
    private static final int NO_LIMIT = Integer.MAX_VALUE / 2;

    private final Vertx vertx;
    private final Context context;
    private final ConnectionFactory<MySQLConnectOptions> socket;
    private final SqlConnection connection;
    private final long patienceNanos;
    private final long bornNanos = System.nanoTime();

    // ---- of the event loop alone ----

    private final Map<String, PreparedStatement> prepared = new LinkedHashMap<>(16, 0.75f, true);
    private final Set<Pending<?>> underWay = new HashSet<>();
    private long heardNanos = System.nanoTime();

    private volatile boolean open = true;

    private MySqlLine(
            Vertx vertx,
            Context context,
            ConnectionFactory<MySQLConnectOptions> socket,
            SqlConnection connection,
            Duration patience) {
        this.vertx = vertx;
        this.context = context;
        this.socket = socket;
        this.connection = connection;
        this.patienceNanos = patience.toNanos();
    }

    /** Something that was asked and is not answered yet. */
    private static final class Pending<T> {
        private final Promise<T> promise = Promise.promise();
        private long timer = -1;
    }

    /**
     * Connects, and says what is to be said first.
     *
     * @param home the context of an event loop, on which it lives
     * @param greetings statements without parameters
     */
    static Future<MySqlLine> open(
            Vertx vertx, Context home, MySqlLocation location, ConnectionUse use, List<String> greetings) {
        Promise<MySqlLine> opened = Promise.promise();
        home.runOnContext(begin -> {
            try {
                connect(vertx, home, location, use, greetings, opened);
            } catch (RuntimeException e) {
                opened.tryFail(LineTrouble.of(e));
            }
        });
        return opened.future();
    }

    private static void connect(
            Vertx vertx,
            Context home,
            MySqlLocation location,
            ConnectionUse use,
            List<String> greetings,
            Promise<MySqlLine> opened) {
        ConnectionFactory<MySQLConnectOptions> socket =
                MySQLDriver.INSTANCE.createConnectionFactory(vertx, transport(location, use));
        // a server that is frozen lets in and says nothing
        long timer = vertx.setTimer(
                use.patience().toMillis(),
                id -> opened.tryFail(LineTrouble.silent("the server did not let in in time")));
        opened.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            if (done.failed()) {
                socket.close((closed, failure) -> {});
            }
        });
        socket.connect(home, options(location))
                .compose(connection ->
                        greeted(new MySqlLine(vertx, home, socket, connection, patience(location, use)), greetings))
                .onComplete(opened::tryComplete, failure -> opened.tryFail(LineTrouble.of(failure)));
    }

    /** Others that ask are behind whoever waits: nobody is waited for longer than for a connection. */
    private static Duration patience(MySqlLocation location, ConnectionUse use) {
        Duration set = use.readTimeout(location.readTimeout());
        return set.isZero() || set.compareTo(use.patience()) > 0 ? use.patience() : set;
    }

    private static Future<MySqlLine> greeted(MySqlLine line, List<String> greetings) {
        line.connection.exceptionHandler(failure -> line.end(failure));
        line.connection.closeHandler(closed -> line.end(null));
        return Future.all(greetings.stream().map(line::execute).toList()).map(line);
    }

    private static NetClientOptions transport(MySqlLocation location, ConnectionUse use) {
        NetClientOptions transport = new NetClientOptions()
                .setConnectTimeout(
                        (int) use.connectTimeout(location.connectTimeout()).toMillis())
                .setTcpKeepAlive(true);
        if (use.isLedger()) {
            // as long as the server waits for the next statement
            transport.setIdleTimeout(MySqlEngine.LEDGER_IDLE_SECONDS).setIdleTimeoutUnit(TimeUnit.SECONDS);
        }
        return transport;
    }

    private static MySQLConnectOptions options(MySqlLocation location) {
        MySQLConnectOptions options = new MySQLConnectOptions();
        options.setHost(location.host())
                .setPort(location.port())
                .setUser(location.user())
                .setPassword(location.password())
                .setDatabase(location.database())
                // statements are kept here, where many can be prepared at once
                .setCachePreparedStatements(false);
        options.setCharset("utf8mb4").setPipeliningLimit(NO_LIMIT);
        switch (location.tls()) {
            case OFF -> options.setSslMode(SslMode.DISABLED);
            case VERIFIED ->
                options.setSslMode(SslMode.VERIFY_IDENTITY)
                        .setSslOptions(new ClientSSLOptions().setHostnameVerificationAlgorithm("HTTPS"));
            case UNVERIFIED ->
                options.setSslMode(SslMode.REQUIRED).setSslOptions(new ClientSSLOptions().setTrustAll(true));
        }
        return options;
    }

    /** Whether anything can be said. */
    boolean isOpen() {
        return open;
    }

    /** How old it is. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - bornNanos);
    }

    /** Runs a statement without parameters; how many rows it has matched. */
    Future<Integer> execute(String sql) {
        Pending<Integer> pending = new Pending<>();
        begin(
                pending,
                () -> connection.query(sql).execute().onComplete(answer -> {
                    heard();
                    if (answer.succeeded()) {
                        finish(pending, answer.result().rowCount());
                    } else {
                        fail(pending, LineTrouble.of(answer.cause()));
                    }
                }));
        return pending.promise.future();
    }

    /**
     * Says all statements at once.
     *
     * @param writing what they were written in
     */
    Future<List<Said>> say(DSLContext writing, List<Saying> stage) {
        List<PipelinedStatement> statements = stage.stream()
                .map(saying -> PipelinedStatement.of(writing, saying))
                .toList();
        Pending<List<Said>> pending = new Pending<>();
        begin(pending, () -> {
            Map<String, PreparedStatement> ready = new HashMap<>();
            prepare(statements, ready)
                    .onComplete(
                            done -> attempt(() -> execute(pending, statements, ready)),
                            failure -> fail(pending, LineTrouble.of(failure)));
        });
        return pending.promise.future();
    }

    /** Ends it at once, whatever is under way. */
    void cut() {
        open = false;
        context.runOnContext(now -> end(null));
    }

    /** Ends it when everything that is under way is answered. */
    void leave() {
        open = false;
        context.runOnContext(now -> connection.close().onComplete(left -> socket.close((closed, failure) -> {})));
    }

    // ---- on the event loop ----

    private void begin(Pending<?> pending, Runnable sending) {
        context.runOnContext(now -> {
            if (!open) {
                fail(pending, LineTrouble.lost(null));
                return;
            }
            if (underWay.isEmpty()) {
                heard();
            }
            underWay.add(pending);
            watch(pending, patienceNanos);
            attempt(sending);
        });
    }

    /** What cannot even be sent would be waited for in vain. */
    private void attempt(Runnable sending) {
        try {
            sending.run();
        } catch (RuntimeException e) {
            end(e);
        }
    }

    /** Zero waits for ever. */
    private void watch(Pending<?> pending, long waitNanos) {
        if (patienceNanos <= 0) {
            return;
        }
        pending.timer = vertx.setTimer(Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNanos)), id -> {
            long left = heardNanos + patienceNanos - System.nanoTime();
            if (left > 0) {
                watch(pending, left);
            } else {
                end(LineTrouble.silent("the server did not answer in time"));
            }
        });
    }

    private void heard() {
        heardNanos = System.nanoTime();
    }

    /** Those that the server does not know yet, all at once. */
    private Future<?> prepare(List<PipelinedStatement> statements, Map<String, PreparedStatement> ready) {
        List<Future<?>> preparing = new ArrayList<>();
        Set<String> unknown = new HashSet<>();
        for (PipelinedStatement statement : statements) {
            String sql = statement.sql();
            PreparedStatement known = prepared.get(sql);
            if (known != null) {
                ready.put(sql, known);
            } else if (unknown.add(sql)) {
                preparing.add(connection.prepare(sql).onSuccess(fresh -> {
                    heard();
                    prepared.put(sql, fresh);
                    ready.put(sql, fresh);
                }));
            }
        }
        return preparing.isEmpty() ? Future.succeededFuture() : Future.all(preparing);
    }

    private void execute(
            Pending<List<Said>> pending, List<PipelinedStatement> statements, Map<String, PreparedStatement> ready) {
        Answers answers =
                new Answers(statements.size(), said -> finish(pending, said), trouble -> fail(pending, trouble));
        for (int i = 0; i < statements.size(); i++) {
            int place = i;
            PipelinedStatement statement = statements.get(i);
            Objects.requireNonNull(ready.get(statement.sql()))
                    .query()
                    .execute(statement.values())
                    .onComplete(answer -> {
                        heard();
                        if (answer.succeeded()) {
                            answers.put(place, statement, answer.result());
                        } else {
                            answers.failed(place, statement.saying(), LineTrouble.of(answer.cause()));
                        }
                    });
        }
        forget();
    }

    /** The server may be short of memory for them; what was sent is executed before they are given up. */
    private void forget() {
        Iterator<PreparedStatement> oldest = prepared.values().iterator();
        for (int surplus = prepared.size() - MAX_PREPARED; surplus > 0; surplus--) {
            oldest.next().close();
            oldest.remove();
        }
    }

    private <T> void finish(Pending<T> pending, T result) {
        ceaseToWait(pending);
        pending.promise.tryComplete(result);
    }

    private void fail(Pending<?> pending, DataAccessException failure) {
        ceaseToWait(pending);
        pending.promise.tryFail(failure);
    }

    private void ceaseToWait(Pending<?> pending) {
        underWay.remove(pending);
        vertx.cancelTimer(pending.timer);
    }

    private void end(@Nullable Throwable cause) {
        open = false;
        socket.close((closed, failure) -> {});
        DataAccessException reason = cause == null ? LineTrouble.lost(null) : LineTrouble.of(cause);
        for (Pending<?> pending : List.copyOf(underWay)) {
            fail(pending, reason);
        }
    }

    // ---- answers ----

    /** Counts the answers to a stage. The first failure is the one that is reported, when all have answered. */
    private static final class Answers {
        private final @Nullable Said[] said;
        private final Consumer<List<Said>> done;
        private final Consumer<DataAccessException> failed;
        private @Nullable DataAccessException failure;
        private int missing;

        private Answers(int size, Consumer<List<Said>> done, Consumer<DataAccessException> failed) {
            this.said = new Said[size];
            this.missing = size;
            this.done = done;
            this.failed = failed;
            if (size == 0) {
                done.accept(List.of());
            }
        }

        private void put(int place, PipelinedStatement statement, RowSet<Row> rows) {
            try {
                said[place] = statement.said(rows);
            } catch (RuntimeException e) {
                failure = failure == null ? new DataAccessException("the answer cannot be read", e) : failure;
            }
            count();
        }

        private void failed(int place, Saying saying, DataAccessException trouble) {
            if (saying.misfits() == Misfits.LEAVE_OUT
                    && DatabaseException.reasonOf(trouble) == DatabaseException.Reason.MISFIT) {
                said[place] = Said.doesNotFit();
            } else if (failure == null) {
                failure = trouble;
            }
            count();
        }

        private void count() {
            missing--;
            if (missing > 0) {
                return;
            }
            if (failure == null) {
                List<Said> all = new ArrayList<>();
                for (Said answer : said) {
                    all.add(Objects.requireNonNull(answer));
                }
                done.accept(all);
            } else {
                failed.accept(failure);
            }
        }
    }
}
