package io.newapi.server;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.newapi.server.config.SpoolConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeRelayTest {

    @Test
    void aNodeDoesNotStartWhereItsLargeBodiesCannotLie(@TempDir Path directory) throws IOException {
        Path file = Files.createFile(directory.resolve("file"));

        assertThatThrownBy(() -> NodeRelay.openSpool(new SpoolConfig(file, 1024 * 1024, 1024)))
                .isInstanceOf(StartFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("NEWAPI_SPOOL_DIR");
    }
}
