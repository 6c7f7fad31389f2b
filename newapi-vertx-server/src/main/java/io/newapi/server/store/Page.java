package io.newapi.server.store;

import java.util.List;
import java.util.function.Function;

/**
 * One page of a list.
 *
 * @param items the rows of this page
 * @param total rows on all pages
 * @param request which page this is
 */
public record Page<T>(List<T> items, long total, PageRequest request) {

    /** Copies the items. */
    public Page {
        items = List.copyOf(items);
    }

    /** The same page with each item replaced. */
    public <R> Page<R> map(Function<? super T, ? extends R> change) {
        return new Page<>(items.stream().<R>map(change).toList(), total, request);
    }
}
