package io.newapi.core.quota;

import java.time.Duration;

/**
 * How the journals of a {@link JournalDirectory} use its disk.
 *
 * @param segmentBytes the size of a segment, a power of two from 256 KiB to 1 GiB. The first ones of a journal are
 *     smaller, so that a node that does little needs little
 * @param maxBytes how much the journals of this run may take together, at least four segments. Beyond it new calls are refused; the settlements of
 *     calls that were accepted are still written
 * @param fsync when to force what was appended to the disk
 * @param keepBooked how long a segment that is booked is kept, so that a database that fails over to a copy which lags
 *     behind can be given it again; it goes earlier where the room is needed
 */
public record JournalSettings(int segmentBytes, long maxBytes, FsyncMode fsync, Duration keepBooked) {

    /** The smallest segment: the largest record fits in with room to spare. */
    static final int LEAST_SEGMENT_BYTES = 256 * 1024;

    private static final int LARGEST_SEGMENT_BYTES = 1 << 30;

    /** Segments of 64 MiB, at most 8 GiB, forced in the background, booked segments kept for one hour. */
    public static final JournalSettings DEFAULT =
            new JournalSettings(64 * 1024 * 1024, 8L * 1024 * 1024 * 1024, FsyncMode.INTERVAL, Duration.ofHours(1));

    /** @throws IllegalArgumentException if a size is out of its range, or the duration is negative */
    public JournalSettings {
        if (segmentBytes < LEAST_SEGMENT_BYTES
                || segmentBytes > LARGEST_SEGMENT_BYTES
                || Integer.bitCount(segmentBytes) != 1) {
            throw new IllegalArgumentException("a segment has " + LEAST_SEGMENT_BYTES + " to " + LARGEST_SEGMENT_BYTES
                    + " bytes, a power of two: " + segmentBytes);
        }
        if (maxBytes < 4L * segmentBytes) {
            throw new IllegalArgumentException(
                    "journals need room for four segments of " + segmentBytes + " bytes: " + maxBytes);
        }
        if (keepBooked.isNegative()) {
            throw new IllegalArgumentException("negative duration: " + keepBooked);
        }
    }

    /** The same with segments of another size. */
    public JournalSettings withSegmentBytes(int bytes) {
        return new JournalSettings(bytes, maxBytes, fsync, keepBooked);
    }

    /** The same with another bound for all journals together. */
    public JournalSettings withMaxBytes(long bytes) {
        return new JournalSettings(segmentBytes, bytes, fsync, keepBooked);
    }

    /** The same, forced to the disk in another way. */
    public JournalSettings withFsync(FsyncMode mode) {
        return new JournalSettings(segmentBytes, maxBytes, mode, keepBooked);
    }

    /** The same with another time for which booked segments are kept. */
    public JournalSettings withKeepBooked(Duration time) {
        return new JournalSettings(segmentBytes, maxBytes, fsync, time);
    }

    SegmentLayout layout() {
        return new SegmentLayout(Math.min(segmentBytes, SegmentLayout.FIRST_BYTES), segmentBytes, SegmentHeader.BYTES);
    }
}
