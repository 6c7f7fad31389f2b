package io.newapi.server.store;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.BeforeAll;

class PostgresBookStoreTest extends BookStoreSuite {

    private static PostgresTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = PostgresTestDatabase.create(PostgreSql.orLeaveOut("the books on PostgreSQL"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }
}
