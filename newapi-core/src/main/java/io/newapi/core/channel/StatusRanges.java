package io.newapi.core.channel;

import java.util.ArrayList;
import java.util.List;

/**
 * A set of HTTP statuses, written as New API's options write it: {@code 401,429,500-503}. Immutable.
 *
 * @param ranges as they were written
 */
public record StatusRanges(List<Range> ranges) {

    private static final int MIN = 100;
    private static final int MAX = 599;
    private static final int MAX_TEXT_LENGTH = 4_000;

    /** An immutable copy. */
    public StatusRanges {
        ranges = List.copyOf(ranges);
    }

    /**
     * Reads single statuses and ranges, both ends included, separated by commas; spaces do not matter, and no text means no
     * status.
     *
     * @throws IllegalArgumentException if a part is neither, ends before it begins, or leaves 100 to 599
     */
    public static StatusRanges parse(String text) {
        if (text.length() > MAX_TEXT_LENGTH) {
            throw new IllegalArgumentException("status ranges of " + text.length() + " characters are too long");
        }
        List<Range> ranges = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            if (!part.isBlank()) {
                ranges.add(Range.parse(part.strip()));
            }
        }
        return new StatusRanges(ranges);
    }

    /** Whether {@code status} is in one of the ranges. */
    public boolean contains(int status) {
        for (Range range : ranges) {
            if (range.first <= status && status <= range.last) {
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return String.join(",", ranges.stream().map(Range::toString).toList());
    }

    /** The statuses from {@code first} to {@code last}, both included. */
    public record Range(int first, int last) {

        /** @throws IllegalArgumentException if it ends before it begins, or leaves 100 to 599 */
        public Range {
            if (first < MIN || last > MAX || first > last) {
                throw new IllegalArgumentException("not a range within 100 to 599: " + first + "-" + last);
            }
        }

        private static Range parse(String text) {
            int dash = text.indexOf('-');
            int first = status(dash < 0 ? text : text.substring(0, dash).strip(), text);
            return new Range(
                    first, dash < 0 ? first : status(text.substring(dash + 1).strip(), text));
        }

        private static int status(String digits, String text) {
            if (digits.length() != 3 || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
                throw new IllegalArgumentException("not a status or a range of statuses: " + text);
            }
            return Integer.parseInt(digits);
        }

        @Override
        public String toString() {
            return first == last ? Integer.toString(first) : first + "-" + last;
        }
    }
}
