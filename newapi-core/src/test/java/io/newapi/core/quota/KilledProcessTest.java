package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code kill -9} loses nothing that was acknowledged. */
class KilledProcessTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 500", "4, 500", "4, 5000"})
    @Timeout(120)
    void aProcessThatIsKilledLeavesEverythingItHadAcknowledged(int threads, int before)
            throws IOException, InterruptedException {
        WriterId writer = WriterId.random(new SecureRandom());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        directory.toString(),
                        writer.hex(),
                        String.valueOf(threads))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int[] acknowledged = new int[threads];
        int lines = 0;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = out.readLine(); line != null; line = out.readLine()) {
                int blank = line.indexOf(' ');
                acknowledged[Integer.parseInt(line.substring(0, blank))] =
                        Integer.parseInt(line.substring(blank + 1)) + 1;
                lines++;
                if (lines == before) {
                    // the handle's, since the process's own closes the stream that is still to be read to its end
                    process.toHandle().destroyForcibly();
                }
            }
        } finally {
            process.destroyForcibly();
            assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }

        try (JournalDirectory owned = JournalDirectory.open(directory)) {
            LeftJournal left = owned.openLeft(writer);
            List<JournalEntry> entries = left.read(0, Integer.MAX_VALUE).entries();

            assertThat(lines).isGreaterThanOrEqualTo(before);
            int[] found = new int[threads];
            for (JournalEntry entry : entries) {
                int appender = (int) entry.payer().userId() - 1;
                assertThat(entry).isEqualTo(AppendingProcess.entry(appender, found[appender]));
                found[appender]++;
            }
            for (int appender = 0; appender < threads; appender++) {
                assertThat(found[appender]).isGreaterThanOrEqualTo(acknowledged[appender]);
            }
            assertThat(left.isDamaged()).isFalse();
        }
    }
}
