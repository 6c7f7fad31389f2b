package io.newapi.server.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.opentest4j.TestAbortedException;

class LeftOutTest {
    @TempDir
    Path folder;

    @Test
    void whatIsThereIsHandedOver() {
        Path list = folder.resolve("left-out.txt");

        String found = new LeftOut(Set.of("node"), Optional.of(list)).unlessFound(Optional.of("node"), "node", "x");

        assertThat(found).isEqualTo("node");
        assertThat(list).doesNotExist();
    }

    @Test
    void aTestThatLacksSomethingIsListedOnceForEachTime() throws IOException {
        Path list = folder.resolve("target/left-out.txt");
        LeftOut leftOut = new LeftOut(Set.of("redis"), Optional.of(list));

        assertThatThrownBy(() -> leftOut.unlessFound(Optional.empty(), "node", "the npm client"))
                .isInstanceOf(TestAbortedException.class)
                .hasMessageContaining("the npm client");
        assertThatThrownBy(() -> leftOut.unlessFound(Optional.empty(), "node", "another client"))
                .isInstanceOf(TestAbortedException.class);

        assertThat(Files.readAllLines(list)).containsExactly("the npm client (no node)", "another client (no node)");
    }

    @Test
    void aTestThatLacksWhatIsRequiredFails() {
        Path list = folder.resolve("left-out.txt");
        LeftOut leftOut = new LeftOut(Set.of("redis", "node"), Optional.of(list));

        assertThatThrownBy(() -> leftOut.unlessFound(Optional.empty(), "node", "the npm client"))
                .isInstanceOf(AssertionError.class)
                .hasMessageContainingAll("node", "the npm client");
        assertThat(list).doesNotExist();
    }

    @Test
    void withoutAListTheTestIsStillLeftOut() {
        LeftOut leftOut = new LeftOut(Set.of(), Optional.empty());

        assertThatThrownBy(() -> leftOut.unlessFound(Optional.empty(), "node", "the npm client"))
                .isInstanceOf(TestAbortedException.class);
    }
}
