package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.MariaDb;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a server that would rather clamp than refuse. */
class MySqlNarrowColumnsTest extends NarrowColumnsSuite {

    private static MySqlTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = MySqlTestDatabase.create(MariaDb.orLeaveOut("columns that are too narrow for amounts"));
    }

    static MySqlLocation location() {
        return shared.location();
    }

    @Override
    TestDatabase database() {
        shared.empty();
        return TestDatabase.of(Database.open(clamping(shared.location())));
    }

    @Override
    String narrowType() {
        return "int";
    }

    @Override
    String alteration(String table, String column, String type) {
        return "alter table " + table + " modify column " + column + " " + type + " default 0";
    }

    /** How a server behaves by itself whose administrators have turned its strictness off. */
    static MySqlLocation clamping(MySqlLocation location) {
        return new MySqlLocation(
                location.host(),
                location.port(),
                location.user(),
                location.password(),
                location.database(),
                location.tls(),
                location.connectTimeout(),
                location.readTimeout(),
                location.zone(),
                Map.of("sql_mode", "''"),
                location.pooling());
    }

    @Test
    void theRepairIsMySqls() {
        try (Database database = Database.open(shared.location())) {
            assertThat(Schema.create(database).narrow())
                    .extracting(NarrowColumn::repair)
                    .contains("ALTER TABLE `users` MODIFY COLUMN `quota` bigint DEFAULT 0");
        }
    }
}
