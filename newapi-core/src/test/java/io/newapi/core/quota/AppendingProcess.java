package io.newapi.core.quota;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process that appends to a journal until it is killed, and says of each entry when it was appended. */
final class AppendingProcess {

    private AppendingProcess() {}

    /** @param args the data directory and the writer's id */
    public static void main(String[] args) throws IOException {
        OutputStream out = System.out;
        try (JournalDirectory owned = JournalDirectory.open(Path.of(args[0]));
                FileJournal journal = owned.create(new WriterId(args[1]), JournalSettings.LEAST_SEGMENT_BYTES)) {
            for (int i = 0; ; i++) {
                journal.append(FileJournalTest.entry(i, "detail ".repeat(i % 50)));
                journal.prepareRoom();
                out.write((i + "\n").getBytes(StandardCharsets.US_ASCII));
                out.flush();
            }
        }
    }
}
