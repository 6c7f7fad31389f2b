package io.newapi.server.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A file of {@code CREATE} statements, one column a line. A statement is run as a single line, the form in which the
 * original's own migration writes and later parses it.
 *
 * @param tables in order
 * @param indexes in order
 */
record SchemaScript(List<Table> tables, List<Index> indexes) {

    private static final Pattern TABLE = Pattern.compile("CREATE TABLE [`\"](\\w+)[`\"].*");
    private static final Pattern INDEX =
            Pattern.compile("CREATE (?:UNIQUE )?INDEX [`\"](\\w+)[`\"] ON [`\"](\\w+)[`\"].*");
    private static final Pattern COLUMN = Pattern.compile("([`\"])(\\w+)[`\"] (.*?),?");

    record Table(String name, String sql, List<Column> columns) {}

    /** {@code definition} is the type and what follows it; {@code quote} is what the database puts around names. */
    record Column(String name, String definition, String quote) {
        String additionTo(String table) {
            return "ALTER TABLE " + quoted(table) + " ADD COLUMN " + quoted(name) + " " + definition;
        }

        private String quoted(String text) {
            return quote + text + quote;
        }
    }

    record Index(String name, String table, String sql) {}

    static SchemaScript load(String resource) {
        try (InputStream in = SchemaScript.class.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("the resource is missing from the program: " + resource);
            }
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read the resource " + resource, e);
        }
    }

    static SchemaScript parse(String text) {
        List<Table> tables = new ArrayList<>();
        List<Index> indexes = new ArrayList<>();
        List<String> statement = new ArrayList<>();
        for (String line : text.lines().map(String::strip).toList()) {
            if (line.isEmpty() || line.startsWith("--")) {
                continue;
            }
            boolean last = line.endsWith(";");
            statement.add(last ? line.substring(0, line.length() - 1) : line);
            if (last) {
                add(List.copyOf(statement), tables, indexes);
                statement.clear();
            }
        }
        return new SchemaScript(List.copyOf(tables), List.copyOf(indexes));
    }

    private static void add(List<String> lines, List<Table> tables, List<Index> indexes) {
        String sql = String.join("", lines);
        Matcher table = TABLE.matcher(sql);
        Matcher index = INDEX.matcher(sql);
        if (table.matches()) {
            List<Column> columns = lines.stream()
                    .map(COLUMN::matcher)
                    .filter(Matcher::matches)
                    .map(column -> new Column(column.group(2), column.group(3), column.group(1)))
                    .toList();
            tables.add(new Table(table.group(1), sql, columns));
        } else if (index.matches()) {
            indexes.add(new Index(index.group(1), index.group(2), sql));
        } else {
            throw new IllegalStateException("neither a table nor an index: " + sql);
        }
    }
}
