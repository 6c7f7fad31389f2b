package io.newapi.core.quota;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * A journal in files on a local disk. An entry survives the end of the process from the moment {@link #append}
 * returns; what a loss of power may take is said by {@link FsyncMode}.
 *
 * <p>The journal is one sequence of bytes, cut into segments that are filled with zeros before they are used, so that a
 * full disk is noticed before a call is accepted and not while it is being charged. A segment begins with a
 * {@link SegmentHeader}. A record is a {@link RecordWord} and what a {@link RecordFrame} puts behind it. Where a record
 * does not fit into the rest of a segment, a word of its own says that it stands in the next.
 *
 * <p>Appending takes no lock: a thread changes the word at the tail, in the file, from 0 to a claim, writes behind it, and
 * publishes the word last. A process that is killed leaves a record that is whole or a claim, which a
 * {@link LeftJournal} passes over. A reader of a living journal never passes a claim: what stands behind it is read when
 * it is published.
 *
 * <p>Thread-safe.
 */
public final class FileJournal implements UsageJournal {

    private static final ThreadLocal<RecordFrame> FRAMES = ThreadLocal.withInitial(RecordFrame::new);

    /**
     * What a journal shares with the others of its directory.
     *
     * @param place the {@link JournalDirectory#place}
     * @param upkeep makes and deletes segments, so that appenders and readers need not wait for it
     */
    record Surroundings(
            Path directory,
            String place,
            JournalSettings settings,
            JournalSpace space,
            Executor upkeep,
            LongSupplier nanoClock) {}

    private final WriterId writer;
    private final FsyncMode fsync;
    private final SegmentLayout layout;
    private final String name;

    /** Everything before it is claimed; it may lag behind. */
    private final AtomicLong claimedUntil = new AtomicLong();

    private final JournalRoom room;
    private final JournalTail tail;
    private final LivingRecords records;
    private final Forcing forcing = new Forcing(this::forceWritten);
    private volatile long forcedUntil;

    private FileJournal(Surroundings surroundings, WriterId writer) {
        this.writer = writer;
        this.fsync = surroundings.settings().fsync();
        this.layout = surroundings.settings().layout();
        this.name = "FileJournal[" + writer + " in " + surroundings.directory() + "]";
        this.room = new JournalRoom(surroundings, writer, claimedUntil, name);
        this.tail = new JournalTail(layout, room, claimedUntil, name);
        this.records = new LivingRecords(layout, room::segmentToRead);
        claimedUntil.set(layout.behindHeader(0));
    }

    /**
     * Begins the journal of a new writer. It is on the disk, where that is asked for, before anybody hears of the writer.
     *
     * @throws JournalFailure if its first segments cannot be made
     */
    static FileJournal create(Surroundings surroundings, WriterId writer) {
        FileJournal journal = new FileJournal(surroundings, writer);
        try {
            journal.room.segmentToWrite(0);
            journal.room.segmentToWrite(1);
            journal.forceBeginning();
        } catch (JournalFailure e) {
            journal.delete();
            throw e;
        }
        return journal;
    }

    private void forceBeginning() {
        if (fsync != FsyncMode.OFF) {
            try {
                forceWritten();
            } catch (IOException | UncheckedIOException | InternalError e) {
                // the last two: a mapped page that the disk does not take
                throw new JournalFailure("cannot force the beginning of " + this + " to the disk", e);
            }
        }
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    @Override
    public long start() {
        return room.start();
    }

    @Override
    public boolean hasRoom() {
        return !forcing.failed() && room.isAhead();
    }

    @Override
    public void append(JournalEntry entry) {
        if (room.isClosed()) {
            throw new JournalFailure(this + " is closed");
        }
        RecordFrame frame = FRAMES.get();
        int length = frame.fill(entry);
        try {
            write(frame, length);
        } catch (InternalError e) {
            // how the virtual machine reports that the disk behind a mapped page failed
            throw new JournalFailure("cannot write to " + this, e);
        }
        if (fsync == FsyncMode.ALWAYS) {
            forcing.force();
        }
    }

    private void write(RecordFrame frame, int length) {
        long position = tail.claim(length);
        Segment segment = records.holding(position);
        boolean written = false;
        try {
            segment.write(position, frame);
            written = true;
        } finally {
            // a claim that nobody ends would keep everything behind it from being read
            segment.end(position, written ? RecordWord.published(length) : RecordWord.voided(length));
        }
    }

    @Override
    public Page read(long from, int limit) {
        return records.page(from, limit);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return records.anyFrom(position);
    }

    @Override
    public void discardBefore(long position) {
        room.discardBefore(position);
    }

    @Override
    public void prepareRoom() {
        room.prepare();
    }

    /** What is due by time: called several times a second, on the thread for upkeep. */
    void tick() {
        // a force that failed is tried again in any mode: until one succeeds nothing is reserved
        if (forcing.failed() || (fsync == FsyncMode.INTERVAL && forcedUntil != claimedUntil.get())) {
            forcing.force();
        }
        room.deleteOld();
    }

    /** Under the lock of {@link Forcing}, once others know this journal. */
    private void forceWritten() throws IOException {
        Segment first = room.firstLiving();
        long begin = first == null ? forcedUntil : Math.max(forcedUntil, first.start());
        // looked at first: what is published between here and the end is forced again the next time
        long whole = records.publishedUntil(begin);
        long end = Math.max(claimedUntil.get(), whole);
        for (Segment segment : room.living()) {
            long from = Math.max(begin, segment.start());
            long to = Math.min(end, segment.start() + segment.capacity());
            if (from < to) {
                segment.force(from, to);
            }
        }
        room.forceNames();
        forcedUntil = whole;
    }

    /** Everything before it was forced to the disk. */
    long forcedUntil() {
        return forcedUntil;
    }

    /** How it stands, for people. */
    JournalStatus status() {
        return new JournalStatus(
                writer,
                room.living().size(),
                room.livingBytes(),
                room.keptBytes(),
                Math.max(0, claimedUntil.get() - Math.max(room.bookedUntil(), layout.behindHeader(0))),
                hasRoom(),
                fsync);
    }

    @Override
    public void delete() {
        room.delete();
    }

    @Override
    public void close() {
        room.close();
    }

    /** Whether it was closed or deleted. */
    boolean isClosed() {
        return room.isClosed();
    }

    @Override
    public String toString() {
        return name;
    }
}
