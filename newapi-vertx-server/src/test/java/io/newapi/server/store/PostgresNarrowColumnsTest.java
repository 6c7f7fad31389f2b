package io.newapi.server.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** On a server that ends a transaction in which a statement fails. */
class PostgresNarrowColumnsTest extends NarrowColumnsSuite {

    private static PostgresTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = PostgresTestDatabase.create(
                PostgreSql.orLeaveOut("columns that are too narrow for amounts, on PostgreSQL"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Override
    String narrowType() {
        return "integer";
    }

    @Override
    String alteration(String table, String column, String type) {
        return "alter table " + table + " alter column " + column + " type " + type;
    }

    @Test
    void theRepairIsPostgres() {
        try (Database database = Database.open(shared.location())) {
            assertThat(Schema.create(database).narrow())
                    .extracting(NarrowColumn::repair)
                    .contains("ALTER TABLE \"users\" ALTER COLUMN \"quota\" TYPE bigint");
        }
    }
}
