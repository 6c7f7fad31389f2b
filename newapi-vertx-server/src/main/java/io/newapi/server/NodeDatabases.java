package io.newapi.server;

import io.newapi.server.config.MySqlDsn;
import io.newapi.server.config.PostgresDsn;
import io.newapi.server.config.Secret;
import io.newapi.server.config.ServerDsn;
import io.newapi.server.config.StoreConfig;
import io.newapi.server.config.StoreConfig.LogPlace;
import io.newapi.server.store.Database;
import io.newapi.server.store.DatabaseConfig;
import io.newapi.server.store.DatabaseException;
import io.newapi.server.store.MySqlLocation;
import io.newapi.server.store.PipelinedReads;
import io.newapi.server.store.Pooling;
import io.newapi.server.store.PostgresLocation;
import io.newapi.server.store.Schema;
import io.newapi.server.store.ServerLocation;
import io.newapi.server.store.SqliteLocation;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The databases of a node, with their tables: the main one, and the one of logs, which is the same unless it was given one
 * of its own. On a server the ledger and the log rows have connections of their own; an SQLite file has one that writes
 * anyway.
 */
final class NodeDatabases implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDatabases.class);

    /** Many nodes share a server, whose own limit is often 151. */
    private static final int MAX_CONNECTIONS = 16;

    private static final int MAX_CONNECTIONS_FOR_LOGS = 6;

    /** How long an answer is waited for where the address says nothing about it. */
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(60);

    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final Database main;
    private final Database ledger;
    private final Database logs;
    private final Optional<Database> logRows;
    private final Optional<PipelinedReads> reads;
    /** Whether this node makes the original's tables where they are missing. */
    private final boolean makesTables;

    private volatile boolean logsAway;

    private NodeDatabases(StoreConfig config, boolean candidate, Vertx vertx) {
        // a file is of this node alone
        this.makesTables = candidate || config.server().isEmpty();
        Optional<ServerLocation> server =
                config.server().map(dsn -> location(dsn, new Pooling(connections(config), config.maxLifetime())));
        Supplier<Database> file = () -> Database.open(DatabaseConfig.of(SqliteLocation.parse(config.sqlitePath())));
        try {
            main = opened(server.map(location -> named("SQL_DSN", () -> Database.open(location)))
                    .orElseGet(file));
            report("SQL_DSN", makesTables ? Schema.create(main) : Schema.createOurs(main));
            ledger = server.map(location -> openLedger(location, config.pipelining(), vertx))
                    .map(this::opened)
                    .orElse(main);
            reads = server.filter(location -> config.pipelining())
                    .flatMap(location -> PipelinedReads.open(location, vertx))
                    .map(this::opened);
            if (config.logs() instanceof LogPlace.OnServer place) {
                ServerLocation location =
                        location(place.server(), new Pooling(MAX_CONNECTIONS_FOR_LOGS, config.maxLifetime()));
                logsAway = isAway(location);
                logs = opened(Database.openLater(location));
                logRows = Optional.of(opened(Database.openLaterForLedger(location)));
            } else if (config.logs() instanceof LogPlace.InFile) {
                logs = opened(file.get());
                logRows = Optional.of(logs);
            } else {
                logs = main;
                logRows = Optional.empty();
            }
            if (config.logs() instanceof LogPlace.InFile) {
                report("LOG_SQL_DSN", Schema.createLogs(logs));
            } else if (logRows.isPresent() && !logsAway) {
                prepareLogs();
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * @param candidate whether this node may be the master; others leave the original's tables on a server to it
     * @param vertx must outlive them
     * @throws DatabaseException if one of them cannot be used; with {@link DatabaseException.Reason#NO_TABLES} there are none
     *     that this node may use
     */
    static NodeDatabases open(StoreConfig config, boolean candidate, Vertx vertx) {
        return new NodeDatabases(config, candidate, vertx);
    }

    private static Database openLedger(ServerLocation location, boolean pipelining, Vertx vertx) {
        return pipelining ? Database.openForLedger(location, vertx) : Database.openForLedger(location);
    }

    /** What JDBC may have of them: one is the pipelined ledger's, and one that of what calls read. */
    private static int connections(StoreConfig config) {
        return config.pipelining() && config.databaseType().equals("mysql") ? MAX_CONNECTIONS - 2 : MAX_CONNECTIONS;
    }

    /** Everything but logs, unless they have no other. */
    Database main() {
        return main;
    }

    /** The main one, for the ledger's transactions. */
    Database ledger() {
        return ledger;
    }

    /** What calls read from the main one without a thread that waits; empty where that is done over JDBC. */
    Optional<PipelinedReads> reads() {
        return reads;
    }

    /** Where the table of logs is. */
    Database logs() {
        return logs;
    }

    /** The one of logs, for the rows of charges, which are written one page at a time; empty where logs have no other. */
    Optional<Database> logRows() {
        return logRows;
    }

    /** Whether the database of logs has not been reached since the start. */
    boolean areLogsAway() {
        return logsAway;
    }

    /**
     * Makes the tables of logs in a database that was away at the start.
     *
     * @throws DatabaseException if it still is, or another node is to make them first
     */
    void prepareLogs() {
        report("LOG_SQL_DSN", makesTables ? Schema.createLogs(logs) : Schema.createOursForLogs(logs));
        logsAway = false;
    }

    @Override
    public void close() {
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    /** One look, which fails at once. Who is not let in has a setting to correct; who finds nobody can wait. */
    private static boolean isAway(ServerLocation location) {
        try {
            named("LOG_SQL_DSN", () -> Database.open(location)).close();
            return false;
        } catch (DatabaseException e) {
            if (e.reason() != DatabaseException.Reason.UNREACHABLE) {
                throw e;
            }
            LOG.error("the node starts without its logs, whose rows wait in the journal: {}", e.getMessage());
            return true;
        }
    }

    /** Says which setting it is whose database cannot be opened. */
    private static Database named(String variable, Supplier<Database> opening) {
        try {
            return opening.get();
        } catch (DatabaseException e) {
            throw new DatabaseException(e.reason(), variable + ": " + e.getMessage(), e);
        }
    }

    private Database opened(Database database) {
        closing.push(database::close);
        return database;
    }

    private PipelinedReads opened(PipelinedReads opened) {
        closing.push(opened::close);
        return opened;
    }

    private static void report(String variable, Schema.Additions additions) {
        if (!additions.absent().isEmpty()) {
            throw new DatabaseException(
                    DatabaseException.Reason.NO_TABLES,
                    variable + ": " + additions.absent().size() + " of New API's tables are missing, among them "
                            + additions.absent().get(0) + ", and NODE_TYPE=slave leaves them to the master",
                    null);
        }
        additions
                .narrow()
                .forEach(column -> LOG.warn(
                        "{}: larger amounts are put into suspense until it is repaired with: {}",
                        column,
                        column.repair()));
    }

    private static ServerLocation location(ServerDsn dsn, Pooling pooling) {
        return dsn.match(mysql -> location(mysql, pooling), postgres -> location(postgres, pooling));
    }

    private static ServerLocation location(MySqlDsn dsn, Pooling pooling) {
        return new MySqlLocation(
                dsn.host(),
                dsn.port(),
                dsn.user(),
                dsn.password().map(Secret::reveal).orElse(""),
                dsn.database(),
                MySqlLocation.Tls.valueOf(dsn.tls().name()),
                dsn.connectTimeout(),
                dsn.readTimeout(),
                dsn.zone(),
                dsn.sessionVariables(),
                pooling);
    }

    private static ServerLocation location(PostgresDsn dsn, Pooling pooling) {
        return new PostgresLocation(
                dsn.hosts().stream()
                        .map(host -> new PostgresLocation.Host(host.name(), host.port()))
                        .toList(),
                dsn.primaryOnly(),
                dsn.user(),
                dsn.password().map(Secret::reveal).orElse(""),
                dsn.database(),
                PostgresLocation.Tls.valueOf(dsn.tls().name()),
                dsn.rootCertificate(),
                dsn.connectTimeout(),
                READ_TIMEOUT,
                dsn.schema(),
                dsn.parameters(),
                pooling);
    }
}
