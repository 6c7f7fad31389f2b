package io.newapi.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.newapi.server.store.Page;
import java.util.function.Function;

/** The page object of lists. */
final class Pages {

    private Pages() {}

    static <T> ObjectNode of(Page<T> page, Function<T, ? extends JsonNode> item) {
        ArrayNode items = Json.array();
        page.items().forEach(row -> items.add(item.apply(row)));
        ObjectNode object = Json.object()
                .put("page", page.request().page())
                .put("page_size", page.request().size())
                .put("total", page.total());
        object.set("items", items);
        return object;
    }
}
