package io.newapi.core.quota;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.zip.CRC32C;

/**
 * A journal in files on a local disk. An entry survives the end of the process from the moment {@link #append}
 * returns; the loss of power may take what the operating system had not written yet.
 *
 * <p>The journal is one sequence of bytes, cut into segments of equal size that are filled with zeros before they are
 * used, so that a full disk is noticed before a call is accepted and not while it is being charged. A segment begins
 * with a {@link SegmentHeader}. A record is
 *
 * <pre>
 *   int  length of the record, a multiple of 8; 0 where nothing was written yet
 *   int  magic
 *   long own offset in the journal
 *   int  CRC-32C of the offset and of everything behind the checksum
 *   int  length of the content
 *   ...  content, see {@link JournalRecord}
 * </pre>
 *
 * <p>Where a record does not fit into the rest of a segment, the length -1 with a magic of its own says that it stands
 * in the next. The length is written last, with release semantics: a process that is killed leaves a record that is
 * whole or not there. A record whose magic, offset or checksum is wrong ends the journal; it is never trusted.
 *
 * <p>Thread-safe: appending is serialised by a lock that is held for a few microseconds; reading takes no lock.
 */
public final class FileJournal implements UsageJournal {

    /** The size of a segment unless another is asked for: 16 MiB. */
    public static final int DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

    /** The smallest segment: the largest record fits in with room to spare. */
    static final int LEAST_SEGMENT_BYTES = 256 * 1024;

    private static final int MAGIC = 0x4E41514A;
    private static final int TURN = -1;
    private static final int TURN_MAGIC = 0x4E41514E;
    private static final int RECORD_HEADER_BYTES = 24;
    private static final int ALIGNMENT = 8;

    private static final VarHandle LENGTH = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Path directory;
    private final WriterId writer;
    private final int segmentBytes;
    private final NavigableMap<Integer, ByteBuffer> segments = new ConcurrentSkipListMap<>();
    private volatile long tail;
    private volatile boolean room;
    private volatile boolean closed;
    private boolean damaged;

    private FileJournal(Path directory, WriterId writer, int segmentBytes) {
        this.directory = directory;
        this.writer = writer;
        this.segmentBytes = segmentBytes;
    }

    /**
     * Begins the journal of a new writer.
     *
     * @throws JournalFailure if its first segments cannot be made
     */
    static FileJournal create(Path directory, WriterId writer, int segmentBytes) {
        if (segmentBytes < LEAST_SEGMENT_BYTES || segmentBytes % ALIGNMENT != 0) {
            throw new IllegalArgumentException(
                    "a segment has at least " + LEAST_SEGMENT_BYTES + " bytes, a multiple of 8: " + segmentBytes);
        }
        FileJournal journal = new FileJournal(directory, writer, segmentBytes);
        try {
            journal.addSegment(0);
            journal.addSegment(1);
        } catch (JournalFailure e) {
            journal.delete();
            throw e;
        }
        journal.room = true;
        return journal;
    }

    /**
     * Opens what a writer that has ended left behind, to be read. Its tail is where the last whole record ends.
     *
     * @throws JournalFailure if the files cannot be read, or were written by a newer version
     */
    static FileJournal openLeft(Path directory, WriterId writer, List<Path> files) {
        List<ByteBuffer> found = files.stream().map(FileJournal::mapped).toList();
        SegmentHeader first = null;
        for (ByteBuffer segment : found) {
            first = first != null ? first : SegmentHeader.read(segment);
        }
        int size = first != null && first.segmentBytes() >= LEAST_SEGMENT_BYTES
                ? first.segmentBytes()
                : DEFAULT_SEGMENT_BYTES;
        FileJournal journal = new FileJournal(directory, writer, size);
        for (int i = 0; i < found.size(); i++) {
            int number = SegmentName.parse(files.get(i)).number();
            if (new SegmentHeader(writer, number, size).equals(SegmentHeader.read(found.get(i)))) {
                journal.segments.put(number, found.get(i));
            } else {
                journal.damaged = true;
            }
        }
        journal.tail = journal.endOfRecords(journal.start());
        journal.damaged |= journal.somethingStandsBehind(journal.tail);
        return journal;
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    @Override
    public long start() {
        return segments.isEmpty() ? tail : (long) segments.firstKey() * segmentBytes;
    }

    /**
     * Whether there is something in the files that is no whole record but no empty room either, so that settlements may
     * be missing. The one record that a killed process was writing is no damage: nobody was told that it was there.
     */
    boolean isDamaged() {
        return damaged;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public void append(JournalEntry entry) {
        JournalRecord record = new JournalRecord(entry);
        try {
            append(record);
        } catch (InternalError e) {
            // how the virtual machine reports that the disk behind a mapped page failed
            throw new JournalFailure("cannot write to the journal of " + writer + " in " + directory, e);
        }
    }

    private synchronized void append(JournalRecord record) {
        if (closed) {
            throw new JournalFailure("the journal of " + writer + " in " + directory + " is closed");
        }
        int length = align(RECORD_HEADER_BYTES + record.contentBytes());
        long position = behindHeader(tail);
        if (offset(position) + length > segmentBytes) {
            long next = (segmentNumber(position) + 1L) * segmentBytes;
            // before anything is written: without a next segment the journal stays as it is
            segmentToWrite(segmentNumber(next));
            ByteBuffer full = segmentToWrite(segmentNumber(position));
            full.putInt(offset(position) + 4, TURN_MAGIC);
            LENGTH.setRelease(full, offset(position), TURN);
            position = behindHeader(next);
        }
        ByteBuffer segment = segmentToWrite(segmentNumber(position));
        int offset = offset(position);
        record.write(segment.duplicate().position(offset + RECORD_HEADER_BYTES));
        segment.putInt(offset + 4, MAGIC);
        segment.putLong(offset + 8, position);
        segment.putInt(offset + 20, record.contentBytes());
        segment.putInt(offset + 16, checksum(segment, offset, record.contentBytes()));
        LENGTH.setRelease(segment, offset, length);
        int before = segmentNumber(tail);
        tail = position + length;
        if (segmentNumber(tail) != before) {
            room = hasSegmentsAhead();
        }
    }

    @Override
    public Page read(long from, int limit) {
        List<JournalEntry> entries = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        long position = next(from);
        for (int length = lengthAt(position); length > 0 && entries.size() < limit; length = lengthAt(position)) {
            entries.add(entryAt(position));
            positions.add(position + length);
            position = next(position + length);
        }
        return new Page(entries, positions);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return tail > behindHeader(position);
    }

    @Override
    public synchronized void discardBefore(long position) {
        for (Integer number : segments.headMap(segmentNumber(position)).keySet()) {
            try {
                Files.deleteIfExists(SegmentName.file(directory, writer, number));
            } catch (IOException e) {
                // it only takes room; the next call tries again
                return;
            }
            segments.remove(number);
        }
    }

    @Override
    public void prepareRoom() {
        int current = segmentNumber(tail);
        for (int number = current; number <= current + 1; number++) {
            if (closed || segments.containsKey(number)) {
                continue;
            }
            try {
                addSegment(number);
            } catch (JournalFailure e) {
                // no room: new calls are refused until the disk has some again
                return;
            }
        }
        synchronized (this) {
            room = !closed && hasSegmentsAhead();
        }
    }

    @Override
    public synchronized void delete() {
        close();
        List<Path> files = new ArrayList<>(SegmentName.filesOf(directory, writer));
        // the last one first: what an interruption leaves is a journal that begins where it began
        for (int i = files.size() - 1; i >= 0; i--) {
            try {
                Files.deleteIfExists(files.get(i));
            } catch (IOException e) {
                throw new JournalFailure("cannot delete the journal segment " + files.get(i), e);
            }
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        room = false;
        segments.clear();
    }

    // ---- reading ----

    /** Where the record at or behind {@code position} would stand: behind headers and turns. */
    private long next(long position) {
        long at = behindHeader(position);
        while (true) {
            ByteBuffer segment = segments.get(segmentNumber(at));
            int offset = offset(at);
            if (segment == null
                    || offset + ALIGNMENT > segment.capacity()
                    || (int) LENGTH.getAcquire(segment, offset) != TURN
                    || segment.getInt(offset + 4) != TURN_MAGIC) {
                return at;
            }
            at = behindHeader((segmentNumber(at) + 1L) * segmentBytes);
        }
    }

    /** The length of the record at {@code position}; 0 when no whole record stands there. */
    private int lengthAt(long position) {
        ByteBuffer segment = segments.get(segmentNumber(position));
        int offset = offset(position);
        if (segment == null || offset + RECORD_HEADER_BYTES > segment.capacity()) {
            return 0;
        }
        int length = (int) LENGTH.getAcquire(segment, offset);
        if (length < RECORD_HEADER_BYTES || length > segment.capacity() - offset) {
            return 0;
        }
        int content = segment.getInt(offset + 20);
        boolean whole = content >= 0
                && content <= length - RECORD_HEADER_BYTES
                && align(RECORD_HEADER_BYTES + content) == length
                && segment.getInt(offset + 4) == MAGIC
                && segment.getLong(offset + 8) == position
                && segment.getInt(offset + 16) == checksum(segment, offset, content);
        return whole ? length : 0;
    }

    private JournalEntry entryAt(long position) {
        ByteBuffer segment = segments.get(segmentNumber(position));
        if (segment == null) {
            throw new JournalFailure(this + " was closed while it was read");
        }
        int offset = offset(position);
        try {
            return JournalRecord.read(segment.slice(offset + RECORD_HEADER_BYTES, segment.getInt(offset + 20)));
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new JournalFailure("the record at " + position + " of " + this + " cannot be understood", e);
        }
    }

    private long endOfRecords(long from) {
        long end = from;
        long position = next(from);
        for (int length = lengthAt(position); length > 0; length = lengthAt(position)) {
            end = position + length;
            position = next(end);
        }
        return end;
    }

    private boolean somethingStandsBehind(long end) {
        long torn = next(end);
        ByteBuffer last = segments.get(segmentNumber(torn));
        if (last != null && offset(torn) + ALIGNMENT <= last.capacity() && last.getInt(offset(torn)) != 0) {
            return true;
        }
        for (var segment : segments.tailMap(segmentNumber(end)).entrySet()) {
            long begin = (long) segment.getKey() * segmentBytes;
            ByteBuffer bytes = segment.getValue();
            for (int offset = SegmentHeader.BYTES;
                    offset + RECORD_HEADER_BYTES <= bytes.capacity();
                    offset += ALIGNMENT) {
                if (begin + offset > torn
                        && bytes.getInt(offset + 4) == MAGIC
                        && bytes.getLong(offset + 8) == begin + offset) {
                    return true;
                }
            }
        }
        return false;
    }

    private static int checksum(ByteBuffer buffer, int offset, int contentBytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(offset + 8, 8));
        crc.update(buffer.slice(offset + 20, 4 + contentBytes));
        return (int) crc.getValue();
    }

    // ---- segments ----

    private boolean hasSegmentsAhead() {
        int current = segmentNumber(tail);
        return segments.containsKey(current) && segments.containsKey(current + 1);
    }

    private ByteBuffer segmentToWrite(int number) {
        ByteBuffer present = segments.get(number);
        return present != null ? present : addSegment(number);
    }

    /**
     * Fills a new file with zeros under another name, beside whatever goes on, and only then makes it a segment: two
     * threads that need the same one never write to the same file.
     */
    private ByteBuffer addSegment(int number) {
        Path file = SegmentName.file(directory, writer, number);
        Path zeros = null;
        try {
            zeros = SegmentName.preparing(directory);
            ByteBuffer made = zeroed(zeros);
            new SegmentHeader(writer, number, segmentBytes).write(made);
            synchronized (this) {
                ByteBuffer present = segments.get(number);
                if (present != null) {
                    Files.delete(zeros);
                    return present;
                }
                if (closed || Files.exists(file)) {
                    throw new IOException(closed ? "the journal is closed" : "there is a file of this name");
                }
                Files.move(zeros, file, StandardCopyOption.ATOMIC_MOVE);
                segments.put(number, made);
                return made;
            }
        } catch (IOException e) {
            JournalFailure failure = new JournalFailure("cannot make the journal segment " + file, e);
            if (zeros != null) {
                try {
                    Files.deleteIfExists(zeros);
                } catch (IOException leftOver) {
                    failure.addSuppressed(leftOver);
                }
            }
            throw failure;
        }
    }

    private MappedByteBuffer zeroed(Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            for (long written = 0; written < segmentBytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), segmentBytes - written));
                written += channel.write(zeros, written);
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, segmentBytes);
        }
    }

    private static ByteBuffer mapped(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, Math.min(channel.size(), Integer.MAX_VALUE));
        } catch (IOException e) {
            throw new JournalFailure("cannot read the journal segment " + file, e);
        }
    }

    private long behindHeader(long position) {
        int offset = offset(position);
        return offset < SegmentHeader.BYTES ? position - offset + SegmentHeader.BYTES : position;
    }

    private int offset(long position) {
        return (int) (position % segmentBytes);
    }

    private int segmentNumber(long position) {
        return Math.toIntExact(position / segmentBytes);
    }

    private static int align(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    @Override
    public String toString() {
        return "FileJournal[" + writer + " in " + directory + "]";
    }
}
