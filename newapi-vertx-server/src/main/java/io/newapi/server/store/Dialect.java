package io.newapi.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.time.Instant;
import java.util.Objects;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.SelectForUpdateStep;
import org.jspecify.annotations.Nullable;

/** What each kind of database says in its own way, where jOOQ cannot know. */
final class Dialect {

    private static final String DATES = "newapi.dates";

    private Dialect() {}

    /** Tells the queries of a context how their database takes and gives times. */
    static DSLContext withDates(DSLContext context, DateText dates) {
        context.data(DATES, dates);
        return context;
    }

    /**
     * For inserts with {@code on conflict}. MariaDB does not know what jOOQ writes for MySQL ({@code as excluded}, of
     * 8.0.19); what it writes for MariaDB ({@code values(...)}), both know.
     */
    static DSLContext upserts(DSLContext context) {
        return context.family() == SQLDialect.MYSQL
                ? context.configuration().derive(SQLDialect.MARIADB).dsl()
                : context;
    }

    /** The rows of a query, kept from others until the transaction ends. An SQLite writer is alone anyway. */
    static <R extends Record> ResultQuery<R> locked(DSLContext context, SelectForUpdateStep<R> query) {
        return isSqlite(context) ? query : query.forUpdate();
    }

    /** A time as a {@code datetime} column takes it. */
    static String time(DSLContext context, Instant time) {
        return dates(context.configuration()).of(time);
    }

    /** The time in a {@code datetime} column. */
    static @Nullable Instant time(Record row, Field<String> column) {
        return dates(Objects.requireNonNull(row.configuration(), "the row of no query"))
                .parse(row.get(column));
    }

    private static DateText dates(Configuration configuration) {
        return (DateText) Objects.requireNonNull(configuration.data(DATES), "no way to write times");
    }

    /**
     * Runs a statement that may fail without ending the transaction. PostgreSQL accepts nothing more in a transaction in
     * which a statement has failed, unless it is taken back to a point before; the others undo the statement alone.
     */
    static void runUndoable(DSLContext context, Runnable statement) {
        if (!isPostgres(context)) {
            statement.run();
            return;
        }
        context.execute("savepoint newapi_statement");
        try {
            statement.run();
        } catch (RuntimeException e) {
            context.execute("rollback to savepoint newapi_statement");
            throw e;
        }
        context.execute("release savepoint newapi_statement");
    }

    /** The database's own clock when the statement begins, in milliseconds since 1970. */
    static Field<Long> nowMillis(DSLContext context) {
        if (isSqlite(context)) {
            return field("cast((julianday('now') - 2440587.5) * 86400000 as integer)", BIGINT);
        }
        return isPostgres(context)
                ? field("cast(extract(epoch from statement_timestamp()) * 1000 as bigint)", BIGINT)
                : field("cast(unix_timestamp(now(3)) * 1000 as signed)", BIGINT);
    }

    static boolean isSqlite(DSLContext context) {
        return context.family() == SQLDialect.SQLITE;
    }

    static boolean isPostgres(DSLContext context) {
        return context.family() == SQLDialect.POSTGRES;
    }
}
