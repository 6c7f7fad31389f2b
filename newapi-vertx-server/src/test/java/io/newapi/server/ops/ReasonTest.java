package io.newapi.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ReasonTest {

    @Test
    void everyCauseAddsWhatItSays() {
        assertThat(Reason.of(new IllegalStateException("cannot listen", new IOException("Permission denied"))))
                .isEqualTo("cannot listen: Permission denied");
    }

    @Test
    void wrappersAndRepetitionsAddNothing() {
        IOException cause = new IOException("disk full");

        assertThat(Reason.of(new CompletionException(new UncheckedIOException("cannot write: disk full", cause))))
                .isEqualTo("cannot write: disk full");
    }

    @Test
    void failuresOfFilesAreSaidInWords() {
        assertThat(Reason.of(new IOException("cannot use it", new AccessDeniedException("/x"))))
                .isEqualTo("cannot use it: /x: permission denied");
        assertThat(Reason.of(new NoSuchFileException("/x"))).isEqualTo("/x: no such file or directory");
        assertThat(Reason.of(new FileAlreadyExistsException("/x"))).isEqualTo("/x: exists and is something else");
        assertThat(Reason.of(new FileSystemException("/x", null, "Read-only file system")))
                .isEqualTo("/x: Read-only file system");
    }

    @Test
    void aFailureWithoutAMessageIsNamed() {
        assertThat(Reason.of(new IllegalStateException())).isEqualTo("IllegalStateException");
    }

    @Test
    void itIsOneLineOfBoundedLength() {
        assertThat(Reason.of(new IOException("a\nb" + "c".repeat(2000))))
                .startsWith("a bc")
                .hasSize(1003);
    }

    @Test
    void aChainThatBitesItsTailEnds() {
        IOException first = new IOException("first");
        IOException second = new IOException("second", first);
        first.initCause(second);

        assertThat(Reason.of(first)).isEqualTo("first: second");
    }
}
