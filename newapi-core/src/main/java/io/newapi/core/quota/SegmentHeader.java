package io.newapi.core.quota;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the beginning of every journal segment: whose it is, which one, how large, and where it was written, so
 * that a file that was cut off, copied or put in the wrong place is noticed.
 *
 * <p>Version 2 is written. Version 1 is read: its segments are all of one size, and it does not say where it was written.
 *
 * @param place the {@link JournalDirectory#place}; empty in version 1
 */
record SegmentHeader(WriterId writer, int number, SegmentLayout layout, String place) {

    /** The room it takes; the first record stands behind it. */
    static final int BYTES = 512;

    /** The room that it took in version 1. */
    static final int OLD_BYTES = 64;

    private static final int MAGIC = 0x4E41514B;
    private static final int OLD_VERSION = 1;
    private static final int VERSION = 2;

    /** What every version begins with, and is checked before the version is believed. */
    private static final int COMMON_BYTES = 4 * 4 + 32;

    private static final int PLACE_OFFSET = COMMON_BYTES + 12;
    private static final int CHECKED_BYTES = BYTES - 4;

    void write(ByteBuffer target) {
        byte[] where = place.getBytes(StandardCharsets.UTF_8);
        target.putInt(0, MAGIC);
        target.putInt(4, VERSION);
        target.putInt(8, number);
        target.putInt(12, layout.segmentBytes());
        target.put(16, writer.hex().getBytes(StandardCharsets.US_ASCII));
        target.putInt(COMMON_BYTES, checksum(target, COMMON_BYTES));
        target.putInt(COMMON_BYTES + 4, layout.firstBytes());
        target.putInt(COMMON_BYTES + 8, where.length);
        target.put(PLACE_OFFSET, where);
        target.putInt(CHECKED_BYTES, checksum(target, CHECKED_BYTES));
    }

    /**
     * What {@code source} begins with; null when that is no header.
     *
     * @throws JournalFailure if it was written by a newer version
     */
    static @Nullable SegmentHeader read(ByteBuffer source) {
        if (source.capacity() < OLD_BYTES
                || source.getInt(0) != MAGIC
                || source.getInt(COMMON_BYTES) != checksum(source, COMMON_BYTES)) {
            return null;
        }
        byte[] hex = new byte[32];
        source.get(16, hex);
        WriterId writer = new WriterId(new String(hex, StandardCharsets.US_ASCII));
        int number = source.getInt(8);
        int segmentBytes = source.getInt(12);
        int version = source.getInt(4);
        if (version == OLD_VERSION) {
            return new SegmentHeader(writer, number, new SegmentLayout(segmentBytes, segmentBytes, OLD_BYTES), "");
        }
        if (version != VERSION) {
            throw new JournalFailure("the journal was written by a newer version: format " + version);
        }
        if (source.capacity() < BYTES || source.getInt(CHECKED_BYTES) != checksum(source, CHECKED_BYTES)) {
            return null;
        }
        byte[] place = new byte[source.getInt(COMMON_BYTES + 8)];
        source.get(PLACE_OFFSET, place);
        return new SegmentHeader(
                writer,
                number,
                new SegmentLayout(source.getInt(COMMON_BYTES + 4), segmentBytes, BYTES),
                new String(place, StandardCharsets.UTF_8));
    }

    private static int checksum(ByteBuffer buffer, int bytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(0, bytes));
        return (int) crc.getValue();
    }
}
