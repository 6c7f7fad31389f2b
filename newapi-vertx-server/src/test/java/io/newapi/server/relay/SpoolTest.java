package io.newapi.server.relay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {

    private static final int MEGABYTE = 1024 * 1024;

    /** What this process has open, on Linux. */
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    @TempDir
    private Path directory;

    private Spool spool(long maxBytes) throws IOException {
        return Spool.in(directory.resolve("spool"), MEGABYTE, maxBytes);
    }

    /** The file of the spool that is open, though no directory knows it. */
    private Optional<Path> openFile() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.filter(this::isOfSpool).findFirst();
        }
    }

    private boolean isOfSpool(Path descriptor) {
        try {
            return Files.readSymbolicLink(descriptor).startsWith(directory.toRealPath());
        } catch (IOException e) {
            // closed meanwhile
            return false;
        }
    }

    @Test
    void aFileIsItsOwnersAndHasNoNameFromTheBeginning() throws IOException {
        assumeThat(DESCRIPTORS).isDirectory();
        try (Spool spool = spool(100)) {
            SpoolFile file = spool.share().file();
            file.append(new byte[] {1, 2, 3}, 2);

            assertThat(openFile()).hasValueSatisfying(open -> {
                assertThat(permissions(open)).isEqualTo("rw-------");
                assertThat(open.toFile().length()).isEqualTo(2);
            });
            assertThat(permissions(directory.resolve("spool"))).isEqualTo("rwx------");
            assertThat(directory.resolve("spool")).isEmptyDirectory();

            file.close();
            assertThat(openFile()).isEmpty();
        }
    }

    private static String permissions(Path path) {
        try {
            return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void whatACrashLeftIsRemovedAndNothingElse() throws IOException {
        Path spools = Files.createDirectories(directory.resolve("spool"));
        Files.createFile(spools.resolve("body-0123.spool"));
        Path other = Files.createFile(spools.resolve("body.txt"));

        spool(100).close();

        assertThat(spools).isDirectoryContaining(other::equals).isDirectoryNotContaining("glob:**.spool");
    }

    @Test
    void anotherSpoolInTheDirectoryTakesNothingAway() throws IOException {
        try (Spool one = spool(100)) {
            SpoolFile file = one.share().file();
            file.append(new byte[] {7}, 1);

            spool(100).close();

            byte[] read = new byte[1];
            file.read(0, read, 0, 1);
            assertThat(read).containsExactly(7);
        }
    }

    @Test
    void allFilesTogetherTakeNoMoreThanTheyMay() throws IOException {
        try (Spool spool = spool(100)) {
            Spool.Share one = spool.share();
            Spool.Share other = spool.share();
            one.file().append(new byte[60], 60);
            SpoolFile second = other.file();

            assertThatThrownBy(() -> second.append(new byte[41], 41))
                    .isInstanceOfSatisfying(
                            RelayFailure.class,
                            refused -> assertThat(refused.error().status()).isEqualTo(503));
            second.append(new byte[40], 40);
            assertThatThrownBy(() -> second.append(new byte[61], 61))
                    .isInstanceOfSatisfying(
                            RelayFailure.class,
                            refused -> assertThat(refused.error().status()).isEqualTo(413));

            one.close();
            one.close();
            assertThat(spool.heldBytes()).isEqualTo(40);
            assertThat(spool.files()).isOne();
        }
    }

    /** Where the journal cannot be written any more, no call is served. */
    @Test
    void aDiskIsNotFilledToItsEnd() throws IOException {
        AtomicLong free = new AtomicLong(Spool.LEFT_FREE_BYTES + 2 * MEGABYTE);
        try (Spool spool = Spool.in(directory, MEGABYTE, 100 * MEGABYTE, free::get)) {
            assertThat(spool.takes(2 * MEGABYTE)).isTrue();
            assertThat(spool.takes(2 * MEGABYTE + 1)).isFalse();
            SpoolFile file = spool.share().file();
            file.append(new byte[10], 10);

            free.set(Spool.LEFT_FREE_BYTES + 9);

            assertThatThrownBy(() -> file.append(new byte[10], 10))
                    .isInstanceOfSatisfying(
                            RelayFailure.class,
                            refused -> assertThat(refused.error().code()).isEqualTo("disk_busy"));
            file.append(new byte[9], 9);
        }
    }

    @Test
    void aSpoolThatEndsTakesItsFilesWithIt() throws IOException {
        Spool spool = spool(100);
        SpoolFile file = spool.share().file();
        file.append(new byte[10], 10);

        spool.close();

        assertThat(spool.heldBytes()).isZero();
        assertThatThrownBy(() -> file.read(0, new byte[1], 0, 1)).isInstanceOf(UncheckedIOException.class);
    }

    @Test
    void aDiskThatTakesNothingMoreIsToldOf() throws IOException {
        Spool spool = spool(100);
        SpoolFile file = spool.share().file();
        spool.close();

        assertThatThrownBy(() -> file.append(new byte[1], 1))
                .isInstanceOfSatisfying(
                        RelayFailure.class,
                        refused -> assertThat(refused.error().code()).isEqualTo("disk_failed"));
    }

    @Test
    void aDirectoryThatCannotBeWrittenToIsNoticedAtOnce() throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> Spool.in(file, MEGABYTE, 100)).isInstanceOf(IOException.class);
    }

    @Test
    void withoutRoomAllBodiesStayInMemoryAndNothingIsMade() throws IOException {
        Spool spool = spool(0);

        assertThat(spool.takes(Integer.MAX_VALUE)).isFalse();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatEventLoopsReadIsNeverOnADisk() {
        assertThatThrownBy(() -> Spool.in(directory, MEGABYTE - 1, 100)).isInstanceOf(IllegalArgumentException.class);
    }
}
