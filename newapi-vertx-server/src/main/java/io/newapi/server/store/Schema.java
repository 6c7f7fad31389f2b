package io.newapi.server.store;

import io.newapi.server.store.SchemaScript.Column;
import io.newapi.server.store.SchemaScript.Index;
import io.newapi.server.store.SchemaScript.Table;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Result;
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
    private static final Catalog POSTGRES = new PostgresCatalog();

    private static final String OURS = "newapi_";

    /** What a database of its own for logs has. */
    private static final Set<String> OF_LOGS = Set.of("logs", "newapi_log_positions", "newapi_removed_logs");

    /** Columns that grow with what is charged or credited. */
    private static final Set<String> AMOUNTS = Set.of(
            "users.quota",
            "users.used_quota",
            "users.request_count",
            "users.aff_quota",
            "users.aff_history",
            "tokens.remain_quota",
            "tokens.used_quota",
            "channels.used_quota",
            "logs.quota",
            "logs.prompt_tokens",
            "logs.completion_tokens",
            "quota_data.token_used",
            "quota_data.count",
            "quota_data.quota",
            "redemptions.quota");

    private Schema() {}

    /**
     * What was added.
     *
     * @param tables names of new tables
     * @param columns {@code table.column} of columns that were added to existing tables
     * @param indexes names of new indexes
     * @param narrow what was left as it is, though amounts may come that it cannot hold
     * @param absent names of the original's tables that are missing, and were left for others to make
     */
    public record Additions(
            List<String> tables,
            List<String> columns,
            List<String> indexes,
            List<NarrowColumn> narrow,
            List<String> absent) {

        /** Copies the lists. */
        public Additions {
            tables = List.copyOf(tables);
            columns = List.copyOf(columns);
            indexes = List.copyOf(indexes);
            narrow = List.copyOf(narrow);
            absent = List.copyOf(absent);
        }
    }

    /**
     * What a database has.
     *
     * @param columns types of columns, by table and name; kinds of database without narrow types need not say them
     * @param indexes names of indexes, by table
     */
    private record Present(Map<String, Map<String, String>> columns, Map<String, Set<String>> indexes) {

        private boolean hasTable(String table) {
            return columns.containsKey(table);
        }

        private boolean hasIndex(Index index) {
            return indexes.getOrDefault(index.table(), Set.of()).contains(index.name());
        }
    }

    /** Tells what a database has. */
    interface Catalog {

        /** The scripts of what it should have. */
        List<String> scripts();

        /** Types that hold less than the amounts that may come. */
        Set<String> narrowTypes();

        /** The statement that gives an existing column the type that it should have. */
        String repair(String table, Column column);

        /** Keeps other nodes from changing the schema until the work is done. */
        Additions alone(DSLContext context, Supplier<Additions> work);

        /** The query that has a row if there is the table that its one parameter names. */
        String tableNamed();

        /** Everything at once: a query for each table takes seconds on a server with many. */
        Present present(DSLContext context);
    }

    /**
     * Adds what is missing: on SQLite and PostgreSQL in one transaction, elsewhere while no other node does so.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions create(Database database) {
        return create(database, table -> true, table -> true);
    }

    /**
     * The same in a database that has nothing but logs.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions createLogs(Database database) {
        return create(database, OF_LOGS::contains, table -> true);
    }

    /**
     * Adds what is missing, but none of the original's tables: for a node that leaves those to the master, and cannot go on
     * while {@link Additions#absent} names some.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions createOurs(Database database) {
        return create(database, table -> true, Schema::isOurs);
    }

    /**
     * The same in a database that has nothing but logs.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions createOursForLogs(Database database) {
        return create(database, OF_LOGS::contains, Schema::isOurs);
    }

    private static boolean isOurs(String table) {
        return table.startsWith(OURS);
    }

    /**
     * @param wanted tables that the database is to have
     * @param creatable those of them that are made if they are missing
     */
    private static Additions create(Database database, Predicate<String> wanted, Predicate<String> creatable) {
        return database.write(context -> {
            Catalog catalog = catalog(context);
            return catalog.alone(context, () -> create(context, catalog, wanted, creatable));
        });
    }

    /** Whether there is a table of this name. */
    static boolean hasTable(DSLContext context, String name) {
        return !context.fetch(catalog(context).tableNamed(), name).isEmpty();
    }

    private static Catalog catalog(DSLContext context) {
        if (Dialect.isPostgres(context)) {
            return POSTGRES;
        }
        return Dialect.isSqlite(context) ? SQLITE : MYSQL;
    }

    private static Additions create(
            DSLContext context, Catalog catalog, Predicate<String> wanted, Predicate<String> creatable) {
        Present present = catalog.present(context);
        List<String> tables = new ArrayList<>();
        List<String> columns = new ArrayList<>();
        List<String> indexes = new ArrayList<>();
        List<NarrowColumn> narrow = new ArrayList<>();
        List<String> absent = new ArrayList<>();
        for (String resource : catalog.scripts()) {
            SchemaScript script = SchemaScript.load(resource);
            for (Table table : script.tables()) {
                if (!wanted.test(table.name())) {
                    continue;
                }
                if (present.hasTable(table.name())) {
                    Map<String, String> types = present.columns().getOrDefault(table.name(), Map.of());
                    columns.addAll(addMissing(context, table, types.keySet()));
                    narrow.addAll(narrow(catalog, table, types));
                } else if (!creatable.test(table.name())) {
                    absent.add(table.name());
                } else {
                    run(context, table.sql(), "create the table " + table.name());
                    tables.add(table.name());
                }
            }
            for (Index index : script.indexes()) {
                boolean there = wanted.test(index.table()) && !absent.contains(index.table());
                if (there && !present.hasIndex(index)) {
                    run(context, index.sql(), "create the index " + index.name());
                    indexes.add(index.name());
                }
            }
        }
        return new Additions(tables, columns, indexes, narrow, absent);
    }

    private static List<String> addMissing(DSLContext context, Table table, Set<String> present) {
        List<String> added = new ArrayList<>();
        for (Column column : table.columns()) {
            if (!present.contains(column.name())) {
                String name = table.name() + "." + column.name();
                run(context, column.additionTo(table.name()), "add the column " + name);
                added.add(name);
            }
        }
        return added;
    }

    private static List<NarrowColumn> narrow(Catalog catalog, Table table, Map<String, String> types) {
        return table.columns().stream()
                .filter(column -> AMOUNTS.contains(table.name() + "." + column.name()))
                .filter(column -> catalog.narrowTypes().contains(types.getOrDefault(column.name(), "")))
                .map(column -> new NarrowColumn(
                        table.name(),
                        column.name(),
                        types.getOrDefault(column.name(), ""),
                        catalog.repair(table.name(), column)))
                .toList();
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

        /** A column takes every number, whatever its type. */
        @Override
        public Set<String> narrowTypes() {
            return Set.of();
        }

        @Override
        public String repair(String table, Column column) {
            throw new IllegalStateException("no column is narrow");
        }

        /** A writer is alone anyway. */
        @Override
        public Additions alone(DSLContext context, Supplier<Additions> work) {
            return work.get();
        }

        @Override
        public String tableNamed() {
            return "select 1 from sqlite_master where type = 'table' and name = ?";
        }

        @Override
        public Present present(DSLContext context) {
            return found(
                    context.fetch("select m.name, c.name, lower(c.type) from sqlite_master m"
                            + " join pragma_table_info(m.name) c where m.type = 'table'"),
                    context.fetch("select tbl_name, name from sqlite_master where type = 'index'"));
        }
    }

    private static final class MySqlCatalog implements Catalog {

        private static final int PATIENCE_SECONDS = 60;

        @Override
        public List<String> scripts() {
            return List.of("original-mysql.sql", "newapi-mysql.sql");
        }

        @Override
        public Set<String> narrowTypes() {
            return Set.of("tinyint", "smallint", "mediumint", "int");
        }

        @Override
        public String repair(String table, Column column) {
            return "ALTER TABLE `" + table + "` MODIFY COLUMN `" + column.name() + "` " + column.definition();
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
        public String tableNamed() {
            return "select 1 from information_schema.tables where table_schema = database() and table_name = ?";
        }

        @Override
        public Present present(DSLContext context) {
            return found(
                    context.fetch("select table_name, column_name, lower(data_type) from information_schema.columns"
                            + " where table_schema = database()"),
                    context.fetch("select distinct table_name, index_name from information_schema.statistics"
                            + " where table_schema = database()"));
        }
    }

    private static final class PostgresCatalog implements Catalog {

        private static final int PATIENCE_SECONDS = 60;

        /** Any number that others do not use; locks are of one database. */
        private static final long LOCK = 0x6e65_7761_7069L;

        @Override
        public List<String> scripts() {
            return List.of("original-postgres.sql", "newapi-postgres.sql");
        }

        @Override
        public Set<String> narrowTypes() {
            return Set.of("smallint", "integer");
        }

        @Override
        public String repair(String table, Column column) {
            return "ALTER TABLE \"" + table + "\" ALTER COLUMN \"" + column.name() + "\" TYPE bigint";
        }

        /** The lock ends with the transaction, which tables are made in. */
        @Override
        public Additions alone(DSLContext context, Supplier<Additions> work) {
            context.execute("set local lock_timeout = '" + PATIENCE_SECONDS + "s'");
            try {
                context.fetch("select pg_advisory_xact_lock(?)", LOCK);
            } catch (DataAccessException e) {
                if (DatabaseException.reasonOf(e) != DatabaseException.Reason.LOCKED) {
                    throw e;
                }
                throw new DatabaseException(
                        DatabaseException.Reason.SCHEMA,
                        "another node has been changing the tables for " + PATIENCE_SECONDS + " seconds",
                        e);
            }
            Additions additions = work.get();
            Sequences.catchUp(context);
            return additions;
        }

        @Override
        public String tableNamed() {
            return "select 1 from information_schema.tables where table_schema = current_schema() and table_name = ?";
        }

        @Override
        public Present present(DSLContext context) {
            return found(
                    context.fetch("select table_name, column_name, lower(data_type) from information_schema.columns"
                            + " where table_schema = current_schema()"),
                    context.fetch("select tablename, indexname from pg_indexes where schemaname = current_schema()"));
        }
    }

    private static Present found(Result<Record> columns, Result<Record> indexes) {
        Map<String, Map<String, String>> types = new HashMap<>();
        columns.forEach(row -> types.computeIfAbsent(row.get(0, String.class), table -> new HashMap<>())
                .put(row.get(1, String.class), row.get(2, String.class)));
        Map<String, Set<String>> names = new HashMap<>();
        indexes.forEach(row -> names.computeIfAbsent(row.get(0, String.class), table -> new HashSet<>())
                .add(row.get(1, String.class)));
        return new Present(types, names);
    }
}
