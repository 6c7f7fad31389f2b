package io.newapi.sandbox;

import org.jspecify.annotations.Nullable;

/** Text cut anywhere into pieces of about equal length, as JSON is. */
record Fragments(String whole, long count) implements Pieces {

    private static final int USUAL_CHARS = 8;

    /** Absent pieces: one for every 8 characters. */
    static Fragments of(String text, @Nullable Long pieces) {
        return new Fragments(text, pieces == null ? Math.max(1, usual(text)) : pieces);
    }

    @Override
    public String at(long index) {
        int from = (int) (index * whole.length() / count);
        int to = (int) ((index + 1) * whole.length() / count);
        return whole.substring(from, to);
    }

    @Override
    public long words() {
        return usual(whole);
    }

    private static long usual(String text) {
        return (text.length() + USUAL_CHARS - 1L) / USUAL_CHARS;
    }
}
