package io.newapi.server.store;

import static org.jooq.impl.DSL.max;
import static org.jooq.impl.SQLDataType.BIGINT;
import static org.jooq.impl.SQLDataType.CLOB;

import java.util.Collection;
import java.util.OptionalLong;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.impl.DSL;

/**
 * Keeps the id of a row that was removed from being given to another: old logs would tell about the wrong one. SQLite gives the
 * highest id again once its row is gone; the servers count on by themselves, and nothing is done there.
 */
final class Sequences {

    private static final Table<Record> TABLE = DSL.table(DSL.name("newapi_sequences"));
    private static final Field<String> NAME = DSL.field(DSL.name("name"), CLOB);
    private static final Field<Long> SPENT = DSL.field(DSL.name("spent"), BIGINT);

    private Sequences() {}

    /** The id for a new row of {@code table}; empty if the database finds one that was never used. */
    static OptionalLong next(DSLContext context, Table<Record> table, Field<Long> id) {
        if (!reusesIds(context)) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(Math.max(highest(context, table, id), spent(context, table)) + 1);
    }

    /** To be called before the rows with these ids are removed. */
    static void spend(DSLContext context, Table<Record> table, Field<Long> id, Collection<Long> ids) {
        if (!reusesIds(context)) {
            return;
        }
        Long highest = context.select(max(id))
                .from(table)
                .where(id.in(ids))
                .fetchSingle()
                .value1();
        if (highest != null && highest > spent(context, table)) {
            context.insertInto(TABLE)
                    .set(NAME, table.getName())
                    .set(SPENT, highest)
                    .onConflict(NAME)
                    .doUpdate()
                    .set(SPENT, highest)
                    .execute();
        }
    }

    /** The highest value of a column, 0 in an empty table. */
    static long highest(DSLContext context, Table<Record> table, Field<Long> column) {
        Long highest = context.select(max(column)).from(table).fetchSingle().value1();
        return highest == null ? 0 : highest;
    }

    /**
     * Brings the counters of PostgreSQL up to the rows that there are: rows that were copied from another database came
     * with their ids, of which the counters know nothing. Never back.
     */
    static void catchUp(DSLContext context) {
        context.fetch("select c.relname, pg_get_serial_sequence(quote_ident(c.relname), a.attname) from pg_class c"
                        + " join pg_attribute a on a.attrelid = c.oid and a.attname = 'id' and not a.attisdropped"
                        + " where c.relkind = 'r' and c.relnamespace = current_schema()::regnamespace"
                        + " and pg_get_serial_sequence(quote_ident(c.relname), a.attname) is not null")
                .forEach(row ->
                        catchUp(context, DSL.table(DSL.name(row.get(0, String.class))), row.get(1, String.class)));
    }

    private static void catchUp(DSLContext context, Table<Record> table, String sequence) {
        long highest = highest(context, table, DSL.field(DSL.name("id"), BIGINT));
        Long counted = context.fetchSingle("select last_value from " + sequence).get(0, Long.class);
        if (counted != null && highest > counted) {
            context.fetch("select setval(?::regclass, ?)", sequence, highest);
        }
    }

    static boolean reusesIds(DSLContext context) {
        return context.family() == SQLDialect.SQLITE;
    }

    private static long spent(DSLContext context, Table<Record> table) {
        return context.select(SPENT)
                .from(TABLE)
                .where(NAME.eq(table.getName()))
                .fetchOptional(SPENT)
                .orElse(0L);
    }
}
