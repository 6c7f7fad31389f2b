package io.newapi.core.quota;

import java.nio.file.Path;

/** Journals as another process would have left them, or still writes them, in a directory that this one has not opened. */
final class EarlierRun {

    /** Where {@link #journal} says that it was written. */
    static final String PLACE = "another machine:1:2";

    private EarlierRun() {}

    static FileJournal journal(Path directory, WriterId writer) {
        return journal(directory, writer, PLACE);
    }

    static FileJournal journal(Path directory, WriterId writer, String place) {
        JournalSettings settings = JournalSettings.DEFAULT.withSegmentBytes(JournalSettings.LEAST_SEGMENT_BYTES);
        return FileJournal.create(
                new FileJournal.Surroundings(
                        directory,
                        place,
                        settings,
                        new JournalSpace(settings.maxBytes()),
                        Runnable::run,
                        System::nanoTime),
                writer);
    }
}
