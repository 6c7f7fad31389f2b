package io.newapi.server.store;

import io.newapi.server.testing.PostgreSql;
import org.junit.jupiter.api.BeforeAll;

class PostgresQuotaAuthorityTest extends SqlQuotaAuthoritySuite {

    private static PostgresTestDatabase shared;

    @BeforeAll
    static void createShared() {
        shared = PostgresTestDatabase.create(PostgreSql.orLeaveOut("the ledger on PostgreSQL"));
    }

    @Override
    TestDatabase database() {
        return shared.emptied();
    }

    @Override
    String triggerThatFails(String name, String table) {
        return PostgresTestDatabase.trigger(name, "insert on " + table, "raise exception 'stop'");
    }
}
