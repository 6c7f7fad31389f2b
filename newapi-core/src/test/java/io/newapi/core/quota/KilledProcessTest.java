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
import org.junit.jupiter.params.provider.ValueSource;

/** {@code kill -9} loses nothing that was acknowledged. */
class KilledProcessTest {

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(ints = {1, 500, 5_000})
    @Timeout(120)
    void aProcessThatIsKilledLeavesEverythingItHadAcknowledged(int before) throws IOException, InterruptedException {
        WriterId writer = WriterId.random(new SecureRandom());
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx64m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        AppendingProcess.class.getName(),
                        directory.toString(),
                        writer.hex())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        int acknowledged = -1;
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                acknowledged = Integer.parseInt(line);
                if (acknowledged == before) {
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

            assertThat(acknowledged).isGreaterThanOrEqualTo(before);
            assertThat(entries).hasSizeGreaterThan(acknowledged);
            for (int i = 0; i < entries.size(); i++) {
                assertThat(entries.get(i)).isEqualTo(FileJournalTest.entry(i, "detail ".repeat(i % 50)));
            }
            assertThat(left.isDamaged()).isFalse();
        }
    }
}
