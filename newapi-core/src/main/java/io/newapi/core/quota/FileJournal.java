package io.newapi.core.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A journal in files on a local disk. An entry survives the end of the process from the moment {@link #append}
 * returns; the loss of power may take what the operating system had not written yet.
 *
 * <p>The journal is one sequence of bytes, cut into segments of equal size that are filled with zeros before they are
 * used, so that a full disk is noticed before a call is accepted and not while it is being charged. A record is
 *
 * <pre>
 *   int  length of the record, a multiple of 8; 0 where nothing was written yet; -1: go on in the next segment
 *   int  magic
 *   long own offset in the journal
 *   int  CRC-32C of the offset and of everything behind the checksum
 *   int  length of the content
 *   ...  content, see {@link JournalRecord}
 * </pre>
 *
 * <p>The length is written last, with release semantics: a process that is killed leaves a record that is whole or not
 * there. A record whose magic, offset or checksum is wrong ends the journal; it is never trusted.
 *
 * <p>Thread-safe: appending is serialised by a lock that is held for a few microseconds.
 */
public final class FileJournal implements UsageJournal {

    /** The size of a segment unless another is asked for: 16 MiB. */
    public static final int DEFAULT_SEGMENT_BYTES = 16 * 1024 * 1024;

    private static final int LEAST_SEGMENT_BYTES = 256 * 1024;
    private static final int MAGIC = 0x4E41514A;
    private static final int NEXT_SEGMENT = -1;
    private static final int HEADER_BYTES = 24;
    private static final int ALIGNMENT = 8;

    private static final VarHandle LENGTH = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);

    private final Path directory;
    private final WriterId writer;
    private final int segmentBytes;
    private final NavigableMap<Integer, MappedByteBuffer> segments = new TreeMap<>();
    private long tail;
    private volatile boolean room;

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
        synchronized (journal) {
            journal.makeSegment(0);
            journal.makeSegment(1);
            journal.room = true;
        }
        return journal;
    }

    /**
     * Opens what a writer that has ended left behind, to be read. Its tail is where the last whole record ends.
     *
     * @throws JournalFailure if the files cannot be read
     */
    static FileJournal openLeft(Path directory, WriterId writer, Iterable<Path> files) {
        int size = 0;
        Map<Integer, Path> byNumber = new TreeMap<>();
        for (Path file : files) {
            byNumber.put(SegmentName.parse(file).number(), file);
            size = Math.max(size, sizeOf(file));
        }
        FileJournal journal = new FileJournal(directory, writer, Math.max(size, LEAST_SEGMENT_BYTES));
        synchronized (journal) {
            byNumber.forEach((number, file) -> {
                if (sizeOf(file) == journal.segmentBytes) {
                    journal.segments.put(number, journal.map(file));
                }
            });
            journal.tail = journal.start();
            journal.tail = journal.walk(journal.tail, Integer.MAX_VALUE, new ArrayList<>(), new ArrayList<>());
        }
        return journal;
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    @Override
    public synchronized long start() {
        return segments.isEmpty() ? 0 : (long) segments.firstKey() * segmentBytes;
    }

    @Override
    public boolean hasRoom() {
        return room;
    }

    @Override
    public synchronized void append(JournalEntry entry) {
        JournalRecord record = new JournalRecord(entry);
        int length = align(HEADER_BYTES + record.contentBytes());
        int offset = (int) (tail % segmentBytes);
        if (offset + length > segmentBytes) {
            MappedByteBuffer full = segment(tail);
            segmentAt(segmentNumber(tail) + 1);
            if (segmentBytes - offset >= Integer.BYTES) {
                LENGTH.setRelease(full, offset, NEXT_SEGMENT);
            }
            tail = (long) (segmentNumber(tail) + 1) * segmentBytes;
            offset = 0;
            room = segments.containsKey(segmentNumber(tail) + 1);
        }
        ByteBuffer target = segment(tail).duplicate();
        target.position(offset + HEADER_BYTES);
        record.write(target);
        target.putInt(offset + 4, MAGIC);
        target.putLong(offset + 8, tail);
        target.putInt(offset + 20, record.contentBytes());
        target.putInt(offset + 16, checksum(target, offset, record.contentBytes()));
        LENGTH.setRelease(segment(tail), offset, length);
        tail += length;
    }

    @Override
    public synchronized Page read(long from, int limit) {
        List<JournalEntry> entries = new ArrayList<>();
        List<Long> positions = new ArrayList<>();
        walk(from, limit, entries, positions);
        return new Page(entries, positions);
    }

    @Override
    public synchronized boolean hasEntriesFrom(long position) {
        return tail > position;
    }

    @Override
    public synchronized void discardBefore(long position) {
        int keep = segmentNumber(position);
        Iterator<Integer> numbers = segments.headMap(keep).keySet().iterator();
        while (numbers.hasNext()) {
            deleteFile(SegmentName.file(directory, writer, numbers.next()));
            numbers.remove();
        }
    }

    @Override
    public void prepareRoom() {
        int next;
        synchronized (this) {
            if (segments.isEmpty() || segments.containsKey(segmentNumber(tail) + 1)) {
                return;
            }
            next = segmentNumber(tail) + 1;
        }
        MappedByteBuffer made;
        try {
            made = zeroed(next);
        } catch (JournalFailure e) {
            // no room: hasRoom stays false and new calls are refused until the disk has room again
            return;
        }
        synchronized (this) {
            segments.putIfAbsent(next, made);
            room = true;
        }
    }

    @Override
    public synchronized void delete() {
        segments.keySet().forEach(number -> deleteFile(SegmentName.file(directory, writer, number)));
        close();
    }

    @Override
    public synchronized void close() {
        segments.clear();
        room = false;
    }

    /** Collects at most {@code limit} records from {@code from}; returns the position behind the last one. */
    private long walk(long from, int limit, List<JournalEntry> entries, List<Long> positions) {
        long position = from;
        while (entries.size() < limit) {
            MappedByteBuffer segment = segments.get(segmentNumber(position));
            if (segment == null) {
                return position;
            }
            int offset = (int) (position % segmentBytes);
            int length =
                    segmentBytes - offset < Integer.BYTES ? NEXT_SEGMENT : (int) LENGTH.getAcquire(segment, offset);
            if (length == NEXT_SEGMENT) {
                position = (long) (segmentNumber(position) + 1) * segmentBytes;
                continue;
            }
            JournalEntry entry = entryAt(segment, position, offset, length);
            if (entry == null) {
                return position;
            }
            position += length;
            entries.add(entry);
            positions.add(position);
        }
        return position;
    }

    private @Nullable JournalEntry entryAt(MappedByteBuffer segment, long position, int offset, int length) {
        if (length < HEADER_BYTES || length % ALIGNMENT != 0 || offset + length > segmentBytes) {
            return null;
        }
        int content = segment.getInt(offset + 20);
        if (segment.getInt(offset + 4) != MAGIC
                || segment.getLong(offset + 8) != position
                || content < 0
                || align(HEADER_BYTES + content) != length
                || segment.getInt(offset + 16) != checksum(segment, offset, content)) {
            return null;
        }
        return JournalRecord.read(segment.slice(offset + HEADER_BYTES, content));
    }

    private static int checksum(ByteBuffer buffer, int offset, int contentBytes) {
        CRC32C crc = new CRC32C();
        crc.update(buffer.slice(offset + 8, 8));
        crc.update(buffer.slice(offset + 20, 4 + contentBytes));
        return (int) crc.getValue();
    }

    private MappedByteBuffer segment(long position) {
        return segmentAt(segmentNumber(position));
    }

    private MappedByteBuffer segmentAt(int number) {
        MappedByteBuffer present = segments.get(number);
        return present != null ? present : makeSegment(number);
    }

    private MappedByteBuffer makeSegment(int number) {
        MappedByteBuffer made = zeroed(number);
        segments.put(number, made);
        return made;
    }

    private MappedByteBuffer zeroed(int number) {
        Path file = SegmentName.file(directory, writer, number);
        try (FileChannel channel =
                FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate(64 * 1024);
            for (long written = 0; written < segmentBytes; ) {
                zeros.clear().limit((int) Math.min(zeros.capacity(), segmentBytes - written));
                written += channel.write(zeros, written);
            }
            return channel.map(FileChannel.MapMode.READ_WRITE, 0, segmentBytes);
        } catch (IOException e) {
            deleteFile(file);
            throw new JournalFailure("cannot make the journal segment " + file, e);
        }
    }

    private MappedByteBuffer map(Path file) {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, segmentBytes);
        } catch (IOException e) {
            throw new JournalFailure("cannot read the journal segment " + file, e);
        }
    }

    private int segmentNumber(long position) {
        return Math.toIntExact(position / segmentBytes);
    }

    private static int align(int bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    private static int sizeOf(Path file) {
        try {
            return Math.toIntExact(Files.size(file));
        } catch (IOException e) {
            throw new JournalFailure("cannot read the journal segment " + file, e);
        }
    }

    private static void deleteFile(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete the journal segment " + file, e);
        }
    }

    @Override
    public String toString() {
        return "FileJournal[" + writer + " in " + directory + "]";
    }
}
