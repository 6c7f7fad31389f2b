package io.newapi.core.quota;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** A process whose threads append to a journal until it is killed, and say of each entry when it was appended. */
final class AppendingProcess {

    private AppendingProcess() {}

    /** @param args the data directory, the writer's id, and how many threads append */
    public static void main(String[] args) {
        JournalDirectory owned = JournalDirectory.open(Path.of(args[0]));
        FileJournal journal = owned.create(new WriterId(args[1]), JournalSettings.LEAST_SEGMENT_BYTES);
        for (int thread = 1; thread < Integer.parseInt(args[2]); thread++) {
            int appender = thread;
            new Thread(() -> append(journal, appender)).start();
        }
        append(journal, 0);
    }

    private static void append(FileJournal journal, int appender) {
        OutputStream out = System.out;
        try {
            for (int i = 0; ; i++) {
                journal.append(entry(appender, i));
                journal.prepareRoom();
                synchronized (out) {
                    out.write((appender + " " + i + "\n").getBytes(StandardCharsets.US_ASCII));
                    out.flush();
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The entry of this number that a thread appends. */
    static JournalEntry entry(int appender, int number) {
        return new JournalEntry(
                Payer.user(1 + appender),
                new Settlement(
                        "call-" + number,
                        Quota.of(number),
                        0,
                        1,
                        10,
                        20,
                        1_700_000_000L,
                        "detail ".repeat(number % 50)));
    }
}
