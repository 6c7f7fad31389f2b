package io.newapi.core.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void aNewDirectoryIsForItsOwnerAloneAndAnOldOneKeepsItsMode() throws IOException {
        assumeThat(temporary.getFileSystem().supportedFileAttributeViews()).contains("posix");
        Path old = Files.createDirectory(temporary.resolve("old"));
        Files.setPosixFilePermissions(old, PosixFilePermissions.fromString("rwxr-x---"));
        Path fresh = temporary.resolve("data").resolve("journal");

        JournalDirectory.open(fresh).close();
        JournalDirectory.open(old).close();

        assertThat(modes(fresh)).isEqualTo("rwx------");
        assertThat(modes(old)).isEqualTo("rwxr-x---");
    }

    @Test
    void aFileInTheWayIsRefusedByName() throws IOException {
        Path file = Files.createFile(temporary.resolve("journal"));

        assertThatThrownBy(() -> JournalDirectory.open(file))
                .isInstanceOf(JournalFailure.class)
                .hasMessageContaining(file.toString());
    }

    private static String modes(Path path) throws IOException {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
    }
}
