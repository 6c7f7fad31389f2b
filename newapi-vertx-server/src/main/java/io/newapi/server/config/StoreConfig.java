package io.newapi.server.config;

import io.newapi.server.store.SqliteLocation;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where the node stores its data: in a MySQL or MariaDB database, or in an SQLite file.
 *
 * @param mysql the server's database; empty for SQLite
 * @param logs where the table of logs is
 * @param sqliteFile the absolute file
 * @param sqliteQuery the driver's parameters after the question mark, such as {@code _busy_timeout=30000}; may be empty
 */
public record StoreConfig(Optional<MySqlDsn> mysql, LogPlace logs, Path sqliteFile, String sqliteQuery) {

    /** Where the table of logs is. */
    public sealed interface LogPlace {
        /** In the main database. */
        record Main() implements LogPlace {}

        /** In a database of a server. */
        record OnServer(MySqlDsn mysql) implements LogPlace {}

        /** In the SQLite file, while everything else is on a server. */
        record InFile() implements LogPlace {}
    }

    static final Variable<Optional<MySqlDsn>> SQL_DSN = Variable.of(
                    "SQL_DSN",
                    DatabaseAddress.MAIN,
                    "",
                    "Main database: MySQL or MariaDB in the form " + GoMySqlDsn.FORM
                            + ". Empty, or a text that starts with local, is the SQLite file SQLITE_PATH.")
            .hidden();

    static final Variable<DatabaseAddress.Named> LOG_SQL_DSN = Variable.of(
                    "LOG_SQL_DSN",
                    DatabaseAddress.LOG,
                    "",
                    "Database of the table of logs, the same on all nodes: MySQL or MariaDB in the form of SQL_DSN, or"
                            + " local for the SQLite file SQLITE_PATH. Empty, or the same as SQL_DSN, is the main"
                            + " database.")
            .hidden();

    static final Variable<String> SQLITE_PATH = Variable.of(
            "SQLITE_PATH",
            Kind.text(),
            "one-api.db?_busy_timeout=30000",
            "SQLite file, relative to the working directory, with the driver's parameters after a question mark.");

    static final Section SECTION = Section.of("Storage", SQL_DSN, LOG_SQL_DSN, SQLITE_PATH);

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
        Optional<MySqlDsn> mysql = settings.get(SQL_DSN);
        LogPlace logs = logPlace(settings.get(LOG_SQL_DSN), mysql);
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
                mysql,
                logs,
                directories.resolve(settings, SQLITE_PATH, file),
                query < 0 ? "" : text.substring(query + 1));
    }

    private static LogPlace logPlace(DatabaseAddress.Named named, Optional<MySqlDsn> main) {
        if (named.mysql().isPresent()) {
            MySqlDsn logs = named.mysql().get();
            return main.filter(logs::isSameDatabase).isPresent() ? new LogPlace.Main() : new LogPlace.OnServer(logs);
        }
        return named.isEmpty() || main.isEmpty() ? new LogPlace.Main() : new LogPlace.InFile();
    }
}
