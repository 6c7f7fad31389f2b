package io.newapi.server.store;

import static org.jooq.impl.DSL.field;
import static org.jooq.impl.SQLDataType.BIGINT;

import java.time.Instant;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.SelectForUpdateStep;

/** What each kind of database says in its own way, where jOOQ cannot know. */
final class Dialect {

    private Dialect() {}

    /**
     * For inserts with {@code on conflict}. MariaDB does not know what jOOQ writes for MySQL ({@code as excluded}, of
     * 8.0.19); what it writes for MariaDB ({@code values(...)}), both know.
     */
    static DSLContext upserts(DSLContext context) {
        return isSqlite(context)
                ? context
                : context.configuration().derive(SQLDialect.MARIADB).dsl();
    }

    /** The rows of a query, kept from others until the transaction ends. An SQLite writer is alone anyway. */
    static <R extends Record> ResultQuery<R> locked(DSLContext context, SelectForUpdateStep<R> query) {
        return isSqlite(context) ? query : query.forUpdate();
    }

    /** A time as a {@code datetime} column takes it: in UTC. */
    static String time(DSLContext context, Instant time) {
        return isSqlite(context) ? DateText.of(time) : DateText.withoutZone(time);
    }

    /** The database's own clock when the statement begins, in milliseconds since 1970. */
    static Field<Long> nowMillis(DSLContext context) {
        return isSqlite(context)
                ? field("cast((julianday('now') - 2440587.5) * 86400000 as integer)", BIGINT)
                : field("cast(unix_timestamp(now(3)) * 1000 as signed)", BIGINT);
    }

    static boolean isSqlite(DSLContext context) {
        return context.family() == SQLDialect.SQLITE;
    }
}
