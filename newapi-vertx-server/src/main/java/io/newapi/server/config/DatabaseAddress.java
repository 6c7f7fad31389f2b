package io.newapi.server.config;

import java.util.Locale;
import java.util.Optional;

/** Judges the texts that name databases. What is wrong is said without quoting them, because they hold passwords. */
final class DatabaseAddress {

    /** The value of {@code SQL_DSN}: MySQL, or nothing for SQLite. */
    static final Kind<Optional<MySqlDsn>> MAIN = new Kind<>(
            "DSN",
            "",
            "",
            (text, warn) -> read(text, "SQLite (the file is SQLITE_PATH)"),
            dsn -> dsn.isPresent() ? "***" : "");

    /**
     * A database for a part of the data.
     *
     * @param isEmpty whether none is named
     * @param mysql the server's database; empty for the SQLite file
     */
    record Named(boolean isEmpty, Optional<MySqlDsn> mysql) {}

    /** The value of {@code LOG_SQL_DSN}. */
    static final Kind<Named> LOG = new Kind<>(
            "DSN",
            "",
            "",
            (text, warn) -> new Named(text.isEmpty(), read(text, "the main database")),
            named -> named.mysql().isPresent() ? "***" : named.isEmpty() ? "" : "local");

    private DatabaseAddress() {}

    /** @param emptyIs what an empty text stands for */
    private static Optional<MySqlDsn> read(String text, String emptyIs) throws BadValueException {
        if (text.isEmpty() || text.startsWith("local")) {
            return Optional.empty();
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("postgres://") || lower.startsWith("postgresql://")) {
            throw notThisVersion("PostgreSQL", emptyIs);
        }
        if (lower.matches("(clickhouse|tcp|https?)://.*")) {
            throw notThisVersion("ClickHouse", emptyIs);
        }
        if (lower.matches("(jdbc:)?[a-z0-9+]+:(//|[a-z]+:).*")
                && !lower.contains("@tcp(")
                && !lower.contains("@unix(")) {
            throw new BadValueException("must not be a URL: MySQL is named in the form " + GoMySqlDsn.FORM);
        }
        return Optional.of(GoMySqlDsn.parse(text));
    }

    private static BadValueException notThisVersion(String database, String emptyIs) {
        return new BadValueException("must be empty for " + emptyIs + " or name a MySQL or MariaDB database: "
                + database + " is not part of this version");
    }
}
