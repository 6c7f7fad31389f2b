package io.newapi.core.quota;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.util.zip.CRC32C;

/**
 * A part of a journal in memory. Its words are changed by compare-and-set; the bytes behind a word belong to the one
 * thread that claimed them, until it publishes them. Thread-safe.
 */
final class Segment {

    private static final VarHandle WORD = MethodHandles.byteBufferViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final int number;
    private final long start;
    private final MappedByteBuffer bytes;

    /** @param start the position in the journal at which it begins */
    Segment(int number, long start, MappedByteBuffer bytes) {
        this.number = number;
        this.start = start;
        this.bytes = bytes;
    }

    int number() {
        return number;
    }

    long start() {
        return start;
    }

    /** How much of it there is: less than it should have when its file was cut off. */
    int capacity() {
        return bytes.capacity();
    }

    long word(long position) {
        return (long) WORD.getAcquire(bytes, offset(position));
    }

    /** Writes a word where nothing was written yet; false when somebody was faster. */
    boolean claim(long position, long word) {
        return WORD.compareAndSet(bytes, offset(position), RecordWord.NOTHING, word);
    }

    /** Ends a claim: what was written behind it before is seen by whoever sees the word. */
    void end(long position, long word) {
        WORD.setRelease(bytes, offset(position), word);
    }

    void write(long position, RecordFrame frame) {
        frame.copyTo(bytes, offset(position), position);
    }

    /** Whether a record stands at {@code position} that is whole and belongs there. */
    boolean isWhole(long position) {
        int offset = offset(position);
        if (offset + RecordWord.HEADER_BYTES > capacity()) {
            return false;
        }
        long word = word(position);
        int length = RecordWord.length(word);
        if (!RecordWord.isPublished(word) || length > capacity() - offset) {
            return false;
        }
        int content = bytes.getInt(offset + 20);
        return content >= 0
                && content <= length - RecordWord.HEADER_BYTES
                && RecordWord.lengthFor(content) == length
                && bytes.getLong(offset + 8) == position
                && bytes.getInt(offset + 16) == checksum(offset, content);
    }

    /** Whether a record once began here, whole or not: it has the mark and the right place. */
    boolean looksLikeRecord(long position) {
        int offset = offset(position);
        return RecordWord.isMarked(bytes.getLong(offset)) && bytes.getLong(offset + 8) == position;
    }

    private int checksum(int offset, int contentBytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.slice(offset + 8, 8));
        crc.update(bytes.slice(offset + 20, 4 + contentBytes));
        return (int) crc.getValue();
    }

    /** The entry of the whole record at {@code position}. */
    JournalEntry entry(long position) {
        int offset = offset(position);
        ByteBuffer content = bytes.slice(offset + RecordWord.HEADER_BYTES, bytes.getInt(offset + 20));
        try {
            return JournalRecord.read(content);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new JournalFailure("the record at " + position + " cannot be understood", e);
        }
    }

    /** Forces what stands between two positions of this segment to the disk; returns when it is there. */
    void force(long from, long to) {
        bytes.force(offset(from), Math.toIntExact(to - from));
    }

    private int offset(long position) {
        return (int) (position - start);
    }
}
