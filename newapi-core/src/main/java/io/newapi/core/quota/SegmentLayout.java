package io.newapi.core.quota;

/**
 * Which part of a journal stands in which segment. Each of the first segments is twice as long as the one before, up to
 * the full size, which all others have.
 *
 * @param firstBytes the length of the first segment
 * @param segmentBytes the full length: {@code firstBytes} doubled some times
 * @param headerBytes what the header takes at the beginning of each
 */
record SegmentLayout(int firstBytes, int segmentBytes, int headerBytes) {

    /** The first segment of a new journal, if the others are not smaller: 1 MiB. */
    static final int FIRST_BYTES = 1024 * 1024;

    SegmentLayout {
        if (firstBytes <= headerBytes
                || segmentBytes < firstBytes
                || segmentBytes % firstBytes != 0
                || Integer.bitCount(segmentBytes / firstBytes) != 1) {
            throw new IllegalArgumentException(
                    "segments of " + firstBytes + " bytes do not grow to " + segmentBytes + " by doubling");
        }
    }

    /** How many segments are shorter than the others. */
    private int growing() {
        return Integer.numberOfTrailingZeros(segmentBytes / firstBytes);
    }

    /** The length of segment {@code number}. */
    int bytes(int number) {
        return number < growing() ? firstBytes << number : segmentBytes;
    }

    /** Where segment {@code number} begins. */
    long start(int number) {
        int growing = growing();
        return number <= growing
                ? (long) firstBytes * ((1L << number) - 1)
                : start(growing) + (long) (number - growing) * segmentBytes;
    }

    /** The segment that {@code position} lies in. */
    int numberAt(long position) {
        int growing = growing();
        long full = start(growing);
        return position < full
                ? 63 - Long.numberOfLeadingZeros(position / firstBytes + 1)
                : Math.toIntExact(growing + (position - full) / segmentBytes);
    }

    /** The same position, or the end of the header in which it lies. */
    long behindHeader(long position) {
        return Math.max(position, start(numberAt(position)) + headerBytes);
    }

    /** Where the first record of the segment behind {@code number} stands. */
    long behindSegment(int number) {
        return start(number + 1) + headerBytes;
    }
}
