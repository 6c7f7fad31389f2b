package io.newapi.core.quota;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The segments of a living journal: made ahead of need, kept for a while when they are booked, and deleted. Looking one up
 * takes no lock; whatever makes or removes some does. Thread-safe.
 */
final class JournalRoom {

    /** Segments that are ready ahead of the one that is written, where there is room for them. */
    private static final int AHEAD = 2;

    private final SegmentLayout layout;
    private final SegmentFiles files;
    private final SegmentSet segments = new SegmentSet();
    private final BookedSegments booked;
    private final JournalSpace space;
    private final Executor upkeep;
    private final AtomicLong claimedUntil;
    private final String journal;
    private final boolean forced;

    private final AtomicLong bookedUntil = new AtomicLong();
    private final AtomicBoolean preparing = new AtomicBoolean();
    private final ReentrantLock making = new ReentrantLock();
    private final AtomicBoolean namesChanged = new AtomicBoolean();
    private volatile boolean closed;

    /**
     * @param claimedUntil everything before it is claimed; it may lag behind
     * @param journal for messages
     */
    JournalRoom(FileJournal.Surroundings surroundings, WriterId writer, AtomicLong claimedUntil, String journal) {
        JournalSettings settings = surroundings.settings();
        this.layout = settings.layout();
        this.files = new SegmentFiles(surroundings.directory(), writer, layout, surroundings.place());
        this.space = surroundings.space();
        this.booked = new BookedSegments(files, layout, space, settings.keepBooked(), surroundings.nanoClock());
        this.upkeep = surroundings.upkeep();
        this.claimedUntil = claimedUntil;
        this.journal = journal;
        this.forced = settings.fsync() == FsyncMode.ALWAYS;
    }

    /** Where the first segment begins, kept ones included. */
    long start() {
        Segment first = firstLiving();
        long living = first == null ? claimedUntil.get() : first.start();
        return Math.min(living, booked.start());
    }

    /** The segment of this number, if it is one that is or will be written. */
    @Nullable
    Segment living(int number) {
        return segments.get(number);
    }

    @Nullable
    Segment firstLiving() {
        return segments.from(0);
    }

    /** Those that are or will be written, in their order. */
    List<Segment> living() {
        return segments.all();
    }

    /** The segment of this number, if it is here at all. */
    @Nullable
    Segment segmentToRead(int number) {
        Segment segment = segments.get(number);
        return segment != null || closed ? segment : booked.open(number);
    }

    /** Whether a whole segment is ready behind the one that is written. */
    boolean isAhead() {
        return !closed && segments.get(layout.numberAt(claimedUntil.get()) + 1) != null;
    }

    /**
     * The segment of this number, made now, even beyond the bound, if nobody has prepared it. Null when the tail has passed
     * it: then it was written, booked and removed while this thread was stopped, and must not come back empty.
     *
     * @throws JournalFailure if it cannot be made
     */
    @Nullable
    Segment segmentToWrite(int number) {
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
                throw new JournalFailure(journal + " is closed");
            }
            if (number < layout.numberAt(claimedUntil.get())) {
                return null;
            }
            Segment made = make(number);
            space.take(layout.bytes(number));
            return made;
        } finally {
            making.unlock();
        }
    }

    /** Has segments made ahead of need. */
    void prepare() {
        boolean prepared = segments.get(layout.numberAt(claimedUntil.get()) + AHEAD) != null;
        if (!closed && !prepared && preparing.compareAndSet(false, true)) {
            upkeep.execute(this::makeAhead);
        }
    }

    private void makeAhead() {
        making.lock();
        try {
            int current = layout.numberAt(claimedUntil.get());
            for (int number = current; number <= current + AHEAD; number++) {
                if (!closed && segments.get(number) == null && !makeWithin(number)) {
                    // tried again the next time: new calls are refused until it succeeds
                    return;
                }
            }
        } finally {
            preparing.set(false);
            making.unlock();
        }
    }

    /** Makes a segment if bound and disk allow it. Where room is missing, what is booked and only kept goes first. */
    private boolean makeWithin(int number) {
        int bytes = layout.bytes(number);
        while (true) {
            if (space.tryTake(bytes)) {
                try {
                    make(number);
                    return true;
                } catch (JournalFailure e) {
                    space.free(bytes);
                    if (!SegmentFiles.lackedRoom(e)) {
                        return false;
                    }
                }
            }
            if (!booked.deleteOldest()) {
                return false;
            }
        }
    }

    private Segment make(int number) {
        Segment made = files.make(number, forced);
        namesChanged.set(true);
        segments.add(made);
        return made;
    }

    /** Forces the names of new files to the disk. */
    void forceNames() throws IOException {
        if (namesChanged.getAndSet(false)) {
            try {
                files.forceNames();
            } catch (IOException e) {
                namesChanged.set(true);
                throw e;
            }
        }
    }

    /** Nothing before {@code position} will be written or read again, but in an emergency. */
    void discardBefore(long position) {
        bookedUntil.accumulateAndGet(position, Math::max);
        Segment first = firstLiving();
        if (first != null && first.number() < layout.numberAt(position)) {
            upkeep.execute(this::discardBooked);
        }
    }

    private void discardBooked() {
        making.lock();
        try {
            if (!closed) {
                // never the one that is written, though all of it may be booked
                int until = Math.min(layout.numberAt(bookedUntil.get()), layout.numberAt(claimedUntil.get()));
                booked.keep(segments.removeBefore(until));
                booked.deleteOld();
            }
        } finally {
            making.unlock();
        }
    }

    /** Deletes what was kept long enough. */
    void deleteOld() {
        making.lock();
        try {
            if (!closed) {
                booked.deleteOld();
            }
        } finally {
            making.unlock();
        }
    }

    /** Everything before it was discarded, though it may be kept. */
    long bookedUntil() {
        return bookedUntil.get();
    }

    /** How much room is taken by what is only kept. */
    long keptBytes() {
        return booked.bytes();
    }

    /** How much room is taken by what is or will be written. */
    long livingBytes() {
        return living().stream().mapToLong(Segment::capacity).sum();
    }

    /** Lets go of all segments; nothing is made afterwards. */
    void close() {
        making.lock();
        try {
            if (!closed) {
                closed = true;
                space.free(keptBytes() + livingBytes());
                booked.forget();
                segments.clear();
            }
        } finally {
            making.unlock();
        }
    }

    /** Closes it, and deletes its files. */
    void delete() {
        close();
        // what is being made now is there before it is deleted
        making.lock();
        try {
            files.deleteAll();
        } finally {
            making.unlock();
        }
    }

    boolean isClosed() {
        return closed;
    }
}
