package io.newapi.server.store;

import io.newapi.server.store.SchemaScript.Column;
import io.newapi.server.store.SchemaScript.Index;
import io.newapi.server.store.SchemaScript.Table;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jooq.DSLContext;
import org.jooq.exception.DataAccessException;

/**
 * Brings a database to the tables that this version needs: the original's eighteen, with exactly its types, defaults and
 * index names, and our own, whose names begin with {@code newapi_}.
 *
 * <p>Everything is additive. What is missing is created; what is there is never altered or dropped, whatever it looks
 * like, so that the original goes on working on the same file.
 */
public final class Schema {

    private static final List<String> SCRIPTS = List.of("original-sqlite.sql", "newapi-sqlite.sql");

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

    /**
     * Adds what is missing, in one transaction.
     *
     * @throws DatabaseException if something that is missing cannot be added
     */
    public static Additions create(Database database) {
        List<SchemaScript> scripts = SCRIPTS.stream().map(SchemaScript::load).toList();
        return database.write(context -> {
            List<String> tables = new ArrayList<>();
            List<String> columns = new ArrayList<>();
            List<String> indexes = new ArrayList<>();
            for (SchemaScript script : scripts) {
                for (Table table : script.tables()) {
                    Set<String> present = columns(context, table.name());
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
                Set<String> present = indexes(context);
                for (Index index : script.indexes()) {
                    if (!present.contains(index.name())) {
                        run(context, index.sql(), "create the index " + index.name());
                        indexes.add(index.name());
                    }
                }
            }
            return new Additions(tables, columns, indexes);
        });
    }

    private static Set<String> columns(DSLContext context, String table) {
        return new HashSet<>(
                context.fetch("select name from pragma_table_info(?)", table).getValues(0, String.class));
    }

    private static Set<String> indexes(DSLContext context) {
        return new HashSet<>(context.fetch("select name from sqlite_master where type = 'index'")
                .getValues(0, String.class));
    }

    /** A lock is for {@link Database} to handle; anything else means that the file is not what it seems. */
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
}
