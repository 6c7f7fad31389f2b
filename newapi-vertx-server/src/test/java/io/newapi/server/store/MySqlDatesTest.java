package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;

/** Dates of an installation whose address says {@code loc=Asia/Shanghai}: the original keeps them in that zone. */
class MySqlDatesTest {

    private static MySqlLocation inShanghai(MySqlLocation location) {
        return new MySqlLocation(
                location.host(),
                location.port(),
                location.user(),
                location.password(),
                location.database(),
                location.tls(),
                location.connectTimeout(),
                location.readTimeout(),
                ZoneId.of("Asia/Shanghai"),
                location.sessionVariables(),
                location.pooling());
    }

    @Test
    void aDateIsWrittenAndReadInTheZoneOfTheAddress() {
        MariaDb server = MariaDb.orLeaveOut("dates in another zone");
        MySqlTestDatabase shared = MySqlTestDatabase.create(server);
        try (TestDatabase test = TestDatabase.of(Database.open(inShanghai(shared.location())))) {
            long id = test.user("gone", 0);

            test.stores.users().softDelete(id);

            assertThat(test.query("select deleted_at from users")).containsExactly("2026-01-02 11:04:05.000");
            assertThat(test.stores.users().byIdWithDeleted(id).orElseThrow().deletedAt())
                    .contains(TestDatabase.NOW);
        }
    }
}
