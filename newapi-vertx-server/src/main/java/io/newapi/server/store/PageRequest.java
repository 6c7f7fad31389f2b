package io.newapi.server.store;

import org.jspecify.annotations.Nullable;

/**
 * Which page of a list is wanted. Values out of range are moved to the nearest allowed one, as clients of New API expect.
 *
 * @param page from 1 to {@link #MAX_PAGE}
 * @param size rows on a page, from 1 to {@link #MAX_SIZE}
 */
public record PageRequest(int page, int size) {

    /** The size when none is asked for. */
    public static final int DEFAULT_SIZE = 10;

    /** The largest page. */
    public static final int MAX_SIZE = 100;

    /** The last page that can be asked for. */
    public static final int MAX_PAGE = 10_000_000;

    /** Clamps both values. */
    public PageRequest {
        page = Math.max(1, Math.min(page, MAX_PAGE));
        size = Math.max(1, Math.min(size, MAX_SIZE));
    }

    /** The first page with the default size. */
    public static PageRequest first() {
        return new PageRequest(1, DEFAULT_SIZE);
    }

    /**
     * Reads the query parameters {@code p}, {@code page_size} and its aliases {@code ps} and {@code size}, the first that
     * is present and not 0 winning. Absent, 0 or unreadable means the default.
     */
    public static PageRequest parse(
            @Nullable String p, @Nullable String pageSize, @Nullable String ps, @Nullable String size) {
        int page = number(p);
        int rows = number(pageSize);
        rows = rows == 0 ? number(ps) : rows;
        rows = rows == 0 ? number(size) : rows;
        return new PageRequest(page, rows == 0 ? DEFAULT_SIZE : rows);
    }

    /** Rows before this page. */
    public long offset() {
        return (page - 1L) * size;
    }

    private static int number(@Nullable String text) {
        if (text == null) {
            return 0;
        }
        try {
            return Integer.parseInt(text.strip());
        } catch (NumberFormatException e) {
            return 0;
        }
    }
}
