package io.newapi.core.quota;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

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

    /** Segments that are ready ahead of the one that is written, where there is room for them. */
    private static final int AHEAD = 2;

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

    private final Surroundings surroundings;
    private final WriterId writer;
    private final FsyncMode fsync;
    private final SegmentLayout layout;
    private final SegmentFiles files;
    private final SegmentSet segments = new SegmentSet();
    private final BookedSegments booked;
    private final LivingRecords records;

    /** Everything before it is claimed; it may lag behind. */
    private final AtomicLong tail = new AtomicLong();

    private final AtomicLong bookedUntil = new AtomicLong();
    private final Forcing forcing = new Forcing(this::forceWritten);
    private final AtomicBoolean preparing = new AtomicBoolean();
    private final ReentrantLock making = new ReentrantLock();
    private final AtomicBoolean namesChanged = new AtomicBoolean();
    private volatile long forcedUntil;
    private volatile boolean closed;

    private FileJournal(Surroundings surroundings, WriterId writer) {
        JournalSettings settings = surroundings.settings();
        this.surroundings = surroundings;
        this.writer = writer;
        this.fsync = settings.fsync();
        this.layout = settings.layout();
        this.files = new SegmentFiles(surroundings.directory(), writer, layout, surroundings.place());
        this.booked = new BookedSegments(
                files, layout, surroundings.space(), settings.keepBooked(), surroundings.nanoClock());
        this.records = new LivingRecords(layout, this::segmentToRead);
        tail.set(layout.behindHeader(0));
    }

    /**
     * Begins the journal of a new writer.
     *
     * @throws JournalFailure if its first segments cannot be made
     */
    static FileJournal create(Surroundings surroundings, WriterId writer) {
        FileJournal journal = new FileJournal(surroundings, writer);
        try {
            journal.segmentToWrite(0);
            journal.segmentToWrite(1);
        } catch (JournalFailure e) {
            journal.delete();
            throw e;
        }
        return journal;
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    @Override
    public long start() {
        Segment first = segments.from(0);
        long living = first == null ? tail.get() : first.start();
        return Math.min(living, booked.start());
    }

    @Override
    public boolean hasRoom() {
        return !closed && !forcing.failed() && segments.get(layout.numberAt(tail.get()) + 1) != null;
    }

    // ---- appending ----

    @Override
    public void append(JournalEntry entry) {
        if (closed) {
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
        long position = claim(length);
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

    /** Takes so many bytes at the tail; where they begin. */
    private long claim(int length) {
        long position = tail.get();
        while (true) {
            int number = layout.numberAt(position);
            Segment segment = segments.get(number);
            if (segment == null) {
                long now = tail.get();
                segment = now == position ? segmentToWrite(number) : null;
                if (segment == null) {
                    // it was booked while this thread was stopped
                    position = tail.get();
                    continue;
                }
            }
            long word = segment.word(position);
            if (word == RecordWord.TURN) {
                position = layout.behindSegment(number);
                advanceTail(position);
            } else if (word != RecordWord.NOTHING) {
                position = layout.behindHeader(position + lengthOf(word, position));
            } else if (position + length > layout.start(number + 1)) {
                // before anything is written: without a next segment the journal stays as it is
                if (segmentToWrite(number + 1) == null) {
                    position = tail.get();
                } else if (segment.claim(position, RecordWord.TURN)) {
                    prepareRoom();
                }
            } else if (segment.claim(position, RecordWord.claimed(length))) {
                advanceTail(layout.behindHeader(position + length));
                return position;
            }
        }
    }

    private int lengthOf(long word, long position) {
        int length = RecordWord.length(word);
        boolean record = RecordWord.isPublished(word) || RecordWord.isClaimed(word) || RecordWord.isVoid(word);
        if (!record || position + length > layout.start(layout.numberAt(position) + 1)) {
            throw new JournalFailure(this + " is damaged at " + position);
        }
        return length;
    }

    private void advanceTail(long to) {
        long seen = tail.get();
        while (seen < to && !tail.compareAndSet(seen, to)) {
            seen = tail.get();
        }
    }

    // ---- reading ----

    @Override
    public Page read(long from, int limit) {
        return records.page(from, limit);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return records.anyFrom(position);
    }

    private @Nullable Segment segmentToRead(int number) {
        Segment segment = segments.get(number);
        return segment != null || closed ? segment : booked.open(number);
    }

    // ---- room ----

    @Override
    public void discardBefore(long position) {
        bookedUntil.accumulateAndGet(position, Math::max);
        Segment first = segments.from(0);
        if (first != null && first.number() < layout.numberAt(position)) {
            surroundings.upkeep().execute(this::discardBooked);
        }
    }

    private void discardBooked() {
        making.lock();
        try {
            if (!closed) {
                // never the one that is written, though all of it may be booked
                int until = Math.min(layout.numberAt(bookedUntil.get()), layout.numberAt(tail.get()));
                booked.keep(segments.removeBefore(until));
                booked.deleteOld();
            }
        } finally {
            making.unlock();
        }
    }

    @Override
    public void prepareRoom() {
        boolean prepared = segments.get(layout.numberAt(tail.get()) + AHEAD) != null;
        if (!closed && !prepared && preparing.compareAndSet(false, true)) {
            surroundings.upkeep().execute(this::prepare);
        }
    }

    private void prepare() {
        making.lock();
        try {
            int current = layout.numberAt(tail.get());
            for (int number = current; number <= current + AHEAD; number++) {
                if (!closed && segments.get(number) == null && !makeWithin(number)) {
                    // no room: new calls are refused until there is some again
                    return;
                }
            }
        } finally {
            preparing.set(false);
            making.unlock();
        }
    }

    /** Makes a segment if bound and disk allow it; what is booked and only kept goes first. */
    private boolean makeWithin(int number) {
        int bytes = layout.bytes(number);
        while (true) {
            if (surroundings.space().tryTake(bytes)) {
                try {
                    make(number);
                    return true;
                } catch (JournalFailure noRoom) {
                    surroundings.space().free(bytes);
                }
            }
            if (!booked.deleteOldest()) {
                return false;
            }
        }
    }

    /**
     * The segment of this number, made now, even beyond the bound, if nobody has prepared it. Null when the tail has passed
     * it: then it was written, booked and removed while this thread was stopped, and must not come back empty.
     */
    private @Nullable Segment segmentToWrite(int number) {
        Segment present = segments.get(number);
        if (present != null) {
            return present;
        }
        making.lock();
        try {
            present = segments.get(number);
            if (present != null) {
                return present;
            }
            if (closed) {
                throw new JournalFailure(this + " is closed");
            }
            if (number < layout.numberAt(tail.get())) {
                return null;
            }
            Segment made = make(number);
            surroundings.space().take(layout.bytes(number));
            return made;
        } finally {
            making.unlock();
        }
    }

    private Segment make(int number) {
        Segment made = files.make(number, fsync == FsyncMode.ALWAYS);
        namesChanged.set(true);
        segments.add(made);
        return made;
    }

    // ---- upkeep ----

    /** What is due by time: called several times a second, on the thread for upkeep. */
    void tick() {
        // a force that failed is tried again in any mode: until one succeeds nothing is reserved
        if (forcing.failed() || (fsync == FsyncMode.INTERVAL && forcedUntil != tail.get())) {
            forcing.force();
        }
        making.lock();
        try {
            if (!closed) {
                booked.deleteOld();
            }
        } finally {
            making.unlock();
        }
    }

    /** Under the lock of {@link Forcing}. */
    private void forceWritten() throws IOException {
        Segment first = segments.from(0);
        long begin = first == null ? forcedUntil : Math.max(forcedUntil, first.start());
        // looked at first: what is published between here and the end is forced again the next time
        long whole = records.publishedUntil(begin);
        long end = Math.max(tail.get(), whole);
        for (Segment segment : segments.all()) {
            long from = Math.max(begin, segment.start());
            long to = Math.min(end, segment.start() + segment.capacity());
            if (from < to) {
                segment.force(from, to);
            }
        }
        if (namesChanged.getAndSet(false)) {
            try {
                files.forceNames();
            } catch (IOException e) {
                namesChanged.set(true);
                throw e;
            }
        }
        forcedUntil = whole;
    }

    /** How it stands, for people. */
    JournalStatus status() {
        long living = segments.all().stream().mapToLong(Segment::capacity).sum();
        return new JournalStatus(
                writer,
                segments.all().size(),
                living,
                booked.bytes(),
                Math.max(0, tail.get() - Math.max(bookedUntil.get(), layout.behindHeader(0))),
                hasRoom(),
                fsync);
    }

    // ---- the end ----

    @Override
    public void delete() {
        close();
        // what is being made now is there before it is deleted
        making.lock();
        try {
            files.deleteAll();
        } finally {
            making.unlock();
        }
    }

    @Override
    public void close() {
        making.lock();
        try {
            if (!closed) {
                closed = true;
                List<Segment> all = segments.all();
                surroundings
                        .space()
                        .free(booked.bytes()
                                + all.stream().mapToLong(Segment::capacity).sum());
                booked.forget();
                segments.clear();
            }
        } finally {
            making.unlock();
        }
    }

    /** Whether it was closed or deleted. */
    boolean isClosed() {
        return closed;
    }

    @Override
    public String toString() {
        return "FileJournal[" + writer + " in " + surroundings.directory() + "]";
    }
}
