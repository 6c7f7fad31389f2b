package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SqliteLocationTest {

    @Test
    void theBusyTimeoutOfTheQueryPartIsTaken() {
        SqliteLocation location = SqliteLocation.parse("data/one-api.db?_busy_timeout=5000");

        assertThat(location.file()).isEqualTo(Path.of("data/one-api.db"));
        assertThat(location.busyTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(location.warnings()).isEmpty();
    }

    @Test
    void aBlankValueMeansTheFileOfTheOriginal() {
        SqliteLocation location = SqliteLocation.parse("  ");

        assertThat(location.file()).isEqualTo(Path.of("one-api.db"));
        assertThat(location.busyTimeout()).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void theUriFormAndThePragmaFormAreUnderstood() {
        SqliteLocation location = SqliteLocation.parse("file:/data/x.db?_pragma=busy_timeout(70)");

        assertThat(location.file()).isEqualTo(Path.of("/data/x.db"));
        assertThat(location.busyTimeout()).isEqualTo(Duration.ofMillis(70));
    }

    @Test
    void unknownParametersAreNamedAndIgnored() {
        SqliteLocation location = SqliteLocation.parse("x.db?cache=shared&_busy_timeout=1&&_txlock=exclusive");

        assertThat(location.busyTimeout()).isEqualTo(Duration.ofMillis(1));
        assertThat(location.warnings()).hasSize(2);
        assertThat(location.warnings().get(0)).contains("'cache'");
        assertThat(location.warnings().get(1)).contains("'_txlock'");
    }

    @Test
    void anUnusableTimeoutIsRefusedWithItsValue() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqliteLocation.parse("x.db?_busy_timeout=soon"))
                .withMessageContaining("soon");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqliteLocation.parse("x.db?_busy_timeout=-1"))
                .withMessageContaining("-1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SqliteLocation.parse("x.db?_busy_timeout=600001"))
                .withMessageContaining("600001");
    }

    @Test
    void aDatabaseInMemoryIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> SqliteLocation.parse(":memory:"));
        assertThatIllegalArgumentException().isThrownBy(() -> SqliteLocation.parse("?_busy_timeout=1"));
    }
}
