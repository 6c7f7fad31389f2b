package io.newapi.sandbox;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Text, cut into pieces between words. Pieces are made when they are asked for: a long stream takes no memory.
 *
 * <p>With more pieces than words the words begin again, so that every piece carries text.
 */
final class Words implements Pieces {

    /** Words of made-up text at most; reported tokens may be more. */
    private static final long MOST_WORDS = 4096;

    private static final List<String> VOCABULARY =
            List.of("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliett");

    private final List<String> words;
    private final long wordCount;
    private final long pieces;

    private Words(List<String> words, long wordCount, @Nullable Long pieces) {
        this.words = words;
        this.wordCount = pieces == null ? wordCount : Math.max(wordCount, pieces);
        this.pieces = pieces == null ? wordCount : pieces;
    }

    /** All words of {@code text}; absent pieces: one for each word. */
    static Words of(String text, @Nullable Long pieces) {
        return beginning(text, Long.MAX_VALUE, pieces);
    }

    /** The first {@code most} words of {@code text}. */
    static Words beginning(String text, long most, @Nullable Long pieces) {
        List<String> words = split(text);
        return new Words(words, Math.min(words.size(), most), pieces);
    }

    /** As many made-up words as tokens, within reason. */
    static Words madeUp(long tokens, @Nullable Long pieces) {
        return new Words(VOCABULARY, Math.min(tokens, MOST_WORDS), pieces);
    }

    /** How many words a text has, 0 for a blank one. */
    static long in(String text) {
        return text.isBlank() ? 0 : split(text).size();
    }

    @Override
    public long count() {
        return pieces;
    }

    @Override
    public String at(long index) {
        return text(index * wordCount / pieces, (index + 1) * wordCount / pieces);
    }

    @Override
    public String whole() {
        return text(0, wordCount);
    }

    @Override
    public long words() {
        return wordCount;
    }

    private String text(long from, long to) {
        StringBuilder text = new StringBuilder();
        for (long i = from; i < to; i++) {
            if (i > 0) {
                text.append(' ');
            }
            text.append(words.get((int) (i % words.size())));
        }
        return text.toString();
    }

    /** The words of {@code text}; at least one, for a blank text an empty one. */
    private static List<String> split(String text) {
        return List.of(text.strip().split("\\s+"));
    }
}
