package io.newapi.core.quota;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands at the beginning of every journal segment: whose it is, which one, and how large, so that a file that was
 * cut off or put in the wrong place is noticed.
 */
record SegmentHeader(WriterId writer, int number, int segmentBytes) {

    /** The room it takes; the first record stands behind it. */
    static final int BYTES = 64;

    private static final int MAGIC = 0x4E41514B;
    private static final int VERSION = 1;
    private static final int CHECKED_BYTES = 4 * 4 + 32;

    void write(ByteBuffer target) {
        target.putInt(0, MAGIC);
        target.putInt(4, VERSION);
        target.putInt(8, number);
        target.putInt(12, segmentBytes);
        target.put(16, writer.hex().getBytes(StandardCharsets.US_ASCII));
        target.putInt(CHECKED_BYTES, checksum(target));
    }

    /**
     * What {@code source} begins with; null when that is no header.
     *
     * @throws JournalFailure if it was written by a newer version
     */
    static @Nullable SegmentHeader read(ByteBuffer source) {
        if (source.capacity() < BYTES
                || source.getInt(0) != MAGIC
                || source.getInt(CHECKED_BYTES) != checksum(source)) {
            return null;
        }
        int version = source.getInt(4);
        if (version != VERSION) {
            throw new JournalFailure("the journal was written by a newer version: format " + version);
        }
        byte[] hex = new byte[32];
        source.get(16, hex);
        return new SegmentHeader(
                new WriterId(new String(hex, StandardCharsets.US_ASCII)), source.getInt(8), source.getInt(12));
    }

    private static int checksum(ByteBuffer buffer) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(0, CHECKED_BYTES));
        return (int) crc.getValue();
    }
}
