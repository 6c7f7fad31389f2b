package io.newapi.server.config;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

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

    /** The value of {@code REDIS_CONN_STRING}: always refused. */
    static final Kind<String> REDIS = new Kind<>(
            "URL",
            "",
            "",
            (text, warn) -> {
                if (text.isEmpty()) {
                    return text;
                }
                throw new BadValueException(
                        isRedis(text)
                                ? "must not be set: clustering is not part of this version, and one node needs no Redis"
                                : "must not be set in this version, which runs one node; and it is not a Redis address"
                                        + " such as redis://:password@host:6379/0");
            },
            Function.identity());

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

    private static boolean isRedis(String text) {
        return text.matches("(rediss?|unix)://\\S+")
                || text.matches("[^\\s/@:,]+:[0-9]{1,5}(,[^\\s/@:,]+:[0-9]{1,5})*");
    }
}
