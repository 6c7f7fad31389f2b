package io.newapi.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Rows of a list.
 *
 * @param items the rows as the server sent them
 * @param total rows of the whole list, as far as the server says
 * @param number this page's number, from 1
 * @param size rows that a page has room for
 */
public record Page(List<JsonNode> items, long total, int number, int size) {

    /** The largest page that servers give. */
    public static final int MOST_ROWS = 100;

    private static final int MOST_PAGES = 10_000;

    /** Keeps its own copy of the rows. */
    public Page {
        items = List.copyOf(items);
    }

    /** Fetches one page. */
    public static Page fetch(AdminClient client, Query list, int number, int size) {
        JsonNode data =
                client.get(list.copy().with("p", number).with("page_size", size).toString());
        List<JsonNode> items = new ArrayList<>();
        JsonNode rows = data.isArray() ? data : data.path("items");
        rows.forEach(items::add);
        return new Page(items, data.path("total").asLong(items.size()), number, size);
    }

    /** Fetches page after page; a row that moved to the next page meanwhile is taken once. */
    public static Page fetchAll(AdminClient client, Query list) {
        Map<Object, JsonNode> byId = new LinkedHashMap<>();
        for (int number = 1; number <= MOST_PAGES; number++) {
            Page page = fetch(client, list, number, MOST_ROWS);
            for (JsonNode row : page.items()) {
                byId.putIfAbsent(row.hasNonNull("id") ? row.path("id").asLong() : row, row);
            }
            if (page.items().size() < MOST_ROWS) {
                break;
            }
        }
        List<JsonNode> items = List.copyOf(byId.values());
        return new Page(items, items.size(), 1, Math.max(1, items.size()));
    }
}
