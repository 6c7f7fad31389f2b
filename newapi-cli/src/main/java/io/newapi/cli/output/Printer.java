package io.newapi.cli.output;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.cli.client.Json;
import io.newapi.cli.client.Page;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Prints what a command found, in the format that was asked for. Not thread-safe. */
public final class Printer {

    private final Format format;
    private final PrintWriter out;
    private final PrintWriter err;

    /**
     * @param out where the document goes
     * @param err where remarks for people go, so that they never mix with the document
     */
    public Printer(Format format, PrintWriter out, PrintWriter err) {
        this.format = format;
        this.out = out;
        this.err = err;
    }

    /** Whether a program reads the output. */
    public boolean isJson() {
        return format == Format.JSON;
    }

    /** One thing with its fields: as JSON the object itself. */
    public void object(ObjectNode object) {
        if (isJson()) {
            out.println(Json.pretty(object));
            return;
        }
        Table table = new Table(2);
        object.fields().forEachRemaining(field -> table.add(List.of(field.getKey(), Column.text(field.getValue()))));
        table.lines().forEach(out::println);
    }

    /**
     * A page of a list: as JSON {@code {"page", "page_size", "total", "items"}}.
     *
     * @param view turns a row of the server into one with stable field names
     * @param columns what a table shows of it
     */
    public void page(Page page, Function<JsonNode, ObjectNode> view, List<Column> columns) {
        page(page, view, columns, row -> List.of());
    }

    /** The same with more lines for each row, which a table shows indented below it. */
    public void page(
            Page page,
            Function<JsonNode, ObjectNode> view,
            List<Column> columns,
            Function<ObjectNode, List<String>> detail) {
        List<ObjectNode> rows = page.items().stream().map(view).toList();
        if (isJson()) {
            ObjectNode document = Json.object()
                    .put("page", page.number())
                    .put("page_size", page.size())
                    .put("total", page.total());
            ArrayNode items = document.putArray("items");
            rows.forEach(items::add);
            out.println(Json.pretty(document));
            return;
        }
        List<String> lines = table(rows, columns);
        out.println(lines.get(0));
        for (int i = 0; i < rows.size(); i++) {
            out.println(lines.get(i + 1));
            detail.apply(rows.get(i)).forEach(line -> out.println("    " + line));
        }
        if (page.total() > rows.size()) {
            err.println("page " + page.number() + ": " + rows.size() + " of " + page.total()
                    + " rows; --page or --all shows the others");
        }
    }

    /** Rows of a table, for people only. */
    public void rows(List<ObjectNode> rows, List<Column> columns) {
        table(rows, columns).forEach(out::println);
    }

    /** Plain text for people, as it is. */
    public void text(String text) {
        out.println(text);
    }

    private static List<String> table(List<ObjectNode> rows, List<Column> columns) {
        Table table = new Table(columns.size());
        table.add(columns.stream().map(Column::title).toList());
        for (ObjectNode row : rows) {
            List<String> cells = new ArrayList<>();
            for (int i = 0; i < columns.size(); i++) {
                cells.add(columns.get(i).cell(row));
                if (columns.get(i).isNumber(row)) {
                    table.alignRight(i);
                }
            }
            table.add(cells);
        }
        return table.lines();
    }
}
