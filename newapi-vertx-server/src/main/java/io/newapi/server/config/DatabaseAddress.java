package io.newapi.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Judges the texts that name databases. What is wrong is said without quoting them, because they hold passwords. */
final class DatabaseAddress {

    /** The value of {@code SQL_DSN}: a database of a server, or nothing for SQLite. */
    static final Kind<Optional<ServerDsn>> MAIN = new Kind<>(
            "DSN",
            "",
            "",
            (text, warn) -> read(text, "SQLite (the file is SQLITE_PATH)"),
            dsn -> dsn.isPresent() ? "***" : "");

    /**
     * A database for a part of the data.
     *
     * @param isEmpty whether none is named
     * @param server the server's database; empty for the SQLite file
     */
    record Named(boolean isEmpty, Optional<ServerDsn> server) {}

    /** The value of {@code LOG_SQL_DSN}. */
    static final Kind<Named> LOG = new Kind<>(
            "DSN",
            "",
            "",
            (text, warn) -> new Named(text.isEmpty(), read(text, "the main database")),
            named -> named.server().isPresent() ? "***" : named.isEmpty() ? "" : "local");

    /** The other form of PostgreSQL's programs, which the original takes for MySQL. */
    private static final Pattern KEYS_AND_VALUES =
            Pattern.compile("\\s*(host|hostaddr|port|dbname|user|password|sslmode|service)\\s*=.*");

    private DatabaseAddress() {}

    /** @param emptyIs what an empty text stands for */
    private static Optional<ServerDsn> read(String text, String emptyIs) throws BadValueException {
        if (text.isEmpty() || text.startsWith("local")) {
            return Optional.empty();
        }
        if (PostgresUrl.isOne(text)) {
            return Optional.of(PostgresUrl.parse(text));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.matches("(clickhouse|tcp|https?)://.*")) {
            throw new BadValueException("must be empty for " + emptyIs
                    + " or name a MySQL, MariaDB or PostgreSQL database: ClickHouse is not part of this version");
        }
        if (lower.matches("(jdbc:)?postgres(ql)?:.*")
                || KEYS_AND_VALUES.matcher(text).matches()) {
            throw new BadValueException("must have the form " + PostgresUrl.FORM + " for PostgreSQL");
        }
        if (lower.matches("(jdbc:)?[a-z0-9+]+:(//|[a-z]+:).*")
                && !lower.contains("@tcp(")
                && !lower.contains("@unix(")) {
            throw new BadValueException("must not be a URL: MySQL is named in the form " + GoMySqlDsn.FORM);
        }
        return Optional.of(GoMySqlDsn.parse(text));
    }
}
