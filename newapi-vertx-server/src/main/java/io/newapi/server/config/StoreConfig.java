package io.newapi.server.config;

import io.newapi.server.store.Pooling;
import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Where the node stores its data: in a MySQL, MariaDB or PostgreSQL database, or in an SQLite file.
 *
 * @param server the server's database; empty for SQLite
 * @param logs where the table of logs is
 * @param maxLifetime when a connection to a server is replaced by a new one; zero for never
 * @param pipelining whether statements to MySQL and MariaDB may be sent before others are answered
 * @param sqliteFile the absolute file
 * @param sqliteQuery the driver's parameters after the question mark, such as {@code _busy_timeout=30000}; may be empty
 */
public record StoreConfig(
        Optional<ServerDsn> server,
        LogPlace logs,
        Duration maxLifetime,
        boolean pipelining,
        Path sqliteFile,
        String sqliteQuery) {

    /** Where the table of logs is. */
    public sealed interface LogPlace {
        /** In the main database. */
        record Main() implements LogPlace {}

        /** In a database of a server. */
        record OnServer(ServerDsn server) implements LogPlace {}

        /** In the SQLite file, while everything else is on a server. */
        record InFile() implements LogPlace {}
    }

    private static final int MAX_LIFETIME_SECONDS = 86_400;

    static final Variable<Optional<ServerDsn>> SQL_DSN = Variable.of(
                    "SQL_DSN",
                    DatabaseAddress.MAIN,
                    "",
                    "Main database: MySQL or MariaDB in the form " + GoMySqlDsn.FORM + ", or PostgreSQL in the form "
                            + PostgresUrl.FORM
                            + ". Empty, or a text that starts with local, is the SQLite file SQLITE_PATH.")
            .hidden();

    static final Variable<DatabaseAddress.Named> LOG_SQL_DSN = Variable.of(
                    "LOG_SQL_DSN",
                    DatabaseAddress.LOG,
                    "",
                    "Database of the table of logs, the same on all nodes: of a server in a form of SQL_DSN, or"
                            + " local for the SQLite file SQLITE_PATH. Empty, or the same as SQL_DSN, is the main"
                            + " database.")
            .hidden();

    static final Variable<String> SQLITE_PATH = Variable.of(
            "SQLITE_PATH",
            Kind.text(),
            "one-api.db?_busy_timeout=30000",
            "SQLite file, relative to the working directory, with the driver's parameters after a question mark.");

    static final Variable<Duration> SQL_MAX_LIFETIME = Variable.of(
            "SQL_MAX_LIFETIME",
            Kind.secondsOrNever((int) Pooling.LEAST_LIFETIME.toSeconds(), MAX_LIFETIME_SECONDS),
            String.valueOf(Pooling.DEFAULT_LIFETIME.toSeconds()),
            "When a connection to a database server is replaced by a new one, in seconds and not minutes; 0 = never."
                    + " Below what the server or a proxy allows.");

    static final Variable<Boolean> PIPELINING = Variable.of(
            "NEWAPI_SQL_PIPELINING",
            Kind.bool(),
            "true",
            "Send MySQL and MariaDB what needs no answer of each other at once, so that a far one is not waited for"
                    + " statement by statement. Set false behind ProxySQL.");

    static final Section SECTION =
            Section.of("Storage", SQL_DSN, LOG_SQL_DSN, SQL_MAX_LIFETIME, PIPELINING, SQLITE_PATH);

    /** The kind of database, in the word that the original's console knows. */
    public String databaseType() {
        return server.map(dsn -> dsn.match(mysql -> "mysql", postgres -> "postgres"))
                .orElse("sqlite");
    }

    /** File and parameters as one text, the form of {@code SQLITE_PATH}. */
    public String sqlitePath() {
        return sqliteQuery.isEmpty() ? sqliteFile.toString() : sqliteFile + "?" + sqliteQuery;
    }

    /** What opens the file later reads the parameters too; here its judgement is wanted before anything is opened. */
    private static void checkParameters(Settings settings, String text) {
        try {
            SqliteLocation.parse(text).warnings().forEach(settings::warn);
        } catch (IllegalArgumentException e) {
            settings.problem(Settings.printable(String.valueOf(e.getMessage()), 200));
        }
    }

    static StoreConfig read(Settings settings, Directories directories) {
        Optional<ServerDsn> server = settings.get(SQL_DSN);
        LogPlace logs = logPlace(settings.get(LOG_SQL_DSN), server);
        String text = settings.get(SQLITE_PATH);
        int query = text.indexOf('?');
        String file = query < 0 ? text : text.substring(0, query);
        if (file.startsWith("file:")) {
            file = file.substring("file:".length());
        }
        if (file.isBlank() || file.startsWith(":memory:")) {
            settings.problem(SQLITE_PATH, text, "must name a file; a database in memory would end with the process");
        } else {
            checkParameters(settings, text);
        }
        return new StoreConfig(
                server,
                logs,
                settings.get(SQL_MAX_LIFETIME),
                settings.get(PIPELINING),
                directories.resolve(settings, SQLITE_PATH, file),
                query < 0 ? "" : text.substring(query + 1));
    }

    private static LogPlace logPlace(DatabaseAddress.Named named, Optional<ServerDsn> main) {
        if (named.server().isPresent()) {
            ServerDsn logs = named.server().get();
            return main.filter(logs::isSameDatabase).isPresent() ? new LogPlace.Main() : new LogPlace.OnServer(logs);
        }
        return named.isEmpty() || main.isEmpty() ? new LogPlace.Main() : new LogPlace.InFile();
    }
}
