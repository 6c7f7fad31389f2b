package io.newapi.core.quota;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * One thread's workshop for records: a record is made ready here before room is claimed for it, so that the claim is held
 * as briefly as possible and nothing can go wrong under it. Used again and again; not thread-safe.
 *
 * <p>It holds what stands behind the word of a record:
 *
 * <pre>
 *   long own offset in the journal
 *   int  CRC-32C of the offset and of everything behind the checksum
 *   int  length of the content
 *   ...  content, see {@link JournalRecord}
 * </pre>
 */
final class RecordFrame {

    private static final int WORD_BYTES = 8;
    private static final int CONTENT = RecordWord.HEADER_BYTES - WORD_BYTES;
    private static final int FIRST_CAPACITY = 2 * 1024;

    private final CRC32C crc = new CRC32C();
    private ByteBuffer bytes = ByteBuffer.allocate(FIRST_CAPACITY);
    private int contentBytes;

    /** Makes a record ready; returns the room that it takes. */
    int fill(JournalEntry entry) {
        JournalRecord journalRecord = new JournalRecord(entry);
        contentBytes = journalRecord.contentBytes();
        if (CONTENT + contentBytes > bytes.capacity()) {
            bytes = ByteBuffer.allocate(CONTENT + 2 * contentBytes);
        }
        journalRecord.write(bytes.clear().position(CONTENT));
        bytes.putInt(CONTENT - 4, contentBytes);
        return RecordWord.lengthFor(contentBytes);
    }

    /** Writes the record behind its word, for the place at which it will stand. */
    void copyTo(ByteBuffer target, int offset, long position) {
        bytes.putLong(0, position);
        crc.reset();
        crc.update(bytes.array(), 0, 8);
        crc.update(bytes.array(), CONTENT - 4, 4 + contentBytes);
        bytes.putInt(8, (int) crc.getValue());
        target.put(offset + WORD_BYTES, bytes.array(), 0, CONTENT + contentBytes);
    }
}
