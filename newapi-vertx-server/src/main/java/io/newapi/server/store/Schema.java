package io.newapi.server.store;

import io.newapi.server.store.SchemaScript.Column;
import io.newapi.server.store.SchemaScript.Index;
import io.newapi.server.store.SchemaScript.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Brings a database to the tables that this version needs: the original's eighteen, with exactly its types, defaults and
 * index names, and our own, whose names begin with {@code newapi_}.
 *
 * <p>Everything is additive. What is missing is created; what is there is never altered or dropped, whatever it looks
 * like, so that the original goes on working on the same database.
 */
public final class Schema {

    private static final Catalog SQLITE = new SqliteCatalog();
    private static final Catalog MYSQL = new MySqlCatalog();

    private Schema() {}

    /**
     * What was added.
     *
     * @param tables names of new tables
     * @param columns {@code table.column} of columns that were added to existing tables
     * @param indexes names of new indexes
     */
    public record Additions(List<String> tables, List<String> columns, List<String> indexes) {

        /** Copies the lists. */
        public Additions {
            tables = List.copyOf(tables);
            columns = List.copyOf(columns);
            indexes = List.copyOf(indexes);
        }
    }

    /** Tells what a database has. */
    interface Catalog {

        /** The scripts of what it should have. */
        List<String> scripts();

        /** Keeps other nodes from changing the schema until the work is done. */
        Additions alone(DSLContext context, Supplier<Additions> work);

        /** The columns of a table; none if there is no such table. */
        Set<String> columns(DSLContext context, String table);

        /** The names of the indexes of a table. */
        Set<String> indexes(DSLContext context, String table);
    }

    /**
     * Adds what is missing: on SQLite in one transaction, elsewhere while no other node does so.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions create(Database database) {
        return database.write(context -> {
            Catalog catalog = Dialect.isSqlite(context) ? SQLITE : MYSQL;
            return catalog.alone(context, () -> create(context, catalog));
        });
    }

    private static Additions create(DSLContext context, Catalog catalog) {
        List<String> tables = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<String> indexes = new ArrayList<>();
        for (String resource : catalog.scripts()) {
            SchemaScript script = SchemaScript.load(resource);
            for (Table table : script.tables()) {
                Set<String> present = catalog.columns(context, table.name());
                if (present.isEmpty()) {
                    run(context, table.sql(), "create the table " + table.name());
                    tables.add(table.name());
                    continue;
                }
                for (Column column : table.columns()) {
                    if (!present.contains(column.name())) {
                        String name = table.name() + "." + column.name();
                        run(context, column.additionTo(table.name()), "add the column " + name);
                        columns.add(name);
                    }
                }
            }
            for (Index index : script.indexes()) {
                if (!catalog.indexes(context, index.table()).contains(index.name())) {
                    run(context, index.sql(), "create the index " + index.name());
                    indexes.add(index.name());
                }
            }
        }
        return new Additions(tables, columns, indexes);
    }

    /** A lock is for {@link Database} to handle; anything else means that the database is not what it seems. */
    private static void run(DSLContext context, String sql, String doing) {
        try {
            context.connection(connection -> {
                try (var statement = connection.createStatement()) {
                    statement.execute(sql);
                }
            });
        } catch (DataAccessException e) {
            if (DatabaseException.reasonOf(e) == DatabaseException.Reason.LOCKED) {
                throw e;
            }
            throw new DatabaseException(
                    DatabaseException.Reason.SCHEMA, "cannot " + doing + ": " + DatabaseException.rootMessage(e), e);
        }
    }

    private static final class SqliteCatalog implements Catalog {

        @Override
        public List<String> scripts() {
            return List.of("original-sqlite.sql", "newapi-sqlite.sql");
        }

        /** A writer is alone anyway. */
        @Override
        public Additions alone(DSLContext context, Supplier<Additions> work) {
            return work.get();
        }

        @Override
        public Set<String> columns(DSLContext context, String table) {
            return new HashSet<>(context.fetch("select name from pragma_table_info(?)", table)
                    .getValues(0, String.class));
        }

        @Override
        public Set<String> indexes(DSLContext context, String table) {
            return new HashSet<>(
                    context.fetch("select name from sqlite_master where type = 'index' and tbl_name = ?", table)
                            .getValues(0, String.class));
        }
    }

    private static final class MySqlCatalog implements Catalog {

        private static final int PATIENCE_SECONDS = 60;

        @Override
        public List<String> scripts() {
            return List.of("original-mysql.sql", "newapi-mysql.sql");
        }

        /** Statements that define tables commit by themselves, so a named lock takes the place of the transaction. */
        @Override
        public Additions alone(DSLContext context, Supplier<Additions> work) {
            String lock = lock(context);
            Integer got = context.fetchSingle("select get_lock(?, ?)", lock, PATIENCE_SECONDS)
                    .get(0, Integer.class);
            if (got == null || got != 1) {
                throw new DatabaseException(
                        DatabaseException.Reason.SCHEMA,
                        "another node has been changing the tables for " + PATIENCE_SECONDS + " seconds",
                        null);
            }
            try {
                return work.get();
            } finally {
                context.fetch("select release_lock(?)", lock);
            }
        }

        /** Locks are of the whole server: the name tells whose tables are meant, and has at most 64 characters. */
        private static String lock(DSLContext context) {
            String schema = context.fetchSingle("select database()").get(0, String.class);
            return "newapi_schema_" + Integer.toHexString(String.valueOf(schema).hashCode());
        }

        @Override
        public Set<String> columns(DSLContext context, String table) {
            return new HashSet<>(context.fetch(
                            "select column_name from information_schema.columns"
                                    + " where table_schema = database() and table_name = ?",
                            table)
                    .getValues(0, String.class));
        }

        @Override
        public Set<String> indexes(DSLContext context, String table) {
            return new HashSet<>(context.fetch(
                            "select distinct index_name from information_schema.statistics"
                                    + " where table_schema = database() and table_name = ?",
                            table)
                    .getValues(0, String.class));
        }
    }
}
