package io.newapi.core.quota;

/**
 * The first eight bytes of a record: its length and a magic number, written and read as one. It tells what stands at a
 * place of a journal.
 *
 * <pre>
 *   0 --claim--> claimed --publish--> published
 *                claimed --the content could not be written--> void
 *   0 --the record does not fit--> TURN
 * </pre>
 *
 * <p>Whoever changes 0 to a claim owns that many bytes. Nothing else is ever changed.
 */
final class RecordWord {

    /** What stands before the content of a record. */
    static final int HEADER_BYTES = 24;

    /** Records begin at multiples of it. */
    static final int ALIGNMENT = 8;

    /** Nothing was written here yet. */
    static final long NOTHING = 0;

    private static final int MAGIC = 0x4E41514A;
    private static final int VOID_MAGIC = 0x4E415156;
    private static final int TURN_MAGIC = 0x4E41514E;

    /** The next record stands in the next segment. */
    static final long TURN = word(-1, TURN_MAGIC);

    private RecordWord() {}

    static long claimed(int length) {
        return word(-length, MAGIC);
    }

    static long published(int length) {
        return word(length, MAGIC);
    }

    static long voided(int length) {
        return word(length, VOID_MAGIC);
    }

    /** Whether a whole record begins here. */
    static boolean isPublished(long word) {
        return (int) word == MAGIC && isLength((int) (word >> 32));
    }

    /** Whether somebody is writing a record here, or was when the process ended. */
    static boolean isClaimed(long word) {
        return (int) word == MAGIC && isLength(-(int) (word >> 32));
    }

    /** Whether a record could not be written here. */
    static boolean isVoid(long word) {
        return (int) word == VOID_MAGIC && isLength((int) (word >> 32));
    }

    /** Whether the word has the mark of a record, whatever became of its length. */
    static boolean isMarked(long word) {
        return (int) word == MAGIC;
    }

    /** How many bytes it takes; only where it is published, claimed or void. */
    static int length(long word) {
        return Math.abs((int) (word >> 32));
    }

    /** The room that a record with so much content takes. */
    static int lengthFor(int contentBytes) {
        return (HEADER_BYTES + contentBytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static boolean isLength(int length) {
        return length >= HEADER_BYTES && length % ALIGNMENT == 0;
    }

    private static long word(int length, int magic) {
        return (long) length << 32 | Integer.toUnsignedLong(magic);
    }
}
