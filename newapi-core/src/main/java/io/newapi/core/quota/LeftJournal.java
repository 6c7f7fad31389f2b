package io.newapi.core.quota;

import java.nio.MappedByteBuffer;
import java.nio.file.Path;
import java.util.List;

/**
 * What a writer that has ended left behind, to be read and then deleted. Damage ends nothing: reading goes on with the next
 * record that is whole, and the damage is reported. Not thread-safe.
 */
final class LeftJournal implements UsageJournal {

    private final WriterId writer;
    private final SegmentFiles files;
    private final String place;
    private final SegmentSet segments;
    private final boolean headersDamaged;
    private final LeftRecords records;
    private long firstRead = Long.MAX_VALUE;

    private LeftJournal(
            WriterId writer, SegmentFiles files, SegmentHeader first, SegmentSet segments, boolean headersDamaged) {
        this.writer = writer;
        this.files = files;
        this.place = first.place();
        this.segments = segments;
        this.headersDamaged = headersDamaged;
        this.records = new LeftRecords(first.layout(), segments);
    }

    /**
     * Opens the segments of a writer.
     *
     * @throws JournalFailure if the files cannot be read, or were written by a newer version
     */
    static LeftJournal open(Path directory, WriterId writer) {
        List<Path> found = SegmentName.filesOf(directory, writer);
        List<MappedByteBuffer> bytes = found.stream().map(SegmentFiles::mapped).toList();
        SegmentHeader first = bytes.stream()
                .map(SegmentHeader::read)
                .filter(header -> header != null && header.writer().equals(writer))
                .findFirst()
                .orElseGet(() -> new SegmentHeader(writer, 0, JournalSettings.DEFAULT.layout(), ""));
        SegmentSet segments = new SegmentSet();
        boolean damaged = false;
        for (int i = 0; i < found.size(); i++) {
            int number = SegmentName.parse(found.get(i)).number();
            SegmentHeader expected = new SegmentHeader(writer, number, first.layout(), first.place());
            if (expected.equals(SegmentHeader.read(bytes.get(i)))) {
                segments.add(new Segment(number, first.layout().start(number), bytes.get(i)));
            } else {
                damaged = true;
            }
        }
        SegmentFiles files = new SegmentFiles(directory, writer, first.layout(), first.place());
        return new LeftJournal(writer, files, first, segments, damaged);
    }

    @Override
    public WriterId writer() {
        return writer;
    }

    /** The {@link JournalDirectory#place} at which it was written; empty when an older version wrote it. */
    String place() {
        return place;
    }

    @Override
    public long start() {
        Segment first = segments.from(0);
        return first == null ? 0 : first.start();
    }

    /**
     * Whether there is something in the files, behind the first place that was read, that is no whole record but no empty
     * room either, so that settlements may be missing. What a killed process was writing is no damage: nobody was told
     * that it was there.
     */
    boolean isDamaged() {
        long position = records.next(firstRead == Long.MAX_VALUE ? start() : firstRead);
        while (position != Records.NONE && !records.damageMet()) {
            position = records.next(records.end(position));
        }
        return headersDamaged || records.damageMet();
    }

    @Override
    public Page read(long from, int limit) {
        firstRead = Math.min(firstRead, from);
        return records.page(from, limit);
    }

    @Override
    public boolean hasEntriesFrom(long position) {
        return records.next(position) != Records.NONE;
    }

    @Override
    public boolean hasRoom() {
        return false;
    }

    @Override
    public void append(JournalEntry entry) {
        throw new JournalFailure(this + " is only read");
    }

    @Override
    public void discardBefore(long position) {
        // it is deleted as a whole
    }

    @Override
    public void prepareRoom() {
        // nothing is written any more
    }

    @Override
    public void delete() {
        close();
        files.deleteAll();
    }

    @Override
    public void close() {
        segments.clear();
    }

    @Override
    public String toString() {
        return "LeftJournal[" + writer + "]";
    }
}
